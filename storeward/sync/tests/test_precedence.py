"""Which of two tellings of the same thing counts; what partial tellings may not touch; and what money adds up to."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from storeward import canon
from storeward.lib.money import Money
from storeward.records.models import BalanceEvent, Change, Conversation, Listing, Message, Order, Payload
from storeward.stores.models import Store
from storeward.sync.apply import Applied

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
Write = Callable[..., Applied]


def second(count: float | None) -> datetime | None:
    return None if count is None else NOW + timedelta(seconds=count)


def asked(count: float) -> datetime:
    return NOW + timedelta(seconds=count)


def order(word: str, at: float | None, number: str = "1") -> canon.Order:
    return canon.Order(platform_order_id=number, platform_status=word, status=canon.OrderStatus.UNKNOWN, updated_at=second(at))


# -- newer over older ----------------------------------------------------------------------------------------------------

# When the platform says it changed, and when we asked: of what is held, and of what comes. Then: does what comes count?
PRECEDENCE: list[tuple[float | None, float, float | None, float, bool]] = [
    (0, 0, 1, 1, True),
    (0, 0, 1, -60, True),
    (0, 0, 0.000001, 0, True),
    (0, 0, -0.000001, 60, False),
    (0, 0, -1, 1, False),
    (0, 0, -86_400, 3_600, False),
    (0, 0, 0, 1, True),
    (0, 0, 0, 0, True),
    (0, 0, 0, -1, False),
    (0, 60, 0, 59.999999, False),
    (0, 60, 0, 60, True),
    (None, 0, 0, 1, True),
    (None, 0, 0, -1, True),
    (None, 0, None, 1, True),
    (0, 0, None, 1, True),
]


@pytest.mark.parametrize(("held_at", "held_asked", "told_at", "told_asked", "counts"), PRECEDENCE)
def test_what_changed_later_on_the_platform_counts_and_of_equals_what_was_asked_later(
    write: Write, held_at: float | None, held_asked: float, told_at: float | None, told_asked: float, counts: bool
) -> None:
    write(order("HELD", held_at), asked_at=asked(held_asked))
    applied = write(order("TOLD", told_at), asked_at=asked(told_asked))
    assert applied.changes == (1 if counts else 0)
    row = Order.objects.get()
    assert row.platform_status == ("TOLD" if counts else "HELD")
    assert row.observed_at == asked(told_asked if counts else held_asked)
    assert Payload.objects.count() == (2 if counts else 1)
    assert Change.objects.count() == (2 if counts else 1)


@pytest.mark.parametrize(
    "arrivals",
    [
        (1, 2, 3),
        (1, 3, 2),
        (2, 1, 3),
        (2, 3, 1),
        (3, 1, 2),
        (3, 2, 1),
        (3, 3, 1),
        (1, 3, 3),
        (2, 1, 3, 1, 2),
    ],
)
def test_in_whatever_order_versions_arrive_the_last_one_stands(write: Write, arrivals: Sequence[int]) -> None:
    for turn, version in enumerate(arrivals):
        write(order(f"V{version}", version * 60), asked_at=asked(turn))
    assert Order.objects.get().platform_status == "V3"


def test_older_and_newer_of_different_orders_in_one_page_are_told_apart(write: Write) -> None:
    write(order("HELD", 0, "1"), order("HELD", 0, "2"), order("HELD", 0, "3"))
    applied = write(order("NEW", 1, "1"), order("OLD", -1, "2"), order("HELD", 0, "3"), order("NEW", 0, "4"), asked_at=asked(5))
    assert sorted(applied.changed["order"]) == ["1", "4"]
    assert applied.seen == 4
    assert dict(Order.objects.values_list("platform_id", "platform_status")) == {"1": "NEW", "2": "HELD", "3": "HELD", "4": "NEW"}


def test_ids_are_text_and_a_leading_zero_makes_another_thing(write: Write) -> None:
    write(order("A", 0, "7"), order("B", 0, "07"))
    assert dict(Order.objects.values_list("platform_id", "platform_status")) == {"7": "A", "07": "B"}


def test_an_empty_page_writes_nothing(write: Write) -> None:
    assert write().changes == 0
    assert not Change.objects.exists()


# -- partial tellings ------------------------------------------------------------------------------------------------------


def whole_listing(*units: int) -> canon.Listing:
    skus = tuple(
        canon.Sku(platform_sku_id=f"sku-{at}", seller_sku=f"S{at}", available=count, price=Money(Decimal("9.90"), "MYR"))
        for at, count in enumerate(units)
    )
    return canon.Listing(
        platform_listing_id="172",
        title="Linen curtain",
        platform_status="ACTIVATE",
        status=canon.ListingStatus.LIVE,
        updated_at=NOW,
        skus=skus,
    )


def stock(**units: int | None) -> canon.Listing:
    skus = tuple(canon.Sku(platform_sku_id=name.replace("_", "-"), available=count) for name, count in units.items())
    return canon.Listing(platform_listing_id="172", skus=skus, skus_complete=False)


def held_listing() -> canon.Listing:
    return msgspec.convert(Listing.objects.get().data, canon.Listing)


@pytest.mark.parametrize(
    ("told", "available", "lowest"),
    [
        (stock(sku_0=1), 6, 1),
        (stock(sku_0=0, sku_1=0), 0, 0),
        (stock(sku_1=9), 13, 4),
        (stock(sku_0=None), 9, 4),
        (stock(), 9, 4),
        (stock(sku_7=2), 11, 2),
    ],
)
def test_a_stock_answer_changes_units_and_nothing_else(write: Write, told: canon.Listing, available: int, lowest: int) -> None:
    write(whole_listing(4, 5))
    write(told, asked_at=asked(60))
    row, kept = Listing.objects.get(), held_listing()
    assert (row.available, row.lowest) == (available, lowest)
    assert (row.title, row.live, row.platform_status) == ("Linen curtain", True, "ACTIVATE")
    first = next(sku for sku in kept.skus if sku.platform_sku_id == "sku-0")
    assert (first.seller_sku, first.price) == ("S0", Money(Decimal("9.90"), "MYR"))
    assert kept.skus_complete


def test_a_stock_answer_that_comes_first_is_completed_by_the_listing(write: Write) -> None:
    write(stock(sku_0=3))
    assert Listing.objects.get().title is None
    assert not held_listing().skus_complete
    write(whole_listing(3, 5), asked_at=asked(60))
    assert (Listing.objects.get().title, held_listing().skus_complete) == ("Linen curtain", True)


def test_a_whole_listing_takes_away_what_is_sold_no_more(write: Write) -> None:
    write(whole_listing(4, 5, 6))
    shorter = msgspec.structs.replace(whole_listing(4), updated_at=second(60))
    write(shorter, asked_at=asked(60))
    assert [sku.platform_sku_id for sku in held_listing().skus] == ["sku-0"]
    assert Listing.objects.get().available == 4


def test_a_stock_answer_that_says_what_is_known_is_no_change(write: Write) -> None:
    write(whole_listing(4, 5))
    assert write(stock(sku_0=4, sku_1=5), asked_at=asked(60)).changes == 0
    assert Change.objects.count() == 1


def test_stock_and_listing_in_one_page_make_one_row(write: Write) -> None:
    write(whole_listing(4, 5), stock(sku_1=1))
    row = Listing.objects.get()
    assert (row.title, row.available, row.lowest) == ("Linen curtain", 5, 1)


def talk(**more: object) -> canon.Conversation:
    given: dict[str, object] = {"buyer_name": "Ana", "unread_count": 2, "can_send": True, "updated_at": NOW, **more}
    return canon.Conversation(platform_conversation_id="c1", **given)  # type: ignore[arg-type]


def session(number: str = "s1", *, began: float = 0, seconds: int | None = 40) -> canon.Conversation:
    told = canon.ChatSession(platform_session_id=number, began_at=second(began), first_response_seconds=seconds)
    return canon.Conversation(platform_conversation_id="c1", session=told, complete=False)


def held_talk() -> canon.Conversation:
    return msgspec.convert(Conversation.objects.get().data, canon.Conversation)


def test_a_session_does_not_take_the_buyer_away(write: Write) -> None:
    write(talk())
    write(session(), asked_at=asked(60))
    kept = held_talk()
    assert (kept.buyer_name, kept.unread_count, kept.can_send, kept.updated_at) == ("Ana", 2, True, NOW)
    assert kept.complete
    assert kept.session is not None
    assert kept.session.first_response_seconds == 40


def test_a_conversation_does_not_take_its_session_away(write: Write) -> None:
    write(talk())
    write(session(), asked_at=asked(60))
    write(talk(unread_count=0, updated_at=second(90)), asked_at=asked(120))
    kept = held_talk()
    assert (kept.unread_count, kept.session is not None) == (0, True)


@pytest.mark.parametrize(
    ("tellings", "stands"),
    [
        ((("s1", 0), ("s2", 60)), "s2"),
        ((("s2", 60), ("s1", 0)), "s2"),
        ((("s1", 0), ("s1", 0)), "s1"),
        ((("s3", 5), ("s1", 0), ("s2", 4)), "s3"),
    ],
)
def test_of_several_sessions_the_latest_stands(write: Write, tellings: Sequence[tuple[str, float]], stands: str) -> None:
    write(talk())
    for turn, (number, began) in enumerate(tellings):
        write(session(number, began=began), asked_at=asked(60 + turn))
    kept = held_talk().session
    assert kept is not None
    assert kept.platform_session_id == stands


def test_the_short_form_of_a_message_does_not_take_its_place_or_words(write: Write) -> None:
    full = canon.Message(
        platform_message_id="m1",
        platform_conversation_id="c1",
        platform_role="BUYER",
        role=canon.SenderRole.BUYER,
        text="Where is it?",
        position=12,
        sent_at=NOW,
    )
    write(full)
    write(canon.Message(platform_message_id="m1", platform_conversation_id="c1", sent_at=NOW), asked_at=asked(60))
    row = Message.objects.get()
    assert (row.role, row.position, row.data["text"]) == ("buyer", 12, "Where is it?")


# -- money -----------------------------------------------------------------------------------------------------------------

DONE, PENDING = canon.TransactionStatus.DONE, canon.TransactionStatus.PENDING
FAILED, REVERSED, ESTIMATED = canon.TransactionStatus.FAILED, canon.TransactionStatus.REVERSED, canon.TransactionStatus.ESTIMATED
Movement = tuple[str, int, str, str | None, canon.TransactionStatus]
"""id, minute, amount, direction, status"""


def movement(told: Movement, *, ledger: str = "wallet", currency: str = "MYR") -> canon.Transaction:
    number, minute, amount, direction, status = told
    return canon.Transaction(
        platform_transaction_id=number,
        ledger=ledger,
        status=status,
        amount=Money(Decimal(amount), currency),
        direction=direction,
        at=NOW + timedelta(minutes=minute),
    )


def balances(currency: str = "MYR") -> list[tuple[int, Decimal]]:
    found = BalanceEvent.objects.filter(currency=currency).order_by("at").values_list("at", "amount")
    return [(int((at - NOW).total_seconds() // 60), amount.normalize()) for at, amount in found]


@pytest.mark.parametrize(
    ("movements", "held"),
    [
        ([("1", 0, "100", None, DONE)], [(0, "100")]),
        ([("1", 0, "100", "in", DONE), ("2", 1, "30", "out", DONE)], [(0, "100"), (1, "70")]),
        ([("1", 0, "100", "in", DONE), ("2", 1, "-30", "out", DONE)], [(0, "100"), (1, "70")]),
        ([("1", 0, "-30", None, DONE)], [(0, "-30")]),
        ([("1", 0, "100", "in", DONE), ("2", 1, "30", "out", FAILED)], [(0, "100")]),
        ([("1", 0, "100", "in", DONE), ("2", 1, "30", "out", REVERSED)], [(0, "100")]),
        ([("1", 0, "100", "in", DONE), ("2", 1, "30", "in", ESTIMATED)], [(0, "100")]),
        ([("1", 0, "100", "in", DONE), ("2", 1, "30", "out", PENDING)], [(0, "100"), (1, "70")]),
        ([("1", 0, "100", "in", DONE), ("2", 1, "30", "out", FAILED), ("3", 2, "30", "back", DONE)], [(0, "100")]),
        ([("1", 0, "0.01", None, DONE), ("2", 1, "-0.02", None, DONE)], [(0, "0.01"), (1, "-0.01")]),
        ([("2", 5, "-40", None, DONE), ("1", 0, "100", None, DONE)], [(0, "100"), (5, "60")]),
        ([("1", 3, "10", None, DONE), ("2", 3, "20", None, DONE), ("3", 3, "-5", None, DONE)], [(3, "25")]),
        ([], []),
    ],
)
def test_the_balance_is_the_sum_of_what_moved_the_wallet(
    write: Write, movements: list[Movement], held: list[tuple[int, str]]
) -> None:
    write(*(movement(told) for told in movements))
    assert balances() == [(minute, Decimal(amount).normalize()) for minute, amount in held]


@pytest.mark.parametrize("ledger", ["statement", "order", "payment", "unsettled"])
def test_only_the_wallets_ledger_makes_balances(write: Write, ledger: str) -> None:
    write(movement(("1", 0, "100", None, DONE), ledger=ledger), movement(("2", 1, "5", None, DONE)))
    assert balances() == [(1, Decimal(5))]


def test_currencies_are_never_added_up(write: Write) -> None:
    write(movement(("1", 0, "100", None, DONE)), movement(("2", 0, "7", None, DONE), currency="USD"))
    assert (balances("MYR"), balances("USD")) == ([(0, Decimal("1E+2"))], [(0, Decimal(7))])


def test_the_same_rows_in_many_pages_make_the_same_balances_as_in_one(write: Write) -> None:
    told: list[Movement] = [("1", 0, "100", None, DONE), ("2", 4, "-160", None, DONE), ("3", 9, "75.5", None, DONE)]
    for one in (told[2], told[0], told[1], told[2]):
        write(movement(one))
    assert balances() == [(0, Decimal("1E+2")), (4, Decimal("-6E+1")), (9, Decimal("15.5"))]


def test_a_stated_balance_stands_beside_reckoned_ones(write: Write) -> None:
    stated = msgspec.structs.replace(movement(("2", 1, "-5", None, DONE)), balance=Money(Decimal("-80"), "MYR"))
    write(movement(("1", 0, "100", None, DONE)), stated)
    assert balances() == [(0, Decimal("1E+2")), (1, Decimal("-8E+1"))]


def test_what_somebody_typed_in_is_not_touched_by_what_is_reckoned(store: Store, write: Write) -> None:
    BalanceEvent.objects.create(store=store, at=NOW, amount=Decimal("-7"), currency="MYR", origin="form", observed_at=NOW)
    write(movement(("1", 0, "100", None, DONE)))
    write(msgspec.structs.replace(movement(("1", 0, "100", None, DONE)), status=FAILED), asked_at=asked(60))
    assert list(BalanceEvent.objects.values_list("origin", "amount")) == [("form", Decimal("-7"))]
