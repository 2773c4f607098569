"""Orders and their pieces as the platform shows them: JSON types as on the wire, empty texts for nothing, masked names."""

from decimal import Decimal
from typing import Any

from .buyers import Buyer, masked, masked_line, masked_phone
from .dates import iso_local, ms, stamp
from .orders import Line, Order
from .shop import Shop
from .stockroom import shop_sku

COUNTRY_NAMES = {
    "SG": "Singapore", "MY": "Malaysia", "TH": "Thailand", "VN": "Vietnam", "PH": "Philippines", "ID": "Indonesia",
}  # fmt: skip
SELLER_FULFILLED = 70100


def number(amount: Decimal) -> float | int:
    """An amount as a JSON number in the main unit; nothing is a bare 0."""
    return float(amount) if amount else 0


def order_row(shop: Shop, order: Order, *, in_list: bool) -> dict[str, Any]:
    """One order. The list spells the district's key wrongly and has a few members more."""
    address = _address(shop, order.buyer, "addressDsitrict" if in_list else "addressDistrict")
    row = {
        "voucher": number(order.voucher_seller + order.voucher_platform),
        "warehouse_code": order.lines[0].warehouse,
        "order_number": int(order.id),
        "created_at": stamp(shop.site, order.created),
        "voucher_code": "",
        "gift_option": False,
        "is_cancel_pending": any(line.cancel_pending for line in order.lines),
        "shipping_fee_discount_platform": number(order.shipping_discount),
        "customer_last_name": "",
        "updated_at": stamp(shop.site, order.updated),
        "promised_shipping_times": "",
        "price": f"{order.price:.2f}",
        "national_registration_number": "",
        "shipping_fee_original": number(order.shipping_original),
        "payment_method": order.payment_method,
        "buyer_note": order.note,
        "customer_first_name": masked(order.buyer.name),
        "shipping_fee_discount_seller": 0,
        "shipping_fee": number(order.shipping_fee),
        "branch_number": "",
        "tax_code": "",
        "items_count": len(order.lines),
        "delivery_info": "",
        "statuses": order.statuses,
        "address_billing": address,
        "extra_attributes": '{"TaxInvoiceRequested":false}',
        "order_id": int(order.id),
        "need_cancel_confirm": any(line.wants_out for line in order.lines),
        "remarks": "",
        "gift_message": "",
        "address_shipping": address,
    }
    if in_list:
        row |= {
            "voucher_platform": number(order.voucher_platform),
            "voucher_seller": number(order.voucher_seller),
            "address_updated_at": "",
        }
    return row


def _address(shop: Shop, buyer: Buyer, district: str) -> dict[str, str]:
    return {
        "country": COUNTRY_NAMES[shop.region],
        "address3": masked(buyer.state),
        "phone": masked_phone(buyer.phone),
        "address2": "",
        "city": buyer.city,
        "address1": masked_line(buyer.street),
        "post_code": buyer.postal_code,
        "phone2": "",
        "last_name": "",
        "address5": masked_line(buyer.postal_code),
        "address4": masked(buyer.city),
        "first_name": masked(buyer.name),
        district: "",
    }


def line_row(shop: Shop, order: Order, line: Line, *, single: bool) -> dict[str, Any]:
    """One piece. The call for one order and the one for many spell the gift mark differently; only the first has product_id."""
    row: dict[str, Any] = {
        "pick_up_store_info": {},
        "tax_amount": 0.0,
        "reason": line.reason,
        "sla_time_stamp": iso_local(shop.site, order.sla),
        "show_giftwrapping_tag" if single else "show_gift_wrapping_tag": False,
        "voucher_seller": number(line.voucher_seller),
        "purchase_order_id": "",
        "voucher_code_seller": "",
        "voucher_code": "",
        "package_id": line.package_id,
        "buyer_id": int(order.buyer.user_id),
        "variation": line.sku.label,
        "is_cancel_pending": line.cancel_pending,
        "biz_group": SELLER_FULFILLED,
        "voucher_code_platform": "",
        "purchase_order_number": "",
        "sku": line.sku.seller_sku,
        "gift_wrapping": "",
        "order_type": "Normal",
        "invoice_number": line.invoice_number,
        "show_personalization_tag": False,
        "can_escalate_pickup": False,
        "cancel_return_initiator": line.initiator,
        "shop_sku": shop_sku(shop, line.product, line.sku),
        "is_reroute": 0,
        "stage_pay_status": "",
        "sku_id": line.sku.id,
        "tracking_code_pre": "",
        "order_item_id": int(line.id),
        "shop_id": shop.name,
        "order_flag": order.flag,
        "is_fbl": int(order.by_platform),
        "name": line.product.title,
        "delivery_option_sof": int(order.own_fleet),
        "order_id": int(order.id),
        "fulfillment_sla": "NEXT_DAY" if order.flag == "GUARANTEE" else "",
        "need_cancel_confirm": line.wants_out,
        "status": line.status,
        "product_main_image": line.product.images[0] if line.product.images else "",
        "voucher_platform": number(line.voucher_platform),
        "paid_price": number(line.paid_price),
        "product_detail_url": f"https://{shop.site.shop_host}/products/i{line.product.id}-s{line.sku.id}.html?urlFlag=true&mp=1",
        "warehouse_code": line.warehouse,
        "promised_shipping_time": "",
        "shipping_type": "Own Warehouse" if order.by_platform else "Dropshipping",
        "created_at": stamp(shop.site, order.created),
        "mp3_order": False,
        "voucher_seller_lpi": 0,
        "shipping_fee_discount_platform": 0,
        "personalization": "",
        "wallet_credits": 0,
        "updated_at": stamp(shop.site, line.updated),
        "currency": shop.currency,
        "shipping_provider_type": _provider_type(order),
        "voucher_platform_lpi": 0,
        "shipping_fee_original": number(line.shipping),
        "item_price": number(line.price),
        "is_digital": int(order.digital),
        "shipping_service_cost": 0,
        "tracking_code": line.tracking_number,
        "shipping_fee_discount_seller": 0,
        "shipping_amount": number(line.shipping),
        "reason_detail": "",
        "return_status": line.return_status,
        "semi_managed": shop.ease,
        "shipment_provider": line.carrier,
        "priority_fulfillment_tag": "POTENTIAL_NEXT_DAY,LEX_SERVICE" if order.flag == "GUARANTEE" else "",
        "voucher_amount": number(line.voucher_seller + line.voucher_platform),
        "digital_delivery_info": "",
        "extra_attributes": "",
    }
    if single:
        row["product_id"] = line.product.id
    if order.paid_at:
        row["payment_time"] = ms(order.paid_at)
    if line.wants_out:
        row["cancel_trigger_time"] = ms(line.cancel_trigger)
    if line.reverse_order_id:
        row["reverse_order_id"] = int(line.reverse_order_id)
    return row


def _provider_type(order: Order) -> str:
    if order.digital:
        return "digital"
    return "seller_own_fleet" if order.own_fleet else "standard"
