"""An order as the platform shows it, in the list and in detail. Field names are the platform's, odd spellings included."""

from typing import Any

from .ciphers import receiver
from .orders import (
    CANCELLED,
    COMPLETED,
    IN_REVIEW,
    PARTLY,
    PAY_WITHIN_SECONDS,
    REFUNDED_AFTER,
    REFUNDED_BEFORE,
    REFUNDED_RECEIVED,
    SHIPPED,
    TO_SHIP,
    UNPAID,
    Line,
    Order,
    Package,
)
from .places import carrier_of
from .shop import Shop

Json = dict[str, Any]
STATUS_WORDS = {
    UNPAID: "待支付",
    IN_REVIEW: "已支付",
    TO_SHIP: "备货中",
    PARTLY: "部分发货",
    SHIPPED: "已发货",
    CANCELLED: "已取消",
    COMPLETED: "已完成",
    REFUNDED_BEFORE: "发货前退款完结",
    REFUNDED_AFTER: "发货后退款完结",
    REFUNDED_RECEIVED: "收货后退款完结",
}
APP_WORDS = {2: "抖音", 11: "抖音极速版", 3: "头条", 4: "西瓜"}
FULL_PRESALE = 1


def carrier_name(code: str) -> str:
    carrier = carrier_of(code)
    return carrier.name if carrier else code


def spec_of(line: Line) -> list[Json]:
    return [{"name": name, "value": value} for name, value in line.sku.spec]


def _common(order: Order) -> Json:
    """What stands on the order and on each of its lines alike."""
    return {
        "biz": 2,
        "biz_desc": "小店自卖",
        "order_type": 0,
        "order_type_desc": "普通订单",
        "trade_type": 0,
        "trade_type_desc": "普通",
        "create_time": order.create_time,
        "pay_time": order.pay_time,
        "pay_type": order.pay_type,
        "channel_payment_no": f"PAY{order.id}" if order.pay_time else "",
        "b_type": order.app,
        "b_type_desc": APP_WORDS.get(order.app, ""),
        "sub_b_type": 1,
        "sub_b_type_desc": "app内-原生",
        "app_id": 0,
        "cancel_reason": order.cancel_reason,
        "promotion_redpack_amount": 0,
        "promotion_redpack_platform_amount": 0,
        "promotion_redpack_talent_amount": 0,
        "promotion_talent_amount": 0,
        "author_cost_amount": 0,
        "post_insurance_amount": 0,
        "modify_post_amount": 0,
        "appointment_ship_time": 0,
        "tax_amount": 0,
    }


def _amounts(lines: list[Line]) -> Json:
    """Sums over the lines; of one line where there is one."""
    shop_part = sum(line.shop_discount for line in lines)
    platform_part = sum(line.platform_discount for line in lines)
    return {
        "order_amount": sum(line.goods for line in lines),
        "pay_amount": sum(line.pay_amount for line in lines),
        "post_amount": sum(line.post for line in lines),
        "modify_amount": sum(line.modify for line in lines),
        "promotion_amount": shop_part + platform_part,
        "promotion_shop_amount": shop_part,
        "promotion_platform_amount": platform_part,
        "shop_cost_amount": shop_part,
        "platform_cost_amount": platform_part,
        "only_platform_cost_amount": platform_part,
        "promotion_pay_amount": sum(line.pay_discount for line in lines),
    }


def order_json(shop: Shop, order: Order, *, detail: bool) -> Json:
    """One order; some keys are in the detail only, some lists are null where there is nothing in them."""
    found = {
        **_common(order),
        **_amounts(order.lines),
        **receiver(shop.id, order.buyer, order.detail),
        "accept_order_status": 0,
        "shop_id": int(shop.id),
        "shop_name": shop.name,
        "open_id": "",
        "order_id": order.id,
        "order_level": 2,
        "order_status": order.status,
        "order_status_desc": STATUS_WORDS[order.status],
        "main_status": order.main_status,
        "main_status_desc": STATUS_WORDS[order.main_status],
        "order_expire_time": PAY_WITHIN_SECONDS,
        "finish_time": order.finish_time,
        "update_time": order.update_time,
        "buyer_words": order.buyer_words,
        "seller_words": order.seller_words,
        "exp_ship_time": order.exp_ship_time,
        "ship_time": order.ship_time,
        "logistics_info": [_package(package, order, detail=detail) for package in order.packages],
        "sku_order_list": [_line(shop, order, line, detail=detail) for line in order.lines],
        "seller_remark_stars": order.star,
        "order_phase_list": [] if int(order.id) // 100 % 2 else None,
        "doudian_open_id": order.buyer.open_id,
        "serial_number_list": [],
        "user_id_info": None,
        "shop_order_tag_ui": _tags(order),
        "total_promotion_amount": sum(line.discount for line in order.lines),
        "post_origin_amount": order.post_amount,
        "post_promotion_amount": 0,
        "user_tag_ui": [],
        "promise_info": "",
        "user_coordinate": None,
        "earliest_receipt_time": 0,
        "latest_receipt_time": 0,
        "early_arrival": False,
        "target_arrival_time": 0,
        "packing_amount": 0,
        "supermarket_order_serial_no": "",
        "address_tag_ui": [],
        "order_tag": {},
        "urge_deliver_Times": order.urged,
        "recommend_start_ship_time": 0,
        "recommend_end_ship_time": 0,
        "receipt_date": "",
        "receipt_time_map": {},
        "relation_shop_order_ids": [],
        "fulfill_status": "",
        "make_up_post_amount": 0,
        "original_shop_id": 0,
        "open_address_id": f"addr_{order.buyer.open_id[-12:]}_{len(order.detail)}",
        "order_operate_record_list": [],
        "actual_receive_amount_info": {"actual_receive_amount": order.pay_amount if order.pay_time else 0},
    }
    return found | ({"promotion_detail": {}} if detail else {})


def _tags(order: Order) -> list[Json]:
    return [{"key": "urge", "text": "买家催发货", "help_doc": ""}] if order.urged else []


def _package(package: Package, order: Order, *, detail: bool) -> Json:
    found: Json = {
        "tracking_no": package.tracking_no,
        "company": package.carrier_code,
        "company_name": carrier_name(package.carrier_code),
        "ship_time": package.ship_time,
        "delivery_id": package.id,
        "product_info": [
            {
                "product_name": line.product.name,
                "price": line.price,
                "outer_sku_id": line.sku.code,
                "sku_id": int(line.sku.id),
                "sku_specs": spec_of(line),
                "product_count": pieces,
                "product_id": int(line.product.id),
                "sku_order_id": line.id,
                "product_id_str": line.product.id,
            }
            for line, pieces in package.content
            if line in order.lines
        ],
        "hour_up_pickup_code": "",
    }
    return found | ({"added_services": []} if detail else {})


def _line(shop: Shop, order: Order, line: Line, *, detail: bool) -> Json:
    author_id, author_name = line.author
    live = bool(line.room)
    found = {
        **_common(order),
        **_amounts([line]),
        **receiver(shop.id, order.buyer, order.detail),
        "order_id": line.id,
        "parent_order_id": order.id,
        "order_level": 3,
        "order_status": line.status,
        "order_status_desc": STATUS_WORDS[line.status],
        "main_status": line.main_status,
        "main_status_desc": STATUS_WORDS[line.main_status],
        "order_expire_time": 0,
        "finish_time": line.finish_time,
        "update_time": line.update_time,
        "send_pay": 0,
        "send_pay_desc": "",
        "author_id": int(author_id or 0),
        "author_name": author_name,
        "theme_type": "1" if live else "0",
        "theme_type_desc": "直播间" if live else "其他",
        "room_id": int(line.room or 0),
        "room_id_str": line.room,
        "content_id": line.room,
        "video_id": "",
        "origin_id": "",
        "cid": 0,
        "c_biz": 2 if author_id else 8,
        "c_biz_desc": "精选联盟" if author_id else "小店自卖",
        "page_id": 0,
        "code": line.sku.code,
        "exp_ship_time": line.exp_ship_time,
        "ship_time": line.ship_time,
        "logistics_receipt_time": line.receipt_time,
        "confirm_receipt_time": line.confirm_time,
        "goods_type": 0,
        "product_id": int(line.product.id),
        "product_id_str": line.product.id,
        "sku_id": int(line.sku.id),
        "spec": spec_of(line),
        "first_cid": 0,
        "second_cid": 0,
        "third_cid": 0,
        "fourth_cid": 0,
        "out_sku_id": "",
        "supplier_id": "",
        "out_product_id": "",
        "warehouse_ids": [],
        "out_warehouse_ids": [line.warehouse] if line.warehouse else [],
        "inventory_type": "1" if line.warehouse else "0",
        "inventory_type_desc": "区域库存" if line.warehouse else "普通库存",
        "reduce_stock_type": 2,
        "reduce_stock_type_desc": "支付减库存",
        "origin_amount": line.price,
        "has_tax": False,
        "item_num": line.count,
        "sum_amount": line.goods,
        "source_platform": "",
        "product_pic": line.product.picture,
        "is_comment": line.commented,
        "product_name": line.product.name,
        "inventory_list": [_inventory(line)],
        "pre_sale_type": FULL_PRESALE if line.product.presale_days else 0,
        "after_sale_info": {
            "after_sale_status": line.case_status,
            "after_sale_type": line.case_type,
            "refund_status": line.refund_status,
        },
        "receive_type": 1,
        "need_serial_number": False,
        "ad_env_type": "",
        "sku_order_tag_ui": [],
        "given_product_type": "",
        "master_sku_order_id": "",
        "card_voucher": None,
        "bundle_sku_info": [],
        "account_list": None,
        "sku_customization_info": [],
        "promise_info": "",
        "store_info": None,
        "contract_info": None,
        "master_sku_order_id_list": [],
        "given_product_activity_info": None,
        "quality_check_info": None,
        "sku_yun_warehouse_info": [],
    }
    return found | (_only_in_detail() if detail else {})


def _only_in_detail() -> Json:
    return {
        "promotion_detail": {},
        "campaign_info": [],
        "writeoff_info": [],
        "relation_order": {"write_off_no": "", "relation_order_id": ""},
        "is_activity": False,
    }


def _inventory(line: Line) -> Json:
    return {
        "warehouse_id": "",
        "out_warehouse_id": line.warehouse,
        "inventory_type": 2 if line.warehouse else 1,
        "inventory_type_desc": "区域库存" if line.warehouse else "普通库存",
        "count": line.count,
        "warehouse_type": 0,
    }
