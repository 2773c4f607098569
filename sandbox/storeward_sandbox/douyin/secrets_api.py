"""Personal data: reading cipher texts, masking them, making them, and finding one's own records by them."""

from collections.abc import Callable

from storeward_sandbox.clock import DAY

from .call import Call, Json, whole, words
from .ciphers import ADDRESS, NAME, PHONE, deciphered, enciphered, masked, search_index
from .errors import invalid
from .registry import operation
from .shop import Shop

PACKAGE = "order"
MOST = 50
VIRTUAL_HOST = "18400913965"
VIRTUAL_DAYS = 30
NO_ERROR: Json = {"err_code": 0, "err_msg": ""}
NOT_OURS = 300008
UNREADABLE = 300004


def _rows(call: Call, name: str) -> list[Json]:
    return call.objects(name, most=MOST)


def _is_ours(shop: Shop, number: str) -> bool:
    return number in shop.orders or any(line.id == number for order in shop.orders.values() for line in order.lines)


def _read(call: Call, show: Callable[[Json, int, str], Json]) -> Json:
    """One row for each cipher text, with an error of its own where it is not this shop's or no cipher text."""
    found = []
    for row in _rows(call, "cipher_infos"):
        number, text = (words(row.get(name) or "", name) for name in ("auth_id", "cipher_text"))
        base: Json = {"auth_id": number, "cipher_text": text, "decrypt_text": "", "err_no": 0, "err_msg": ""}
        plain = deciphered(call.shop.id, text)
        if not _is_ours(call.shop, number):
            base |= {"err_no": NOT_OURS, "err_msg": "订单不属于该店铺"}
        elif plain is None:
            base |= {"err_no": UNREADABLE, "err_msg": "密文不合法"}
        found.append(base if base["err_no"] or plain is None else show(base, *plain))
    return {"decrypt_infos": found, "custom_err": dict(NO_ERROR)}


@operation("order.batchDecrypt", package=PACKAGE)
def decrypt(call: Call) -> Json:
    """Plain texts; a phone comes as a virtual number with an extension, for some weeks."""

    def show(base: Json, kind: int, plain: str) -> Json:
        if kind != PHONE:
            told = {"is_virtual_tel": False, "expire_time": 0, "phone_no_a": "", "phone_no_b": ""}
            return {**base, "decrypt_text": plain, "data_type": kind, **told}
        extension = f"{sum(plain.encode()) * 7919 % 10000:04d}"
        return {
            **base,
            "decrypt_text": f"{VIRTUAL_HOST}-{extension}",
            "data_type": kind,
            "is_virtual_tel": True,
            "expire_time": call.now + VIRTUAL_DAYS * DAY,
            "phone_no_a": VIRTUAL_HOST,
            "phone_no_b": extension,
        }

    return _read(call, show)


@operation("order.batchSensitive", package=PACKAGE)
def sensitive(call: Call) -> Json:
    """The masked form of each."""
    return _read(call, lambda base, kind, plain: {**base, "decrypt_text": masked(kind, plain)})


@operation("order.batchEncrypt", package=PACKAGE)
def encrypt(call: Call) -> Json:
    """Cipher texts of the caller's own texts."""
    found = []
    for row in _rows(call, "batch_encrypt_list"):
        kind, plain = whole(row.get("sensitive_type"), "sensitive_type"), words(row.get("plain_text") or "", "plain_text")
        if kind not in (ADDRESS, NAME, PHONE):
            raise invalid("sensitive_type")
        text = enciphered(call.shop.id, kind, plain)
        number = words(row.get("auth_id") or "", "auth_id")
        found.append({"auth_id": number, "cipher_text": text, "decrypt_text": "", "err_no": 0, "err_msg": ""})
    return {"encrypt_infos": found, "custom_err": dict(NO_ERROR)}


@operation("order.BatchSearchIndex", package=PACKAGE)
def index(call: Call) -> Json:
    """By what a caller finds its own records again without keeping plain texts."""
    plain = [words(row.get("plain_text") or "", "plain_text") for row in _rows(call, "plain_text_list")]
    rows = [{"plain": text, "search_index": search_index(call.shop.id, text)} for text in plain]
    return {"plain_to_encrypt_index_list": rows, "custom_err": dict(NO_ERROR)}
