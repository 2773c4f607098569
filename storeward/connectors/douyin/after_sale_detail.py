"""The detail of an after-sale: the only place that says what was really refunded (fact sheet section 8)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from storeward.canon import AfterSaleLine, PackageEvent, Record, Return
from storeward.canon.base import More
from storeward.connectors.wire import Id, Notes, Wire, digits

from .after_sales import (
    ExchangeSku,
    Label,
    Parcel,
    ShownTag,
    disputed,
    exchange,
    exchange_price,
    placed_at,
    shown,
    status_of,
    type_of,
)
from .codes import MONEY_OUT, PROOF_WANTED, SELLERS_TURN
from .envelope import About, thing_parser
from .order_wire import Spec
from .orders import variant_of
from .values import Amounts, Ids, Times, Words, china, fen, word


class Info(Wire):
    """`process_info.after_sale_info`. Some of its keys are misspelled by the platform."""

    MATTERS = frozenset({"after_sale_id", "after_sale_status", "refund_total_amount"})

    after_sale_id: Id = None
    after_sale_status: Id = None
    refund_type: Id = None
    refund_status: Id = None
    refund_total_amount: int | None = None
    refund_post_amount: int | None = None
    refund_promotion_amount: int | None = None
    apply_time: int | None = None
    update_time: int | None = None
    reason: str | None = None
    reason_code: Id = None
    after_sale_type: Id = None
    reason_remark: str | None = None
    after_sale_apply_count: Id = None
    need_return_count: Id = None
    deduction_amount: int | None = None
    disable_coupon_id: Id = None
    platform_discount_return_amount: int | None = None
    platform_discount_return_status: Id = None
    kol_discount_return_amount: int | None = None
    kol_discount_return_status: Id = None
    risk_decsison_code: Id = None
    risk_decsison_reason: str | None = None
    real_refund_amount: int | None = None
    got_pkg: Id = None
    status_deadline: int | None = None
    return_address_id: Id = None
    exchange_sku_info: ExchangeSku | None = None
    post_discount_return_amount: int | None = None
    post_discount_return_status: Id = None
    part_type: Id = None
    reason_second_labels: list[Label] | None = None
    refund_voucher_num: Id = None
    gold_coin_return_amount: int | None = None
    refund_fail_reason: str | None = None
    aftersale_tags: list[ShownTag] | None = None
    store_id: Id = None
    after_sale_order_type: Id = None
    refund_packing_charge_amount: int | None = None
    shop_discount_return_amount: int | None = None
    after_sale_sub_type: Id = None
    refund_time: int | None = None
    aftersale_status_to_final_time: int | None = None


class Arbitration(Wire):
    arbitrate_id: Id = None
    arbitrate_status: Id = None
    arbitrate_status_deadline: Id = None
    arbitrate_opinion: str | None = None
    arbitrate_conclusion: Id = None
    arbitrate_blame: Id = None


class Parcels(Wire):
    back: Parcel | None = msgspec.field(default=None, name="return")
    exchange: Parcel | None = None
    resend: Parcel | None = None


class Remark(Wire):
    remark: str | None = None


class Step(Wire):
    """A step of the negotiation."""

    operator: str | None = None
    time: Id = None
    text: str | None = None
    action: str | None = None
    role: Id = None


class Process(Wire):
    MATTERS = frozenset({"after_sale_info"})

    after_sale_info: Info | None = None
    arbitrate_info: Arbitration | None = None
    logistics_info: Parcels | None = None
    after_sale_shop_remarks: list[Remark] | None = None
    record_logs_list: list[Step] | None = None


class Line(Wire):
    MATTERS = frozenset({"sku_order_id"})

    sku_order_id: Id = None
    order_status: Id = None
    pay_amount: int | None = None
    post_amount: int | None = None
    item_quantity: Id = None
    create_time: int | None = None
    tax_amount: int | None = None
    is_oversea_order: Id = None
    product_name: str | None = None
    product_id: Id = None
    sku_spec: list[Spec] | None = None
    shop_sku_code: str | None = None
    sku_id: Id = None
    item_sum_amount: int | None = None
    sku_pay_amount: int | None = None
    promotion_amount: int | None = None
    pay_type: Id = None
    after_sale_item_count: int | None = None


class LineOrder(Wire):
    shop_order_id: Id = None
    sku_order_infos: list[Line] | None = None


class Detail(Wire):
    MATTERS = frozenset({"process_info"})

    process_info: Process | None = None
    order_info: LineOrder | None = None


TIMES: Final = Times("apply_time", "update_time", "status_deadline", "refund_time", "aftersale_status_to_final_time")
AMOUNTS: Final = Amounts(
    "refund_post_amount", "refund_promotion_amount", "deduction_amount", "platform_discount_return_amount",
    "kol_discount_return_amount", "real_refund_amount", "post_discount_return_amount", "gold_coin_return_amount",
    "refund_packing_charge_amount", "shop_discount_return_amount",
)  # fmt: skip
WORDS: Final = Words(
    "refund_status", "refund_type", "part_type", "got_pkg", "after_sale_order_type", "after_sale_sub_type",
    "after_sale_apply_count", "need_return_count", "platform_discount_return_status", "kol_discount_return_status",
    "post_discount_return_status", "risk_decsison_code", "risk_decsison_reason", "refund_voucher_num", "refund_fail_reason",
    "reason_remark",
)  # fmt: skip
IDS: Final = Ids("disable_coupon_id", "return_address_id", "store_id")
ARBITRATION_WORDS: Final = Words("arbitrate_conclusion", "arbitrate_blame", "arbitrate_opinion")
LINE_AMOUNTS: Final = Amounts("pay_amount", "post_amount", "tax_amount", "item_sum_amount", "sku_pay_amount", "promotion_amount")
LINE_WORDS: Final = Words("is_oversea_order", "item_quantity", "pay_type")


def build_detail(wire: Detail, notes: Notes, about: About) -> Iterable[Record]:
    process = wire.process_info or Process()
    info, dispute = process.after_sale_info or Info(), process.arbitrate_info or Arbitration()
    within = notes.under("process_info.after_sale_info")
    case_id = digits(info.after_sale_id)
    if case_id is None:
        within.left_out("after_sale_id", "after-sale")
        return ()
    applied_at, updated_at, deadline, refunded_at, ended_at = TIMES(info, within)
    status, arbitration = word(info.after_sale_status), word(dispute.arbitrate_status)
    proof_by = china(
        word(dispute.arbitrate_status_deadline), "arbitrate_status_deadline", notes.under("process_info.arbitrate_info")
    )
    parcels, order = process.logistics_info or Parcels(), wire.order_info or LineOrder()
    back = parcels.back or Parcel()
    reason_names = ", ".join(label.name for label in info.reason_second_labels or () if label.name)
    return (
        Return(
            platform_return_id=case_id,
            platform_order_id=digits(order.shop_order_id),
            platform_type=word(info.after_sale_type),
            type=type_of(info.after_sale_type, "after_sale_type", within),
            platform_status=status,
            status=status_of(status, "after_sale_status", within),
            platform_arbitration_status=arbitration,
            platform_reason=word(info.reason_code),
            reason_text=info.reason or reason_names or None,
            tracking_number=back.tracking_no or None,
            carrier=back.company_name or None,
            platform_carrier_id=back.company_code or None,
            platform_more=_more(info, dispute, process, parcels),
            disputed=disputed(arbitration),
            order_placed_at=placed_at(
                [
                    (line.create_time, f"order_info.sku_order_infos[{nth}].create_time")
                    for nth, line in enumerate(order.sku_order_infos or ())
                ],
                notes,
            ),
            requested_at=applied_at,
            updated_at=updated_at,
            answer_by_at=_answer_by(status, deadline, arbitration, proof_by),
            deadlines={name: at for name, at in (("status_deadline", deadline), ("arbitrate_status_deadline", proof_by)) if at},
            amounts=AMOUNTS(info, within) | exchange_price(info.exchange_sku_info, within),
            events=_steps(process, notes),
            refund_asked=fen(info.refund_total_amount, "refund_total_amount", within),
            refunded=fen(info.real_refund_amount, "real_refund_amount", within)
            if word(info.refund_status) == MONEY_OUT
            else None,
            refunded_at=refunded_at,
            ended_at=ended_at,
            lines=_lines(order, notes.under("order_info")),
        ),
    )


def _answer_by(
    status: str | None, deadline: datetime | None, arbitration: str | None, proof_by: datetime | None
) -> datetime | None:
    """Whose turn it is: the seller's in some states of the case, and where the platform waits for proof."""
    if arbitration == PROOF_WANTED and proof_by is not None:
        return proof_by
    return deadline if status in SELLERS_TURN else None


def _more(info: Info, dispute: Arbitration, process: Process, parcels: Parcels) -> More:
    told = WORDS(info) | IDS(info) | shown(info.aftersale_tags) | exchange(info.exchange_sku_info)
    told |= ARBITRATION_WORDS(dispute)
    if arbitrate_id := digits(dispute.arbitrate_id):
        told["arbitrate_id"] = arbitrate_id
    if remarks := tuple([one.remark for one in process.after_sale_shop_remarks or () if one.remark]):
        told["after_sale_shop_remarks"] = remarks
    for name, parcel in (("exchange", parcels.exchange), ("resend", parcels.resend)):
        if parcel is not None and parcel.tracking_no:
            told[f"{name}.tracking_no"] = parcel.tracking_no
        if parcel is not None and parcel.company_code:
            told[f"{name}.company_code"] = parcel.company_code
    return told


def _steps(process: Process, notes: Notes) -> tuple[PackageEvent, ...]:
    return tuple(
        [
            PackageEvent(
                platform_code=step.action or None,
                platform_type=word(step.role),
                title=step.operator or None,
                text=step.text or None,
                at=china(word(step.time), f"process_info.record_logs_list[{nth}].time", notes),
            )
            for nth, step in enumerate(process.record_logs_list or ())
        ]
    )


def _lines(order: LineOrder, notes: Notes) -> tuple[AfterSaleLine, ...]:
    made = (_line(line, notes.under(f"sku_order_infos[{nth}]")) for nth, line in enumerate(order.sku_order_infos or ()))
    return tuple([line for line in made if line is not None])


def _line(line: Line, notes: Notes) -> AfterSaleLine | None:
    line_id = digits(line.sku_order_id)
    if line_id is None:
        notes.left_out("sku_order_id", "line")
        return None
    return AfterSaleLine(
        platform_line_id=line_id,
        platform_order_line_id=line_id,
        platform_sku_id=digits(line.sku_id),
        seller_sku=line.shop_sku_code or None,
        title=line.product_name or None,
        variant=variant_of(line.sku_spec) if line.sku_spec else None,
        quantity=line.after_sale_item_count,
        platform_listing_id=digits(line.product_id),
        platform_status=word(line.order_status),
        amounts=LINE_AMOUNTS(line, notes),
        platform_more=LINE_WORDS(line),
    )


parse_after_sale = thing_parser("afterSale.Detail", None, Detail, build_detail)
