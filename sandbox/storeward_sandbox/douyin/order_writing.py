"""What is written on an order while it lives: remark and flag, another price, address, waybill or ship time.

None of it moves the order's update time: who only polls by change does not see it, the pushes tell it.
"""

from storeward_sandbox.clock import Instant

from .orders import ADDRESS_CHANGED, IN_REVIEW, TO_SHIP, Order, Package, receiver_msg, spread_post, tell_of
from .shop import Shop


def remark(shop: Shop, order: Order, words: str, star: int | None) -> None:
    """Remark and flag; they do not move the order's update time."""
    order.seller_words = words
    order.star = order.star if star is None else star
    data = {"p_id": int(order.id), "shop_id": int(shop.id), "remark": words, "star": order.star, "update_time": shop.now}
    shop.emit(113, data)


def reprice(shop: Shop, order: Order, cuts: dict[str, int], post: int | None = None) -> None:
    """Another price for an unpaid order: a cut per line, or another freight."""
    for line in order.lines:
        line.modify -= cuts.get(line.id, 0)
    if post is not None:
        order.post_amount = post
        spread_post(order)
    tell_of(shop, order, 109, modify_time=shop.now, total_amount=order.pay_amount, post_amount=order.post_amount)


def ask_address_change(shop: Shop, order: Order, detail: str) -> None:
    """The buyer wants another address; the seller is asked."""
    if order.status not in (IN_REVIEW, TO_SHIP) or order.wanted_detail:
        return
    order.wanted_detail = detail
    shop.emit(
        111,
        {
            "p_id": int(order.id),
            "shop_id": int(shop.id),
            "apply_time": shop.now,
            "receiver_msg": receiver_msg(shop, order),
            "post_receiver_msg": receiver_msg(shop, order, detail),
        },
    )


def answer_address_change(shop: Shop, order: Order, agreed: bool) -> None:
    wanted, order.wanted_detail = order.wanted_detail, ""
    if not agreed or not wanted:
        return
    order.detail = wanted
    who = receiver_msg(shop, order)
    told = {**who, "encrypt_name": who.get("name", ""), "encrypt_tel": who.get("tel", "")}
    tell_of(shop, order, ADDRESS_CHANGED, update_time=shop.now, receiver_msg=told)


def change_waybill(shop: Shop, order: Order, package: Package, carrier_code: str, tracking_no: str) -> None:
    package.carrier_code, package.tracking_no = carrier_code, tracking_no
    logistics = {"express_company_id": carrier_code, "logistics_code": tracking_no}
    tell_of(shop, order, 104, update_time=shop.now, receiver_msg=receiver_msg(shop, order), logistics_msg=logistics)


def move_deadline(shop: Shop, order: Order, until: Instant) -> None:
    """The promised ship time is another one now."""
    for line in order.open_lines():
        if line.shipped < line.count:
            line.exp_ship_time = until
    order.exp_ship_time = until
    shop.emit(
        126,
        {
            "p_id": order.id,
            "s_ids": [int(line.id) for line in order.lines],
            "shop_id": int(shop.id),
            "order_type": 0,
            "exp_delivery_time": until,
        },
    )
