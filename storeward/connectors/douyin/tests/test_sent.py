"""What leaves: the body of every request written out, as it is signed and sent."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from storeward.connectors.contract import OperationKind, Request
from storeward.connectors.douyin import (
    after_sale_acts,
    after_sales,
    finance,
    listing_acts,
    listings,
    order_acts,
    orders,
    places,
    shipping,
    stores,
    tickets,
)
from storeward.connectors.douyin.after_sale_acts import Deed
from storeward.connectors.douyin.listing_acts import StockOf
from storeward.connectors.douyin.shipping import Terms, Waybill

SINCE = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""12:00 in China; as Unix seconds 1795147200."""
UNTIL = datetime(2026, 11, 20, 5, 30, tzinfo=UTC)
"""13:30 in China; 1795152600."""
ORDER = "4781320682406083640"
LINE = "4781320682406083641"
CASE = "6959800000297566494"
PRODUCT = "3488625851803765012"
SKU = "1729160688834615"
SF = Waybill("shunfeng", "SF1234567890123")

Sent = tuple[Callable[[], Request], str, str]

READS: list[Sent] = [
    (
        lambda: orders.list_orders_request(updated_since=SINCE, updated_until=UNTIL),
        "order.searchList",
        '{"order_asc":true,"order_by":"update_time","page":0,"size":100,"update_time_end":1795152600,"update_time_start":1795147200}',
    ),
    (
        lambda: orders.list_orders_request(updated_since=SINCE, updated_until=SINCE, page_size=7),
        "order.searchList",
        '{"order_asc":true,"order_by":"update_time","page":0,"size":7,"update_time_end":1795147201,"update_time_start":1795147200}',
    ),
    (lambda: orders.order_detail_request(ORDER), "order.orderDetail", '{"shop_order_id":"4781320682406083640"}'),
    (
        lambda: after_sales.list_after_sales_request(updated_since=SINCE, updated_until=UNTIL),
        "afterSale.List",
        '{"order_by":["update_time asc"],"page":0,"size":100,"update_end_time":1795152600,"update_start_time":1795147200}',
    ),
    (
        lambda: after_sales.after_sale_request(CASE),
        "afterSale.Detail",
        '{"after_sale_id":"6959800000297566494","need_operation_record":true}',
    ),
    (
        lambda: after_sales.reject_reasons_request(CASE),
        "afterSale.rejectReasonCodeList",
        '{"aftersale_id":6959800000297566494}',
    ),
    (
        lambda: listings.list_products_request(updated_since=SINCE, updated_until=UNTIL, page_size=50),
        "product.listV2",
        '{"page":1,"size":50,"update_end_time":1795152601,"update_start_time":1795147199}',
    ),
    (listings.list_products_request, "product.listV2", '{"page":1,"size":100}'),
    (lambda: listings.product_request(PRODUCT), "product.detail", '{"product_id":"3488625851803765012"}'),
    (lambda: listings.skus_request(PRODUCT), "sku.list", '{"product_id":3488625851803765012}'),
    (lambda: listings.sku_request(SKU), "sku.detail", '{"sku_id":1729160688834615}'),
    (lambda: listings.stock_request(SKU), "sku.stockNum", '{"sku_id":1729160688834615}'),
    (
        lambda: listings.badges_request(PRODUCT),
        "promise.deliveryList",
        '{"page":1,"product_id":3488625851803765012,"size":10}',
    ),
    (lambda: listings.update_rule_request("21001"), "product.getProductUpdateRule", '{"category_id":21001}'),
    (
        lambda: tickets.list_tickets_request(since=SINCE, until=UNTIL),
        "order.getServiceList",
        '{"end_time":1795152600,"order_by":"update_time","page":1,"size":100,"start_time":1795147200}',
    ),
    (lambda: tickets.ticket_request("10884357"), "order.serviceDetail", '{"service_id":10884357}'),
    (
        lambda: finance.list_settlements_request(since=SINCE, until=UNTIL),
        "order.getSettleBillDetailV3",
        '{"end_time":"2026-11-20 13:30:00","size":100,"start_time":"2026-11-20 12:00:00","time_type":"0"}',
    ),
    (
        lambda: finance.settlements_of_request([ORDER, LINE]),
        "order.getSettleBillDetailV3",
        '{"order_id":"4781320682406083640,4781320682406083641","size":100}',
    ),
    (
        lambda: finance.list_movements_request(since=SINCE, until=UNTIL),
        "order.getShopAccountItem",
        '{"end_time":"2026-11-20 13:30:00","size":1000,"start_time":"2026-11-20 12:00:00","time_type":0}',
    ),
    (
        lambda: finance.settlement_file_request(SINCE, UNTIL),
        "order.downloadSettleItemToShop",
        '{"end_time":"2026-11-20 13:30:00","start_time":"2026-11-20 12:00:00","time_type":"0"}',
    ),
    (lambda: finance.settlement_file_ready_request("DL1"), "order.downloadToShop", '{"download_id":"DL1"}'),
    (
        lambda: finance.movement_file_request(SINCE, UNTIL),
        "order.downloadShopAccountItem",
        '{"end_time":"2026-11-20 13:30:00","start_time":"2026-11-20 12:00:00","time_type":0}',
    ),
    (lambda: finance.movement_file_ready_request("DA1"), "order.downloadShopAccountItemFile", '{"download_id":"DA1"}'),
    (
        lambda: finance.daily_files_request(date(2026, 11, 1), date(2026, 11, 7)),
        "order.getShopAccountItemFile",
        '{"end_date":"2026-11-07","start_date":"2026-11-01"}',
    ),
    (shipping.carriers_request, "order.logisticsCompanyList", "{}"),
    (
        lambda: shipping.track_request(SF),
        "logistics.trackNoRouteDetail",
        '{"logistics_code":"shunfeng","track_no":"SF1234567890123"}',
    ),
    (lambda: shipping.route_request(SF), "logistics.queryPackageRoute", '{"express":"shunfeng","track_no":"SF1234567890123"}'),
    (lambda: shipping.order_tracks_request(ORDER), "order.queryOrderLogistics", '{"order_id":"4781320682406083640"}'),
    (lambda: shipping.order_packages_request(ORDER), "order.queryOrderPackageInfo", '{"order_id":"4781320682406083640"}'),
    (
        lambda: order_acts.deadline_change_request(ORDER),
        "order.deliverTimeChangeTaskInfo",
        '{"shop_order_id":"4781320682406083640"}',
    ),
    (
        lambda: order_acts.decrypt_request([(ORDER, "$bW5v==$1$")]),
        "order.batchDecrypt",
        '{"cipher_infos":[{"auth_id":"4781320682406083640","cipher_text":"$bW5v==$1$"}]}',
    ),
    (
        lambda: order_acts.mask_request([(ORDER, "#a1b2#c3==#1#")]),
        "order.batchSensitive",
        '{"cipher_infos":[{"auth_id":"4781320682406083640","cipher_text":"#a1b2#c3==#1#"}]}',
    ),
    (
        lambda: order_acts.encrypt_request([(ORDER, "陈静", order_acts.NAME)]),
        "order.batchEncrypt",
        '{"batch_encrypt_list":[{"auth_id":"4781320682406083640","is_support_index":true,"plain_text":"陈静","sensitive_type":2}]}',
    ),
    (
        lambda: order_acts.search_index_request([("陈静", order_acts.NAME)]),
        "order.BatchSearchIndex",
        '{"plain_text_list":[{"encrypt_type":2,"plain_text":"陈静"}]}',
    ),
    (stores.reputation_request, "shop.reputation", "{}"),
    (stores.experience_request, "shop.getExperienceScore", "{}"),
    (
        lambda: stores.authorisation_request("4463798"),
        "open.getAuthInfo",
        '{"auth_id":"4463798","auth_subject_type":""}',
    ),
    (places.warehouses_request, "warehouse.list", '{"page":0,"size":100}'),
    (
        lambda: places.addresses_request(2),
        "address.list",
        '{"order_by":"desc","order_field":"create_time","page_no":2,"page_size":100}',
    ),
]

WRITES: list[Sent] = [
    (
        lambda: shipping.ship_request(ORDER, SF),
        "order.logisticsAdd",
        '{"company_code":"shunfeng","logistics_code":"SF1234567890123","order_id":"4781320682406083640"}',
    ),
    (
        lambda: shipping.ship_request(
            ORDER,
            SF,
            Terms(reject_refund=True, return_address_id="95251", ship_from_id="95252", serial_numbers=["546443524543534"]),
        ),
        "order.logisticsAdd",
        '{"address_id":95252,"after_sale_address_id":95251,"company_code":"shunfeng","is_reject_refund":true,'
        '"logistics_code":"SF1234567890123","order_id":"4781320682406083640","serial_number_list":["546443524543534"]}',
    ),
    (
        lambda: shipping.ship_packages_request(
            ORDER, [(SF, {ORDER: 1}), (Waybill("yuantong", "YT1"), {LINE: 2})], request_id="req-1"
        ),
        "order.logisticsAddMultiPack",
        '{"order_id":"4781320682406083640","pack_list":[{"company_code":"shunfeng","logistics_code":"SF1234567890123",'
        '"shipped_order_info":[{"shipped_num":1,"shipped_order_id":"4781320682406083640"}]},{"company_code":"yuantong",'
        '"logistics_code":"YT1","shipped_order_info":[{"shipped_num":2,"shipped_order_id":"4781320682406083641"}]}],'
        '"request_id":"req-1"}',
    ),
    (
        lambda: shipping.ship_together_request(["1", "2"], {"11": 1, "21": 3}, SF, request_id="req-2"),
        "order.logisticsAddSinglePack",
        '{"company_code":"shunfeng","logistics_code":"SF1234567890123","order_id_list":["1","2"],"request_id":"req-2",'
        '"shipped_order_info":[{"shipped_num":1,"shipped_order_id":"11"},{"shipped_num":3,"shipped_order_id":"21"}]}',
    ),
    (
        lambda: shipping.correct_waybill_request(ORDER, SF),
        "order.logisticsEdit",
        '{"company_code":"shunfeng","logistics_code":"SF1234567890123","order_id":"4781320682406083640"}',
    ),
    (
        lambda: shipping.correct_waybill_request(ORDER, SF, package_id="7258000000000000001"),
        "order.logisticsEditByPack",
        '{"company_code":"shunfeng","logistics_code":"SF1234567890123","order_id":"4781320682406083640",'
        '"pack_id":"7258000000000000001"}',
    ),
    (
        lambda: order_acts.remark_request(ORDER, "加急 & 换 <XL>", star=5),
        "order.addOrderRemark",
        '{"is_add_star":"true","order_id":"4781320682406083640","remark":"加急 & 换 <XL>","star":"5"}',
    ),
    (
        lambda: order_acts.remark_request(ORDER, "好"),
        "order.addOrderRemark",
        '{"order_id":"4781320682406083640","remark":"好"}',
    ),
    (
        lambda: order_acts.cut_price_request(ORDER, {LINE: Decimal("1.50")}),
        "order.updateOrderAmount",
        '{"pid":"4781320682406083640","update_detail":[{"discount_amount":150,"order_id":"4781320682406083641"}]}',
    ),
    (
        lambda: order_acts.freight_request(ORDER, Decimal(10)),
        "order.updatePostAmount",
        '{"order_id":"4781320682406083640","post_amount":1000}',
    ),
    (
        lambda: order_acts.answer_address_change_request(ORDER, order_acts.AGREED),
        "order.addressConfirm",
        '{"is_approved":0,"order_id":"4781320682406083640"}',
    ),
    (
        lambda: order_acts.answer_address_change_request(ORDER, order_acts.SHIPPING),
        "order.addressConfirm",
        '{"is_approved":1005,"order_id":"4781320682406083640"}',
    ),
    (
        lambda: order_acts.answer_deadline_change_request(ORDER, "t-1", reject_code="2", reject_reason="缺货"),
        "order.deliverTimeChangeConfirm",
        '{"reject_code":"2","reject_reason":"缺货","shop_order_id":"4781320682406083640","task_id":"t-1"}',
    ),
    (
        lambda: after_sale_acts.agree_request(CASE, Deed.AGREE_REFUND, seen_at=SINCE),
        "afterSale.operate",
        '{"items":[{"aftersale_id":"6959800000297566494","update_time":1795147200}],"type":201}',
    ),
    (
        lambda: after_sale_acts.agree_request(CASE, Deed.AGREE_RETURN, address_id="95251", remark="请寄回"),
        "afterSale.operate",
        '{"items":[{"aftersale_id":"6959800000297566494","logistics":{"receiver_address_id":95251},"remark":"请寄回"}],"type":101}',
    ),
    (
        lambda: after_sale_acts.agree_request(CASE, Deed.AGREE_REFUND_AFTER_RETURN),
        "afterSale.operate",
        '{"items":[{"aftersale_id":"6959800000297566494"}],"type":111}',
    ),
    (
        lambda: after_sale_acts.refuse_request(
            CASE,
            Deed.REFUSE_REFUND,
            reason_code="17",
            reason="商品已发出",
            remark="已发",
            pictures=["https://img.example/a?b=1&c=2"],
        ),
        "afterSale.operate",
        '{"items":[{"aftersale_id":"6959800000297566494","evidence":[{"type":1,"url":"https://img.example/a?b=1&c=2"}],'
        '"reason":"商品已发出","reject_reason_code":17,"remark":"已发"}],"type":202}',
    ),
    (
        lambda: after_sale_acts.ship_exchange_request(CASE, company_code="shunfeng", tracking_number="SF1", seen_at=SINCE),
        "afterSale.operate",
        '{"items":[{"aftersale_id":"6959800000297566494","logistics":{"company_code":"shunfeng","logistics_code":"SF1"},'
        '"update_time":1795147200}],"type":311}',
    ),
    (
        lambda: after_sale_acts.remark_request("已联系", after_sale_id=CASE),
        "afterSale.addOrderRemark",
        '{"after_sale_id":"6959800000297566494","remark":"已联系"}',
    ),
    (lambda: after_sale_acts.extend_request(CASE), "afterSale.timeExtend", '{"aftersale_id":6959800000297566494}'),
    (
        lambda: after_sale_acts.proof_request(CASE, "见图", ["a.jpg", "b.jpg"]),
        "afterSale.submitEvidence",
        '{"aftersale_id":6959800000297566494,"comment":"见图","evidence":["a.jpg","b.jpg"]}',
    ),
    (
        lambda: after_sale_acts.fill_logistics_request(
            CASE, send_type=after_sale_acts.REISSUE, company_code="yuantong", tracking_number="YT1"
        ),
        "afterSale.fillLogistics",
        '{"aftersale_id":6959800000297566494,"company_code":"yuantong","send_type":1,"tracking_no":"YT1"}',
    ),
    (
        lambda: after_sale_acts.goods_are_back_request(CASE, SINCE, tracking_number="YT9", company_code="yuantong"),
        "afterSale.returnGoodsToWareHouseSuccess",
        '{"aftersale_id":"6959800000297566494","logistics_company_code":"yuantong","op_time":1795147200,"tracking_no":"YT9"}',
    ),
    (
        lambda: after_sale_acts.shipment_stopped_request(CASE, SINCE),
        "afterSale.CancelSendGoodsSuccess",
        '{"aftersale_id":"6959800000297566494","op_time":1795147200}',
    ),
    (
        lambda: after_sale_acts.intercept_request(CASE, [("shunfeng", "SF1")]),
        "afterSale.applyLogisticsIntercept",
        '{"after_sale_id":6959800000297566494,"intercept_targets":[{"company_code":"shunfeng","tracking_no":"SF1"}],"op_from":1}',
    ),
    (lambda: listing_acts.put_on_sale_request(PRODUCT), "product.setOnline", '{"product_id":3488625851803765012}'),
    (lambda: listing_acts.take_off_sale_request(PRODUCT), "product.setOffline", '{"product_id":3488625851803765012}'),
    (
        lambda: listing_acts.set_stock_request(PRODUCT, SKU, 0),
        "sku.syncStock",
        '{"incremental":false,"product_id":3488625851803765012,"sku_id":1729160688834615,"stock_num":0}',
    ),
    (
        lambda: listing_acts.add_stock_request(PRODUCT, SKU, -5, request_id="stk-0001", warehouse_id="wh-hd-1"),
        "sku.syncStock",
        '{"idempotent_id":"stk-0001","incremental":true,"out_warehouse_id":"wh-hd-1","product_id":3488625851803765012,'
        '"sku_id":1729160688834615,"stock_num":-5}',
    ),
    (
        lambda: listing_acts.set_stocks_request(PRODUCT, {SKU: 7, "1729160688834616": {"wh-hd-1": 3}}, request_id="b-1"),
        "sku.syncStockBatch",
        '{"idempotent_id":"b-1","incremental":false,"product_id":3488625851803765012,"sku_sync_list":['
        '{"sku_id":1729160688834615,"sku_type":0,"stock_num":7},{"sku_id":1729160688834616,"sku_type":1,"stock_map":['
        '{"out_warehouse_id":"wh-hd-1","stock_num":3}]}]}',
    ),
    (
        lambda: listing_acts.set_many_stocks_request([StockOf(PRODUCT, SKU, 90)], request_id="m-1"),
        "sku.syncStockBatchMultiProducts",
        '{"idempotent_id":"m-1","incremental":false,"items":[{"product_id":3488625851803765012,"sku_id":1729160688834615,'
        '"stock_num":90}]}',
    ),
    (
        lambda: listing_acts.set_price_request(PRODUCT, SKU, Decimal("199.9")),
        "sku.editPrice",
        '{"price":19990,"product_id":3488625851803765012,"sku_id":1729160688834615}',
    ),
    (
        lambda: listing_acts.set_code_request(PRODUCT, SKU, "QH-4J"),
        "sku.editCode",
        '{"code":"QH-4J","product_id":3488625851803765012,"sku_id":1729160688834615}',
    ),
    (
        lambda: listing_acts.set_ship_time_request(SKU, "wh-hd-1", listing_acts.WITHIN_24_HOURS),
        "promise.setSkuShipTime",
        '{"rules":[{"delay_day":1,"out_warehouse_id":"wh-hd-1","pre_sell_end_time":0,"pre_sell_type":0,"sku_id":"1729160688834615"}]}',
    ),
    (
        lambda: listing_acts.set_ship_time_request(SKU, "wh-hd-1", 15, presale_until=SINCE),
        "promise.setSkuShipTime",
        '{"rules":[{"delay_day":15,"out_warehouse_id":"wh-hd-1","pre_sell_end_time":1795147200,"pre_sell_type":1,'
        '"sku_id":"1729160688834615"}]}',
    ),
    (
        lambda: tickets.reply_request("10884357", "第一行\n第二行", ["a.jpg", "b.jpg"]),
        "order.replyService",
        '{"evidence":"a.jpg|b.jpg","id":10884357,"reply":"第一行\\n第二行"}',
    ),
]


@pytest.mark.parametrize(("build", "method", "body"), READS)
def test_a_read_is_sent_as_written_here(build: Callable[[], Request], method: str, body: str) -> None:
    request = build()
    assert request.body == body.encode()
    assert (request.operation, request.path) == (method, "/" + method.replace(".", "/"))
    assert (request.method, request.kind) == ("POST", OperationKind.READ)


@pytest.mark.parametrize(("build", "method", "body"), WRITES)
def test_a_write_is_sent_as_written_here(build: Callable[[], Request], method: str, body: str) -> None:
    request = build()
    assert request.body == body.encode()
    assert (request.operation, request.path) == (method, "/" + method.replace(".", "/"))
    assert (request.method, request.kind) == ("POST", OperationKind.WRITE)


REFUSED: list[Callable[[], object]] = [
    lambda: order_acts.remark_request(ORDER, "长" * 61),
    lambda: order_acts.cut_price_request(ORDER, {LINE: Decimal("0.005")}),
    lambda: order_acts.freight_request(ORDER, Decimal("1.001")),
    lambda: order_acts.decrypt_request([]),
    lambda: order_acts.decrypt_request([(ORDER, "x")] * 51),
    lambda: order_acts.search_index_request([]),
    lambda: after_sale_acts.agree_request(CASE, Deed.AGREE_RETURN),
    lambda: after_sale_acts.agree_request(CASE, Deed.AGREE_EXCHANGE),
    lambda: after_sale_acts.agree_request(CASE, Deed.REFUSE_REFUND),
    lambda: after_sale_acts.agree_request(CASE, Deed.SHIP_EXCHANGE),
    lambda: after_sale_acts.refuse_request(CASE, Deed.AGREE_REFUND, reason_code="1", reason="r", remark="r"),
    lambda: after_sale_acts.proof_request(CASE, "c", []),
    lambda: after_sale_acts.proof_request(CASE, "c", ["p"] * 5),
    lambda: after_sale_acts.extend_request("not a number"),
    lambda: listings.skus_request("1e9"),
    lambda: listings.skus_request("-1"),
    lambda: listings.skus_request(""),
    lambda: listing_acts.set_many_stocks_request([], request_id="x"),
    lambda: listing_acts.set_many_stocks_request([StockOf(PRODUCT, SKU, 1)] * 51, request_id="x"),
    lambda: shipping.ship_together_request([], {}, SF, request_id="x"),
    lambda: shipping.ship_together_request(["1"] * 401, {}, SF, request_id="x"),
]


@pytest.mark.parametrize("build", REFUSED)
def test_what_the_platform_would_refuse_is_not_even_built(build: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        build()


def test_a_remark_may_be_as_long_as_the_platform_says() -> None:
    assert order_acts.remark_request(ORDER, "长" * 60).body is not None
