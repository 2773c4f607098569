"""Held against the specification: parameters that are read, fee types, the data of pushes, and their identities."""

import json
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import pytest

from conftest import require_shared
from storeward_sandbox.clock import DAY, HOUR, MINUTE
from storeward_sandbox.lazada import ledger
from storeward_sandbox.lazada.call import Call
from storeward_sandbox.lazada.catalogue import Catalogue
from storeward_sandbox.lazada.chat import BUYER, SELLER, TEXT, Chat, open_session, read_up_to, recall, say
from storeward_sandbox.lazada.errors import ApiError
from storeward_sandbox.lazada.orders import deliver, fail, pack, ready, scan
from storeward_sandbox.lazada.reasons import BUYER_CANCELS, BUYER_RETURNS
from storeward_sandbox.lazada.registry import OPERATIONS
from storeward_sandbox.lazada.reverse import ONLY_REFUND, Reverses, ask_back, ask_out, authorise, let_out
from storeward_sandbox.lazada.reverse import SELLER as BY_SELLER
from storeward_sandbox.lazada.reviews import write
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.standing import deduct
from storeward_sandbox.lazada.stockroom import take_down, tell_edited
from storeward_sandbox.lazada.tests.byhand import order, product_of, shelf
from storeward_sandbox.lazada.tests.support import Json, as_texts, endpoints, go, make_shop, platform_of, shop_to_read, told
from storeward_sandbox.lazada.tests.test_walk import reads

# --- parameters -------------------------------------------------------------------------------------------------------


class Watched(dict[str, str]):
    """Parameters that remember which of them were looked at."""

    def __init__(self, given: dict[str, str]) -> None:
        super().__init__(given)
        self.seen: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.seen.add(name)
        return super().get(name, default)


def seen_by(shop: Shop, path: str, params: Json) -> set[str]:
    """The names that an operation looks at."""
    watched = Watched(as_texts(params))
    call = Call(platform_of(shop), shop, path, watched, shop.now, "http://sandbox.test")
    try:
        OPERATIONS[path].handler(call)
    except ApiError:
        return watched.seen
    return watched.seen


WRITES: dict[str, Json] = {
    "/order/invoice_number/set": {"order_item_id": 1, "invoice_number": "x"},
    "/order/fulfill/pack": {"packReq": {}},
    "/order/package/rts": {"readyToShipReq": {}},
    "/order/package/repack": {"rePackReq": {}},
    "/order/package/sof/delivered": {"dbsDeliveryReq": {}},
    "/order/package/sof/failed_delivery": {"dbsFailedDeliveryReq": {}},
    "/order/digital/delivered": {"digitalDeliveryReq": {}},
    "/product/update": {"payload": "<Request/>"},
    "/product/price_quantity/update": {"payload": "<Request/>"},
    "/product/stock/sellable/update": {"payload": "<Request/>"},
    "/product/stock/sellable/adjust": {"payload": "<Request/>"},
    "/product/deactivate": {"apiRequestBody": "<Request/>"},
    "/image/upload": {},
    "/order/reverse/cancel/create": {"order_id": 1, "order_item_id_list": [1], "reason_id": 1},
    "/order/reverse/cancel/seller/decide": {"reverse_order_id": 1, "agree_cancel": "true"},
    "/order/reverse/onlyrefund/seller/decide": {"reverse_order_id": 1, "action": "x", "reverse_order_item_ids": [1]},
    "/order/reverse/return/update": {"reverse_order_id": 1, "action": "x", "reverse_order_item_ids": [1]},
    "/im/message/send": {"session_id": "x", "template_id": 1},
    "/im/session/read": {"session_id": "x", "last_read_message_id": "x"},
    "/im/session/open": {"order_id": 1},
    "/im/message/recall": {"session_id": "x", "message_id": "x"},
    "/review/seller/reply/add": {"id": 1, "content": "x"},
}


def every_call(shop: Shop) -> dict[str, Json]:
    return reads(shop) | WRITES


@pytest.mark.parametrize("path", sorted(OPERATIONS))
def test_no_call_reads_a_parameter_that_nobody_describes(path: str) -> None:
    described = {param["name"] for param in endpoints()[path]["params"]}
    assert seen_by(shop_to_read(), path, every_call(shop_to_read())[path]) <= described


# Languages change nothing here, a total known to the caller helps nobody, stock figures are always complete.
WITHOUT_EFFECT = {
    ("/seller/performance/get", "language"),
    ("/sellercenter/msg/list", "language"),
    ("/logistic/order/trace", "locale"),
    ("/products/get", "options"),
    ("/lbs/slb/queryLogisticsFeeDetail", "fee_type"),
    ("/lbs/slb/queryLogisticsFeeDetail", "biz_flow_type"),
    ("/lbs/slb/queryLogisticsFeeDetail", "total_records"),
}


@pytest.mark.parametrize("path", sorted(reads(shop_to_read())))
def test_every_described_parameter_of_a_read_is_looked_at(path: str) -> None:
    described = {param["name"] for param in endpoints()[path]["params"] if (path, param["name"]) not in WITHOUT_EFFECT}
    assert described - seen_by(shop_to_read(), path, reads(shop_to_read())[path]) == set()


def test_every_operation_is_either_read_or_written() -> None:
    kinds = {path: one["kind"] for path, one in endpoints().items() if path in OPERATIONS}
    assert {path for path, kind in kinds.items() if kind == "write"} == set(WRITES)


@pytest.mark.parametrize("path", sorted(WRITES))
def test_writes_ask_for_what_they_need(path: str) -> None:
    required = {param["name"] for param in endpoints()[path]["params"] if param["required"] and param["type"] != "binary"}
    shop = shop_to_read()
    for name in required & set(WRITES[path]):
        left = {key: value for key, value in WRITES[path].items() if key != name}
        call = Call(platform_of(shop), shop, path, as_texts(left), shop.now)
        assert name in _outcome(partial(OPERATIONS[path].handler, call))


def _outcome(deed: Callable[[], Json]) -> str:
    """The refusal's message, or the whole answer."""
    try:
        return json.dumps(deed())
    except ApiError as refusal:
        return refusal.message


@pytest.mark.parametrize("path", sorted(path for path in endpoints() if path in OPERATIONS))
def test_page_sizes_reach_the_limit_of_the_description(path: str) -> None:
    paging = endpoints()[path]["paging"]
    name = paging.get("limit_param") or paging.get("size_param")
    most = paging.get("max_page_size")
    if not name or not most:
        return
    good = every_call(shop_to_read())[path]
    shop = shop_to_read()
    for size, refused in ((most, False), (most + 1, True)):
        call = Call(platform_of(shop), shop, path, as_texts({**good, name: size}), shop.now)
        found = _outcome(partial(OPERATIONS[path].handler, call))
        assert found.startswith("E0") is refused, (path, size, found[:80])


# --- money ------------------------------------------------------------------------------------------------------------


@cache
def fee_types() -> dict[str, Json]:
    found = json.loads((require_shared() / "platforms" / "lazada" / "fee_types.json").read_text())
    return {one["fee_type"]: one for one in found["fee_types"]}


@pytest.mark.parametrize("kind", sorted(ledger.NAMES))
def test_fees_have_the_platforms_names(kind: str) -> None:
    known = fee_types()[kind]
    assert ledger.NAMES[kind] == (known["transaction_type"], known["fee_name"])


def test_every_kind_of_line_stands_in_one_column_of_a_statement() -> None:
    columns = [*ledger.REVENUE, *ledger.OTHER_REVENUE, *ledger.FEES, *ledger.REFUNDS, *ledger.FEES_BACK]
    assert sorted(columns) == sorted(ledger.NAMES)
    assert len(set(columns)) == len(columns)


# --- pushes -----------------------------------------------------------------------------------------------------------


@cache
def pushed(name: str) -> Json:
    path = require_shared() / "platforms" / "lazada" / "samples" / f"{name}.json"
    found: Json = json.loads(path.read_text())
    return found


def an_order_on_its_way(shop: Shop) -> None:
    package = pack(shop, made := order(shop), made.lines)[0]
    ready(shop, package)
    go(shop, MINUTE)
    scan(shop, package)
    deliver(shop, package)


def a_return(shop: Shop) -> None:
    an_order_on_its_way(shop)
    made = next(iter(shop.orders.values()))
    reverse = ask_back(shop, made, made.lines, BUYER_RETURNS[0])
    assert reverse is not None
    authorise(shop, reverse, reverse.lines[0], BY_SELLER)
    go(shop, 2 * DAY)


def a_talk(shop: Shop) -> None:
    session = open_session(shop, order(shop).buyer)
    message = say(shop, session, BUYER, TEXT, {"txt": "?"})
    read_up_to(shop, session, message.at)


def a_review(shop: Shop) -> None:
    an_order_on_its_way(shop)
    shop.buyers_on = True
    write(shop, next(iter(shop.orders.values())))


def a_product_called_back(shop: Shop) -> None:
    product_of(shop).deactivates = shop.now
    take_down(shop, product_of(shop))


PUSHES: list[tuple[int, str, Callable[[Shop], Any]]] = [
    (0, "push_00_trade_order_numeric", an_order_on_its_way),
    (1, "push_01_product_qc", a_product_called_back),
    (2, "push_02_im_message", a_talk),
    (4, "push_04_product_edited", lambda shop: tell_edited(shop, product_of(shop))),
    (6, "push_06_shallow_stock", lambda shop: order(shop, pieces=6)),
    (10, "push_10_reverse_order", a_return),
    (13, "push_13_seller_status", lambda shop: deduct(shop, 48, "x")),
    (14, "push_14_fulfilment", an_order_on_its_way),
    (19, "push_19_im_read_state", a_talk),
    (21, "push_21_review", a_review),
]


@pytest.mark.parametrize(("kind", "name", "deed"), PUSHES, ids=[name for _kind, name, _deed in PUSHES])
def test_the_data_of_a_push_has_the_members_of_its_sample(kind: int, name: str, deed: Callable[[Shop], Any]) -> None:
    shop = shelf("TH", units=10)
    deed(shop)
    data, model = told(shop, kind)[0], pushed(name)["data"]
    assert set(data) == set(model)
    for member, value in model.items():
        assert comparable(data[member]) == comparable(value), member


def comparable(value: object) -> str:
    """The kind of a value; ids may be numbers or texts of digits."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, str) and value.isdigit()):
        return "number"
    return type(value).__name__


def test_a_return_is_told_with_both_ids() -> None:
    shop = shelf()
    a_return(shop)
    last = told(shop, 0)[-1]
    assert set(last) >= set(pushed("push_00_reverse_status")["data"])
    assert last["order_status"] == "returned"


DOCUMENTED_10 = {
    "CANCEL_INIT", "CANCEL_SUCCESS", "CANCEL_REFUND_ISSUED", "RTM_INIT", "RTM_CANCELED", "RTM_SHIPPING_BACK", "RTM_RECEIVE_ITEM",
    "RTW_INIT", "RTW_CANCELED", "RTW_SHIPPING_BACK", "RTW_REJECT", "RTW_REFUND_PENDING", "REFUND_INIT", "REFUND_PENDING",
    "REFUND_SUCCESS", "REFUND_REJECTED",
}  # fmt: skip
DOCUMENTED_STATES = {
    "REQUEST_INITIATE", "REQUEST_REJECT", "REQUEST_CANCEL", "CANCEL_SUCCESS", "REQUEST_COMPLETE", "REFUND_PENDING",
    "REFUND_AUTHORIZED", "REFUND_SUCCESS", "REFUND_REJECT", "SELLER_AGREE_RETURN", "SELLER_REJECT_RETURN", "BUYER_RETURN_ITEM",
    "SELLER_AGREE_REFUND", "SELLER_REJECT_REFUND", "CS_APPROVING", "AGREE_CANCEL_ORDER", "REJECT_CANCEL_ORDER",
}  # fmt: skip
DOCUMENTED_14 = {
    "READY_TO_SHIP", "READY_TO_SHIP_PENDING", "TRANSIT_TO_SHIP", "DELIVERED", "DELIVER_FAILED", "ON_THE_WAY_BACK_TO_SHIPPER",
    "LOST_BY_3PL", "DAMAGE_BY_3PL", "PACKAGE_SCRAPPED", "CANCELLED",
}  # fmt: skip


@cache
def lived() -> list[Shop]:
    """Busy stores whose pushes of ten days were kept."""
    return [
        make_shop(region, troubles, orders_per_day=6.0, days=10)
        for region, troubles in (("SG", ("returns",)), ("VN", ("late_orders",)), ("ID", ("unanswered",)))
    ]


def all_told(kind: int) -> Iterator[Json]:
    for shop in lived():
        yield from told(shop, kind)


def test_only_words_of_the_fact_sheet_are_pushed() -> None:
    assert {data["reverse_status"] for data in all_told(10)} <= DOCUMENTED_10
    assert {data["status"] for data in all_told(14)} <= DOCUMENTED_14
    assert len({data["reverse_status"] for data in all_told(10)}) >= 6


def test_only_states_of_the_fact_sheet_are_reached() -> None:
    rows = [line for shop in lived() for one in shop.part(Reverses).orders.values() for line in one.lines]
    assert {line.status for line in rows} <= DOCUMENTED_STATES
    assert len({line.status for line in rows}) >= 5
    assert {line.ofc_status for line in rows} <= {"", "INITIAL", "RETURN_CANCELED"}


def test_every_change_of_a_piece_is_pushed_in_its_order() -> None:
    for shop in lived():
        by_line: dict[str, list[str]] = {}
        for data in told(shop, 0):
            by_line.setdefault(data["trade_order_line_id"], []).append(data["order_status"])
        for one in shop.orders.values():
            for line in one.lines:
                if line.updated > shop.started_at and line.id in by_line:
                    assert by_line[line.id][-1] == line.status


def test_pushes_carry_the_instant_of_the_change() -> None:
    for shop in lived():
        instants = [data["status_update_time"] for data in told(shop, 0)]
        assert instants == sorted(instants)
        assert all(shop.started_at <= at <= shop.now for at in instants)


# --- who is known by which id -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", range(3))
def test_ids_lead_from_one_thing_to_the_next(index: int) -> None:
    shop = lived()[index]
    catalogue = shop.part(Catalogue)
    for one in shop.orders.values():
        for line in one.lines:
            assert catalogue.find(line.sku.id) == (line.product, line.sku)
            if line.package_id:
                assert line.id in shop.packages[line.package_id].line_ids
            if line.reverse_order_id:
                reverse = shop.part(Reverses).orders[line.reverse_order_id]
                row = reverse.line(line.reverse_line_id)
                assert row is not None
                assert (row.line, reverse.order) == (line, one)
    for session in shop.part(Chat).sessions.values():
        assert any(one.buyer.user_id == session.buyer.user_id for one in shop.orders.values())


def test_talks_that_were_recalled_or_failed_are_told_as_such() -> None:
    shop = shelf(units=9)
    session = open_session(shop, order(shop).buyer)
    message = say(shop, session, SELLER, TEXT, {"txt": "oops"})
    recall(shop, session, message)
    assert [(data["status"], data["type"]) for data in told(shop, 2)] == [(0, 1), (1, 1), (0, 2)]
    package = pack(shop, made := order(shop), made.lines)[0]
    ready(shop, package)
    go(shop, HOUR)
    fail(shop, package)
    assert told(shop, 14)[-1]["status"] == "DELIVER_FAILED"


def test_a_wish_to_cancel_and_a_refund_alone_are_told_as_such() -> None:
    shop = shelf(units=9)
    made = order(shop)
    out = ask_out(shop, made, made.lines, BUYER_CANCELS[0])
    assert out is not None
    let_out(shop, out, BY_SELLER)
    go(shop, HOUR)
    an_order_on_its_way(shop)
    other = next(reversed(shop.orders.values()))
    ask_back(shop, other, other.lines, BUYER_RETURNS[0], kind=ONLY_REFUND)
    assert [data["reverse_status"] for data in told(shop, 10)] == ["CANCEL_INIT", "CANCEL_SUCCESS", "REFUND_INIT"]
