"""The shape of a shop order and what is in it: every member that has a place in our records (fact sheet sections 6 and 7).

Members stand in the order in which the platform sends them: the decoder then finds each at once, which makes orders parse
twice as fast. Texts that only say a number in words (`order_status_desc`) are left out: the number is what is kept.
"""

from typing import Final

import msgspec

from storeward.connectors.wire import Id, Wire

from .values import Amounts, Ids, Times, Words


class Spec(Wire):
    name: str | None = None
    value: str | None = None


class Tag(Wire):
    key: str | None = None


class PackedGoods(Wire):
    sku_order_id: Id = None


class Delivery(Wire):
    """A package of `logistics_info[]`. `company` is the carrier's code."""

    tracking_no: str | None = None
    company: str | None = None
    company_name: str | None = None
    ship_time: int | None = None
    delivery_id: Id = None
    product_info: list[PackedGoods] | None = None


class AfterSaleInfo(Wire):
    after_sale_status: Id = None
    after_sale_type: Id = None
    refund_status: Id = None


class Inventory(Wire):
    warehouse_id: Id = None
    out_warehouse_id: Id = None
    inventory_type: Id = None
    warehouse_type: Id = None


class Campaign(Wire):
    campaign_id: Id = None


class StoreInfo(Wire):
    store_id: Id = None


class RelationOrder(Wire):
    relation_order_id: Id = None


class BundleMember(Wire):
    product_id: Id = None
    sku_id: Id = None
    product_name: str | None = None
    item_num: int | None = None
    code: str | None = None


class Received(Wire):
    actual_receive_amount: int | None = None


class Phase(Wire):
    """A phase of a deposit presale."""

    phase_order_id: Id = None
    total_phase: int | None = None
    current_phase: int | None = None
    pay_success: bool | None = None
    sku_order_id: Id = None
    campaign_id: Id = None
    phase_pay_type: Id = None
    phase_open_time: int | None = None
    phase_pay_time: int | None = None
    phase_close_time: int | None = None
    channel_payment_no: Id = None
    current_phase_status_desc: str | None = None
    phase_payable_price: int | None = None
    phase_order_amount: int | None = None
    phase_sum_amount: int | None = None
    phase_post_amount: int | None = None
    phase_pay_amount: int | None = None
    phase_promotion_amount: int | None = None
    sku_price: int | None = None


PHASE_AMOUNTS: Final = Amounts(
    "phase_payable_price", "phase_order_amount", "phase_sum_amount", "phase_post_amount", "phase_pay_amount",
    "phase_promotion_amount", "sku_price",
)  # fmt: skip


AMOUNTS: Final = (
    "order_amount", "pay_amount", "post_amount", "post_insurance_amount", "modify_amount", "modify_post_amount",
    "promotion_amount", "promotion_shop_amount", "promotion_platform_amount", "promotion_talent_amount", "promotion_pay_amount",
    "promotion_redpack_amount", "promotion_redpack_platform_amount", "promotion_redpack_talent_amount", "shop_cost_amount",
    "platform_cost_amount", "author_cost_amount", "only_platform_cost_amount", "tax_amount",
)  # fmt: skip


class GoodsOrder(Wire):
    """A goods order: a line of the shop order."""

    MATTERS = frozenset({"order_id", "order_status", "create_time"})

    order_id: Id = None
    parent_order_id: Id = None
    biz: Id = None
    order_type: Id = None
    trade_type: Id = None
    order_status: Id = None
    main_status: Id = None
    pay_time: int | None = None
    finish_time: int | None = None
    create_time: int | None = None
    update_time: int | None = None
    cancel_reason: str | None = None
    b_type: Id = None
    sub_b_type: Id = None
    send_pay: Id = None
    author_id: Id = None
    author_name: str | None = None
    theme_type: Id = None
    app_id: Id = None
    room_id: Id = None
    content_id: Id = None
    video_id: Id = None
    origin_id: Id = None
    cid: Id = None
    c_biz: Id = None
    page_id: Id = None
    pay_type: Id = None
    channel_payment_no: Id = None
    order_amount: int | None = None
    pay_amount: int | None = None
    post_insurance_amount: int | None = None
    modify_amount: int | None = None
    modify_post_amount: int | None = None
    promotion_amount: int | None = None
    promotion_shop_amount: int | None = None
    promotion_platform_amount: int | None = None
    shop_cost_amount: int | None = None
    platform_cost_amount: int | None = None
    promotion_talent_amount: int | None = None
    promotion_pay_amount: int | None = None
    code: str | None = None
    exp_ship_time: int | None = None
    ship_time: int | None = None
    logistics_receipt_time: int | None = None
    confirm_receipt_time: int | None = None
    goods_type: Id = None
    product_id: Id = None
    sku_id: Id = None
    spec: list[Spec] | None = None
    first_cid: Id = None
    second_cid: Id = None
    third_cid: Id = None
    fourth_cid: Id = None
    out_sku_id: Id = None
    supplier_id: Id = None
    out_product_id: Id = None
    reduce_stock_type: Id = None
    origin_amount: int | None = None
    item_num: int | None = None
    sum_amount: int | None = None
    source_platform: str | None = None
    is_comment: Id = None
    product_name: str | None = None
    inventory_list: list[Inventory] | None = None
    post_amount: int | None = None
    pre_sale_type: Id = None
    after_sale_info: AfterSaleInfo | None = None
    promotion_redpack_amount: int | None = None
    promotion_redpack_platform_amount: int | None = None
    promotion_redpack_talent_amount: int | None = None
    receive_type: Id = None
    need_serial_number: bool | None = None
    ad_env_type: str | None = None
    product_id_str: str | None = None
    appointment_ship_time: int | None = None
    given_product_type: str | None = None
    master_sku_order_id: Id = None
    bundle_sku_info: list[BundleMember] | None = None
    author_cost_amount: int | None = None
    only_platform_cost_amount: int | None = None
    promise_info: str | None = None
    store_info: StoreInfo | None = None
    master_sku_order_id_list: list[Id] | None = None
    tax_amount: int | None = None
    campaign_info: list[Campaign] | None = None
    relation_order: RelationOrder | None = None
    outer_sku_id: str | None = None
    outer_product_id: Id = None


LINE_AMOUNTS: Final = Amounts(*AMOUNTS, "origin_amount", "sum_amount")
LINE_WORDS: Final = Words(
    "main_status", "trade_type", "order_type", "pre_sale_type", "goods_type", "c_biz", "send_pay", "theme_type",
    "is_comment", "reduce_stock_type", "receive_type", "source_platform",
    "ad_env_type", "author_name",
)  # fmt: skip
LINE_IDS: Final = Ids(
    "parent_order_id", "out_sku_id", "out_product_id", "outer_product_id", "supplier_id",
    "author_id", "room_id", "content_id", "video_id", "origin_id", "cid", "page_id", "first_cid", "second_cid", "third_cid",
    "fourth_cid", "master_sku_order_id",
)  # fmt: skip


class ShopOrder(Wire):
    """A shop order: `shop_order_list[]` of the list, `shop_order_detail` of the detail."""

    MATTERS = frozenset({"order_id", "order_status", "create_time", "sku_order_list"})

    accept_order_status: Id = None
    shop_id: Id = None
    shop_name: str | None = None
    open_id: Id = None
    order_id: Id = None
    biz: Id = None
    order_type: Id = None
    trade_type: Id = None
    order_status: Id = None
    main_status: Id = None
    pay_time: int | None = None
    order_expire_time: int | None = None
    """Seconds for which an unpaid order stays open: a duration."""
    finish_time: int | None = None
    create_time: int | None = None
    update_time: int | None = None
    cancel_reason: str | None = None
    buyer_words: str | None = None
    seller_words: str | None = None
    b_type: Id = None
    sub_b_type: Id = None
    app_id: Id = None
    pay_type: Id = None
    channel_payment_no: Id = None
    order_amount: int | None = None
    pay_amount: int | None = None
    post_amount: int | None = None
    post_insurance_amount: int | None = None
    modify_amount: int | None = None
    modify_post_amount: int | None = None
    promotion_amount: int | None = None
    promotion_shop_amount: int | None = None
    promotion_platform_amount: int | None = None
    shop_cost_amount: int | None = None
    platform_cost_amount: int | None = None
    promotion_talent_amount: int | None = None
    promotion_pay_amount: int | None = None
    exp_ship_time: int | None = None
    ship_time: int | None = None
    logistics_info: list[Delivery] | None = None
    sku_order_list: list[GoodsOrder] | None = None
    seller_remark_stars: Id = None
    order_phase_list: list[Phase] | None = None
    doudian_open_id: str | None = None
    serial_number_list: list[Id] | None = None
    promotion_redpack_amount: int | None = None
    promotion_redpack_platform_amount: int | None = None
    promotion_redpack_talent_amount: int | None = None
    appointment_ship_time: int | None = None
    shop_order_tag_ui: list[Tag] | None = None
    total_promotion_amount: int | None = None
    post_origin_amount: int | None = None
    post_promotion_amount: int | None = None
    author_cost_amount: int | None = None
    only_platform_cost_amount: int | None = None
    promise_info: str | None = None
    earliest_receipt_time: int | None = None
    latest_receipt_time: int | None = None
    early_arrival: bool | None = None
    target_arrival_time: int | None = None
    packing_amount: int | None = None
    supermarket_order_serial_no: Id = None
    tax_amount: int | None = None
    order_tag: dict[str, Id] | None = None
    urge_deliver_times: Id = msgspec.field(default=None, name="urge_deliver_Times")
    """The key really has a capital T."""
    recommend_start_ship_time: int | None = None
    recommend_end_ship_time: int | None = None
    receipt_date: str | None = None
    relation_shop_order_ids: list[Id] | None = None
    fulfill_status: str | None = None
    make_up_post_amount: int | None = None
    original_shop_id: Id = None
    open_address_id: Id = None
    actual_receive_amount_info: Received | None = None


ORDER_AMOUNTS: Final = Amounts(
    *AMOUNTS, "total_promotion_amount", "post_origin_amount", "post_promotion_amount", "packing_amount", "make_up_post_amount",
)  # fmt: skip
ORDER_WORDS: Final = Words(
    "main_status", "trade_type", "biz", "b_type", "sub_b_type", "pay_type", "accept_order_status",
    "seller_remark_stars", "fulfill_status", "receipt_date", "promise_info",
    "shop_name",
)  # fmt: skip
ORDER_IDS: Final = Ids(
    "shop_id", "open_id", "app_id", "channel_payment_no", "original_shop_id", "open_address_id", "supermarket_order_serial_no",
    "urge_deliver_times",
)  # fmt: skip
AFTER_SALE_WORDS: Final = Words("after_sale_status", "after_sale_type", "refund_status")
INVENTORY_IDS: Final = Ids("warehouse_id", "out_warehouse_id")
PHASE_IDS: Final = Ids("phase_pay_type", "campaign_id", "channel_payment_no")
ORDER_TIMES: Final = Times(
    "create_time", "pay_time", "update_time", "exp_ship_time", "ship_time", "finish_time", "appointment_ship_time",
    "recommend_start_ship_time", "recommend_end_ship_time", "earliest_receipt_time", "latest_receipt_time", "target_arrival_time",
)  # fmt: skip
LINE_TIMES: Final = Times(
    "create_time", "pay_time", "update_time", "exp_ship_time", "ship_time", "finish_time", "appointment_ship_time",
    "logistics_receipt_time", "confirm_receipt_time",
)  # fmt: skip
