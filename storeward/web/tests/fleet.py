"""A fleet typed straight into the rows, in all states that a page can meet: for tests and for screenshots.

Everything hangs on `now`, so that a countdown reads the same on every run. Names are Latin, Chinese and Thai.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from storeward.accounts.models import Membership, Role, User, Workspace
from storeward.findings.actions import action_for
from storeward.findings.models import DutyState, Finding, Obligation, Reading, Transition
from storeward.intake.models import Notice, NoticeState, Upload
from storeward.records.models import Order, Origin, Problem, StoreEvent, StoreFact, Stream
from storeward.stores.markets import market
from storeward.stores.models import App, Connection, ConnectionState, Store, StoreGroup

PASSWORD = "a long enough password"
GROUPS = ("Luna Home", "Nari Beauty", "Mori Kids", "Cedar Living", "Pine Audio", "Kopi Corner", "Hemu", "Tiny Oak")
NAMES = (
    ("Luna Home 3", "MY", 0),
    ("Mori Kids 2", "PH", 2),
    ("Pine Audio 2", "MY", 4),
    ("Nari Beauty 1", "TH", 1),
    ("Luna Home 1", "MY", 0),
    ("禾木生活 1 店", "SG", 6),
    ("ร้านนารีบิวตี้ 4", "TH", 1),
    ("Sora Audio Việt Nam", "VN", 4),
    ("Luna Home 9", "US", 0),
    ("Cedar Living 1", "MY", 3),
    ("Cedar Living 2", "MY", 3),
    ("Cedar Living 5", "MY", 3),
    ("Kopi Corner 6", "VN", 5),
    ("Luna Home 7", "SG", 0),
    ("Mori Kids 1", "PH", 2),
    ("Tiny Oak Toys 3", "SG", 7),
)
STREAMS = (
    ("orders", 15),
    ("packages", 30),
    ("returns", 60),
    ("cancellations", 60),
    ("conversations", 15),
    ("messages", 15),
    ("listings", 240),
    ("wallet", 120),
    ("performance", 720),
    ("push", 120),
)
ORDER_IDS = 576_465_000_000_000_000
LOST = slice(9, 12)
"""The stores behind one dead connection."""
NEVER = 12
"""The store that was never connected."""


@dataclass
class Fleet:
    """The rows that tests ask for by name."""

    now: datetime
    workspace: Workspace
    owner: User
    colleague: User
    viewer: User
    outsider: User
    stores: list[Store]
    foreign: Store
    findings: dict[str, Finding]
    foreign_finding: Finding
    upload: Upload
    notice: Notice


def person(email: str, name: str, workspace: Workspace | None, role: Role = Role.OWNER, **fields: Any) -> User:
    made = User.objects.create_user(email, PASSWORD, name=name, **fields)
    if workspace is not None:
        Membership.objects.create(workspace=workspace, user=made, role=role)
    return made


def workspace(slug: str, now: datetime) -> Workspace:
    return Workspace.objects.create(slug=slug, name=slug.title(), created_at=now)


def connection(place: Workspace, now: datetime, key: str, state: ConnectionState = ConnectionState.ACTIVE) -> Connection:
    app, _ = App.objects.get_or_create(
        workspace=place,
        platform="tiktok_shop",
        app_key=f"key-{place.slug}",
        defaults={"name": "App", "sealed_secret": "x", "base_url": "http://127.0.0.1:1", "auth_url": "http://127.0.0.1:1"},
    )
    return Connection.objects.create(
        workspace=place,
        app=app,
        platform_user_id=key,
        sealed_access_token="x",
        sealed_refresh_token="x",
        access_expires_at=now + timedelta(days=6),
        refresh_expires_at=now + timedelta(days=41),
        state=state,
        state_reason="" if state == ConnectionState.ACTIVE else "The seller has withdrawn the authorisation",
        state_since=now - timedelta(hours=5, minutes=8),
    )


def store(place: Workspace, name: str, region: str, number: int, now: datetime, **fields: Any) -> Store:
    where = market(region)
    return Store(
        workspace=place,
        key=f"tt-{region.lower()}-{place.slug}-{number}",
        platform="tiktok_shop",
        platform_store_id=str(7_494_049_642_642_000_000 + place.pk * 100_000 + number),
        name=name,
        region=region,
        timezone=where.timezone,
        currency=where.currency,
        added_at=now - timedelta(days=200),
        **fields,
    )


def finding(where: Store, rule: str, now: datetime, **fields: Any) -> Finding:
    """A finding with everything a page shows; `due` in hours, `began` in hours ago."""
    due, began = fields.pop("due", None), fields.pop("began", 24)
    usd = fields.pop("usd", None)
    why, why_zh = fields.pop("why", ""), fields.pop("why_zh", "")
    chance, loss, minutes = fields.pop("chance", 0.85), (usd or 0) + fields.pop("cost", 40), fields.pop("minutes", 2.0)
    kind, identity = fields.pop("subject", ("store", ""))
    more = fields.pop("more", {})
    defaults: dict[str, Any] = {
        "state": "at_risk",
        "severity": "critical",
        "item": "INS-03",
        "opened_at": now - timedelta(hours=2),
        "changed_at": now - timedelta(hours=1),
    }
    return Finding(
        workspace_id=where.workspace_id,
        store=where,
        rule=rule,
        subject_kind=kind,
        subject_id=identity,
        due_at=None if due is None else now + timedelta(hours=due),
        starts_at=now - timedelta(hours=began),
        stake_usd=usd,
        stake_amount=None if usd is None else Decimal(str(round(usd * 4.2, 2))),
        stake_currency=None if usd is None else where.currency,
        chance=chance,
        loss_usd=loss,
        minutes=minutes,
        score=chance * loss / minutes,
        action=action_for(rule).id,
        details={"why": {"en": why, "zh": why_zh}, "from": None, "as_of": (now - timedelta(minutes=2)).isoformat(), **more},
        **(defaults | fields),
    )


def _known(stores: list[Store], now: datetime) -> dict[str, list[Finding]]:
    """The findings of the picture, by a short name."""
    luna, mori, pine, nari, first, hemu, thai, sora, american = stores[:9]
    ship_why = "Placed on Wed 18 Nov; its two working days end today. Then the platform cancels it"
    return {
        "ship": [
            finding(
                luna,
                "TTS-SEA-AUTOCANCEL-RTS",
                now,
                subject=("order", str(ORDER_IDS + number)),
                due=1.7 + number * 0.1,
                began=24,
                usd=22.0 + number,
                minutes=0.5,
                why=ship_why,
                why_zh="11月18日下单,两个工作日今天到期,届时平台自动取消",
            )
            for number in range(14)
        ],
        "idle": [
            finding(
                mori,
                "TTS-SEA-INACT-60",
                now,
                due=45,
                began=1395,
                usd=None,
                cost=1120,
                severity="fatal",
                item="INS-01",
                why="No qualifying activity for 58 days; the store closes for good after day 60",
                why_zh="连续 58 天无有效经营活动,满 60 天店铺永久关闭",
            )
        ],
        "return": [
            finding(
                pine,
                "TTS-SEA-CANCELREQ-24H",
                now,
                subject=("request", "403500001122"),
                due=-0.42,
                began=24,
                usd=48.0,
                state="breached",
                item="INS-05",
                why="A request of Wed 18 Nov 11:55 got no answer; the platform approves it for the buyer",
                why_zh="11月18日 11:55 的申请未回复,平台自动同意",
            )
        ],
        "balance": [
            finding(
                nari,
                "TTS-SEA-NEGBAL-10D",
                now,
                due=76,
                began=164,
                usd=1640.0,
                chance=0.35,
                minutes=5.0,
                severity="warning",
                item="INS-10",
                owner="Finance Clerk",
                status="acknowledged",
                why="Balance −3,120 THB, below zero for 6 d 20 h; withdrawals are frozen at day 10",
                why_zh="余额 −3,120 THB,已连续 6 天 20 小时为负,第 10 天冻结提现",
            )
        ],
        "reply": [
            finding(
                thai,
                "TTS-SEA-RESP12-MSG",
                now,
                subject=("conversation", str(7_000 + number)),
                due=5.1 + number,
                began=7,
                usd=None,
                cost=6,
                severity="warning",
                minutes=1.5,
                item="INS-06",
                why="The buyer has waited since 09:40 for a first answer",
                why_zh="买家自 09:40 起等待首次回复",
            )
            for number in range(3)
        ],
        "points": [
            finding(
                first,
                "TTS-SEA-VP-24",
                now,
                chance=0.35,
                cost=110,
                minutes=25.0,
                severity="warning",
                item="INS-26",
                more={"value": "20", "unit": "points", "limit": "24", "comparator": ">="},
                why="20 of 48 points; four more reach the next milestone at 24",
                why_zh="已有 20 分,再扣 4 分达到 24 分节点",
            )
        ],
        "stock": [
            finding(
                hemu,
                "TTS-SEA-STOCK",
                now,
                subject=("listing", f"1729{number}"),
                chance=0.35,
                usd=50.0,
                severity="warning",
                item="INS-08",
                why="A live listing has no unit left",
                why_zh="在售商品库存为零",
            )
            for number in range(4)
        ],
        "rating": [
            finding(
                american,
                "TTS-US-AHR-CAUTION",
                now,
                chance=0.35,
                cost=6,
                minutes=15.0,
                severity="info",
                item="INS-24",
                why="Account health 168; the next milestone is 150",
                why_zh="账号健康分 168,下一节点为 150",
            )
        ],
        "rate": [
            finding(
                sora,
                "TTS-SEA-LDR-TARGET",
                now,
                chance=0.35,
                usd=190.0,
                minutes=30.0,
                severity="warning",
                item="INS-27",
                more={"value": "3.6", "unit": "percent", "limit": "4", "comparator": "<="},
                why="Late dispatch 3.6 %, limit 4 %; nine of 250 orders in seven days",
                why_zh="晚发货率 3.6%,上限 4%;7 天 250 单中 9 单晚发",
            )
        ],
    }


def _unknown(stores: list[Store], lost: Connection, now: datetime) -> list[Finding]:
    common = {"state": "unknown", "chance": 0.2, "item": "INS-01"}
    dead = [
        finding(
            one,
            "SW-CONNECTION-LOST",
            now,
            cause=f"connection:{lost.pk}",
            why="The seller has withdrawn the authorisation; nothing has been seen since 07:12",
            why_zh="卖家已撤销授权,自 07:12 起无数据",
            **(common | {"opened_at": now - timedelta(hours=5, minutes=8)}),
        )
        for one in stores[LOST]
    ]
    never = finding(
        stores[NEVER],
        "SW-NEVER-CONNECTED",
        now,
        severity="warning",
        why="Added on 4 May; nothing has ever been seen",
        why_zh="5月4日添加,从未收到数据",
        **(common | {"opened_at": now - timedelta(days=3)}),
    )
    return [*dead, never]


def _streams(stores: list[Store], now: datetime) -> list[Stream]:
    rows = []
    for number, one in enumerate(stores):
        for place, (name, minutes) in enumerate(STREAMS):
            lost = number in range(*LOST.indices(len(stores)))
            seen = now - (timedelta(hours=5, minutes=10) if lost else timedelta(minutes=(number + place * 3) % 9, seconds=48))
            never = number == NEVER
            rows.append(
                Stream(
                    store=one,
                    workspace_id=one.workspace_id,
                    name=name,
                    observed_at=None if never else seen,
                    trusted_until=None if never else seen + timedelta(minutes=minutes),
                    attempted_at=now - timedelta(seconds=40),
                    due_at=now + timedelta(minutes=2),
                    filled=not never,
                    error_family="authorisation_lost" if lost else "",
                    error_text="The access token is no longer accepted" if lost else "",
                    failing_since=now - timedelta(hours=5) if lost else None,
                    failures=40 if lost else 0,
                )
            )
    return rows


def _owed(stores: list[Store], found: dict[str, list[Finding]], now: datetime) -> list[Obligation]:
    """The duties behind the findings that fall due, and some that are not at risk yet."""
    rows = [
        Obligation(
            workspace_id=one.workspace_id,
            store=one.store,
            rule=one.rule,
            subject_kind=one.subject_kind,
            subject_id=one.subject_id,
            starts_at=one.starts_at or now,
            due_at=one.due_at or now,
            severity=one.severity,
            state=DutyState.BREACHED if one.state == "breached" else DutyState.OPEN,
            stake_amount=one.stake_amount,
            stake_currency=one.stake_currency,
            stake_usd=one.stake_usd,
            details=one.details,
        )
        for group in found.values()
        for one in group
        if one.due_at is not None
    ]
    for number in range(18):
        one = stores[number % 9]
        rows.append(
            Obligation(
                workspace_id=one.workspace_id,
                store=one,
                rule="TTS-SEA-SHIP-2WD" if number % 3 else "INT-INACT-WEEKLY-LOGIN",
                subject_kind="order" if number % 3 else "store",
                subject_id=str(ORDER_IDS + 500 + number) if number % 3 else "",
                starts_at=now - timedelta(hours=20, minutes=number),
                due_at=now + timedelta(hours=9 + number * 8),
                severity=("warning", "warning", "info")[number % 3],
                state=DutyState.OPEN,
                stake_usd=31.0 if number % 3 else None,
                details={"why": {"en": "Placed yesterday", "zh": "昨日下单"}},
            )
        )
    return rows


def _readings(stores: list[Store], now: datetime) -> list[Reading]:
    rules = (
        ("TTS-SEA-NEGBAL-NEG", "218.40", "USD"),
        ("TTS-SEA-LDR-TARGET", "1.2", "percent"),
        ("TTS-SEA-RESP24-RATE", "94.5", "percent"),
        ("TTS-SEA-NEGBAL-UNFREEZE", "", ""),
        ("TTS-SEA-NRR", "0.4", "percent"),
        ("TTS-SEA-VP-24", "4", "points"),
        ("TTS-SEA-APPEAL-1", "", ""),
        ("TTS-SEA-INACT-REACT", "", ""),
        ("INT-INACT-WEEKLY-LOGIN", "", ""),
    )
    return [
        Reading(
            workspace_id=one.workspace_id,
            store=one,
            rule=rule,
            subject_kind="store",
            state="ok",
            value=value,
            unit=unit,
            as_of=now - timedelta(minutes=4),
        )
        for one in stores
        for rule, value, unit in rules
        if (one.name, rule) not in {("Nari Beauty 1", rules[0][0]), ("Sora Audio Việt Nam", rules[1][0])}
    ]


def _typed(stores: list[Store], now: datetime) -> None:
    american = stores[8]
    StoreFact.objects.create(
        store=american,
        name="ahr",
        value=168,
        as_of=now - timedelta(days=1, hours=2),
        origin=Origin.FORM,
        entered_by="Operations Lead",
        observed_at=now - timedelta(days=1, hours=2),
    )
    StoreEvent.objects.create(
        store=stores[1],
        family="activity",
        type="login",
        at=now - timedelta(days=58),
        actor="main",
        origin=Origin.FORM,
        entered_by="Operations Lead",
        observed_at=now - timedelta(days=58),
    )
    Problem.objects.create(
        store=stores[0],
        operation="list_orders",
        field="payment.total_amount",
        message="not a number: 'abc'",
        level="error",
        seen_at=now - timedelta(minutes=20),
        count=2,
    )
    Order.objects.create(
        store=stores[0],
        workspace_id=stores[0].workspace_id,
        platform_id=str(ORDER_IDS),
        platform_status="AWAITING_SHIPMENT",
        status="to_ship",
        amount=Decimal("84.00"),
        currency="MYR",
        placed_at=now - timedelta(days=1),
        open=True,
        observed_at=now,
        origin=Origin.API,
        digest=b"x",
        data={},
    )


def _notice(place: Workspace, now: datetime) -> Notice:
    """A mail that no platform sent."""
    sender = "deals@tiktok-shops.example"
    return Notice.objects.create(
        workspace_id=place.pk,
        digest="mail",
        words="mail",
        sender=sender,
        title="Important: your shop may be in violation",
        text="Important: your shop may be in violation\nDear seller, click the link below within 24 hours.",
        sent_at=datetime(2026, 11, 19, 4, 0, tzinfo=UTC),
        received_at=now - timedelta(hours=2),
        state=NoticeState.ELSEWHERE,
        why=f"sent by {sender}, no platform's address",
    )


def _upload(place: Workspace, now: datetime) -> Upload:
    """A table that somebody has looked at and not taken."""
    bad = [{"row": 4, "field": "total", "message": "'eighty' is no number; write it like 1234.50"}]
    first = [{"row": "2", "store": "tt-my-acme-0", "order_id": "576465000000000301", "status": "to_ship"}]
    verdict = {"rows": 3, "good": 2, "stores": 1, "bad_rows": 1, "ignored": ["Colour"], "bad": bad, "first": first}
    return Upload.objects.create(
        workspace_id=place.pk,
        sheet="orders",
        name="orders-20-nov.csv",
        body=b"store,order_id",
        digest="0" * 64,
        as_of=now,
        uploaded_by="Operations Lead",
        uploaded_at=now - timedelta(minutes=4),
        verdict=verdict | {"columns": ["store", "order_id", "status", "total"]},
    )


def _history(found: list[Finding]) -> list[Transition]:
    return [
        Transition(finding=one, at=one.opened_at, kind="opened", state=one.state, severity="warning", actor="", reason="")
        for one in found
    ] + [
        Transition(finding=one, at=one.changed_at, kind="worse", state=one.state, severity=one.severity, actor="", reason="")
        for one in found
        if one.severity in ("critical", "fatal")
    ]


def build(now: datetime, *, size: int = len(NAMES), slug: str = "acme", domain: str = "example.com") -> Fleet:
    """Create everything. Beyond the named stores come quiet ones, so that a fleet of 300 is mostly fine."""
    place = workspace(slug, now)
    groups = [StoreGroup.objects.create(workspace=place, name=name, colour=number) for number, name in enumerate(GROUPS)]
    good, lost = connection(place, now, "good"), connection(place, now, "lost", ConnectionState.REVOKED)
    named = [
        store(place, name, region, number, now, group=groups[group], connection=lost if number in (9, 10, 11) else good)
        for number, (name, region, group) in enumerate(NAMES)
    ]
    named[NEVER].connection = None
    quiet = [
        store(
            place,
            f"Sora Audio {number}",
            ("MY", "PH", "TH", "VN", "SG", "US")[number % 6],
            number,
            now,
            group=groups[number % 8],
            connection=good,
        )
        for number in range(len(NAMES), size)
    ]
    stores = Store.objects.bulk_create([*named, *quiet])
    found = _known(stores, now)
    rows = Finding.objects.bulk_create([one for group in found.values() for one in group] + _unknown(stores, lost, now))
    Transition.objects.bulk_create(_history(rows))
    Stream.objects.bulk_create(_streams(stores, now))
    Obligation.objects.bulk_create(_owed(stores, found, now))
    Reading.objects.bulk_create(_readings(stores, now))
    _typed(stores, now)
    elsewhere = workspace(f"{slug}-other", now)
    foreign = Store.objects.bulk_create([store(elsewhere, "Foreign 1", "MY", 1, now)])[0]
    foreign_finding = Finding.objects.bulk_create([finding(foreign, "TTS-SEA-STOCK", now, usd=9.0)])[0]
    return Fleet(
        now=now,
        workspace=place,
        owner=person(f"owner@{domain}", "Operations Lead", place),
        colleague=person(f"colleague@{domain}", "Clerk Two", place, Role.ORDERS),
        viewer=person(f"viewer@{domain}", "Guest Viewer", place, Role.VIEWER),
        outsider=person(f"outsider@{domain}", "Olga Outsider", elsewhere),
        stores=stores,
        foreign=foreign,
        findings={name: group[0] for name, group in found.items()} | {"lost": rows[-4]},
        foreign_finding=foreign_finding,
        upload=_upload(place, now),
        notice=_notice(place, now),
    )
