"""Personal data as the platform shows it: cipher texts that it can read again, and masks.

Names and addresses look like `#index#text#1#`, phones like `$text$1$`.
"""

import base64
import json
from hashlib import sha256
from itertools import cycle

from .people import Area, Buyer

ADDRESS, NAME, PHONE = 1, 2, 3
_MARK = {ADDRESS: "A", NAME: "N", PHONE: "P"}


def _stream(shop_id: str, data: bytes) -> bytes:
    key = sha256(f"douyin|{shop_id}".encode()).digest()
    return bytes(byte ^ mask for byte, mask in zip(data, cycle(key), strict=False))


def enciphered(shop_id: str, kind: int, plain: str) -> str:
    """The cipher text of one shop; "" stays ""."""
    if not plain:
        return ""
    body = base64.b64encode(_stream(shop_id, (_MARK[kind] + plain).encode())).decode()
    if kind == PHONE:
        return f"${body}$1$"
    return f"#{search_index(shop_id, plain)[:4]}#{body}#1#"


def deciphered(shop_id: str, text: str) -> tuple[int, str] | None:
    """(kind, plain text); None where it is no cipher text of this shop."""
    parts = text.strip("#$").split("#" if text.startswith("#") else "$")
    body = parts[1] if text.startswith("#") and len(parts) == 3 else parts[0]
    try:
        plain = _stream(shop_id, base64.b64decode(body, validate=True)).decode()
    except ValueError:
        return None
    kind = next((kind for kind, mark in _MARK.items() if plain[:1] == mark), None)
    return (kind, plain[1:]) if kind and enciphered(shop_id, kind, plain[1:]) == text else None


def search_index(shop_id: str, plain: str) -> str:
    """The same for equal texts of a shop, so that a caller can look its own records up."""
    return base64.b64encode(sha256(f"{shop_id}|{plain}".encode()).digest()[:12]).decode().replace("+", "a").replace("/", "b")


def masked(kind: int, plain: str) -> str:
    if kind == PHONE:
        return plain[:1] + "*" * 8 + plain[-2:]
    if kind == NAME:
        return plain[:1] + "*" * (len(plain) - 1)
    return plain[:1] + "*" * 11 + plain[-1:]


def place(area: Area) -> dict[str, dict[str, str]]:
    """Province, city, town and street, each with name and id."""
    levels = {"province": area.province, "city": area.city, "town": area.town, "street": area.street}
    return {level: {"name": name, "id": number} for level, (name, number) in levels.items()}


def receiver(shop_id: str, buyer: Buyer, detail: str) -> dict[str, object]:
    """The receiver's fields of an order and of its lines: nothing plain, cipher texts, masks."""
    name, phone = enciphered(shop_id, NAME, buyer.name), enciphered(shop_id, PHONE, buyer.phone)
    where = place(buyer.area)
    return {
        "post_tel": "",
        "encrypt_post_tel": phone,
        "post_receiver": "",
        "encrypt_post_receiver": name,
        "post_addr": {**where, "detail": "", "encrypt_detail": enciphered(shop_id, ADDRESS, detail)},
        "mask_post_receiver": masked(NAME, buyer.name),
        "mask_post_tel": masked(PHONE, buyer.phone),
        "mask_post_addr": {**where, "detail": masked(ADDRESS, detail)},
    }


def receiver_of(shop_id: str, buyer: Buyer, detail: str) -> dict[str, str]:
    """The receiver as pushes tell it: cipher texts, and the address as JSON text."""
    where = {**place(buyer.area), "detail": enciphered(shop_id, ADDRESS, detail)}
    return {
        "name": enciphered(shop_id, NAME, buyer.name),
        "tel": enciphered(shop_id, PHONE, buyer.phone),
        "addr": json.dumps(where, ensure_ascii=False, separators=(",", ":")),
    }
