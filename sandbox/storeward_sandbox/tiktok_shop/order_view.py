"""An order as the API shows it. Times that have not come are absent; buyers are masked where the platform ships."""

from typing import Any

from .money import text
from .orders import Line, Order
from .shop import Shop

_COUNTRIES = {
    "MY": "Malaysia", "PH": "Philippines", "TH": "Thailand", "VN": "Vietnam", "SG": "Singapore", "US": "United States",
    "GB": "United Kingdom", "ID": "Indonesia",
}  # fmt: skip
ADDRESS_HIDDEN = ("UNPAID", "ON_HOLD")


def order_view(shop: Shop, order: Order) -> dict[str, Any]:
    """The order with lines, payment, address and deadlines: the same in the list and in the detail."""
    return {
        **_core(shop, order),
        **_times(order),
        **_shipping(shop, order),
        "payment": _payment(shop, order),
        **_address(shop, order),
        "line_items": [_line(shop, order, line) for line in order.lines],
    }


def _core(shop: Shop, order: Order) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": order.id,
        "status": order.status,
        "order_type": order.order_type,
        "create_time": order.create_time,
        "update_time": order.update_time,
        "user_id": order.buyer.user_id,
        "buyer_nickname": order.buyer.nickname,
        "buyer_email": f"{order.buyer.user_id[-8:]}@chat.seller.tiktok.com",
        "buyer_message": order.buyer_message,
        "seller_note": "",
        "payment_method_name": order.payment_method,
        "is_cod": order.is_cod,
        "is_on_hold_order": shop.market.holds,
        "is_sample_order": order.is_sample_order,
        "is_buyer_request_cancel": order.is_buyer_request_cancel,
        "has_updated_recipient_address": order.has_updated_recipient_address,
        "is_replacement_order": order.is_replacement_order,
        "is_exchange_order": False,
        "commerce_platform": "TIKTOK_SHOP",
    }
    if order.replaced_order_id:
        found["replaced_order_id"] = order.replaced_order_id
    if order.cancellation_initiator:
        found |= {"cancel_reason": order.cancel_reason, "cancellation_initiator": order.cancellation_initiator}
    if order.split_or_combine_tag:
        found["split_or_combine_tag"] = order.split_or_combine_tag
    return found


def _times(order: Order) -> dict[str, int]:
    """What has happened, and the deadlines of an order that has been paid. Zero times are left out, but for paid_time."""
    due = order.due
    times = {
        "rts_time": order.rts_time,
        "collection_time": order.collection_time,
        "delivery_time": order.delivery_time,
        "cancel_time": order.cancel_time,
        "request_cancel_time": order.request_cancel_time,
        "rts_sla_time": due.rts_sla_time,
        "tts_sla_time": due.tts_sla_time,
        "shipping_due_time": due.shipping_due_time,
        "collection_due_time": due.collection_due_time,
        "delivery_due_time": due.delivery_due_time,
        "delivery_sla_time": due.delivery_sla_time,
        "cancel_order_sla_time": due.shipping_due_time,
    }
    return {"paid_time": order.paid_time, **{name: instant for name, instant in times.items() if instant}}


def _shipping(shop: Shop, order: Order) -> dict[str, Any]:
    packages = [shop.packages[package_id] for package_id in order.package_ids]
    found: dict[str, Any] = {
        "fulfillment_type": order.fulfillment_type,
        "shipping_type": order.shipping_type,
        "delivery_type": "HOME_DELIVERY",
        "delivery_option_id": order.delivery_option_id,
        "delivery_option_name": order.delivery_option_name,
        "warehouse_id": order.warehouse_id,
        "packages": [{"id": package.id} for package in packages],
    }
    if shop.market.south_east_asia:
        found["fulfillment_priority_level"] = 400
    shipped = next((package for package in packages if package.tracking_number), None)
    if shipped is not None:
        found |= {
            "tracking_number": shipped.tracking_number,
            "shipping_provider": shipped.carrier_name,
            "shipping_provider_id": shipped.carrier_id,
        }
    return found


def _payment(shop: Shop, order: Order) -> dict[str, str]:
    market = shop.market
    waived = order.shipping_fee_original - order.shipping_fee
    return {
        "currency": shop.currency,
        "sub_total": text(market, order.sub_total),
        "shipping_fee": text(market, order.shipping_fee),
        "seller_discount": text(market, order.seller_discount),
        "platform_discount": text(market, order.platform_discount),
        "total_amount": text(market, order.total),
        "original_total_product_price": text(market, order.original_total),
        "original_shipping_fee": text(market, order.shipping_fee_original),
        "shipping_fee_seller_discount": "0",
        "shipping_fee_platform_discount": text(market, waived),
        "shipping_fee_cofunded_discount": "0",
        "tax": text(market, order.tax),
    }


def _address(shop: Shop, order: Order) -> dict[str, Any]:
    """Absent while on hold; masked where the platform ships, and once all is done."""
    if order.status in ADDRESS_HIDDEN:
        return {}
    return {"recipient_address": recipient(shop, order)}


def recipient(shop: Shop, order: Order) -> dict[str, Any]:
    """The recipient's address, masked where the platform carries the parcel."""
    buyer, masked = order.buyer, order.shipping_type == "TIKTOK"
    street = mask(order.street) if masked else order.street
    name = mask(buyer.name) if masked else buyer.name
    country = _COUNTRIES[shop.region]
    return {
        "full_address": f"{country}, {buyer.state}, {buyer.city}, {street}",
        "phone_number": f"{buyer.phone[:-6]}****{buyer.phone[-2:]}" if masked else buyer.phone,
        "name": name,
        "first_name": name.split()[0],
        "last_name": name.split()[-1],
        "region_code": shop.region,
        "postal_code": buyer.postal_code,
        "address_line1": street,
        "address_line2": "",
        "address_detail": street,
        "district_info": [
            {
                "address_level_name": "Country",
                "address_name": country,
                "address_level": "L0",
                "iso_code": shop.region,
            },
            {"address_level_name": "State", "address_name": buyer.state, "address_level": "L1"},
            {"address_level_name": "City", "address_name": buyer.city, "address_level": "L2"},
        ],
    }


def mask(words: str) -> str:
    """First letter of every word, the rest starred."""
    return " ".join(word[0] + "*" * min(len(word) - 1, 3) for word in words.split())


def _line(shop: Shop, order: Order, line: Line) -> dict[str, Any]:
    market, item = shop.market, line.item
    found: dict[str, Any] = {
        "id": line.id,
        "product_id": item.product_id,
        "product_name": item.product_name,
        "sku_id": item.sku_id,
        "sku_name": item.sku_name,
        "sku_image": item.image_url,
        "seller_sku": item.seller_sku,
        "sku_type": "NORMAL",
        "original_price": text(market, line.original_price),
        "sale_price": text(market, line.sale_price),
        "seller_discount": text(market, line.seller_discount),
        "platform_discount": text(market, line.platform_discount),
        "currency": shop.currency,
        "display_status": line.status,
        "is_gift": False,
        "is_dangerous_good": False,
    }
    if line.tax:
        found["item_tax"] = [{"tax_type": "SALES_TAX", "tax_amount": text(market, line.tax), "tax_rate": "0.08"}]
    if line.cancel_user:
        found |= {"cancel_user": line.cancel_user, "cancel_reason": line.cancel_reason}
    return found | _line_package(shop, line)


def _line_package(shop: Shop, line: Line) -> dict[str, Any]:
    if not line.package_id:
        return {}
    package = shop.packages[line.package_id]
    found: dict[str, Any] = {"package_id": package.id, "package_status": package.status}
    if package.tracking_number:
        found |= {
            "tracking_number": package.tracking_number,
            "shipping_provider_id": package.carrier_id,
            "shipping_provider_name": package.carrier_name,
        }
    if line.rts_time:
        found["rts_time"] = line.rts_time
    return found
