"""Labels, older documents, and tracking."""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from storeward_sandbox.clock import MINUTE
from storeward_sandbox.lazada.errors import ApiError
from storeward_sandbox.lazada.orders import deliver, pack, ready, repack, scan
from storeward_sandbox.lazada.packages import Package
from storeward_sandbox.lazada.papers import GOOD_FOR, Print, label_file
from storeward_sandbox.lazada.shop import Shop
from storeward_sandbox.lazada.tests.byhand import order, shelf
from storeward_sandbox.lazada.tests.support import Json, Running, ask, checked, go, running

LABEL, OLDER, TRACE = "/order/package/document/get", "/order/document/get", "/logistic/order/trace"


def parcel(shop: Shop, **how: Any) -> Package:
    made = order(shop, **how)
    return pack(shop, made, made.lines)[0]


def label(shop: Shop, *packages: str, kind: str = "PDF", **more: Any) -> Json:
    request = {"doc_type": kind, "packages": [{"package_id": one} for one in packages], **more}
    found: Json = checked(shop, LABEL, getDocumentReq=request)
    return found


# --- labels -----------------------------------------------------------------------------------------------------------


def test_a_label_is_a_frame_around_a_link() -> None:
    shop = shelf()
    found = label(shop, parcel(shop).id)["data"]
    frame = b64decode(found["file"]).decode()
    assert frame.startswith("<iframe")
    assert found["pdf_url"] in frame
    assert found["doc_type"] == "PDF"


def test_html_labels_hold_the_words_themselves() -> None:
    shop = shelf()
    package = parcel(shop)
    found = label(shop, package.id, kind="HTML")["data"]
    assert package.id in b64decode(found["file"]).decode()
    assert "pdf_url" not in found


@pytest.mark.parametrize(
    ("kind", "state", "code"),
    [("PNG", "packed", "30012"), ("PDF", "gone", "700040"), ("PDF", "own", "50008"), ("PDF", "unknown", "700040")],
)
def test_what_cannot_be_printed_is_refused_under_code_0(kind: str, state: str, code: str) -> None:
    shop = shelf()
    package = parcel(shop, own_fleet=state == "own")
    if state == "gone":
        repack(shop, package)
    answer = label(shop, "FP1" if state == "unknown" else package.id, kind=kind)
    assert (answer["success"], answer["error_code"]) == (False, code)


def test_no_package_or_too_many_are_refused() -> None:
    shop = shelf()
    assert label(shop)["error_code"] == "700022"
    assert label(shop, *["FP1"] * 21)["error_code"] == "700022"


def test_all_parcels_of_a_request_are_in_one_file() -> None:
    shop = shelf()
    ids = [parcel(shop).id, parcel(shop).id]
    plain = PdfReader(BytesIO(label_file(shop, Print(tuple(ids), False, 0))))
    assert len(plain.pages) == 2
    with_goods = PdfReader(BytesIO(label_file(shop, Print(tuple(ids), True, 0))))
    assert len(with_goods.pages) == 4
    words = with_goods.pages[0].extract_text()
    assert ids[0] in words
    assert shop.packages[ids[0]].tracking_number in words
    assert "1 x Mug" in with_goods.pages[1].extract_text()


@pytest.mark.parametrize(("method", "words"), [("COD", "CASH ON DELIVERY"), ("MIXEDCARD", "PREPAID")])
def test_a_label_says_whether_money_is_due(method: str, words: str) -> None:
    shop = shelf()
    package = parcel(shop, method=method)
    assert words in PdfReader(BytesIO(label_file(shop, Print((package.id,), False, 0)))).pages[0].extract_text()


@pytest.fixture(scope="module")
def world() -> Iterator[Running]:
    with running(stores=1, seed=4) as found:
        yield found


def test_a_link_lives_ten_minutes(world: Running) -> None:
    store = world.stores[0]
    shop = world.shop(store)
    world.control("/truth")  # so that its past has been lived
    package = next(one for one in shop.packages.values() if one.status == "packed")
    request = {"doc_type": "PDF", "packages": [{"package_id": package.id}], "print_item_list": True}
    url = world.ask(LABEL, {"getDocumentReq": request})["data"]["pdf_url"]
    answer = world.http.get(url)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    world.control("/clock", {"advance": f"{GOOD_FOR - 1}s"})
    assert world.http.get(url).status_code == 200
    world.control("/clock", {"advance": "1s"})
    assert world.http.get(url).status_code == 403
    assert world.http.get(url.replace(".pdf", "0.pdf")).status_code == 404
    assert world.http.get(url.replace(store["id"], "1")).status_code == 404


# --- older documents --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["invoice", "shippingLabel", "carrierManifest"])
def test_older_documents_are_html_for_packed_pieces(kind: str) -> None:
    shop = shelf()
    package = parcel(shop)
    found = checked(shop, OLDER, doc_type=kind, order_item_ids=[int(package.line_ids[0])])["document"]
    assert (found["mime_type"], found["document_type"]) == ("text/html", kind)
    assert package.tracking_number in b64decode(found["file"]).decode()


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"doc_type": "poem"}, "32"),
        ({"order_item_ids": [1]}, "20"),
        ({"order_item_ids": []}, "20"),
        ({"order_item_ids": "x"}, "1001"),
    ],
)
def test_older_documents_have_codes(params: Json, code: str) -> None:
    shop = shelf()
    package = parcel(shop)
    asked = {"doc_type": "invoice", "order_item_ids": [int(package.line_ids[0])], **params}
    with pytest.raises(ApiError) as refusal:
        ask(shop, OLDER, **asked)
    assert refusal.value.code == code


def test_a_document_comes_after_packing() -> None:
    shop = shelf()
    made = order(shop)
    with pytest.raises(ApiError) as refusal:
        ask(shop, OLDER, doc_type="shippingLabel", order_item_ids=[int(made.lines[0].id)])
    assert refusal.value.code == "34"


# --- tracking ---------------------------------------------------------------------------------------------------------


def test_tracking_tells_what_happened_to_each_parcel() -> None:
    shop = shelf()
    package = parcel(shop)
    ready(shop, package)
    go(shop, MINUTE)
    scan(shop, package)
    go(shop, MINUTE)
    deliver(shop, package)
    found = checked(shop, TRACE, order_id=package.order.id)["module"][0]["package_detail_info_list"]
    assert [one["ofc_package_id"] for one in found] == [package.id]
    events = found[0]["logistic_detail_info_list"]
    assert [(event["detail_type"], event["status_code"]) for event in events] == [
        ("ready_to", "1200"), ("shipped", "1300"), ("delivered", "1500"),
    ]  # fmt: skip
    assert events[2]["event_time"] - events[1]["event_time"] == MINUTE * 1000
    assert events[2]["package_location_name"] == package.order.buyer.city


def test_tracking_can_be_asked_for_single_parcels() -> None:
    shop = shelf(warehouses=2)
    made = order(shop, pieces=2)
    made.lines[1].warehouse = "WH-2"
    one, two = pack(shop, made, made.lines)
    for package in (one, two):
        ready(shop, package)
    both = checked(shop, TRACE, order_id=made.id)["module"][0]["package_detail_info_list"]
    assert len(both) == 2
    single = checked(shop, TRACE, order_id=made.id, ofcPackageIdList=[two.id])["module"][0]["package_detail_info_list"]
    assert [row["ofc_package_id"] for row in single] == [two.id]


def test_unknown_orders_and_those_that_have_not_left_have_no_tracking() -> None:
    shop = shelf()
    package = parcel(shop)
    for order_id, words in (("1", "LD_INPUT_PARAM_VALID"), (package.order.id, "LD_INVOKE_DOWNSTREAM_RESPONSE_BLANK")):
        found = checked(shop, TRACE, order_id=order_id)
        assert found["success"] is False
        assert found["not_success"] is True
        assert found["error_code"]["displayMessage"] == words
