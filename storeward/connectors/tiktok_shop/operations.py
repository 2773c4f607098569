"""Every operation that we can read, under the name of the platform's own documents.

An `example` is a request with made-up ids: `connector probe` sends one for every read that the connector uses. Older versions
of a call are read by the same parser; the connector sends the newest only.
"""

from datetime import UTC, date, datetime
from typing import Final

from storeward.connectors.contract import Operation

from . import after_sales, conversations, finance, listings, metrics, oauth, orders, packages, push, stores

ORDER: Final = "576461413038785752"
PACKAGE: Final = "1152321127278713123"
PRODUCT: Final = "1729592969712207008"
RETURN: Final = "4035318504086604100"
CONVERSATION: Final = "7494560109732334261"
STATEMENT: Final = "7238804564097517339"
DELIVERY_OPTION: Final = "7091146663229654785"
WAREHOUSE: Final = "7000714532876273410"
SINCE: Final = datetime(2025, 12, 1, tzinfo=UTC)
UNTIL: Final = datetime(2025, 12, 2, tzinfo=UTC)
FIRST_DAY: Final = date(2025, 12, 1)
NEXT_DAY: Final = date(2025, 12, 2)

_read, _write = Operation.read, Operation.write

STORES: Final = (
    _read("getAuthorizedShops", stores.parse_shops, "store", example=stores.authorized_shops_request),
    _read("getActiveShops", stores.parse_shops, "store", example=stores.active_shops_request),
    _read("getGlobalProductPermission", stores.parse_receipt, example=stores.permissions_request),
    _read("getShopWebhooks", stores.parse_receipt, example=stores.webhooks_request),
    _write("updateShopWebhook", stores.parse_receipt),
    _write("deleteWebhookForAnEvent", stores.parse_receipt),
    _write("token_get", oauth.parse_token_answer),
    _write("token_refresh", oauth.parse_token_answer),
    _read("push", push.parse_push_answer, "push"),
)

ORDERS: Final = (
    _read("getOrderList", orders.parse_orders, "order", example=lambda: orders.list_orders_request(updated_since=SINCE)),
    _read("getOrderDetail", orders.parse_orders, "order", example=lambda: orders.order_detail_request([ORDER])),
    _read(
        "getOrderPriceDetails",
        orders.parse_price_detail,
        "order_lines",
        example=lambda: orders.price_detail_request(ORDER),
    ),
)

PACKAGES: Final = (
    _read("searchPackage", packages.parse_packages, "package", example=packages.list_packages_request),
    _read("getPackageDetail", packages.parse_package, "package", example=lambda: packages.package_request(PACKAGE)),
    _read("getPackageHandoverTimeSlots", packages.parse_receipt, example=lambda: packages.pickup_slots_request(PACKAGE)),
    _read("getPackageShippingDocument", packages.parse_label, example=lambda: packages.label_request(PACKAGE)),
    _read("getOrderTracking", packages.parse_receipt, example=lambda: packages.order_tracking_request(ORDER)),
    _read("getLogisticsTracking", packages.parse_receipt, example=lambda: packages.parcel_tracking_request(ORDER)),
    _read("getEligibleShippingServices", packages.parse_receipt, example=lambda: packages.shipping_services_request(ORDER)),
    _read("getOrderSplitAttributes", packages.parse_receipt, example=lambda: packages.split_attributes_request([ORDER])),
    _read("searchCombinablePackages", packages.parse_combinable, "package", example=packages.combinable_packages_request),
    _read("getWarehouseList", packages.parse_receipt, example=packages.warehouses_request),
    _read("getWarehouseDeliveryOptions", packages.parse_receipt, example=lambda: packages.delivery_options_request(WAREHOUSE)),
    _read("getShippingProviders", packages.parse_receipt, example=lambda: packages.shipping_providers_request(DELIVERY_OPTION)),
    _write("shipPackage", packages.parse_receipt),
    _write("batchShipPackages", packages.parse_receipt),
    _write("createPackages", packages.parse_package, "package"),
    _write("createPackages_202309", packages.parse_package, "package"),
    _write("markPackageAsShipped", packages.parse_package, "package"),
    _write("markPackageAsShipped_202309", packages.parse_package, "package"),
    _write("updatePackageShippingInfo", packages.parse_receipt),
    _write("updatePackageShippingInfo_202309", packages.parse_receipt),
    _write("updateOrderShippingInfo", packages.parse_receipt),
    _write("updatePackageDeliveryStatus", packages.parse_receipt),
    _write("confirmOrderSplit", packages.parse_packages, "package"),
    _write("combinePackage", packages.parse_packages, "package"),
    _write("uncombinePackages", packages.parse_packages, "package"),
    _write("uploadInvoice", packages.parse_receipt),
)

AFTER_SALES: Final = (
    _read("searchReturns", after_sales.parse_returns, "return", example=after_sales.list_returns_request),
    _read("searchReturns_202309", after_sales.parse_returns, "return"),
    _read(
        "searchCancellations",
        after_sales.parse_cancellations,
        "cancellation",
        example=after_sales.list_cancellations_request,
    ),
    _read("searchCancellations_202309", after_sales.parse_cancellations, "cancellation"),
    _read("getReturnRecords", after_sales.parse_receipt, example=lambda: after_sales.return_history_request(RETURN)),
    _read("getRejectReasons", after_sales.parse_receipt, example=lambda: after_sales.reject_reasons_request(RETURN)),
    _read("getDecisionEligibility", after_sales.parse_receipt, example=lambda: after_sales.decisions_request(RETURN)),
    _read(
        "getAvailableReviewDecisions",
        after_sales.parse_receipt,
        example=lambda: after_sales.review_decisions_request("7494049642642441621", RETURN),
    ),
    _read("getAftersaleEligibility", after_sales.parse_receipt, example=lambda: after_sales.eligibility_request(ORDER)),
    _read("getAftersaleEligibility_202309", after_sales.parse_receipt),
    _read("searchAftersalesRequests", after_sales.parse_aftersales, "return", example=after_sales.aftersales_request),
    _read("searchReturnMerchandiseAuthorizations", after_sales.parse_rma, "return", example=after_sales.rma_request),
    _read(
        "calculateRefund",
        after_sales.parse_receipt,
        example=lambda: after_sales.calculate_refund_request(
            ORDER, request_type="CANCEL", reason="seller_cancel_reason_out_of_stock"
        ),
    ),
    _read("calculateRefund_202309", after_sales.parse_receipt),
    _write("approveReturn", after_sales.parse_receipt),
    _write("rejectReturn", after_sales.parse_receipt),
    _write("rejectReturn_202309", after_sales.parse_receipt),
    _write("approveCancellation", after_sales.parse_receipt),
    _write("rejectCancellation", after_sales.parse_receipt),
    _write("cancelOrder", after_sales.parse_created_cancellation, "cancellation"),
    _write("cancelOrder_202309", after_sales.parse_created_cancellation, "cancellation"),
    _write("createReturn", after_sales.parse_created_return, "return"),
    _write("createReturn_202309", after_sales.parse_created_return, "return"),
    _write("reviewAftersalesRequests", after_sales.parse_receipt),
)

LISTINGS: Final = (
    _read("searchProducts", listings.parse_products, "listing", example=listings.list_products_request),
    _read("getProduct", listings.parse_product, "listing", example=lambda: listings.product_request(PRODUCT)),
    _read("inventorySearch", listings.parse_stock, "listing", example=lambda: listings.stock_request([PRODUCT])),
    _read("searchFBTInventory", listings.parse_receipt, example=listings.platform_stock_request),
    _read("getProductDiagnoses", listings.parse_receipt, example=lambda: listings.diagnoses_request([PRODUCT])),
    _read("checkListingPrerequisites", listings.parse_receipt, example=listings.prerequisites_request),
    _read("getCategories", listings.parse_receipt, example=listings.categories_request),
    _write("updateInventory", listings.parse_receipt),
    _write("updatePrice", listings.parse_receipt),
    _write("partialEditProduct", listings.parse_edited, "listing"),
    _write("editProduct", listings.parse_edited, "listing"),
    _write("activateProducts", listings.parse_receipt),
    _write("deactivateProducts", listings.parse_receipt),
    _write("uploadProductImage", listings.parse_uploaded),
)

CONVERSATIONS: Final = (
    _read(
        "getConversations",
        conversations.parse_conversations,
        "conversation",
        "message",
        example=conversations.list_conversations_request,
    ),
    _read(
        "getConversation",
        conversations.parse_conversation,
        "conversation",
        "message",
        example=lambda: conversations.conversation_request(CONVERSATION),
    ),
    _read(
        "getConversationMessages",
        conversations.parse_messages,
        "message",
        example=lambda: conversations.list_messages_request(CONVERSATION),
    ),
    _read(
        "searchSessions",
        conversations.parse_sessions,
        "conversation",
        example=lambda: conversations.list_sessions_request(began_since=SINCE, began_until=UNTIL),
    ),
    _read(
        "getCustomerServicePerformance",
        metrics.parse_chat_performance,
        "metric",
        example=lambda: metrics.chat_performance_request(FIRST_DAY, NEXT_DAY),
    ),
    _read("getAgentSettings", conversations.parse_agent_settings, example=conversations.agent_settings_request),
    _write("updateAgentSettings", conversations.parse_receipt),
    _write("createConversation", conversations.parse_opened, "conversation"),
    _write("sendMessage", conversations.parse_sent, "message"),
    _write("sendMessage_202309", conversations.parse_sent, "message"),
    _write("markBuyerMessagesAsRead", conversations.parse_receipt),
    _write("uploadImageForBuyerMessages", conversations.parse_image),
    _write("endSession", conversations.parse_receipt),
)

FINANCE: Final = (
    _read("getStatements", finance.parse_statements, "statement", example=finance.list_statements_request),
    _read(
        "getTransactionsByStatement",
        finance.parse_statement_lines,
        "transaction",
        example=lambda: finance.statement_lines_request(STATEMENT),
    ),
    _read("getTransactionsByOrder", finance.parse_order_lines, "transaction", example=lambda: finance.order_lines_request(ORDER)),
    _read("getUnsettledTransactions", finance.parse_unsettled, "transaction", example=finance.list_unsettled_request),
    _read("getPayments", finance.parse_payments, "transaction", example=finance.list_payments_request),
    _read("getPayments_202309", finance.parse_payments, "transaction"),
    _read("getSellerFinancialTransactions", finance.parse_withdrawals, "transaction", example=finance.list_withdrawals_request),
)

METRICS: Final = (
    _read("getSPSOverview", metrics.parse_score, "metric", example=metrics.score_request),
    _read("getSPSMetrics", metrics.parse_score_metrics, "metric", example=metrics.score_metrics_request),
    _read("getSPSMetricDiagnosis", metrics.parse_diagnosis, "metric", example=lambda: metrics.diagnosis_request("OTDR")),
    _read(
        "getSPSMetricProblemDetails",
        metrics.parse_problem_details,
        "review",
        example=lambda: metrics.problem_details_request("NRR"),
    ),
    _read("getSPSMetricTopItems", metrics.parse_top_items, "metric", example=lambda: metrics.top_items_request("NRR")),
    _read(
        "getShopPerformance",
        metrics.parse_analytics,
        "metric",
        example=lambda: metrics.shop_performance_request(FIRST_DAY, NEXT_DAY),
    ),
    _read("getShopPerformance_202405", metrics.parse_analytics, "metric"),
    _read(
        "getShopPerformancePerHour",
        metrics.parse_analytics,
        "metric",
        example=lambda: metrics.hourly_performance_request(FIRST_DAY),
    ),
    _read(
        "getShopProductPerformanceList",
        metrics.parse_analytics,
        "metric",
        example=lambda: metrics.product_performance_request(FIRST_DAY, NEXT_DAY),
    ),
    _read("getShopProductPerformanceList_202405", metrics.parse_analytics, "metric"),
    _read(
        "getShopProductPerformanceDetail",
        metrics.parse_analytics,
        "metric",
        example=lambda: metrics.one_product_performance_request(PRODUCT, FIRST_DAY, NEXT_DAY),
    ),
    _read("getShopProductPerformanceDetail_202405", metrics.parse_analytics, "metric"),
    _read(
        "getShopSKUPerformanceList",
        metrics.parse_analytics,
        "metric",
        example=lambda: metrics.sku_performance_request(FIRST_DAY, NEXT_DAY),
    ),
    _read("getShopSKUPerformanceList_202406", metrics.parse_analytics, "metric"),
)

ALL: Final = (*STORES, *ORDERS, *PACKAGES, *AFTER_SALES, *LISTINGS, *CONVERSATIONS, *FINANCE, *METRICS)
OPERATIONS: Final = {operation.name: operation for operation in ALL}
