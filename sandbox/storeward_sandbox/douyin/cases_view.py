"""After-sales as the platform shows them: list and detail say the same in different ways. Spellings are the platform's."""

from typing import Any

from .cases import DONE, RECEIVED, REFUNDED, RESHIPPED, Arbitration, Case
from .ciphers import place
from .moments import text_time
from .order_view import carrier_name, spec_of
from .places import Places
from .shop import Shop

Json = dict[str, Any]
KIND_WORDS = {0: "退货退款", 1: "已发货仅退款", 2: "未发货仅退款", 3: "换货", 7: "补寄"}
STATUS_WORDS = {
    6: "待商家同意",
    7: "待买家退货",
    8: "待商家补寄",
    11: "待商家二次同意",
    12: "售后成功",
    13: "换货/补寄待用户收货",
    14: "换货/补寄成功",
    27: "商家一次拒绝",
    28: "售后关闭",
    29: "商家二次拒绝",
}
ON_THE_WAY_IN_LIST = 3
ROLES = {1: "买家", 2: "商家", 3: "平台"}


# --- the list ---------------------------------------------------------------------------------------------------------


def list_row(case: Case) -> Json:
    return {
        "aftersale_info": _info(case),
        "order_info": {
            "shop_order_id": case.order.id,
            "related_order_info": [_related(case)],
            "order_flag": case.order.star,
        },
        "text_part": _texts(case),
        "seller_logs": [
            {"content": text, "op_name": "商家", "create_time": text_time(at), "star": case.order.star}
            for at, text in case.remarks
        ],
    }


def _info(case: Case) -> Json:
    found = case.arbitration
    return {
        "aftersale_id": case.id,
        "aftersale_order_type": 1,
        "aftersale_type": case.kind,
        "aftersale_status": ON_THE_WAY_IN_LIST if case.status == RESHIPPED else case.status,
        "related_id": case.line.id,
        "apply_time": case.apply_time,
        "update_time": case.update_time,
        "status_deadline": case.deadline,
        "refund_amount": case.amount,
        "refund_post_amount": case.post,
        "aftersale_num": case.count,
        "part_type": int(case.partial and case.amount > 0),
        "aftersale_refund_type": 0,
        "refund_type": 0,
        "arbitrate_status": found.status if found else 0,
        "create_time": case.apply_time,
        "refund_tax_amount": 0,
        "left_urge_sms_count": 0,
        "return_logistics_code": case.return_no,
        "risk_decision_code": 0,
        "risk_decision_reason": "",
        "risk_decision_description": "",
        "return_promotion_amount": 0,
        "refund_status": case.refund_status,
        "arbitrate_blame": 0,
        "exchange_sku_info": exchange_sku(case),
        "return_logistics_company_name": carrier_name(case.return_carrier),
        "exchange_logistics_company_name": carrier_name(case.reship_carrier),
        "remark": case.remarks[-1][1] if case.remarks else "",
        "got_pkg": case.got_pkg,
        "order_logistics": _outbound(case),
        "is_agree_refuse_sign": 0,
        "reason_second_labels": [],
        "aftersale_tags": _tags(case),
        "store_id": 0,
        "store_name": "",
        "aftersale_sub_type": 0,
    }


def exchange_sku(case: Case) -> Json | None:
    """What is sent in exchange; its price is text."""
    if case.kind != 3:
        return None
    sku, product = case.line.sku, case.line.product
    return {
        "sku_id": sku.id,
        "code": sku.code,
        "num": case.count,
        "out_sku_id": "",
        "out_warehouse_id": case.line.warehouse,
        "supplier_id": "",
        "url": product.picture,
        "name": product.name,
        "price": str(case.line.price),
        "spec_desc": " ".join(f"{name}:{value}" for name, value in sku.spec),
    }


def _tags(case: Case) -> list[Json]:
    if not case.extended:
        return []
    return [
        {
            "tag_detail": "延长时效",
            "tag_detail_en": "deadline_extended",
            "tag_detail_text": "本节点已延长时效",
            "tag_link_url": "",
            "placeholder": {},
        }
    ]


def _outbound(case: Case) -> list[Json]:
    """The parcels in which the line went out."""
    return [
        {
            "tracking_no": package.tracking_no,
            "company_name": carrier_name(package.carrier_code),
            "company_code": package.carrier_code,
            "logistics_time": package.collected_at or package.ship_time,
            "logistics_state": 2 if package.delivered_at else 0,
        }
        for package in case.order.packages
        if any(line is case.line for line, _pieces in package.content)
    ]


def _related(case: Case) -> Json:
    line = case.line
    last = _outbound(case)
    return {
        "sku_order_id": line.id,
        "order_status": line.status,
        "pay_amount": line.pay_amount,
        "post_amount": line.post,
        "item_num": line.count,
        "create_time": case.order.create_time,
        "tax_amount": 0,
        "is_oversea_order": 0,
        "product_name": line.product.name,
        "product_id": int(line.product.id),
        "product_image": line.product.picture,
        "tags": [],
        "sku_spec": spec_of(line),
        "shop_sku_code": line.sku.code,
        "logistics_code": last[-1]["tracking_no"] if last else "",
        "aftersale_pay_amount": case.amount - case.post,
        "aftersale_post_amount": case.post,
        "aftersale_tax_amount": 0,
        "aftersale_item_num": case.count,
        "promotion_pay_amount": line.pay_discount,
        "price": line.price,
        "logistics_company_name": last[-1]["company_name"] if last else "",
        "given_sku_order_ids": [],
    }


def _texts(case: Case) -> Json:
    return {
        "logistics_text": "已发货" if case.line.shipped else "未发货",
        "aftersale_status_text": STATUS_WORDS[case.status],
        "aftersale_type_text": KIND_WORDS[case.kind],
        "return_logistics_text": "已发货" if case.return_no else "未发货",
        "aftersale_refund_type_text": "原路退款" if case.amount else "无需退款",
        "reason_text": case.reason.text,
        "bad_item_text": "",
        "arbitrate_status_text": "" if case.arbitration is None else "平台介入",
    }


# --- the detail -------------------------------------------------------------------------------------------------------


def detail(shop: Shop, case: Case, *, with_records: bool) -> Json:
    """Ids are numbers here."""
    return {
        "process_info": {
            "after_sale_info": {**_process(case), **_where(shop, case)},
            "arbitrate_info": arbitration_json(case.arbitration),
            "after_sale_service_tag": {"after_sale_service_tag": []},
            "logistics_info": _logistics(case),
            "after_sale_shop_remarks": [_remark(case, at, text) for at, text in case.remarks],
            "price_protection_detail": None,
            "record_logs_list": _records(case) if with_records else None,
        },
        "order_info": {"shop_order_id": int(case.order.id), "sku_order_infos": [_sku_order(case)]},
    }


def _process(case: Case) -> Json:
    return {
        "after_sale_id": int(case.id),
        "after_sale_status": case.status,
        "after_sale_status_desc": STATUS_WORDS[case.status],
        "refund_type": 0,
        "refund_type_text": "原路退款" if case.amount else "无需退款",
        "refund_status": case.refund_status,
        "refund_total_amount": case.amount,
        "refund_post_amount": case.post,
        "refund_promotion_amount": 0,
        "apply_time": case.apply_time,
        "update_time": case.update_time,
        "reason": case.reason.text,
        "reason_code": case.reason.code,
        "after_sale_type": case.kind,
        "after_sale_type_text": KIND_WORDS[case.kind],
        "reason_remark": "",
        "evidence": [],
        "after_sale_apply_count": case.count,
        "need_return_count": case.count if case.kind in (0, 3) else 0,
        "deduction_amount": 0,
        "disable_coupon_id": "",
        "platform_discount_return_amount": 0,
        "platform_discount_return_status": 0,
        "kol_discount_return_amount": 0,
        "kol_discount_return_status": 0,
        "risk_decsison_code": 0,
        "risk_decsison_reason": "",
        "risk_decsison_description": "",
        "real_refund_amount": case.real_refund,
        "got_pkg": case.got_pkg,
        "status_deadline": case.deadline,
        "exchange_sku_info": exchange_sku(case),
        "post_discount_return_amount": 0,
        "post_discount_return_status": 0,
        "part_type": int(case.partial and case.amount > 0),
        "reason_second_labels": [],
        "refund_voucher_num": 0,
        "refund_voucher_times": 0,
        "gold_coin_return_amount": 0,
        "refund_fail_reason": "",
        "aftersale_tags": _tags(case),
        "store_id": "",
        "store_name": "",
        "after_sale_order_type": 1,
        "refund_packing_charge_amount": 0,
        "shop_discount_return_amount": 0,
        "after_sale_sub_type": 0,
        **({"refund_time": case.refund_time} if case.refund_status == REFUNDED else {}),
        **({"aftersale_status_to_final_time": case.final_time} if case.status in (DONE, RECEIVED) else {}),
    }


def _where(shop: Shop, case: Case) -> Json:
    """The buyer's address is not told; the one that returns go to is."""
    book = shop.part(Places).address(case.address_id) if case.address_id else None
    return {
        "post_receiver": "",
        "encrypt_post_receiver": "",
        "post_tel_sec": "",
        "encrypt_post_tel_sec": "",
        "post_address": None,
        "return_address": {**place(book.area), "detail": book.detail, "landmark": ""} if book else None,
        "return_address_id": int(book.id) if book else 0,
    }


def arbitration_json(found: Arbitration | None) -> Json | None:
    if found is None:
        return None
    return {
        "arbitrate_id": found.id,
        "arbitrate_status": found.status,
        "is_required_evidence": found.deadline > 0,
        "arbitrate_status_deadline": text_time(found.deadline),
        "arbitrate_opinion": "",
        "arbitrate_conclusion": found.conclusion,
        "arbitrate_create_time": found.create_time,
        "arbitrate_update_time": found.update_time,
        "arbitrate_evidence_tmpl": None,
        "arbitrate_evidence": {},
        "arbitrate_blame": 0,
    }


def _way(carrier: str, number: str, at: int) -> Json | None:
    if not number:
        return None
    return {"tracking_no": number, "company_name": carrier_name(carrier), "company_code": carrier, "logistics_time": at}


def _logistics(case: Case) -> Json:
    again = _way(case.reship_carrier, case.reship_no, case.reship_time)
    return {
        "return": _way(case.return_carrier, case.return_no, case.return_time),
        "exchange": again if case.kind == 3 else None,
        "order": [{**row, "value_added_services": []} for row in _outbound(case)],
        "resend": again if case.kind == 7 else None,
    }


def _remark(case: Case, at: int, text: str) -> Json:
    return {
        "order_id": int(case.order.id),
        "after_sale_id": int(case.id),
        "remark": text,
        "create_time": at,
        "operator": "商家",
    }


def _records(case: Case) -> list[Json]:
    return [
        {
            "operator": ROLES[one.role],
            "time": text_time(one.at),
            "text": one.text,
            "images": [],
            "desc_kvs": [],
            "action": one.action,
            "role": one.role,
            "all_evidence": [],
        }
        for one in case.records
    ]


def _sku_order(case: Case) -> Json:
    line = case.line
    return {
        "sku_order_id": int(line.id),
        "order_status": line.status,
        "pay_amount": line.pay_amount,
        "post_amount": line.post,
        "item_quantity": line.count,
        "create_time": case.order.create_time,
        "tax_amount": 0,
        "is_oversea_order": 0,
        "product_name": line.product.name,
        "product_id": int(line.product.id),
        "product_image": line.product.picture,
        "tags": [],
        "sku_spec": spec_of(line),
        "shop_sku_code": line.sku.code,
        "sku_id": int(line.sku.id),
        "item_sum_amount": line.goods,
        "sku_pay_amount": line.pay_amount,
        "promotion_amount": line.discount,
        "pay_type": case.order.pay_type,
        "insurance_tags": [],
        "after_sale_item_count": case.count,
        "given_sku_details": [],
    }
