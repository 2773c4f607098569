"""A walk through every operation, in many markets and states: each answer has the described shape."""

from functools import cache
from typing import Any

import pytest

from storeward_sandbox.clock import DAY
from storeward_sandbox.shopee.errors import ApiError
from storeward_sandbox.shopee.items import items_of
from storeward_sandbox.shopee.order_view import OPTIONAL
from storeward_sandbox.shopee.registry import OPERATIONS, SHOP, Binary
from storeward_sandbox.shopee.returns import returns_of
from storeward_sandbox.shopee.shop import Shop
from storeward_sandbox.shopee.tests.support import START, Json, Running, ask_all, described, make_shop, problems, running

KINDS: tuple[tuple[str, tuple[str, ...], bool, float], ...] = (
    ("SG", (), False, 0),
    ("MY", ("late_orders",), False, 3),
    ("TH", ("neglected",), False, 9),
    ("VN", ("returns",), False, 1),
    ("PH", ("negative_balance",), False, 0),
    ("ID", ("unanswered",), False, 5),
    ("TW", ("low_stock",), False, 0),
    ("BR", (), False, 2),
    ("MY", ("returns",), True, 4),
)
# Refused in some shops or states; the refusal is the right answer there.
MAY_REFUSE = {
    "shop.get_warehouse_detail": "warehouse.error_not_in_whitelist",
    "payment.get_wallet_transaction_list": "error_permission",
    "payment.get_payout_detail": "error_permission",
    "payment.get_payout_info": "error_permission",
    "payment.get_billing_transaction_info": "error_permission",
    "returns.get_return_dispute_reason": "dispute.request.param.error",
    "returns.get_reverse_tracking_info": "returns.error_reverse_logistics",
    "logistics.get_shipping_parameter": "error_param",
    "logistics.get_tracking_info": "logistics.error_status_limit",
}


@cache
def lived(kind: tuple[str, tuple[str, ...], bool, float]) -> Shop:
    region, troubles, cross_border, days = kind
    return make_shop(region, troubles, cross_border=cross_border, days=days, seed=KINDS.index(kind) + 3)


def reads() -> list[str]:
    return [name for name, one in sorted(OPERATIONS.items()) if "GET" in one.methods and one.level == SHOP]


def questions(shop: Shop) -> dict[str, list[Json]]:
    """What each read is asked, more than once where it matters."""
    now = shop.now
    sns = [order.sn for order in shop.orders.values()]
    sent = [order.sn for order in shop.orders.values() if order.package_numbers and not order.split]
    waiting = [order.sn for order in shop.orders.values() if order.status in ("READY_TO_SHIP", "RETRY_SHIP")]
    window = {"time_range_field": "update_time", "time_from": now - 15 * DAY, "time_to": now, "page_size": 100}
    items = {"item_id_list": list(items_of(shop))}
    payouts = {"payout_time_from": now - 15 * DAY, "payout_time_to": now, "page_size": 20}
    incomes = {"date_from": "2026-11-08", "date_to": "2026-11-20", "page_size": 50}
    asked = [{"return_sn": sn} for sn in returns_of(shop)]
    return {
        "order.get_order_list": [window, {**window, "response_optional_fields": "order_status"}],
        "order.get_booking_list": [window],
        "order.get_shipment_list": [{"page_size": 50}],
        "order.get_order_detail": [
            {"order_sn_list": sns[at : at + 50], "response_optional_fields": list(OPTIONAL), "request_order_status_pending": True}
            for at in range(0, len(sns), 50)
        ],
        "order.get_package_detail": [{"package_number_list": list(shop.packages)[-50:]}],
        "logistics.get_shipping_parameter": [{"order_sn": sn} for sn in waiting],
        "logistics.get_tracking_number": [
            {"order_sn": sn, "response_optional_fields": "last_mile_tracking_number"} for sn in sent
        ],
        "logistics.get_tracking_info": [{"order_sn": sn} for sn in sent],
        "product.get_item_list": [{"offset": 0, "page_size": 100, "item_status": "NORMAL,UNLIST,BANNED,REVIEWING"}],
        "product.get_item_base_info": [items],
        "product.get_item_extra_info": [items],
        "product.get_item_promotion": [{"item_id_list": [*items_of(shop), 7]}],
        "product.get_item_violation_info": [{"item_id_list": [*items_of(shop), 7]}],
        "product.get_model_list": [{"item_id": one} for one in items_of(shop)],
        "product.search_item": [{"page_size": 2}],
        "product.get_comment": [{"cursor": "", "page_size": 100}],
        "payment.get_wallet_transaction_list": [{"page_no": 0, "page_size": 40}],
        "payment.get_escrow_list": [{"release_time_from": now - 60 * DAY, "release_time_to": now}],
        "payment.get_escrow_detail": [{"order_sn": sn} for sn in sns[-15:]],
        "payment.get_escrow_detail_batch": [{"order_sn_list": sns[-15:]}],
        "payment.get_payout_detail": [{**payouts, "page_no": 1}],
        "payment.get_payout_info": [payouts],
        "payment.get_income_detail": [{**incomes, "income_status": status} for status in (1, 2)],
        "returns.get_return_list": [{"page_no": 0, "page_size": 100}],
        **{f"returns.{name}": asked for name in ("get_return_detail", "get_available_solutions", "query_proof")},
        **{
            f"returns.{name}": asked
            for name in ("get_return_dispute_reason", "get_reverse_tracking_info", "get_shipping_carrier")
        },
        "account_health.get_metric_source_detail": [{"metric_id": one} for one in (1, 3, 4, 12, 25, 42, 43, 52, 53)],
        "account_health.get_punishment_history": [{"punishment_status": one} for one in (1, 2)],
        "sellerchat.get_conversation_list": [{"direction": "latest", "type": one} for one in ("all", "unread", "pinned")],
        "sellerchat.get_one_conversation": [{"conversation_id": one} for one in chats(shop)],
        "sellerchat.get_message": [{"conversation_id": one} for one in chats(shop)],
    }


def chats(shop: Shop) -> list[str]:
    if not shop.market.chat:
        return []
    listed = ask_all(shop, "sellerchat.get_conversation_list", query={"direction": "latest", "type": "all", "page_size": 60})
    return [one["conversation_id"] for one in listed[0]["conversations"]]


def body_of(name: str, payload: Any, warning: Any) -> Json:
    body = {"response": payload} if OPERATIONS[name].wrapped else dict(payload)
    return body if warning is None else {**body, "warning": warning}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind[0]} {' '.join(kind[1])} {'abroad' if kind[2] else ''}")
def test_every_read_answers_as_described(kind: tuple[str, tuple[str, ...], bool, float]) -> None:
    shop = lived(kind)
    asked = questions(shop)
    for name in reads():
        for query in asked.get(name, [{}]):
            answer = answer_of(shop, name, query)
            if isinstance(answer, str):
                assert MAY_REFUSE.get(name) == answer, (name, query)
            else:
                assert problems(name, answer) == [], (name, query)


def answer_of(shop: Shop, name: str, query: Json) -> Json | str:
    """The body of an answer, or the key of a refusal."""
    try:
        payload, warning = ask_all(shop, name, query=query)
    except ApiError as refusal:
        return refusal.error
    assert not isinstance(payload, Binary)
    return body_of(name, payload, warning)


@pytest.mark.parametrize("kind", KINDS[:4], ids=lambda kind: kind[0])
def test_every_reading_post_answers_as_described(kind: tuple[str, tuple[str, ...], bool, float]) -> None:
    shop = lived(kind)
    packages = list(shop.packages)[-50:]
    with_packages = [{"order_sn": one.sn} for one in shop.orders.values() if one.package_numbers]
    asked: dict[str, Json] = {
        "order.search_package_list": {"filter": {"package_status": 0}, "pagination": {"page_size": 100}},
        "logistics.get_mass_shipping_parameter": {"package_list": [{"package_number": one} for one in packages]},
        "logistics.get_mass_tracking_number": {"package_list": [{"package_number": one} for one in [*packages[:20], "none"]]},
        "logistics.get_shipping_document_parameter": {"order_list": [*with_packages[-20:], {"order_sn": "none"}]},
    }
    for name, body in asked.items():
        payload, warning = ask_all(shop, name, body=body)
        assert problems(name, body_of(name, payload, warning)) == [], name


def test_every_described_operation_is_there_and_no_other() -> None:
    assert set(OPERATIONS) == set(described())
    assert len(OPERATIONS) == 107


def test_paths_methods_and_levels_are_as_described() -> None:
    for name, one in OPERATIONS.items():
        told = described()[name]
        assert one.path == told["path"], name
        assert told["method"] in one.methods, name
        assert one.level == told["level"], name


def test_answers_are_wrapped_as_described() -> None:
    """One is described without a wrapper and shown with one: its example is followed."""
    told = {name: one["wrapped_in_response"] for name, one in described().items()}
    assert {name for name, one in OPERATIONS.items() if one.wrapped != told[name]} == set()


@pytest.mark.parametrize("passing", ["0h", "2d"])
def test_answers_over_http_are_as_described(passing: str) -> None:
    names = ("shop.get_shop_info", "shop.get_profile", "shop.get_shop_notification", "shop.get_shop_holiday_mode")
    public = ("public.get_shops_by_partner", "public.get_merchants_by_partner", "public.get_shopee_ip_ranges")
    with running(stores=8, seed=5, rate_limit=500) as world:
        if passing != "0h":
            world.control("/clock", {"advance": passing})
        for name in (*names, *public, "push.get_app_push_config", "push.get_lost_push_message"):
            assert problems(name, world.ask(name)) == [], name
        merchants(world)


def merchants(world: Running) -> None:
    """Those of cross-border shops, with tokens of their own."""
    for store in world.stores:
        if "merchant_id" in store:
            for name in ("merchant.get_merchant_info", "merchant.get_shop_list_by_merchant"):
                answer = world.ask(name, store=store, query={"page_no": 1, "page_size": 500})
                assert problems(name, answer) == [], name


def test_the_check_of_shapes_finds_what_is_wrong() -> None:
    name = "payment.get_escrow_list"
    row = {"order_sn": "1", "payout_amount": 5, "escrow_release_time": START}
    assert problems(name, {"response": {"more": False, "escrow_list": [row]}}) == []
    assert problems(name, {"response": {"more": "no", "escrow_list": [{**row, "payout_amount": "5", "new": 1}]}}) == [
        "response.escrow_list.new: unknown",
        "response.escrow_list.payout_amount: string in place of ['number']",
        "response.more: string in place of ['boolean']",
    ]
