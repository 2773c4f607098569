"""After-sales cases and their moves, without HTTP.

0 return and refund: 6 -> 7 -> 11 -> 12; 1 refund of shipped goods, 2 refund before shipping: 6 -> 12; 3 exchange: 6 -> 7 -> 11 ->
13 -> 14; 7 reissue: 6 -> 8 -> 13 -> 14. Refusals are 27 and 29, the end without money is 28. Every step has a deadline; where the
merchant lets it pass the platform agrees, where the buyer does the case is closed. A move that no longer fits does nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from storeward_sandbox.clock import DAY, HOUR, MINUTE, Instant

from .hooks import tell
from .orders import Line, Order, refunded
from .places import Places
from .shop import Shop

RETURN, REFUND_SHIPPED, REFUND_UNSHIPPED, EXCHANGE, REISSUE = 0, 1, 2, 3, 7
ASKED, TO_SEND_BACK, TO_RESHIP, SENT_BACK, DONE, RESHIPPED, RECEIVED = 6, 7, 8, 11, 12, 13, 14
REFUSED, CLOSED, REFUSED_AGAIN = 27, 28, 29
WAITING, RUNNING, REFUNDED, FAILED = 1, 2, 3, 4
OPEN_STATES = (ASKED, TO_SEND_BACK, TO_RESHIP, SENT_BACK, RESHIPPED, REFUSED, REFUSED_AGAIN)
# How long each step lasts; only that of state 6 can be read off a published example.
STEP_SECONDS = {
    ASKED: 48 * HOUR,
    TO_SEND_BACK: 7 * DAY,
    TO_RESHIP: 48 * HOUR,
    SENT_BACK: 48 * HOUR,
    RESHIPPED: 10 * DAY,
    REFUSED: 7 * DAY,
    REFUSED_AGAIN: 7 * DAY,
}
EXTENSION_SECONDS = 48 * HOUR
REFUND_SECONDS = 10 * MINUTE
PROOF_SECONDS = 48 * HOUR
ARBITRATION_SECONDS = 36 * HOUR
NOT_INVOLVED, IN_PROGRESS, FOR_BUYER, FOR_MERCHANT, PROOF_WANTED, ENDED = 0, 1, 2, 3, 4, 255


@dataclass(frozen=True)
class Reason:
    code: int
    text: str


REASONS = {
    RETURN: (Reason(1, "七天无理由退货"), Reason(6, "质量问题"), Reason(8, "尺码不合适")),
    REFUND_SHIPPED: (Reason(3, "未收到货"), Reason(11, "少件/漏发")),
    REFUND_UNSHIPPED: (Reason(15, "不想要了"), Reason(16, "未按约定时间发货")),
    EXCHANGE: (Reason(8, "尺码不合适"), Reason(6, "质量问题")),
    REISSUE: (Reason(11, "少件/漏发"),),
}


@dataclass
class Arbitration:
    """The platform decides. `status` as in the answers; the deadline is the merchant's, for proof."""

    id: str
    create_time: Instant
    update_time: Instant
    status: int = IN_PROGRESS
    deadline: Instant = 0
    conclusion: int = 0
    proof: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Record:
    """One entry of the talk between buyer, merchant and platform."""

    at: Instant
    role: int
    action: str
    text: str


@dataclass(eq=False)
class Case:
    """One after-sale of one line. Amounts in fen; `amount` has the freight in it."""

    id: str
    kind: int
    order: Order
    line: Line
    count: int
    amount: int
    post: int
    reason: Reason
    apply_time: Instant
    update_time: Instant
    status: int = ASKED
    deadline: Instant = 0
    refund_status: int = WAITING
    refund_time: Instant = 0
    real_refund: int = 0
    final_time: Instant = 0
    got_pkg: int = 0
    address_id: str = ""
    return_carrier: str = ""
    return_no: str = ""
    return_time: Instant = 0
    reship_carrier: str = ""
    reship_no: str = ""
    reship_time: Instant = 0
    extended: bool = False
    by_platform: bool = False
    arbitration: Arbitration | None = None
    records: list[Record] = field(default_factory=list)
    remarks: list[tuple[Instant, str]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATES

    @property
    def partial(self) -> bool:
        return self.amount < self.line.pay_amount

    @property
    def waits_for_merchant(self) -> bool:
        proof = self.arbitration is not None and self.arbitration.status == PROOF_WANTED
        return self.status in (ASKED, TO_RESHIP, SENT_BACK) or proof


@dataclass
class Cases:
    known: dict[str, Case] = field(default_factory=dict)

    def of_line(self, line: Line) -> Iterator[Case]:
        return (case for case in self.known.values() if case.line is line)

    def running(self, line: Line) -> Case | None:
        return next((case for case in self.of_line(line) if case.is_open), None)


# --- telling ----------------------------------------------------------------------------------------------------------


def _about(shop: Shop, case: Case) -> dict[str, object]:
    return {
        "p_id": int(case.order.id),
        "s_id": int(case.line.id),
        "shop_id": int(shop.id),
        "aftersale_id": int(case.id),
        "aftersale_type": case.kind,
    }


def _push(shop: Shop, case: Case, tag: int, **stamp: Instant) -> None:
    money = {"refund_amount": case.amount, "refund_post_amount": case.post, "refund_voucher_num": 0}
    data = {"reason_code": case.reason.code, **money, "update_time": case.update_time, "aftersale_status": case.status}
    shop.emit(tag, {**_about(shop, case), **data, **stamp})


def _push_arbitration(shop: Shop, case: Case, tag: int, **more: int) -> None:
    found = case.arbitration
    if found is not None:
        states = {"aftersale_status": case.status, "arbitrate_id": found.id, "arbitrate_status": found.status}
        shop.emit(tag, {**_about(shop, case), **states, **more})


def note(shop: Shop, case: Case, role: int, action: str, text: str) -> None:
    case.records.append(Record(shop.now, role, action, text))


def _go(shop: Shop, case: Case, status: int) -> None:
    """Another step, with its deadline and what happens when that passes."""
    case.status, case.update_time = status, shop.now
    case.deadline = shop.now + STEP_SECONDS[status] if status in STEP_SECONDS else 0
    _show_on_line(case)
    if case.is_open:
        until = case.deadline
        shop.at(until, lambda now: step_over(shop, case, status, until))
    else:
        case.final_time = shop.now


def _show_on_line(case: Case) -> None:
    """The order shows the latest case of each line."""
    case.line.case_status, case.line.case_type, case.line.refund_status = case.status, case.kind, case.refund_status


def step_over(shop: Shop, case: Case, status: int, until: Instant) -> None:
    """The time of a step has run out; nothing happens where the case has gone on, or its time has been lengthened."""
    if case.status != status or case.deadline != until or _in_arbitration(case):
        return
    if status == RESHIPPED:
        received(shop, case)
    elif status in (ASKED, SENT_BACK, TO_RESHIP):
        case.by_platform = True
        _let_pass(shop, case)
    else:
        close(shop, case, "买家超时未处理，售后关闭")


def _let_pass(shop: Shop, case: Case) -> None:
    """The merchant has said nothing in time: the platform agrees; what cannot be sent by it is paid back."""
    if case.status == ASKED:
        agree(shop, case, "平台超时自动同意")
    elif case.kind in (EXCHANGE, REISSUE):
        case.amount = case.line.pay_amount - case.line.post
        _refund(shop, case, "商家超时未处理，平台退款")
    else:
        agree_again(shop, case, "平台超时自动同意")


def _in_arbitration(case: Case) -> bool:
    return case.arbitration is not None and case.arbitration.status in (IN_PROGRESS, PROOF_WANTED)


# --- the way of a case ------------------------------------------------------------------------------------------------


def open_case(shop: Shop, order: Order, line: Line, kind: int, *, reason: Reason, share: int = 100) -> Case | None:
    """The buyer asks; None where the line cannot have such a case now. `share`: percent of the line's price."""
    if not may_open(shop, order, line, kind):
        return None
    post = line.post if kind == REFUND_UNSHIPPED else 0
    amount = (line.pay_amount - line.post) * share // 100 + post if kind not in (EXCHANGE, REISSUE) else 0
    case = Case(
        id=shop.ids.new("case"),
        kind=kind,
        order=order,
        line=line,
        count=line.count,
        amount=amount,
        post=post,
        reason=reason,
        apply_time=shop.now,
        update_time=shop.now,
        got_pkg=int(bool(line.receipt_time)),
        refund_status=WAITING if amount else 0,
    )
    shop.part(Cases).known[case.id] = case
    note(shop, case, 1, "apply", "发起了售后申请")
    _go(shop, case, ASKED)
    _push(shop, case, 200, apply_time=shop.now)
    return case


def may_open(shop: Shop, order: Order, line: Line, kind: int) -> bool:
    if shop.part(Cases).running(line) is not None or line.refund_status == REFUNDED or not order.pay_time or not line.open:
        return False
    return (line.shipped == 0) == (kind == REFUND_UNSHIPPED)


def agree(shop: Shop, case: Case, words: str, address_id: str = "") -> None:
    """The first decision is yes."""
    if case.status != ASKED:
        return
    if case.kind in (REFUND_SHIPPED, REFUND_UNSHIPPED):
        _refund(shop, case, words)
        return
    note(shop, case, 2, "agree", words)
    if case.kind == REISSUE:
        _go(shop, case, TO_RESHIP)
        data = {"after_sale_status": case.status, "reason_code": case.reason.code, "update_time": case.update_time}
        shop.emit(227, {**_about(shop, case), **data})
        tell("case_agreed", shop, case)
        return
    case.address_id = address_id or shop.part(Places).for_returns.id
    _go(shop, case, TO_SEND_BACK)
    _push(shop, case, 202, agree_time=shop.now)
    tell("case_agreed", shop, case)


def send_back(shop: Shop, case: Case, carrier_code: str, number: str) -> None:
    """The buyer has sent the goods back."""
    if case.status != TO_SEND_BACK:
        return
    case.return_carrier, case.return_no, case.return_time = carrier_code, number, shop.now
    note(shop, case, 1, "return", "买家已退货")
    _go(shop, case, SENT_BACK)
    _push(shop, case, 203, return_time=shop.now)


def agree_again(shop: Shop, case: Case, words: str) -> None:
    """The goods are back and in order: refund."""
    if case.status == SENT_BACK and case.kind == RETURN:
        _refund(shop, case, words)


def reship(shop: Shop, case: Case, carrier_code: str, number: str) -> None:
    """Other goods are on the way to the buyer: after an exchange, or what was missing."""
    if case.status not in (SENT_BACK, TO_RESHIP) or case.kind not in (EXCHANGE, REISSUE):
        return
    case.reship_carrier, case.reship_no, case.reship_time = carrier_code, number, shop.now
    note(shop, case, 2, "ship", "商家已发货")
    _go(shop, case, RESHIPPED)
    if case.kind == EXCHANGE:
        _push(shop, case, 211, apply_time=shop.now)
    else:
        data = {"aftersale_status": case.status, "reason_code": case.reason.code, "update_time": case.update_time}
        shop.emit(226, {**_about(shop, case), **data})


def received(shop: Shop, case: Case) -> None:
    if case.status == RESHIPPED:
        _go(shop, case, RECEIVED)


def _refund(shop: Shop, case: Case, words: str) -> None:
    """The money goes back; it is there a little later."""
    note(shop, case, 2, "agree", words)
    case.refund_status = RUNNING
    _go(shop, case, DONE)
    _push(shop, case, 201, agree_time=shop.now)
    shop.after(REFUND_SECONDS, lambda now: _paid_back(shop, case))


def _paid_back(shop: Shop, case: Case) -> None:
    case.refund_status, case.refund_time, case.real_refund, case.update_time = REFUNDED, shop.now, case.amount, shop.now
    _show_on_line(case)
    refunded(shop, case.order, case.line, case.amount, whole=not case.partial)
    _push(shop, case, 206, success_time=shop.now)
    tell("line_refunded", shop, case.order, case.line, case)


def refuse(shop: Shop, case: Case, words: str) -> None:
    """The merchant says no; the buyer may ask the platform to decide."""
    if case.status not in (ASKED, SENT_BACK):
        return
    first = case.status == ASKED
    note(shop, case, 2, "refuse", words)
    _go(shop, case, REFUSED if first else REFUSED_AGAIN)
    goods_come_back = case.kind in (RETURN, EXCHANGE, REISSUE) and first
    _push(shop, case, 205 if goods_come_back else 204, refuse_time=shop.now)


def refuse_pending(shop: Shop, order: Order, line: Line) -> bool:
    """Refuse the refund that a line waits for and ship: whether that could be done."""
    case = shop.part(Cases).running(line)
    if case is None or case.status != ASKED:
        return False
    refuse(shop, case, "商品已发出")
    close(shop, case, "商家已发货，退款关闭")
    return True


def close(shop: Shop, case: Case, words: str) -> None:
    """The end without money; the refund status stays what it was."""
    if not case.is_open:
        return
    note(shop, case, 1, "close", words)
    _go(shop, case, CLOSED)
    _push(shop, case, 207, close_time=shop.now)


def change(shop: Shop, case: Case, share: int) -> None:
    """The buyer asks for another amount; the step begins anew."""
    if case.status == ASKED and case.amount:
        case.amount = max(1, case.amount * share // 100)
        note(shop, case, 1, "modify", "买家修改了售后申请")
        _go(shop, case, ASKED)
        _push(shop, case, 208, modify_time=shop.now)


def extend(shop: Shop, case: Case) -> None:
    """The current step lasts longer, once."""
    status, case.extended = case.status, True
    case.deadline += EXTENSION_SECONDS
    until = case.deadline
    shop.at(until, lambda now: step_over(shop, case, status, until))
    data = {"aftersale_status": case.status, "status_deadline": case.deadline}
    shop.emit(209, {**_about(shop, case), **data})


# --- the platform decides ---------------------------------------------------------------------------------------------


def arbitrate(shop: Shop, case: Case) -> None:
    """The buyer asks the platform, which asks the merchant for proof."""
    if case.status not in (REFUSED, REFUSED_AGAIN) or case.arbitration is not None:
        return
    case.arbitration = Arbitration(shop.ids.new("arbitration"), shop.now, shop.now)
    note(shop, case, 1, "arbitrate", "买家申请平台介入")
    _push_arbitration(shop, case, 212)
    shop.after(2 * HOUR, lambda now: _want_proof(shop, case))


def _want_proof(shop: Shop, case: Case) -> None:
    found = case.arbitration
    if found is None or found.status != IN_PROGRESS:
        return
    found.status, found.deadline, found.update_time = PROOF_WANTED, shop.now + PROOF_SECONDS, shop.now
    _push_arbitration(shop, case, 213)
    shop.at(found.deadline, lambda now: _decide(shop, case) if found.status == PROOF_WANTED else None)


def give_proof(shop: Shop, case: Case, proof: list[str]) -> None:
    found = case.arbitration
    if found is None:
        return
    found.status, found.deadline, found.update_time = IN_PROGRESS, 0, shop.now
    found.proof += proof
    note(shop, case, 2, "evidence", "商家上传凭证")
    _push_arbitration(shop, case, 214)
    shop.after(ARBITRATION_SECONDS, lambda now: _decide(shop, case))


def _decide(shop: Shop, case: Case) -> None:
    """Who shows nothing loses; who shows proof wins half of the time."""
    found = case.arbitration
    if found is None or not _in_arbitration(case):
        return
    merchant = bool(found.proof) and shop.chance("arbitration").random() < 0.5
    found.conclusion, found.update_time, found.deadline = (FOR_MERCHANT if merchant else FOR_BUYER), shop.now, 0
    found.status = ENDED
    _push_arbitration(shop, case, 216, arbitrate_conclusion=found.conclusion)
    if merchant:
        close(shop, case, "平台支持商家，售后关闭")
    elif case.amount:
        _refund(shop, case, "平台支持买家，退款")
    else:
        close(shop, case, "平台支持买家，线下处理")
