"""Our answers beside the platform's samples: the same members with the same JSON types, and the same forms of text."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from conftest import require_shared
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.support import Json, answer, shop_to_read, through_the_wire
from storeward_sandbox.lazada.tests.test_walk import reads

# Members that only some real answers have: other states, other programmes, other kinds of stores.
SOMETIMES = {
    "orders[].recipient_info", "_trace_id_", "data[].cancel_trigger_time", "data[].reverse_order_id",
}  # fmt: skip


@cache
def sample(name: str) -> Json:
    path = require_shared() / "platforms" / "lazada" / "samples" / f"{name}.json"
    found: Json = json.loads(path.read_text())
    return found


def shapes(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """(path, kind) of everything inside; lists count as one row."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from shapes(one, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        yield at, "list"
        for one in value:
            yield from shapes(one, f"{at}[]")
    elif value is not None:
        yield at, "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def ours(path: str) -> dict[str, set[str]]:
    """The kinds of every member over answers of several stores."""
    found: dict[str, set[str]] = {}
    for shop in stores():
        for member, kind in shapes(through_the_wire(answer(shop, path, **reads(shop)[path]))):
            found.setdefault(member, set()).add(kind)
    return found


def stores() -> list[Shop]:
    return [shop_to_read("SG"), shop_to_read("VN", ("returns",)), shop_to_read("TH", ("negative_balance",), cross_border=True)]


SAMPLES = [
    ("orders_get_page1", "/orders/get"),
    ("order_get", "/order/get"),
    ("order_items_get_pending", "/order/items/get"),
    ("order_items_get_multi_package", "/order/items/get"),
    ("orders_items_get", "/orders/items/get"),
    ("products_get", "/products/get"),
    ("product_item_get", "/product/item/get"),
    ("finance_payout_status_get", "/finance/payout/status/get"),
    ("finance_transaction_details_get", "/finance/transaction/details/get"),
    ("finance_account_transactions_query", "/finance/transaction/accountTransactions/query"),
    ("reverse_getreverseordersforseller", "/reverse/getreverseordersforseller"),
    ("order_reverse_return_detail_list", "/order/reverse/return/detail/list"),
    ("order_reverse_return_history_list", "/order/reverse/return/history/list"),
    ("order_reverse_reason_list", "/order/reverse/reason/list"),
    ("im_session_list", "/im/session/list"),
    ("im_session_get", "/im/session/get"),
    ("im_message_list", "/im/message/list"),
    ("review_seller_history_list", "/review/seller/history/list"),
    ("review_seller_list_v2", "/review/seller/list/v2"),
    ("seller_get", "/seller/get"),
    ("seller_metrics_get", "/seller/metrics/get"),
    ("seller_performance_get", "/seller/performance/get"),
    ("seller_policy_fetch", "/seller/policy/fetch"),
    ("seller_warehouse_get", "/seller/warehouse/get"),
    ("rc_warehouse_detail_get", "/rc/warehouse/detail/get"),
    ("sellercenter_msg_list", "/sellercenter/msg/list"),
    ("logistic_order_trace", "/logistic/order/trace"),
    ("order_document_get", "/order/document/get"),
    ("order_package_document_get_pdf", "/order/package/document/get"),
    ("order_shipment_providers_get", "/order/shipment/providers/get"),
]
# Parts of samples that stand for something else than what every answer has.
NOT_EVERYWHERE = re.compile(
    r"code|request_id|.*\.saleProp\..*|.*\.attributes\..*|.*suspendedSkus.*|.*rejectReason.*|.*hidden(Reason|Status)"
    r"|.*channelInventories.*|.*review_videos.*|.*outdated_reviews.*|.*bizSupplement.*|.*imageSequence.*|.*fblWarehouse.*"
    r"|.*\.[vV]ariation.*|.*subStatus|.*\.sla|.*\.picture\[\]|.*review_images\[\]|.*special_.*|.*marketImages.*|.*tracking_list.*|.*payee_account.*|.*trialProduct|.*tags.*"
)


@pytest.mark.parametrize(("name", "path"), SAMPLES, ids=[name for name, _path in SAMPLES])
def test_what_a_sample_has_we_have_too_with_the_same_kind(name: str, path: str) -> None:
    found = ours(path)
    missing, others = [], []
    for member, kind in set(shapes(sample(name))):
        if member in SOMETIMES or NOT_EVERYWHERE.fullmatch(member):
            continue
        if member not in found:
            missing.append(member)
        elif kind not in found[member]:
            others.append((member, kind, found[member]))
    assert missing == []
    assert others == []


def texts(value: Any, name: str) -> list[str]:
    """Every text under that key."""
    if isinstance(value, list):
        return [one for row in value for one in texts(row, name)]
    if not isinstance(value, dict):
        return []
    own = [value[name]] if isinstance(value.get(name), str) else []
    return own + [one for row in value.values() for one in texts(row, name)]


@pytest.mark.parametrize(
    ("path", "member", "form"),
    [
        ("/orders/get", "created_at", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}"),
        ("/orders/get", "price", r"\d+\.\d\d"),
        ("/orders/items/get", "updated_at", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}"),
        ("/orders/items/get", "sla_time_stamp", r"(\d{4}-\d\d-\d\dT23:59:59[+-]\d\d:\d\d)?"),
        ("/orders/items/get", "promised_shipping_time", ""),
        ("/products/get", "created_time", r"\d{13}"),
        ("/products/get", "special_from_time", r"\d{4}-\d\d-\d\d \d\d:\d\d"),
        ("/finance/payout/status/get", "created_at", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
        ("/finance/payout/status/get", "payout", r"\d+\.\d\d [A-Z]{3}"),
        ("/finance/transaction/details/get", "transaction_date", r"\d\d [A-Z][a-z]{2} \d{4}"),
        ("/finance/transaction/details/get", "amount", r"-?\d{1,3}(,\d{3})*\.\d\d"),
        ("/finance/transaction/details/get", "statement", r"\d\d [A-Z][a-z]{2} \d{4} - \d\d [A-Z][a-z]{2} \d{4}"),
        ("/finance/transaction/accountTransactions/query", "transaction_time", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
        ("/sellercenter/msg/list", "time", r"just now|\d+ (minute|hour|day)s? ago"),
        ("/im/session/list", "self_position", r"\d+"),
    ],
)
def test_texts_have_the_forms_of_the_fact_sheet(path: str, member: str, form: str) -> None:
    found = [text for shop in stores() for text in texts(answer(shop, path, **reads(shop)[path]), member)]
    assert found
    assert [text for text in found if not re.fullmatch(form, text)] == []


@pytest.mark.parametrize(
    ("path", "member"),
    [
        ("/orders/items/get", "payment_time"),
        ("/reverse/getreverseordersforseller", "return_order_line_gmt_modified"),
        ("/im/message/list", "send_time"),
        ("/review/seller/list/v2", "create_time"),
        ("/logistic/order/trace", "event_time"),
    ],
)
def test_instants_are_milliseconds_where_the_fact_sheet_says_so(path: str, member: str) -> None:
    for shop in stores():
        found = [int(one) for one in re.findall(rf'"{member}": ?(\d+)', json.dumps(answer(shop, path, **reads(shop)[path])))]
        assert found
        assert all(10**12 <= at <= (shop.now + 1) * 1000 for at in found)
