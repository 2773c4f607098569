"""What can be done about an order beside shipping it, and its personal data (fact sheet sections 6 and 7)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from storeward.connectors.contract import Failure, Level, Parse, Parsed, Problem, Request, Retry
from storeward.connectors.wire import Id, Notes, Wire, elements_of, is_null, read

from .envelope import About, keep_answer, members_of, open_answer, receipt_parser
from .requests import read as ask
from .requests import some, write

LONGEST_REMARK: Final = 60
MOST_CIPHERS: Final = 50
FEN: Final = Decimal(100)

ADDRESS, NAME, PHONE = 1, 2, 3
"""Kinds of personal data to encrypt."""


def remark_request(order_id: str, remark: str, *, star: int | None = None) -> Request:
    """Set the seller's remark (it replaces the one before) and, where given, the flag 0 to 5."""
    if len(remark) > LONGEST_REMARK:
        raise ValueError(f"a remark may have {LONGEST_REMARK} characters, not {len(remark)}")
    flagged = {"is_add_star": "true", "star": str(star)} if star is not None else {}
    return write("order.addOrderRemark", {"order_id": order_id, "remark": remark, **flagged}, about={"order_id": order_id})


def cut_price_request(order_id: str, cuts: Mapping[str, Decimal]) -> Request:
    """Lower an unpaid order's price: line -> by how many yuan."""
    rows = [{"order_id": line_id, "discount_amount": fen_of(cut)} for line_id, cut in cuts.items()]
    return write("order.updateOrderAmount", {"pid": order_id, "update_detail": rows}, about={"order_id": order_id})


def freight_request(order_id: str, freight: Decimal) -> Request:
    """Set an unpaid order's freight, in yuan."""
    told = {"order_id": order_id, "post_amount": fen_of(freight)}
    return write("order.updatePostAmount", told, about={"order_id": order_id})


def fen_of(yuan: Decimal) -> int:
    """Whole fen; raises ValueError where the amount has less than that in it."""
    fen = yuan * FEN
    if fen != int(fen):
        raise ValueError(f"{yuan} yuan is no whole number of fen")
    return int(fen)


AGREED: Final = 0
PICKING, PACKING, IN_WAREHOUSE, LEAVING, SHIPPING = 1001, 1002, 1003, 1004, 1005
"""Why a change of address is refused: how far the order has got."""


def answer_address_change_request(order_id: str, answer: int) -> Request:
    """Agree to the address that the buyer asks for, or refuse it with the stage that the order is in."""
    return write("order.addressConfirm", {"order_id": order_id, "is_approved": answer}, about={"order_id": order_id})


def deadline_change_request(order_id: str) -> Request:
    """Who asks to change the order's time to ship; what it answers is not documented."""
    return ask("order.deliverTimeChangeTaskInfo", {"shop_order_id": order_id}, about={"order_id": order_id})


def answer_deadline_change_request(
    order_id: str, task_id: str, *, reject_code: str | None = None, reject_reason: str | None = None
) -> Request:
    told = {"shop_order_id": order_id, "task_id": task_id, "reject_code": reject_code, "reject_reason": reject_reason}
    return write("order.deliverTimeChangeConfirm", told, about={"order_id": order_id})


def decrypt_request(ciphers: Sequence[tuple[str, str]]) -> Request:
    """Cipher texts in the clear: (order, cipher text) of each. There is a daily quota, of which no figure is known."""
    return ask("order.batchDecrypt", {"cipher_infos": _ciphers(ciphers)})


def mask_request(ciphers: Sequence[tuple[str, str]]) -> Request:
    """Cipher texts with all but a few characters hidden."""
    return ask("order.batchSensitive", {"cipher_infos": _ciphers(ciphers)})


def encrypt_request(texts: Sequence[tuple[str, str, int]]) -> Request:
    """(order, text, kind) of each as cipher text."""
    rows = [
        {"auth_id": order_id, "plain_text": text, "sensitive_type": kind, "is_support_index": True}
        for order_id, text, kind in some(texts, MOST_CIPHERS, "texts")
    ]
    return ask("order.batchEncrypt", {"batch_encrypt_list": rows})


def search_index_request(texts: Sequence[tuple[str, int]]) -> Request:
    """(text, kind) of each as an index by which own data can be searched."""
    rows = [{"plain_text": text, "encrypt_type": kind} for text, kind in some(texts, MOST_CIPHERS, "texts")]
    return ask("order.BatchSearchIndex", {"plain_text_list": rows})


def _ciphers(ciphers: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"auth_id": order_id, "cipher_text": text} for order_id, text in some(ciphers, MOST_CIPHERS, "cipher texts")]


class RowResult(Wire):
    """A row's own result, or that of the batch as a whole."""

    auth_id: Id = None
    err_no: Id = None
    err_msg: str | None = None


def _rows_parser(method: str, field: str) -> Parse:
    """A look-up whose rows fail by themselves: the whole as `answer`, each row that failed as a failure."""

    def parse(body: bytes, about: About) -> Parsed:
        parsed, data = open_answer(body, method)
        if data is None:
            return parsed
        keep_answer(data, parsed, ())
        members = members_of(data, parsed)
        rows = [(f"data.{field}[{nth}]", raw) for nth, raw in enumerate(elements_of(members.get(field)) or ())]
        if "custom_err" in members and not is_null(members["custom_err"]):
            rows.append(("data.custom_err", members["custom_err"]))
        for path, raw in rows:
            row = read(raw, RowResult, Notes(path, parsed.problems)) or RowResult()
            code = "" if row.err_no is None else str(row.err_no)
            if code not in ("", "0"):
                message = row.err_msg or "no message"
                parsed.problems.append(Problem(f"{path}.err_no", message, Level.PLATFORM, Failure(code, Retry.NEVER)))
        return parsed

    return parse


parse_remarked = receipt_parser("order.addOrderRemark")
parse_price_cut = receipt_parser("order.updateOrderAmount")
parse_freight = receipt_parser("order.updatePostAmount")
parse_address_answer = receipt_parser("order.addressConfirm")
parse_deadline_change = receipt_parser("order.deliverTimeChangeTaskInfo")
parse_deadline_answer = receipt_parser("order.deliverTimeChangeConfirm")
parse_decrypted = _rows_parser("order.batchDecrypt", "decrypt_infos")
parse_masked = _rows_parser("order.batchSensitive", "decrypt_infos")
parse_encrypted = _rows_parser("order.batchEncrypt", "encrypt_infos")
parse_search_index = _rows_parser("order.BatchSearchIndex", "plain_to_encrypt_index_list")
