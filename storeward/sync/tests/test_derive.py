"""What follows from rows just written: who waits for an answer, what the wallet holds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from storeward import canon
from storeward.lib.money import Money
from storeward.records.models import BalanceEvent, Change, Conversation
from storeward.sync.apply import Applied

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
Write = Callable[..., Applied]
BUYER, AGENT, SELLER, ROBOT, SYSTEM = (
    canon.SenderRole.BUYER,
    canon.SenderRole.AGENT,
    canon.SenderRole.SELLER,
    canon.SenderRole.ROBOT,
    canon.SenderRole.SYSTEM,
)


def minute(number: int) -> datetime:
    return NOW + timedelta(minutes=number)


def talk(*roles: canon.SenderRole, hidden: frozenset[int] = frozenset()) -> list[canon.Record]:
    """A conversation whose n-th message is of the n-th role, a minute after the one before."""
    messages: list[canon.Record] = [
        canon.Message(
            platform_message_id=f"m{place}",
            platform_conversation_id="c",
            role=role,
            position=place,
            visible=place not in hidden,
            sent_at=minute(place),
        )
        for place, role in enumerate(roles)
    ]
    return [canon.Conversation(platform_conversation_id="c", updated_at=NOW), *messages]


@pytest.mark.parametrize(
    ("roles", "waits", "answered"),
    [
        ((BUYER,), 0, None),
        ((BUYER, BUYER), 0, None),
        ((BUYER, ROBOT, SYSTEM), 0, None),
        ((BUYER, canon.SenderRole.UNKNOWN), 0, None),
        ((BUYER, AGENT), None, 1),
        ((BUYER, SELLER), None, 1),
        ((BUYER, AGENT, BUYER, BUYER), 2, 1),
        ((AGENT, ROBOT), None, 0),
        ((ROBOT,), None, None),
    ],
)
def test_a_buyer_waits_since_the_first_word_that_no_human_has_answered(
    write: Write, roles: tuple[canon.SenderRole, ...], waits: int | None, answered: int | None
) -> None:
    write(*talk(*roles))
    row = Conversation.objects.get()
    assert row.buyer_waits_since == (None if waits is None else minute(waits))
    assert row.answered_at == (None if answered is None else minute(answered))


def test_an_invisible_message_neither_asks_nor_answers(write: Write) -> None:
    write(*talk(BUYER, AGENT, BUYER, hidden=frozenset({1, 2})))
    assert Conversation.objects.get().buyer_waits_since == minute(0)


def test_the_position_orders_messages_not_the_time(write: Write) -> None:
    conversation, question, answer = talk(BUYER, AGENT)
    assert isinstance(answer, canon.Message)
    late = canon.Message(
        platform_message_id="m1", platform_conversation_id="c", role=AGENT, position=1, sent_at=NOW - timedelta(days=1)
    )
    write(conversation, question, late)
    assert Conversation.objects.get().buyer_waits_since is None


def test_messages_that_come_before_their_conversation_count_once_it_is_there(write: Write) -> None:
    conversation, question = talk(BUYER)
    write(question)
    assert not Conversation.objects.exists()
    write(conversation)
    assert Conversation.objects.get().buyer_waits_since == minute(0)


def test_a_new_message_is_a_change_of_its_conversation(write: Write) -> None:
    conversation, question, answer = talk(BUYER, AGENT)
    write(conversation, question)
    Change.objects.all().delete()
    write(answer)
    assert list(Change.objects.values_list("kind", "platform_id")) == [("conversation", "c")]
    assert Conversation.objects.get().buyer_waits_since is None


def moved(number: str, amount: str, at: int, **more: object) -> canon.Transaction:
    given: dict[str, object] = {"ledger": "wallet", "status": canon.TransactionStatus.DONE, **more}
    return canon.Transaction(
        platform_transaction_id=number,
        amount=Money(Decimal(amount), "MYR"),
        at=minute(at),
        **given,  # type: ignore[arg-type]
    )


def balances() -> list[tuple[datetime, Decimal]]:
    return [(row.at, row.amount) for row in BalanceEvent.objects.order_by("at")]


def test_the_wallets_balance_is_the_sum_of_what_moved(write: Write) -> None:
    write(moved("1", "100.00", 0), moved("2", "-130.50", 5), moved("3", "12.25", 9))
    assert balances() == [(minute(0), Decimal("100")), (minute(5), Decimal("-30.5")), (minute(9), Decimal("-18.25"))]
    assert BalanceEvent.objects.filter(origin="derived").count() == 3


def test_a_movement_that_arrives_late_corrects_the_balances_after_it(write: Write) -> None:
    write(moved("1", "100.00", 0), moved("3", "-20.00", 9))
    write(moved("2", "-90.00", 5))
    assert balances()[-1] == (minute(9), Decimal("-10"))


def test_a_balance_that_the_platform_states_is_taken(write: Write) -> None:
    write(moved("1", "100.00", 0, balance=Money(Decimal("77.00"), "MYR")))
    assert balances() == [(minute(0), Decimal("77"))]


@pytest.mark.parametrize("status", [canon.TransactionStatus.FAILED, canon.TransactionStatus.REVERSED])
def test_what_did_not_happen_does_not_count(write: Write, status: canon.TransactionStatus) -> None:
    write(moved("1", "100.00", 0), moved("2", "-500.00", 1, status=status))
    assert balances() == [(minute(0), Decimal("100"))]


def test_a_movement_that_turns_out_not_to_have_happened_takes_its_balance_along(write: Write) -> None:
    write(moved("1", "100.00", 0), moved("2", "-500.00", 1))
    write(moved("2", "-500.00", 1, status=canon.TransactionStatus.FAILED), asked_at=NOW + timedelta(hours=1))
    assert balances() == [(minute(0), Decimal("100"))]


def test_lines_of_a_statement_do_not_move_the_wallet(write: Write) -> None:
    write(moved("1", "-500.00", 0, ledger="statement"))
    assert balances() == []


def test_movements_of_the_same_moment_make_one_balance(write: Write) -> None:
    write(moved("1", "10.00", 0), moved("2", "5.00", 0))
    assert balances() == [(minute(0), Decimal("15"))]
