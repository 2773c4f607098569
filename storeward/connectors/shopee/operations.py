"""Every call that we can read, under the name of the platform's own documents: module and call.

An `example` is a request with made-up ids: `connector probe` sends one for every read that the connector uses. Calls of merchants
are read but not sent, as a shop's token is refused there.
"""

from datetime import UTC, date, datetime
from typing import Final

from storeward.connectors.contract import Ask, Operation

from . import (
    after_sales,
    conversations,
    finance,
    health,
    listings,
    oauth,
    orders,
    packages,
    payouts,
    push,
    reviews,
    stores,
    violations,
)

ORDER: Final = "2512017TFPB0HF"
PACKAGE: Final = "OFG218268963204539"
ITEM: Final = "18614185187"
RETURN: Final = "2206140TA5PM808"
CONVERSATION: Final = "38732689394223980"
METRIC: Final = "1"
SPAN: Final = Ask(since=datetime(2025, 12, 1, tzinfo=UTC), until=datetime(2025, 12, 2, tzinfo=UTC))
FIRST_DAY: Final = date(2025, 12, 1)
LAST_DAY: Final = date(2025, 12, 7)

_read, _write = Operation.read, Operation.write

STORES: Final = (
    _write("public.get_access_token", oauth.parse_token_answer, "store"),
    _write("public.refresh_access_token", oauth.parse_token_answer, "store"),
    _write("public.get_token_by_resend_code", oauth.parse_token_answer, "store"),
    _read("public.get_shops_by_partner", stores.parse_shops, "store", example=stores.shops_request),
    _read("public.get_merchants_by_partner", stores.parse_bare_receipt, example=stores.merchants_request),
    _read("public.get_shopee_ip_ranges", stores.parse_bare_receipt, example=stores.ip_ranges_request),
    _read("shop.get_shop_info", stores.parse_shop, "store", example=stores.shop_info_request),
    _read("shop.get_profile", stores.parse_profile, "store", example=stores.profile_request),
    _read("shop.get_warehouse_detail", stores.parse_receipt, example=stores.warehouses_request),
    _read("shop.get_shop_holiday_mode", stores.parse_profile, "store", example=stores.holiday_request),
    _read("shop.get_shop_notification", stores.parse_bare_receipt, example=stores.notices_request),
    _write("shop.set_shop_holiday_mode", stores.parse_receipt),
    _read("merchant.get_merchant_info", stores.parse_bare_receipt),
    _read("merchant.get_shop_list_by_merchant", stores.parse_merchant_shops, "store"),
    _write("push.set_app_push_config", stores.parse_receipt),
    _read("push.get_app_push_config", stores.parse_receipt, example=stores.push_settings_request),
    _read("push.get_lost_push_message", push.parse_lost_pushes, "push", example=stores.lost_pushes_request),
    _write("push.confirm_consumed_lost_push_message", stores.parse_receipt),
    _read("push", push.parse_push_answer, "push"),
)

ORDERS: Final = (
    _read("order.get_order_list", orders.parse_order_list, "order", example=lambda: orders.list_orders_request(SPAN)),
    _read(
        "order.get_order_detail",
        orders.parse_orders,
        "order",
        "cancellation",
        example=lambda: orders.order_detail_request([ORDER]),
    ),
    _read("order.get_booking_list", packages.parse_bookings, "package", example=lambda: orders.list_bookings_request(SPAN)),
    _write("order.cancel_order", packages.parse_receipt),
    _write("order.handle_buyer_cancellation", packages.parse_receipt),
    _write("order.set_note", packages.parse_receipt),
)

PACKAGES: Final = (
    _read(
        "order.search_package_list",
        packages.parse_packages,
        "package",
        example=lambda: packages.search_packages_request(Ask()),
    ),
    _read(
        "order.get_package_detail",
        packages.parse_package_details,
        "package",
        example=lambda: packages.package_detail_request([PACKAGE]),
    ),
    _read("order.get_shipment_list", packages.parse_shipments, "package", example=packages.shipment_list_request),
    _read("order.get_warehouse_filter_config", packages.parse_receipt, example=packages.warehouse_filters_request),
    _write("order.split_order", packages.parse_split, "package"),
    _write("order.unsplit_order", packages.parse_receipt),
    _read(
        "logistics.get_shipping_parameter",
        packages.parse_receipt,
        example=lambda: packages.shipping_parameter_request(ORDER),
    ),
    _read(
        "logistics.get_mass_shipping_parameter",
        packages.parse_receipt,
        example=lambda: packages.mass_shipping_parameter_request([PACKAGE]),
    ),
    _write("logistics.ship_order", packages.parse_receipt),
    _write("logistics.batch_ship_order", packages.parse_receipt),
    _write("logistics.mass_ship_order", packages.parse_receipt),
    _write("logistics.update_shipping_order", packages.parse_receipt),
    _read(
        "logistics.get_tracking_number",
        packages.parse_tracking_number,
        "package",
        example=lambda: packages.tracking_number_request(ORDER),
    ),
    _read(
        "logistics.get_mass_tracking_number",
        packages.parse_tracking_numbers,
        "package",
        example=lambda: packages.mass_tracking_numbers_request([PACKAGE]),
    ),
    _read("logistics.get_tracking_info", packages.parse_tracking, "package", example=lambda: packages.tracking_request(ORDER)),
    _read(
        "logistics.get_shipping_document_parameter",
        packages.parse_receipt,
        example=lambda: packages.label_types_request([(ORDER, None)]),
    ),
    _write("logistics.create_shipping_document", packages.parse_receipt),
    _read(
        "logistics.get_shipping_document_result",
        packages.parse_receipt,
        example=lambda: packages.label_state_request([(ORDER, None)]),
    ),
    _read(
        "logistics.download_shipping_document",
        packages.parse_label,
        example=lambda: packages.label_request([(ORDER, None)]),
    ),
    _read("logistics.get_channel_list", packages.parse_receipt, example=packages.channels_request),
    _read("logistics.get_address_list", packages.parse_receipt, example=packages.addresses_request),
)

LISTINGS: Final = (
    _read("product.get_item_list", listings.parse_item_list, "listing", example=lambda: listings.list_items_request(Ask())),
    _read("product.get_item_base_info", listings.parse_items, "listing", example=lambda: listings.item_request([ITEM])),
    _read("product.get_item_extra_info", listings.parse_figures, "metric", example=lambda: listings.item_figures_request([ITEM])),
    _read("product.get_model_list", listings.parse_models, "listing", example=lambda: listings.models_request(ITEM)),
    _read("product.search_item", listings.parse_found, "listing", example=lambda: listings.search_request(name="mug")),
    _read(
        "product.get_item_promotion",
        listings.parse_promotions,
        "listing",
        example=lambda: listings.promotions_request([ITEM]),
    ),
    _read(
        "product.get_item_violation_info",
        violations.parse_violations,
        "listing",
        "violation",
        example=lambda: violations.violations_request([ITEM]),
    ),
    _read("product.get_item_limit", listings.parse_receipt, example=listings.limits_request),
    _read("product.get_category", listings.parse_receipt, example=listings.categories_request),
    _write("product.update_stock", listings.parse_changed, "listing"),
    _write("product.update_price", listings.parse_changed, "listing"),
    _write("product.update_item", listings.parse_item, "listing"),
    _write("product.update_model", listings.parse_receipt),
    _write("product.unlist_item", listings.parse_changed, "listing"),
    _write("media_space.upload_image", listings.parse_receipt),
    _read("product.get_comment", reviews.parse_reviews, "review", example=reviews.list_reviews_request),
    _write("product.reply_comment", reviews.parse_receipt),
)

FINANCE: Final = (
    _read(
        "payment.get_wallet_transaction_list",
        finance.parse_wallet,
        "transaction",
        example=lambda: finance.wallet_request(SPAN),
    ),
    _read("payment.get_escrow_list", finance.parse_escrows, "transaction", example=lambda: finance.escrows_request(SPAN)),
    _read(
        "payment.get_escrow_detail",
        finance.parse_escrow_detail,
        "transaction",
        example=lambda: finance.escrow_request(ORDER),
    ),
    _read(
        "payment.get_escrow_detail_batch",
        finance.parse_escrow_batch,
        "transaction",
        example=lambda: finance.escrow_batch_request([ORDER]),
    ),
    _read(
        "payment.get_payout_detail",
        payouts.parse_payout_details,
        "statement",
        "transaction",
        example=lambda: payouts.payout_details_request(SPAN),
    ),
    _read("payment.get_payout_info", payouts.parse_payouts, "statement", example=lambda: payouts.payouts_request(SPAN)),
    _read(
        "payment.get_billing_transaction_info",
        payouts.parse_billing,
        "transaction",
        example=lambda: payouts.billing_request(released=False),
    ),
    _read("payment.get_income_overview", payouts.parse_overview, "statement", example=payouts.income_overview_request),
    _read(
        "payment.get_income_detail",
        payouts.parse_income,
        "transaction",
        example=lambda: payouts.income_request(FIRST_DAY, LAST_DAY),
    ),
)

RETURNS: Final = (
    _read("returns.get_return_list", after_sales.parse_returns, "return", example=lambda: after_sales.list_returns_request(SPAN)),
    _read("returns.get_return_detail", after_sales.parse_return, "return", example=lambda: after_sales.return_request(RETURN)),
    _read("returns.get_available_solutions", after_sales.parse_receipt, example=lambda: after_sales.solutions_request(RETURN)),
    _read(
        "returns.get_return_dispute_reason",
        after_sales.parse_receipt,
        example=lambda: after_sales.dispute_reasons_request(RETURN),
    ),
    _read("returns.query_proof", after_sales.parse_receipt, example=lambda: after_sales.proof_request(RETURN)),
    _read(
        "returns.get_reverse_tracking_info",
        after_sales.parse_reverse,
        "return",
        example=lambda: after_sales.reverse_tracking_request(RETURN),
    ),
    _read("returns.get_shipping_carrier", after_sales.parse_receipt, example=lambda: after_sales.carriers_request(RETURN)),
    _write("returns.confirm", after_sales.parse_receipt),
    _write("returns.offer", after_sales.parse_receipt),
    _write("returns.accept_offer", after_sales.parse_receipt),
    _write("returns.dispute", after_sales.parse_receipt),
    _write("returns.cancel_dispute", after_sales.parse_receipt),
    _write("returns.convert_image", after_sales.parse_receipt),
    _write("returns.upload_proof", after_sales.parse_receipt),
    _write("returns.upload_shipping_proof", after_sales.parse_receipt),
)

HEALTH: Final = (
    _read("account_health.get_shop_performance", health.parse_performance, "metric", example=health.performance_request),
    _read(
        "account_health.get_metric_source_detail",
        health.parse_source,
        "metric",
        example=lambda: health.source_request(METRIC),
    ),
    _read("account_health.get_penalty_point_history", health.parse_points, "points", example=health.points_request),
    _read("account_health.get_punishment_history", health.parse_punishments, "violation", example=health.punishments_request),
    _read("account_health.get_listings_with_issues", health.parse_issues, "violation", example=health.issues_request),
    _read("account_health.get_late_orders", health.parse_late_orders, "metric", example=health.late_orders_request),
    _read("account_health.shop_penalty", health.parse_penalty, "metric", "violation"),
)

CHAT: Final = (
    _read(
        "sellerchat.get_conversation_list",
        conversations.parse_conversations,
        "conversation",
        example=conversations.list_conversations_request,
    ),
    _read(
        "sellerchat.get_one_conversation",
        conversations.parse_conversation,
        "conversation",
        example=lambda: conversations.conversation_request(CONVERSATION),
    ),
    _read(
        "sellerchat.get_message",
        conversations.parse_messages,
        "message",
        example=lambda: conversations.list_messages_request(CONVERSATION),
    ),
    _read("sellerchat.get_unread_conversation_count", conversations.parse_receipt, example=conversations.unread_request),
    _write("sellerchat.send_message", conversations.parse_sent, "message"),
    _write("sellerchat.send_autoreply_message", conversations.parse_sent, "message"),
    *(
        _write(f"sellerchat.{action}_conversation", conversations.parse_receipt)
        for action in ("read", "unread", "pin", "unpin", "mute", "unmute", "delete")
    ),
    _write("sellerchat.delete_message", conversations.parse_receipt),
    _write("sellerchat.upload_image", conversations.parse_receipt),
)

ALL: Final = (*STORES, *ORDERS, *PACKAGES, *LISTINGS, *FINANCE, *RETURNS, *HEALTH, *CHAT)
OPERATIONS: Final = {operation.name: operation for operation in ALL}
