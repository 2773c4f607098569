"""The forms of values and answers that scripts rely on, written out from the contract; not from the code."""

from typing import Any

Schema = dict[str, Any]

INSTANT: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
OPTIONAL_INSTANT: Schema = {"anyOf": [INSTANT, {"type": "null"}]}
AMOUNT: Schema = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
CURRENCY: Schema = {"type": ["string", "null"], "pattern": "^[A-Z]{3}$"}
MONEY: Schema = {
    "type": "object",
    "required": ["amount", "currency"],
    "properties": {"amount": AMOUNT, "currency": CURRENCY},
}
STORE_KEY: Schema = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)+$"}
PLATFORM: Schema = {"enum": ["tiktok_shop", "shopee", "lazada", "douyin"]}
PLATFORM_ID: Schema = {"type": "string", "pattern": r"^\d+$"}
SEVERITY: Schema = {"enum": ["info", "warning", "critical", "fatal"]}
OPTIONAL_SEVERITY: Schema = {"enum": [*SEVERITY["enum"], None]}
STATE: Schema = {"enum": ["ok", "at_risk", "breached", "action", "unknown", "not_applicable"]}
SENTENCE: Schema = {"type": "string", "minLength": 3}


def record(**fields: Schema) -> Schema:
    """An object that has all of these keys; more may follow."""
    return {"type": "object", "required": list(fields), "properties": fields}


def rows(of: Schema, *, least: int = 0) -> Schema:
    return {"type": "array", "items": of, "minItems": least}


INSPECTION: Schema = record(
    at=INSTANT,
    complete={"type": "boolean"},
    stores=rows(
        record(
            store=STORE_KEY,
            platform=PLATFORM,
            platform_store_id=PLATFORM_ID,
            name=SENTENCE,
            region={"enum": ["MY", "PH", "TH", "VN", "SG", "ID", "US", "UK", "CN", "TW", "BR"]},
            status={"enum": ["fine", "watch", "restricted", "closed", "unknown"]},
            synced_at=OPTIONAL_INSTANT,
            stale={"type": "boolean"},
        ),
        least=8,
    ),
    items=rows(record(item={"type": "string", "pattern": r"^INS-\d\d$"}, title=SENTENCE), least=1),
    matrix=rows(
        record(
            store=STORE_KEY,
            item={"type": "string"},
            state=STATE,
            severity=OPTIONAL_SEVERITY,
            findings={"type": "integer", "minimum": 0},
            as_of=OPTIONAL_INSTANT,
        )
    ),
    worklist=rows(
        record(
            rank={"type": "integer", "minimum": 1},
            rule=SENTENCE,
            store=STORE_KEY,
            platform=PLATFORM,
            subject=record(kind=SENTENCE, id={"type": "string"}),
            state={"enum": ["at_risk", "breached", "action", "unknown"]},
            severity=SEVERITY,
            due_at=OPTIONAL_INSTANT,
            stake=record(what=SENTENCE, amount={"anyOf": [AMOUNT, {"type": "null"}]}, currency=CURRENCY),
            action=record(action=SENTENCE, label=SENTENCE),
            why=SENTENCE,
        ),
        least=1,
    ),
)

STATUS: Schema = record(
    running={"type": "boolean"},
    url={"type": ["string", "null"]},
    processes=rows(record(role={"enum": ["web", "worker", "database", "sandbox"]}, pid={"type": "integer"})),
    sync=record(
        running={"type": ["integer", "null"]},
        waiting={"type": ["integer", "null"]},
        failed={"type": ["integer", "null"]},
        last_finished_at=OPTIONAL_INSTANT,
    ),
)

EXPORTED_ORDER: Schema = record(
    store=STORE_KEY,
    platform=PLATFORM,
    platform_store_id=PLATFORM_ID,
    platform_order_id=PLATFORM_ID,
    platform_status=SENTENCE,
    status=SENTENCE,
    total={"anyOf": [MONEY, {"type": "null"}]},
    placed_at=OPTIONAL_INSTANT,
    ship_by_at=OPTIONAL_INSTANT,
    updated_at=OPTIONAL_INSTANT,
)

CREDENTIALS: Schema = record(
    platforms=record(
        tiktok_shop=record(
            base_url={"type": "string", "pattern": r"^http://127\.0\.0\.1:\d+$"},
            auth_url={"type": "string", "pattern": r"^http://127\.0\.0\.1:\d+$"},
            app_key=SENTENCE,
            app_secret=SENTENCE,
            stores=rows(
                record(
                    id=PLATFORM_ID,
                    name=SENTENCE,
                    region={"type": "string", "pattern": "^[A-Z]{2}$"},
                    access_token=SENTENCE,
                    refresh_token=SENTENCE,
                    shop_cipher=SENTENCE,
                ),
                least=1,
            ),
        )
    )
)

TRUTH: Schema = record(
    at=INSTANT,
    platforms=record(
        tiktok_shop=record(
            stores={
                "type": "object",
                "minProperties": 1,
                "propertyNames": PLATFORM_ID,
                "additionalProperties": record(
                    reachable={"type": "boolean"},
                    orders={"type": "integer", "minimum": 0},
                    orders_by_status={"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
                ),
            }
        )
    ),
)

EVALUATED: Schema = record(
    id={"type": "string"},
    findings=rows(
        record(
            rule=SENTENCE,
            state=STATE,
            severity=OPTIONAL_SEVERITY,
            due_at=OPTIONAL_INSTANT,
            subject={"anyOf": [record(kind=SENTENCE, id={"type": "string"}), {"type": "null"}]},
            consequence=SENTENCE,
            why=SENTENCE,
        )
    ),
)

REFUSED_LINE: Schema = record(id={}, error=record(field={"type": "string"}, message=SENTENCE))
OPERATION: Schema = record(operation=SENTENCE, kind={"enum": ["read", "write"]}, records=rows({"type": "string"}))
PARSED: Schema = record(
    records=rows(record(kind=SENTENCE)),
    problems=rows(record(field={"type": "string"}, message=SENTENCE, level={"enum": ["note", "error", "platform"]})),
)
