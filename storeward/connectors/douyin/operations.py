"""Every operation that we can read, under the platform's own method names.

An `example` is a request with made-up ids: `connector probe` sends one for every read that the connector uses. Older versions of
a call are read by the same parser; the connector sends the newest only.
"""

from datetime import UTC, date, datetime
from typing import Final

from storeward.connectors.contract import Operation

from . import (
    after_sale_acts,
    after_sale_detail,
    after_sales,
    finance,
    listing_acts,
    listings,
    oauth,
    order_acts,
    orders,
    places,
    push,
    shipping,
    stores,
    tickets,
)

ORDER: Final = "4781320682406083640"
AFTER_SALE: Final = "6959800000297566494"
PRODUCT: Final = "3488625851803765012"
SKU: Final = "1729160688834615"
CATEGORY: Final = "21001"
TICKET: Final = "10884357"
SHOP: Final = "4463798"
DOWNLOAD: Final = "DL202108191056192174226975"
CIPHER: Final = "$bW5vcHFyc3R1dg==$1$"
WAYBILL: Final = shipping.Waybill("shunfeng", "SF1234567890123")
SINCE: Final = datetime(2026, 10, 1, tzinfo=UTC)
UNTIL: Final = datetime(2026, 10, 2, tzinfo=UTC)
FIRST_DAY: Final = date(2026, 10, 1)

_read, _write = Operation.read, Operation.write

STORES: Final = (
    _write("token.create", oauth.parse_token_answer, "store"),
    _write("token.refresh", oauth.parse_token_answer, "store"),
    _read("open.getAuthInfo", stores.parse_authorisation, example=lambda: stores.authorisation_request(SHOP)),
    _read("shop.reputation", stores.parse_reputation, "store", "metric", example=stores.reputation_request),
    _read("shop.getExperienceScore", stores.parse_experience, "metric", example=stores.experience_request),
    _read("warehouse.list", places.parse_warehouses, example=places.warehouses_request),
    _read("address.list", places.parse_addresses, example=places.addresses_request),
    _read("push", push.parse_push_answer, "push"),
)

ORDERS: Final = (
    _read(
        "order.searchList",
        orders.parse_orders,
        "order",
        example=lambda: orders.list_orders_request(updated_since=SINCE, updated_until=UNTIL),
    ),
    _read("order.orderDetail", orders.parse_order, "order", example=lambda: orders.order_detail_request(ORDER)),
    _read(
        "order.deliverTimeChangeTaskInfo",
        order_acts.parse_deadline_change,
        example=lambda: order_acts.deadline_change_request(ORDER),
    ),
    _read(
        "order.batchDecrypt",
        order_acts.parse_decrypted,
        example=lambda: order_acts.decrypt_request([(ORDER, CIPHER)]),
    ),
    _read("order.batchSensitive", order_acts.parse_masked, example=lambda: order_acts.mask_request([(ORDER, CIPHER)])),
    _read(
        "order.batchEncrypt",
        order_acts.parse_encrypted,
        example=lambda: order_acts.encrypt_request([(ORDER, "13800000000", order_acts.PHONE)]),
    ),
    _read(
        "order.BatchSearchIndex",
        order_acts.parse_search_index,
        example=lambda: order_acts.search_index_request([("13800000000", order_acts.PHONE)]),
    ),
    _write("order.addOrderRemark", order_acts.parse_remarked),
    _write("order.updateOrderAmount", order_acts.parse_price_cut),
    _write("order.updatePostAmount", order_acts.parse_freight),
    _write("order.addressConfirm", order_acts.parse_address_answer),
    _write("order.deliverTimeChangeConfirm", order_acts.parse_deadline_answer),
)

PACKAGES: Final = (
    _read("order.logisticsCompanyList", shipping.parse_carriers, example=shipping.carriers_request),
    _read("logistics.trackNoRouteDetail", shipping.parse_track, "package", example=lambda: shipping.track_request(WAYBILL)),
    _read("logistics.queryPackageRoute", shipping.parse_route, "package", example=lambda: shipping.route_request(WAYBILL)),
    _read("order.queryOrderLogistics", shipping.parse_order_tracks, example=lambda: shipping.order_tracks_request(ORDER)),
    _read("order.queryOrderPackageInfo", shipping.parse_order_packages, example=lambda: shipping.order_packages_request(ORDER)),
    _write("order.logisticsAdd", shipping.parse_shipped),
    _write("order.logisticsAddMultiPack", shipping.parse_packages, "package"),
    _write("order.logisticsAddSinglePack", shipping.parse_package, "package"),
    _write("order.logisticsEdit", shipping.parse_corrected),
    _write("order.logisticsEditByPack", shipping.parse_corrected_package),
)

AFTER_SALES: Final = (
    _read(
        "afterSale.List",
        after_sales.parse_after_sales,
        "return",
        example=lambda: after_sales.list_after_sales_request(updated_since=SINCE, updated_until=UNTIL),
    ),
    _read(
        "afterSale.Detail",
        after_sale_detail.parse_after_sale,
        "return",
        example=lambda: after_sales.after_sale_request(AFTER_SALE),
    ),
    _read(
        "afterSale.rejectReasonCodeList",
        after_sales.parse_reject_reasons,
        example=lambda: after_sales.reject_reasons_request(AFTER_SALE),
    ),
    _write("afterSale.operate", after_sale_acts.parse_operated),
    _write("afterSale.addOrderRemark", after_sale_acts.parse_remarked),
    _write("afterSale.timeExtend", after_sale_acts.parse_extended),
    _write("afterSale.submitEvidence", after_sale_acts.parse_proof),
    _write("afterSale.fillLogistics", after_sale_acts.parse_filled),
    _write("afterSale.returnGoodsToWareHouseSuccess", after_sale_acts.parse_goods_are_back),
    _write("afterSale.CancelSendGoodsSuccess", after_sale_acts.parse_shipment_stopped),
    _write("afterSale.applyLogisticsIntercept", after_sale_acts.parse_intercepted),
)

LISTINGS: Final = (
    _read("product.listV2", listings.parse_products, "listing", example=listings.list_products_request),
    _read("product.detail", listings.parse_product, "listing", example=lambda: listings.product_request(PRODUCT)),
    _read("sku.list", listings.parse_skus, "listing", example=lambda: listings.skus_request(PRODUCT)),
    _read("sku.detail", listings.parse_sku, "listing", example=lambda: listings.sku_request(SKU)),
    _read("sku.stockNum", listings.parse_stock, "listing", example=lambda: listings.stock_request(SKU)),
    _read("promise.deliveryList", listings.parse_badges, "listing", example=lambda: listings.badges_request(PRODUCT)),
    _read(
        "product.getProductUpdateRule",
        listings.parse_update_rule,
        example=lambda: listings.update_rule_request(CATEGORY),
    ),
    _write("product.setOnline", listing_acts.parse_on_sale),
    _write("product.setOffline", listing_acts.parse_off_sale),
    _write("sku.syncStock", listing_acts.parse_stock),
    _write("sku.syncStockBatch", listing_acts.parse_stocks),
    _write("sku.syncStockBatchMultiProducts", listing_acts.parse_many_stocks),
    _write("sku.editPrice", listing_acts.parse_price),
    _write("sku.editCode", listing_acts.parse_code),
    _write("promise.setSkuShipTime", listing_acts.parse_ship_time),
)

TICKETS: Final = (
    _read(
        "order.getServiceList",
        tickets.parse_tickets,
        "conversation",
        example=lambda: tickets.list_tickets_request(since=SINCE, until=UNTIL),
    ),
    _read("order.serviceDetail", tickets.parse_ticket, "conversation", example=lambda: tickets.ticket_request(TICKET)),
    _write("order.replyService", tickets.parse_replied),
)

FINANCE: Final = (
    _read(
        "order.getSettleBillDetailV3",
        finance.parse_settlements,
        "transaction",
        example=lambda: finance.list_settlements_request(since=SINCE, until=UNTIL),
    ),
    _read("order.getSettleBillDetailV2", finance.parse_settlements_v2, "transaction"),
    _read("order.getSettleBillDetail", finance.parse_settlements_v1, "transaction"),
    _read(
        "order.getShopAccountItem",
        finance.parse_movements,
        "transaction",
        example=lambda: finance.list_movements_request(since=SINCE, until=UNTIL),
    ),
    _read(
        "order.downloadSettleItemToShop",
        finance.parse_settlement_file,
        example=lambda: finance.settlement_file_request(SINCE, UNTIL),
    ),
    _read(
        "order.downloadToShop",
        finance.parse_settlement_file_ready,
        example=lambda: finance.settlement_file_ready_request(DOWNLOAD),
    ),
    _read(
        "order.downloadShopAccountItem",
        finance.parse_movement_file,
        example=lambda: finance.movement_file_request(SINCE, UNTIL),
    ),
    _read(
        "order.downloadShopAccountItemFile",
        finance.parse_movement_file_ready,
        example=lambda: finance.movement_file_ready_request(DOWNLOAD),
    ),
    _read(
        "order.getShopAccountItemFile",
        finance.parse_daily_files,
        example=lambda: finance.daily_files_request(FIRST_DAY, FIRST_DAY),
    ),
)

ALL: Final = (*STORES, *ORDERS, *PACKAGES, *AFTER_SALES, *LISTINGS, *TICKETS, *FINANCE)
OPERATIONS: Final = {operation.name: operation for operation in ALL}
