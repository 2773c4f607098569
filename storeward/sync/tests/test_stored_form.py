"""The form in which records reach their rows: nothing is lost, nothing is said that the platform did not say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from struct import unpack
from typing import Any

import msgspec
import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from storeward import canon
from storeward.lib.binary import JSONB_VERSION, instant
from storeward.lib.money import Money
from storeward.records import steps
from storeward.records.models import (
    AfterSale,
    Conversation,
    Listing,
    Message,
    Metric,
    Order,
    Package,
    Payload,
    PointsEntry,
    Review,
    Statement,
    Transaction,
    Violation,
)
from storeward.sync.apply import ENCODE, Applied, rows
from storeward.sync.tables import TABLES

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=36)
Write = Callable[..., Applied]


def ringgit(amount: str) -> Money:
    return Money(Decimal(amount), "MYR")


def order_of(number: str, **more: Any) -> canon.Order:
    return canon.Order(platform_order_id=number, platform_status="W", status=canon.OrderStatus.UNKNOWN, **more)


# -- instants ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "microseconds"),
    [
        (datetime(2000, 1, 1, tzinfo=UTC), 0),
        (datetime(2000, 1, 1, 0, 0, 0, 1, tzinfo=UTC), 1),
        (datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), -1),
        (datetime(2000, 1, 2, tzinfo=UTC), 86_400_000_000),
        (datetime(1970, 1, 1, tzinfo=UTC), -946_684_800_000_000),
        (datetime(2000, 1, 1, 8, tzinfo=timezone(timedelta(hours=8))), 0),
        (datetime(1999, 12, 31, 19, tzinfo=timezone(timedelta(hours=-5))), 0),
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), 848_480_400_000_000),
    ],
)
def test_an_instant_is_counted_in_microseconds_since_2000(at: datetime, microseconds: int) -> None:
    sent = instant(at)
    assert sent is not None
    assert unpack("!q", sent) == (microseconds,)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(9000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_no_microsecond_of_an_instant_is_lost(at: datetime) -> None:
    sent = instant(at)
    assert sent is not None
    assert datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=unpack("!q", sent)[0]) == at


def test_no_instant_is_no_value() -> None:
    assert instant(None) is None


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        instant(datetime(2026, 11, 20, 9, 0))  # noqa: DTZ001 - that is the mistake


# -- silent fields -----------------------------------------------------------------------------------------------------------


def test_only_fields_that_say_nothing_are_left_out() -> None:
    line = canon.OrderLine(platform_line_id="1", title="", quantity=0)
    order = order_of("7", cash_on_delivery=False, buyer_note="null", lines=(line,))
    assert ENCODE(order) == (
        b'{"kind":"order","platform_order_id":"7","platform_status":"W","status":"unknown","cash_on_delivery":false,'
        b'"buyer_note":"null","lines":[{"platform_line_id":"1","title":"","quantity":0}]}'
    )


def test_the_word_of_the_platform_stays_even_where_it_is_lost() -> None:
    order = canon.Order(platform_order_id="7", platform_status=None, status=canon.OrderStatus.UNKNOWN)
    assert b'"platform_status":null' in ENCODE(order)


@given(
    note=st.one_of(st.none(), st.text(alphabet=st.sampled_from(',":null{}[]\\abc '), max_size=40), st.text(max_size=20)),
    word=st.one_of(st.none(), st.text(max_size=10)),
    cash=st.one_of(st.none(), st.booleans()),
    title=st.one_of(st.none(), st.sampled_from([',"title":null', '","x":null', "null", ""])),
)
def test_whatever_a_text_holds_the_order_reads_back_the_same(
    note: str | None, word: str | None, cash: bool | None, title: str | None
) -> None:
    lines = (canon.OrderLine(platform_line_id="1", title=title),)
    order = canon.Order(
        platform_order_id="7",
        platform_status=word,
        status=canon.OrderStatus.UNKNOWN,
        buyer_note=note,
        cash_on_delivery=cash,
        lines=lines,
    )
    assert msgspec.json.decode(ENCODE(order), type=canon.Order) == order


def test_a_row_carries_the_raw_payload_untouched() -> None:
    raw = b'{"id": "7",  "unknown_field": null, "x": [1, 2]}'
    order = order_of("7", updated_at=NOW)
    (row,) = rows(TABLES["order"], [(order, raw)], NOW)
    assert row[0] == "7"
    assert row[3] == instant(NOW)
    assert row[5][:1] == JSONB_VERSION
    assert row[6] == raw


def test_a_change_of_an_order_tells_what_the_rules_read_as_the_stored_order_would() -> None:
    order = order_of("7", updated_at=NOW, placed_at=NOW - timedelta(days=1), total=ringgit("84.00"), handling_days=3)
    (row,) = rows(TABLES["order"], [(order, b"{}")], NOW)
    assert steps.unpack(row[7]) == steps.of_row(row[5][1:].decode(), NOW)
    assert steps.unpack(row[7]).steps.total == ringgit("84.00")


@pytest.mark.parametrize("kind", sorted(set(TABLES) - {"order"}))
def test_changes_of_other_kinds_tell_nothing_and_the_row_is_read(kind: str) -> None:
    (row,) = rows(TABLES[kind], [(EXAMPLES[kind].record, b"{}")], NOW)
    assert row[7] is None


def test_payloads_that_differ_in_one_byte_have_different_digests() -> None:
    order = order_of("7")
    first, again, other = rows(TABLES["order"], [(order, b"{}"), (order, b"{}"), (order, b"{ }")], NOW)
    assert first[4] == again[4]
    assert first[4] != other[4]
    assert len(first[4]) == 16


def test_a_record_of_several_sources_is_compared_as_a_whole() -> None:
    listing = canon.Listing(platform_listing_id="1", title="Mug")
    one, same, other = rows(
        TABLES["listing"],
        [(listing, b"one call"), (listing, b"another call"), (msgspec.structs.replace(listing, title="Cup"), b"one call")],
        NOW,
    )
    assert one[4] == same[4]
    assert one[4] != other[4]


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_a_row_has_as_many_values_as_its_table_has_columns(kind: str) -> None:
    (row,) = rows(TABLES[kind], [(EXAMPLES[kind].record, b"{}")], NOW)
    assert len(row) == 8 + len(TABLES[kind].extra)


# -- every kind, through the database ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A record, the model that holds it, and what its columns must then say."""

    record: canon.Record
    model: type[models.Model]
    columns: dict[str, Any]


EXAMPLES: dict[str, Example] = {
    "order": Example(
        canon.Order(
            platform_order_id="576465000000000301",
            platform_status="AWAITING_SHIPMENT",
            status=canon.OrderStatus.TO_SHIP,
            type=canon.OrderType.PRE_ORDER,
            total=ringgit("84.0500"),
            placed_at=NOW,
            ship_by_at=LATER,
            updated_at=NOW,
        ),
        Order,
        {
            "platform_id": "576465000000000301",
            "platform_status": "AWAITING_SHIPMENT",
            "status": "to_ship",
            "type": "pre_order",
            "amount": Decimal("84.05"),
            "currency": "MYR",
            "placed_at": NOW,
            "ship_by_at": LATER,
            "updated_at": NOW,
            "open": True,
        },
    ),
    "package": Example(
        canon.Package(
            platform_package_id="115",
            platform_status="FULFILLING",
            status=canon.PackageStatus.IN_TRANSIT,
            platform_order_ids=("1", "2"),
            updated_at=NOW,
        ),
        Package,
        {"platform_id": "115", "platform_status": "FULFILLING", "status": "in_transit", "updated_at": NOW},
    ),
    "return": Example(
        canon.Return(
            platform_return_id="403",
            platform_status="RETURN_OR_REFUND_REQUEST_PENDING",
            status=canon.AfterSaleStatus.PENDING,
            requested_at=NOW,
            answer_by_at=LATER,
            updated_at=NOW,
            refund_asked=ringgit("12.30"),
        ),
        AfterSale,
        {"platform_id": "403", "kind": "return", "requested_at": NOW, "answer_by_at": LATER, "open": True, "status": "pending"},
    ),
    "cancellation": Example(
        canon.Cancellation(
            platform_cancellation_id="404",
            platform_status="CANCELLATION_REQUEST_COMPLETE",
            status=canon.AfterSaleStatus.COMPLETED,
            requested_at=NOW,
            updated_at=LATER,
        ),
        AfterSale,
        {"platform_id": "404", "kind": "cancellation", "answer_by_at": None, "open": False, "updated_at": LATER},
    ),
    "listing": Example(
        canon.Listing(
            platform_listing_id="172",
            title="Linen curtain",
            platform_status="ACTIVATE",
            status=canon.ListingStatus.LIVE,
            skus=(
                canon.Sku(platform_sku_id="a", available=7),
                canon.Sku(platform_sku_id="b", available=0),
                canon.Sku(platform_sku_id="c"),
            ),
        ),
        Listing,
        {"platform_id": "172", "title": "Linen curtain", "live": True, "available": 7, "lowest": 0, "updated_at": None},
    ),
    "conversation": Example(
        canon.Conversation(platform_conversation_id="749-1", buyer_name="Ana", unread_count=2, updated_at=NOW),
        Conversation,
        {"platform_id": "749-1", "status": None, "buyer_waits_since": None, "answered_at": None, "messages_seen_at": None},
    ),
    "message": Example(
        canon.Message(
            platform_message_id="m1",
            platform_conversation_id="749-1",
            platform_role="BUYER",
            role=canon.SenderRole.BUYER,
            text="你好 🌙",
            position=2**62,
            sent_at=NOW,
        ),
        Message,
        {"platform_conversation_id": "749-1", "role": "buyer", "position": 2**62, "visible": True, "sent_at": NOW},
    ),
    "review": Example(
        canon.Review(platform_review_id="r1", stars=Decimal("4.5"), posted_at=NOW, text="fine"),
        Review,
        {"platform_id": "r1", "stars": Decimal("4.5"), "posted_at": NOW},
    ),
    "statement": Example(
        canon.Statement(
            platform_statement_id="s1",
            platform_status="PAID",
            status=canon.StatementStatus.PAID,
            at=NOW,
            settlement=ringgit("-0.0001"),
        ),
        Statement,
        {"platform_status": "PAID", "status": "paid", "at": NOW, "amount": Decimal("-0.0001"), "currency": "MYR"},
    ),
    "transaction": Example(
        canon.Transaction(
            platform_transaction_id="t1",
            ledger="wallet",
            status=canon.TransactionStatus.DONE,
            amount=ringgit("250.00"),
            direction="out",
            balance=ringgit("-3.50"),
            at=NOW,
        ),
        Transaction,
        {"ledger": "wallet", "amount": Decimal("-250"), "currency": "MYR", "balance": Decimal("-3.5"), "at": NOW},
    ),
    "metric": Example(
        canon.Metric(platform_metric="late_dispatch_rate", value=Decimal("4.25"), unit="percent", as_of=NOW),
        Metric,
        {"as_of": NOW, "status": None},
    ),
    "points": Example(
        canon.Points(platform_points_id="p1", points=Decimal("2.5"), issued_at=NOW),
        PointsEntry,
        {"platform_id": "p1", "points": Decimal("2.5"), "issued_at": NOW},
    ),
    "violation": Example(
        canon.Violation(platform_violation_id="v1", platform_status="PENDING", notified_at=NOW, deadline_at=LATER),
        Violation,
        {"platform_id": "v1", "platform_status": "PENDING", "notified_at": NOW, "deadline_at": LATER},
    ),
}


def test_every_table_has_an_example() -> None:
    assert EXAMPLES.keys() == TABLES.keys()


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_a_record_of_every_kind_is_held_whole(write: Write, kind: str) -> None:
    example = EXAMPLES[kind]
    raw = b'{"as": "it came"}'
    assert write(example.record, raws=[raw]).changed == {kind: [example.record.platform_id]}
    row = example.model._default_manager.get()
    assert {name: getattr(row, name) for name in example.columns} == example.columns
    assert msgspec.convert(getattr(row, "data"), type(example.record)) == example.record  # noqa: B009 - each model has one
    payload = Payload.objects.get()
    assert (payload.kind, payload.platform_id, bytes(payload.body)) == (kind, example.record.platform_id, raw)


def test_kinds_that_share_a_table_do_not_share_their_history(write: Write) -> None:
    write(EXAMPLES["return"].record, EXAMPLES["cancellation"].record)
    assert sorted(AfterSale.objects.values_list("kind", "platform_id")) == [("cancellation", "404"), ("return", "403")]
    assert sorted(Payload.objects.values_list("kind", flat=True)) == ["cancellation", "return"]


@pytest.mark.parametrize(
    ("skus", "available", "lowest"),
    [
        ((), None, None),
        ((None,), None, None),
        ((0,), 0, 0),
        ((3, 4), 7, 3),
        ((3, None), 3, 3),
        ((-2, 5), 3, -2),
        ((0, 0, 0), 0, 0),
    ],
)
def test_the_stock_of_a_listing_is_that_of_the_skus_that_say_so(
    write: Write, skus: tuple[int | None, ...], available: int | None, lowest: int | None
) -> None:
    told = tuple(canon.Sku(platform_sku_id=str(at), available=units) for at, units in enumerate(skus))
    write(canon.Listing(platform_listing_id="1", skus=told))
    row = Listing.objects.get()
    assert (row.available, row.lowest) == (available, lowest)


WAITS = canon.AfterSaleStatus


@pytest.mark.parametrize(
    ("status", "answer_by", "waits"),
    [
        (WAITS.PENDING, None, True),
        (WAITS.PENDING, LATER, True),
        (WAITS.SHIPPED_BACK, None, True),
        (WAITS.UNKNOWN, None, True),
        (WAITS.AWAITING_BUYER, None, False),
        (WAITS.AWAITING_BUYER, LATER, True),
        (WAITS.APPROVED, None, False),
        (WAITS.REFUSED, None, False),
        (WAITS.COMPLETED, None, False),
        (WAITS.WITHDRAWN, None, False),
        (WAITS.COMPLETED, LATER, True),
    ],
)
def test_a_request_is_open_while_the_seller_owes_an_answer(
    write: Write, status: canon.AfterSaleStatus, answer_by: datetime | None, waits: bool
) -> None:
    write(canon.Return(platform_return_id="1", platform_status="W", status=status, answer_by_at=answer_by))
    assert AfterSale.objects.get().open is waits


@pytest.mark.parametrize(
    ("title", "held"),
    [(None, None), ("", ""), ("Mug", "Mug"), ("x" * 300, "x" * 300), ("x" * 301, "x" * 300), ("窗" * 400, "窗" * 300)],
)
def test_a_title_is_cut_for_lists_and_whole_in_the_record(write: Write, title: str | None, held: str | None) -> None:
    write(canon.Listing(platform_listing_id="1", title=title))
    row = Listing.objects.get()
    assert row.title == held
    assert row.data.get("title") == title


@pytest.mark.parametrize(
    "amount", ["0", "0.0001", "-0.01", "84.00", "99999999999999.9999", "-99999999999999.9999", "1E+3", "123456789.1"]
)
def test_an_amount_is_held_to_the_last_digit(write: Write, amount: str) -> None:
    write(order_of("1", total=ringgit(amount)))
    row = Order.objects.get()
    assert row.amount == Decimal(amount)
    assert Decimal(row.data["total"]["amount"]) == Decimal(amount)


def test_a_message_without_conversation_costs_itself_only(write: Write) -> None:
    lost = canon.Message(platform_message_id="m2", sent_at=NOW)
    applied = write(EXAMPLES["message"].record, lost)
    assert applied.changed == {"message": ["m1"]}
