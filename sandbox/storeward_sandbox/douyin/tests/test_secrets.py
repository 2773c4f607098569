"""Personal data: cipher texts that only their shop can read, masks, and the calls that deal with them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.clock import DAY
from storeward_sandbox.douyin.ciphers import (
    ADDRESS,
    NAME,
    PHONE,
    deciphered,
    enciphered,
    masked,
    receiver,
    receiver_of,
    search_index,
)
from storeward_sandbox.douyin.errors import ApiError
from storeward_sandbox.douyin.people import AREAS, GIVEN, SURNAMES, Buyer, Buyers, someone, street_detail
from storeward_sandbox.douyin.shop import Shop
from storeward_sandbox.douyin.tests.support import Json, ask, bare_shop, buy, checked, make_shop

PLAIN = st.text(min_size=1, max_size=30)
KINDS = st.sampled_from((ADDRESS, NAME, PHONE))


# --- cipher texts -----------------------------------------------------------------------------------------------------


@given(KINDS, PLAIN)
def test_a_shop_reads_its_own_cipher_texts(kind: int, plain: str) -> None:
    text = enciphered("4463798", kind, plain)
    assert deciphered("4463798", text) == (kind, plain)
    assert plain not in text or len(plain) < 3


@given(KINDS, PLAIN)
def test_another_shop_does_not(kind: int, plain: str) -> None:
    assert deciphered("4463799", enciphered("4463798", kind, plain)) is None


@given(st.text(max_size=40))
def test_any_other_text_is_no_cipher_text(text: str) -> None:
    found = deciphered("4463798", text)
    assert found is None or enciphered("4463798", *found) == text


@pytest.mark.parametrize(
    "text", ["", "#", "$", "##", "$$", "#a#b#c#", "$bW5vcHFyc3R1dg==$1$", "#a1b2#c3d4e5f6==#1#", "13800000000", "#x#@@@@#1#"]
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert deciphered("4463798", text) is None


def test_phones_and_names_look_different() -> None:
    phone, name = enciphered("1", PHONE, "13800000000"), enciphered("1", NAME, "陈静")
    assert (phone[0], phone[-3:]) == ("$", "$1$")
    assert (name[0], name[-3:], name.count("#")) == ("#", "#1#", 4)
    assert enciphered("1", NAME, "") == ""


def test_equal_texts_have_equal_indices_in_a_shop_only() -> None:
    assert search_index("1", "陈静") == search_index("1", "陈静")
    assert search_index("1", "陈静") != search_index("2", "陈静")
    assert enciphered("1", NAME, "陈静")[1:5] == search_index("1", "陈静")[:4]


@pytest.mark.parametrize(
    ("kind", "plain", "shown"),
    [
        (PHONE, "13812345676", "1********76"),
        (NAME, "陈静", "陈*"),
        (NAME, "王建国", "王**"),
        (NAME, "李", "李"),
        (ADDRESS, "转塘街道1号", "转***********号"),
    ],
)
def test_masks_show_as_little_as_the_platform_does(kind: int, plain: str, shown: str) -> None:
    assert masked(kind, plain) == shown


# --- people -----------------------------------------------------------------------------------------------------------


def test_the_receiver_of_an_order_is_never_plain() -> None:
    buyer = Buyer("1@#x", "陈静", "13812345676", AREAS[0], "文三路1号")
    text = json.dumps(receiver("1", buyer, "人民路2号"), ensure_ascii=False)
    for plain in ("陈静", "13812345676", "文三路1号", "人民路2号"):
        assert plain not in text
    assert "浙江省" in text
    told = receiver_of("1", buyer, "人民路2号")
    where = json.loads(told["addr"])
    assert where["city"] == {"name": "杭州市", "id": "330100"}
    assert deciphered("1", where["detail"]) == (ADDRESS, "人民路2号")
    assert deciphered("1", told["tel"]) == (PHONE, "13812345676")


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.street[1])
def test_places_have_numbers_that_fit_into_one_another(area: Any) -> None:
    assert area.city[1].startswith(area.province[1])
    assert area.town[1].startswith(area.city[1][:4])
    assert area.street[1].startswith(area.town[1])
    assert [len(one[1]) for one in (area.province, area.city, area.town, area.street)] == [2, 6, 6, 9]


def test_buyers_come_back_now_and_then() -> None:
    shop = bare_shop()
    met = [someone(shop) for _ in range(200)]
    known = shop.part(Buyers).known
    assert len(known) < 200
    assert len({buyer.open_id for buyer in known}) == len(known)
    assert {id(buyer) for buyer in met} == {id(buyer) for buyer in known}


def test_buyers_have_chinese_names_phones_and_streets() -> None:
    shop = bare_shop()
    for buyer in (someone(shop) for _ in range(50)):
        assert buyer.name[0] in SURNAMES
        assert buyer.name[1:] in GIVEN
        assert buyer.phone.isdigit()
        assert len(buyer.phone) == 11
        assert "号" in buyer.detail
    assert "幢" in street_detail(shop.chance("x"))


# --- the calls --------------------------------------------------------------------------------------------------------


@pytest.fixture
def shop() -> Shop:
    return bare_shop()


def refusal(shop: Shop, method: str, **params: Any) -> str:
    with pytest.raises(ApiError) as refused:
        ask(shop, method, **params)
    return f"{refused.value.code} {refused.value.sub_code}"


def secrets_of(shop: Shop) -> tuple[str, Json, Any]:
    """The number of an order, its shown fields, and the order."""
    order = buy(shop)
    return order.id, checked(shop, "order.orderDetail", shop_order_id=order.id)["shop_order_detail"], order


def decrypt(shop: Shop, *pairs: tuple[str, str]) -> list[Json]:
    rows = [{"auth_id": number, "cipher_text": text} for number, text in pairs]
    found: list[Json] = checked(shop, "order.batchDecrypt", cipher_infos=rows)["decrypt_infos"]
    return found


def test_names_and_addresses_are_decrypted(shop: Shop) -> None:
    number, shown, order = secrets_of(shop)
    name, street = decrypt(shop, (number, shown["encrypt_post_receiver"]), (number, shown["post_addr"]["encrypt_detail"]))
    assert (name["decrypt_text"], name["data_type"], name["is_virtual_tel"]) == (order.buyer.name, NAME, False)
    assert (street["decrypt_text"], street["data_type"]) == (order.detail, ADDRESS)


def test_a_phone_is_decrypted_to_a_virtual_number(shop: Shop) -> None:
    number, shown, order = secrets_of(shop)
    phone = decrypt(shop, (number, shown["encrypt_post_tel"]))[0]
    assert phone["is_virtual_tel"] is True
    assert phone["decrypt_text"] == f"{phone['phone_no_a']}-{phone['phone_no_b']}"
    assert phone["expire_time"] == shop.now + 30 * DAY
    assert order.buyer.phone not in str(phone)
    assert decrypt(shop, (number, shown["encrypt_post_tel"]))[0] == phone


def test_each_row_has_an_error_of_its_own(shop: Shop) -> None:
    number, shown, order = secrets_of(shop)
    good, stranger, rubbish = decrypt(
        shop,
        (number, shown["encrypt_post_receiver"]),
        ("1", shown["encrypt_post_receiver"]),
        (number, "$bW5vcHFyc3R1dg==$1$"),
    )
    assert (good["err_no"], good["decrypt_text"]) == (0, order.buyer.name)
    assert (stranger["err_no"] != 0, stranger["decrypt_text"]) == (True, "")
    assert (rubbish["err_no"] != 0, rubbish["decrypt_text"]) == (True, "")


def test_a_line_s_number_stands_for_its_order() -> None:
    shop = make_shop(orders_per_day=4.0)
    order = next(order for order in shop.orders.values() if len(order.lines) > 1)
    text = enciphered(shop.id, NAME, order.buyer.name)
    assert decrypt(shop, (order.lines[1].id, text))[0]["decrypt_text"] == order.buyer.name


def test_fifty_at_once_and_no_more(shop: Shop) -> None:
    number, shown, _ = secrets_of(shop)
    assert len(decrypt(shop, *[(number, shown["encrypt_post_tel"])] * 50)) == 50
    rows = [{"auth_id": number, "cipher_text": "x"}] * 51
    for method in ("order.batchDecrypt", "order.batchSensitive"):
        assert refusal(shop, method, cipher_infos=rows) == "40004 isv.parameter-invalid:1"
        assert refusal(shop, method) == "40002 isv.missing-parameter:1"


def test_masks_come_for_cipher_texts(shop: Shop) -> None:
    number, shown, _ = secrets_of(shop)
    rows = [{"auth_id": number, "cipher_text": shown[name]} for name in ("encrypt_post_tel", "encrypt_post_receiver")]
    found = checked(shop, "order.batchSensitive", cipher_infos=rows)["decrypt_infos"]
    assert [row["decrypt_text"] for row in found] == [shown["mask_post_tel"], shown["mask_post_receiver"]]


def test_own_texts_are_encrypted_and_can_be_read_again(shop: Shop) -> None:
    number, _, _ = secrets_of(shop)
    rows = [{"plain_text": text, "auth_id": number, "sensitive_type": kind} for text, kind in (("陈静", 2), ("13800000000", 3))]
    found = checked(shop, "order.batchEncrypt", batch_encrypt_list=rows)["encrypt_infos"]
    assert [deciphered(shop.id, row["cipher_text"]) for row in found] == [(NAME, "陈静"), (PHONE, "13800000000")]
    assert all(row["decrypt_text"] == "" for row in found)


@pytest.mark.parametrize("kind", [0, 4, None, "name", True])
def test_another_kind_of_text_is_refused(shop: Shop, kind: Any) -> None:
    rows = [{"plain_text": "x", "auth_id": "1", "sensitive_type": kind}]
    assert refusal(shop, "order.batchEncrypt", batch_encrypt_list=rows) == "40004 isv.parameter-invalid:1"


def test_own_records_are_found_by_an_index(shop: Shop) -> None:
    rows = [{"plain_text": text, "encrypt_type": 2} for text in ("陈静", "王敏", "陈静")]
    found = checked(shop, "order.BatchSearchIndex", plain_text_list=rows)["plain_to_encrypt_index_list"]
    assert [row["plain"] for row in found] == ["陈静", "王敏", "陈静"]
    assert found[0]["search_index"] == found[2]["search_index"] != found[1]["search_index"]
