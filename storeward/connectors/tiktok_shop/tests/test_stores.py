"""The stores of an authorisation."""

from pathlib import Path

from storeward.connectors.tiktok_shop import stores
from storeward.connectors.tiktok_shop.tests.samples import ok, parse, parse_sample, problems, told


def test_the_call_for_stores_names_none() -> None:
    request = stores.authorized_shops_request()
    assert (request.method, request.path, request.for_store) == ("GET", "/authorization/202309/shops", False)


def test_a_store_reads_in_full_in_our_name_of_its_market(shared_dir: Path) -> None:
    assert told(parse_sample(shared_dir, "getAuthorizedShops")) == [
        {
            "kind": "store",
            "platform_store_id": "7000714532876273420",
            "name": "Maomao beauty shop",
            "code": "CNGBCBA4LLU8",
            "region": "UK",
            "platform_region": "GB",
            "platform_seller_type": "CROSS_BORDER",
            "seller_type": "cross_border",
            "platform_handle": "GCP_XF90igAAAABh00qsWgtvOiGFNqyubMt3",
        }
    ]


def test_the_short_form_gives_what_it_has(shared_dir: Path) -> None:
    (record,) = told(parse_sample(shared_dir, "getActiveShops"))
    assert (record["platform_store_id"], record["region"]) == ("36123502970007", "UK")


def test_an_unknown_kind_of_seller_is_kept_as_a_word() -> None:
    (record,) = told(parse("getAuthorizedShops", ok(shops=[{"id": "1", "seller_type": "MARTIAN", "region": "MY"}])))
    assert (record["platform_seller_type"], record["region"]) == ("MARTIAN", "MY")
    assert "seller_type" not in record


def test_a_store_without_an_id_costs_itself() -> None:
    assert problems(parse("getAuthorizedShops", ok(shops=[{"name": "x"}]))) == [("data.shops[0].id", "error")]


def test_webhooks_are_set_and_removed_by_topic() -> None:
    put = stores.set_webhook_request("ORDER_STATUS_CHANGE", "https://hooks.example.com/x")
    gone = stores.remove_webhook_request("ORDER_STATUS_CHANGE")
    assert (put.method, gone.method) == ("PUT", "DELETE")
    assert put.body == b'{"address":"https://hooks.example.com/x","event_type":"ORDER_STATUS_CHANGE"}'
    assert gone.body == b'{"event_type":"ORDER_STATUS_CHANGE"}'
