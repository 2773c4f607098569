"""Cancellations and returns as the platform writes them, in the older and in the grouped model."""

from typing import Any

from .cancellations import Cancellation
from .requests import Request, RequestLine, amounts
from .returns import Return
from .shop import Shop


def product_image(line: RequestLine) -> dict[str, Any]:
    return {"url": line.image, "width": 200, "height": 200}


def owed(request: Request) -> dict[str, Any]:
    """The seller's task list; absent where there is nothing to do."""
    if not request.action:
        return {}
    return {"seller_next_action_response": [{"action": request.action, "deadline": request.deadline}]}


def line_facts(shop: Shop, line: RequestLine) -> dict[str, Any]:
    return {
        "order_line_item_id": line.order_line_id,
        "sku_id": line.sku_id,
        "sku_name": line.sku_name,
        "seller_sku": line.seller_sku,
        "product_name": line.product_name,
        "product_image": product_image(line),
        "refund_amount": amounts(shop.currency, [line]),
    }


def cancellation_view(shop: Shop, request: Cancellation) -> dict[str, Any]:
    return {
        "cancel_id": request.id,
        "order_id": request.order_id,
        "cancel_type": request.kind,
        "cancel_status": request.status,
        "role": request.role,
        "cancel_reason": request.reason.name,
        "cancel_reason_text": request.reason.text,
        "create_time": request.created,
        "update_time": request.updated,
        "refund_amount": amounts(shop.currency, request.lines),
        "cancel_line_items": [{"cancel_line_item_id": line.id, **line_facts(shop, line)} for line in request.lines],
        "should_replenish_stock": request.replenish,
        **owed(request),
    }


def return_view(shop: Shop, request: Return) -> dict[str, Any]:
    """A return order of the older model."""
    return {
        **common(shop, request),
        "can_buyer_keep_item": request.keep_item,
        "is_quick_refund": False,
        **(
            {"partial_refund": {"currency": shop.currency, "amount": str(request.partial)}} if request.partial is not None else {}
        ),
        "discount_amount": [{"currency": shop.currency, **no_discounts()}],
        "shipping_fee_amount": [
            {
                "currency": shop.currency,
                "seller_paid_return_shipping_fee": "0",
                "platform_paid_return_shipping_fee": "0",
                "buyer_paid_return_shipping_fee": "0",
            }
        ],
    }


def sku_request_view(shop: Shop, request: Return) -> dict[str, Any]:
    """The same request as the grouped model spells it."""
    partial = {"partial_refund_total": str(request.partial), "currency": shop.currency}
    return {
        **common(shop, request),
        "buyer_keep_item": request.keep_item,
        "is_quick_refund": False,
        "discount": no_discounts(),
        "shipping_fee": {
            "seller_paid_return_shipping_fee_amount": "0",
            "buyer_paid_return_shipping_fee_amount": "0",
            "platform_paid_return_shipping_fee_amount": "0",
        },
        **({"partial_refund_amount": partial} if request.partial is not None else {}),
        **({"reshipment_order_id": request.replaced_by} if request.replaced_by else {}),
    }


def no_discounts() -> dict[str, str]:
    return {
        "product_seller_discount": "0",
        "product_platform_discount": "0",
        "shipping_fee_seller_discount": "0",
        "shipping_fee_platform_discount": "0",
    }


def common(shop: Shop, request: Return) -> dict[str, Any]:
    """What both models call by the same name."""
    return {
        "return_id": request.id,
        "order_id": request.order_id,
        "return_type": request.kind,
        "return_status": request.status,
        "role": request.role,
        "return_reason": request.reason.name,
        "return_reason_text": request.reason.text,
        "create_time": request.created,
        "update_time": request.updated,
        "refund_amount": amounts(shop.currency, request.lines),
        "return_line_items": [{"return_line_item_id": line.id, **line_facts(shop, line)} for line in request.lines],
        "is_combined_return": False,
        "buyer_rejected_partial_refund": request.partial_refused,
        **({"arbitration_status": request.arbitration} if request.arbitration else {}),
        **({"seller_proposed_return_type": "PARTIAL_REFUND"} if request.partial is not None else {}),
        **(shipment(request) if request.rma_id else {}),
        **owed(request),
    }


def shipment(request: Return) -> dict[str, Any]:
    """How the goods come back."""
    shown = {"shipment_type": "PLATFORM", "handover_method": "DROP_OFF", "return_method": "PLATFORM_SHIPPED"}
    if not request.tracking:
        return shown
    return {
        **shown,
        "return_tracking_number": request.tracking,
        "return_provider_name": "J&T Express",
        "return_provider_id": "6841743441349706241",
    }


def record_views(request: Request) -> list[dict[str, Any]]:
    return [
        {
            "event": record.event,
            "role": record.role,
            "description": record.description,
            "reason_text": record.reason,
            "note": record.note,
            "create_time": record.at,
        }
        for record in request.records
    ]


def grouped_lines(request: Return) -> list[dict[str, str]]:
    return [
        {
            "return_line_item_id": line.id,
            "sku_id": line.sku_id,
            "main_order_id": request.order_id,
            "sku_return_request_id": request.id,
        }
        for line in request.lines
    ]


def rma_view(request: Return) -> dict[str, Any]:
    return {
        "id": request.rma_id,
        "package_id": request.parcel_id,
        "aftersales_request_id": request.request_id,
        "status": request.rma_status,
    }
