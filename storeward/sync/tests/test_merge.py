"""Records that several calls tell parts of."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from storeward import canon
from storeward.lib.money import Money
from storeward.sync.merge import merge

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def listing(*skus: canon.Sku, whole: bool = True, title: str | None = "Mug") -> canon.Listing:
    word = "ACTIVATE" if whole else None
    status = canon.ListingStatus.LIVE if whole else canon.ListingStatus.UNKNOWN
    return canon.Listing(
        platform_listing_id="1", title=title, platform_status=word, status=status, skus=skus, skus_complete=whole
    )


def sku(number: str, *, available: int | None = None, committed: int | None = None, price: str | None = None) -> canon.Sku:
    money = None if price is None else Money(Decimal(price), "MYR")
    stock = canon.WarehouseStock(platform_warehouse_id="w", available=available, committed=committed)
    return canon.Sku(platform_sku_id=number, available=available, committed=committed, price=money, warehouses=(stock,))


def test_a_stock_answer_keeps_title_status_and_price() -> None:
    told = merge(
        listing(sku("a", available=5, price="9.90")), listing(sku("a", available=3, committed=2), whole=False, title=None)
    )
    assert isinstance(told, canon.Listing)
    assert (told.title, told.status) == ("Mug", canon.ListingStatus.LIVE)
    assert told.skus[0].price == Money(Decimal("9.90"), "MYR")
    assert (told.skus[0].available, told.skus[0].committed) == (3, 2)


def test_a_stock_answer_about_one_sku_keeps_the_others_and_a_whole_answer_drops_what_is_gone() -> None:
    held = listing(sku("a", available=5), sku("b", available=6))
    told = merge(held, listing(sku("b", available=1), whole=False))
    assert isinstance(told, canon.Listing)
    assert {one.platform_sku_id: one.available for one in told.skus} == {"a": 5, "b": 1}
    gone = merge(told, listing(sku("b", available=1)))
    assert isinstance(gone, canon.Listing)
    assert [one.platform_sku_id for one in gone.skus] == ["b"]


def test_the_product_search_does_not_undo_what_the_inventory_search_told() -> None:
    stock = listing(sku("a", available=5, committed=2), whole=False, title=None)
    products = listing(sku("a", available=5))
    once = merge(merge(merge(None, products), stock), products)
    assert merge(merge(once, stock), products) == once


def test_an_answer_without_further_words_keeps_those_that_are_held() -> None:
    held = canon.Listing(platform_listing_id="1", platform_more={"condition": "NEW"}, skus_complete=False)
    told = canon.Listing(platform_listing_id="1", title="Mug", skus_complete=False)
    assert merge(held, told) == canon.Listing(
        platform_listing_id="1", title="Mug", platform_more={"condition": "NEW"}, skus_complete=False
    )


def test_a_session_brings_the_session_and_nothing_else() -> None:
    held = canon.Conversation(platform_conversation_id="c", buyer_name="Ana", updated_at=NOON)
    session = canon.ChatSession(platform_session_id="s", first_response_seconds=40, began_at=NOON)
    told = merge(held, canon.Conversation(platform_conversation_id="c", session=session, complete=False))
    assert told == canon.Conversation(platform_conversation_id="c", buyer_name="Ana", updated_at=NOON, session=session)


def test_of_several_sessions_the_latest_counts_in_whatever_order_they_come() -> None:
    old = canon.ChatSession(platform_session_id="1", began_at=NOON.replace(hour=8))
    new = canon.ChatSession(platform_session_id="2", began_at=NOON)
    talks = [canon.Conversation(platform_conversation_id="c", session=one, complete=False) for one in (old, new)]
    forwards, backwards = merge(talks[0], talks[1]), merge(talks[1], talks[0])
    assert isinstance(forwards, canon.Conversation)
    assert isinstance(backwards, canon.Conversation)
    assert forwards.session == backwards.session == new


def test_a_short_form_of_a_message_does_not_take_its_text_away() -> None:
    whole = canon.Message(
        platform_message_id="m", platform_role="BUYER", role=canon.SenderRole.BUYER, text="hi", position=4, sent_at=NOON
    )
    assert merge(whole, canon.Message(platform_message_id="m")) == whole


texts = st.none() | st.sampled_from(["BUYER", "ROBOT", "x"])


@given(
    st.builds(
        canon.Message, platform_message_id=st.just("m"), text=texts, platform_type=texts, position=st.none() | st.integers()
    )
)
def test_merging_the_same_twice_changes_nothing(message: canon.Message) -> None:
    assert merge(message, message) == message
    assert merge(merge(None, message), message) == message


def test_an_edit_tells_a_part_of_the_page_and_an_empty_word_is_told() -> None:
    def page(content: canon.ListingContent | None) -> canon.Listing:
        return canon.Listing(platform_listing_id="1", skus_complete=False, content=content)

    held = page(canon.ListingContent(description="old", images=3, brand="Luna", attributes={"Material": "Wool"}))
    edited = merge(held, page(canon.ListingContent(description="", attributes={})))
    assert isinstance(edited, canon.Listing)
    assert edited.content == canon.ListingContent(description="", images=3, brand="Luna", attributes={})
    for silent in (merge(held, page(None)), merge(page(None), held)):
        assert isinstance(silent, canon.Listing)
        assert silent.content == held.content
