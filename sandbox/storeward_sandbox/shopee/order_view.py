"""How an order and its packages look to an app: masked, and with optional fields only where they were asked for."""

from decimal import Decimal
from typing import Any

from storeward_sandbox.clock import DAY, HOUR

from . import packages
from .buyers import Buyer, masked, masked_username
from .orders import BEFORE_HANDOVER, BUYERS_PROTECTION, Line, Order, parcels
from .packages import Package
from .shop import Shop
from .wire_form import number

OPTIONAL = (
    "buyer_user_id", "buyer_username", "estimated_shipping_fee", "recipient_address", "actual_shipping_fee", "goods_to_declare",
    "note", "note_update_time", "item_list", "pay_time", "dropshipper", "dropshipper_phone", "split_up", "buyer_cancel_reason",
    "cancel_by", "cancel_reason", "actual_shipping_fee_confirmed", "buyer_cpf_id", "fulfillment_flag", "pickup_done_time",
    "package_list", "shipping_carrier", "payment_method", "total_amount", "invoice_data", "order_chargeable_weight_gram",
    "return_request_due_date", "edt", "payment_info", "international_label",
)  # fmt: skip
Json = dict[str, Any]


def status_shown(order: Order, *, pending: bool) -> str:
    """PENDING is shown to those who say that they know it."""
    return "READY_TO_SHIP" if order.status == "PENDING" and not pending else order.status


def order_view(shop: Shop, order: Order, wanted: set[str], *, pending: bool) -> Json:
    """What is always there, and what was asked for by name."""
    found = {
        "order_sn": order.sn,
        "region": shop.region,
        "currency": shop.currency,
        "cod": order.cod,
        "order_status": status_shown(order, pending=pending),
        "message_to_seller": order.message,
        "create_time": order.create_time,
        "update_time": order.update_time,
        "days_to_ship": order.days_to_ship,
        "ship_by_date": order.due.ship_by,
        "can_full_cancel_order": order.status in BEFORE_HANDOVER and not order.fulfilled_by_shopee,
        "can_partial_cancel_order": False,
        "reverse_shipping_fee": 0,
    }
    if pending and order.status == "PENDING":
        found |= {"pending_terms": ["KYC_PENDING"], "pending_description": ["The buyer's identity is being checked."]}
    optional = _optional(shop, order)
    return found | {name: value for name, value in optional.items() if _group(name) in wanted}


def _group(name: str) -> str:
    return "edt" if name in ("edt_from", "edt_to") else name


def _optional(shop: Shop, order: Order) -> Json:
    grams = int(sum((line.good.weight_kg * 1000 * line.quantity for line in order.lines), Decimal(0)))
    found: Json = {
        "buyer_user_id": order.buyer.user_id,
        "buyer_username": masked_username(order.buyer),
        "estimated_shipping_fee": number(order.shipping_fee_estimated),
        "recipient_address": address_view(shop, order.buyer),
        "actual_shipping_fee": number(order.shipping_fee_estimated) if order.pickup_time else 0,
        "actual_shipping_fee_confirmed": bool(order.delivery_time),
        "goods_to_declare": False,
        "note": order.note,
        "note_update_time": order.note_time,
        "item_list": [_line_view(line) for line in order.lines],
        "pay_time": order.pay_time or None,
        "dropshipper": None,
        "dropshipper_phone": None,
        "split_up": order.split,
        "buyer_cancel_reason": order.buyer_cancel_reason,
        "cancel_by": order.cancel_by,
        "cancel_reason": order.cancel_reason,
        "buyer_cpf_id": None,
        "fulfillment_flag": flag_of(shop, order),
        "pickup_done_time": order.pickup_time,
        "package_list": [_package_in_order(order, package) for package in parcels(shop, order)],
        "shipping_carrier": order.channel.name,
        "payment_method": order.payment_method,
        "total_amount": number(order.total),
        "invoice_data": None,
        "order_chargeable_weight_gram": grams,
    }
    if order.status == "COMPLETED" and not order.returned:
        found["return_request_due_date"] = order.delivery_time + BUYERS_PROTECTION + 8 * DAY
    if shop.region == "BR" and order.ready_time:
        found |= {"edt_from": order.ready_time + 3 * DAY, "edt_to": order.ready_time + 9 * DAY}
    return found


def flag_of(shop: Shop, order: Order) -> str:
    if order.fulfilled_by_shopee:
        return "fulfilled_by_shopee"
    return "fulfilled_by_cb_seller" if shop.cross_border else "fulfilled_by_local_seller"


def address_view(shop: Shop, buyer: Buyer) -> Json:
    return {
        "name": masked(buyer.name),
        "phone": f"******{buyer.phone[-2:]}",
        "town": "",
        "district": "****",
        "city": buyer.city,
        "state": buyer.state,
        "region": shop.region,
        "zipcode": "****" if buyer.zipcode else "",
        "full_address": "******",
    }


def _line_view(line: Line) -> Json:
    good = line.good
    return {
        "item_id": good.item_id,
        "item_name": good.item_name,
        "item_sku": good.item_sku,
        "model_id": good.model_id,
        "model_name": good.model_name,
        "model_sku": good.model_sku if good.model_id else "",
        "model_quantity_purchased": line.quantity,
        "model_original_price": number(good.listed_price),
        "model_discounted_price": number(line.price),
        "wholesale": False,
        "weight": number(good.weight_kg),
        "add_on_deal": False,
        "main_item": False,
        "add_on_deal_id": 0,
        "promotion_type": "product_promotion" if good.promotion_id else "",
        "promotion_id": good.promotion_id,
        "order_item_id": good.item_id,
        "promotion_group_id": 0,
        "image_info": {"image_url": good.image_url},
        "product_location_id": [good.location_id],
        "is_prescription_item": False,
        "is_b2c_owned_item": False,
    }


def _contents(order: Order, package: Package) -> list[Json]:
    rows = []
    for index, units in package.contents.items():
        good = order.lines[index].good
        rows.append(
            {
                "item_id": good.item_id,
                "model_id": good.model_id,
                "model_quantity": units,
                "order_item_id": good.item_id,
                "promotion_group_id": 0,
                "product_location_id": good.location_id,
            }
        )
    return rows


def _package_in_order(order: Order, package: Package) -> Json:
    return {
        "package_number": package.number,
        "logistics_status": package.status,
        "logistics_channel_id": package.channel_id,
        "shipping_carrier": order.channel.name,
        "allow_self_design_awb": True,
        "item_list": _contents(order, package),
        "group_shipment_id": None,
    }


def package_view(shop: Shop, order: Order, package: Package) -> Json:
    """One package of get_package_detail."""
    goods = [order.lines[index].good for index in package.contents]
    rows = [
        {**row, "item_sku": good.item_sku, "model_sku": good.model_sku if good.model_id else ""}
        for good, row in zip(goods, _contents(order, package), strict=True)
    ]
    found: Json = {
        "order_sn": order.sn,
        "package_number": package.number,
        "fulfillment_status": package.status,
        "update_time": package.update_time,
        "logistics_channel_id": package.channel_id,
        "shipping_carrier": order.channel.name,
        "allow_self_design_awb": True,
        "days_to_ship": order.days_to_ship,
        "ship_by_date": order.due.ship_by,
        "tracking_number": tracking_shown(shop, package),
        "tracking_number_expiration_date": 0,
        "pickup_done_time": package.picked_at,
        "is_split_up": order.split,
        "is_shipment_arranged": package.arranged,
        "item_list": rows,
        "recipient_address": address_view(shop, order.buyer),
        "parcel_chargeable_weight_gram": int(order.lines[0].good.weight_kg * 1000),
        "can_split_order": can_split(order),
        "can_unsplit_order": can_unsplit(shop, order),
        "is_pre_order": False,
    }
    tag = tag_of(shop, order, package)
    return found | ({"status_info_tag": tag} if tag else {})


def tracking_shown(shop: Shop, package: Package) -> str:
    """Some channels give the number before anything is arranged: it proves nothing."""
    early = shop.number % 4 == 0 and package.status == packages.READY
    return package.tracking_number or (f"PRE{package.number[3:]}" if early else "")


def can_split(order: Order) -> bool:
    return order.status == "READY_TO_SHIP" and len(order.lines) > 1 and not order.split and not order.fulfilled_by_shopee


def can_unsplit(shop: Shop, order: Order) -> bool:
    return order.split and all(one.status == packages.READY for one in parcels(shop, order))


def tag_of(shop: Shop, order: Order, package: Package) -> Json | None:
    """How urgent the package is, and whether the platform is about to cancel it.

    1 cancelled within a day, 2 ship before the time stamp, 3 delayed, 4 within the hour, 5 cancelled at the time stamp.
    """
    if package.status not in packages.TO_ARRANGE or not order.due.ship_by:
        return None
    now, due = shop.now, order.due
    if now <= due.ship_by:
        hurry = due.ship_by - now <= HOUR
        return {"tag_id": 4, "timestamp": 0} if hurry else {"tag_id": 2, "timestamp": due.ship_by}
    if due.cancelled_unarranged - now > DAY:
        return {"tag_id": 3, "timestamp": 0}
    exact = shop.region in ("SG", "MY", "PH", "TH")
    return {"tag_id": 5, "timestamp": due.cancelled_unarranged} if exact else {"tag_id": 1, "timestamp": 0}
