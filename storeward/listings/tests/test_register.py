"""The register: rights, costs and own figures are checked when they are entered, kept as history, and belong to one team."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from storeward.accounts.models import Workspace
from storeward.audit.models import Entry
from storeward.lib.money import Money
from storeward.listings.errors import NotThere, Refused
from storeward.listings.models import Cost, Right
from storeward.listings.queries import costs_counted, costs_on_file, rights_on_file
from storeward.listings.register import (
    NewCost,
    NewRight,
    add_right,
    costs_of,
    end_right,
    register_of,
    registers,
    set_limits,
    take_costs,
)
from storeward.policy.listing_check.shapes import Limits
from storeward.stores.models import Store

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
DAY = NOW.date()


@pytest.fixture
def team() -> Workspace:
    return Workspace.objects.create(slug="luna", name="Luna", created_at=NOW)


def shop(team: Workspace, number: int = 1) -> Store:
    return Store.objects.create(
        workspace=team,
        key=f"tt-my-{team.slug}{number}",
        platform="tiktok_shop",
        platform_store_id=str(number),
        name=f"Luna {number}",
        region="MY",
        timezone="Asia/Kuala_Lumpur",
        currency="MYR",
        added_at=NOW,
    )


def test_a_right_covers_its_stores_and_markets_until_it_is_taken_off(team: Workspace) -> None:
    first, second = shop(team, 1), shop(team, 2)
    stores = {first.pk, second.pk}
    assert not register_of(team.pk).kept
    everywhere = add_right(team.pk, NewRight(brand="  Luna   Home ", kind="own"), stores=stores, by="Lead", now=NOW)
    here = NewRight(brand="Nike", kind="letter", store_ids=[second.pk], markets=["my"], document="https://files.example/n.pdf")
    add_right(team.pk, here, stores=stores, by="Lead", now=NOW)
    held = register_of(team.pk)
    assert held.kept
    assert [right.brand for right in held.rights_of(first.pk, "MY")] == ["Luna Home"]
    assert [right.brand for right in held.rights_of(second.pk, "MY")] == ["Luna Home", "Nike"]
    assert [right.brand for right in held.rights_of(second.pk, "TH")] == ["Luna Home"]
    end_right(everywhere.pk, workspace_id=team.pk, by="Lead", now=NOW)
    assert [right.brand for right in register_of(team.pk).rights_of(first.pk, "MY")] == []
    assert Right.objects.get(pk=everywhere.pk).ended_by == "Lead"
    actions = Entry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["listings.add_right", "listings.add_right", "listings.end_right"]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"brand": "  "}, "brand"),
    ({"kind": "friend"}, "kind"),
    ({"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 31)}, "valid_to"),
    ({"store_ids": [-7]}, "stores"),
    ({"document": "javascript:alert(1)"}, "document"),
]


def test_a_right_that_does_not_fit_is_refused_with_its_field(team: Workspace) -> None:
    for wrong, field in REFUSED:
        given: dict[str, Any] = {"brand": "Luna", "kind": "own"} | wrong
        with pytest.raises(Refused) as refused:
            add_right(team.pk, NewRight(**given), stores=set(), by="Lead", now=NOW)
        assert refused.value.field == field
    assert not Right.objects.exists()
    for fields in ({"kind": "friend"}, {"kind": "own", "valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Right.objects.create(workspace_id=team.pk, brand="x", by="x", at=NOW, **fields)


def test_nobody_takes_off_what_is_not_theirs_or_is_off_already(team: Workspace) -> None:
    right = add_right(team.pk, NewRight(brand="Luna", kind="own"), stores=set(), by="Lead", now=NOW)
    with pytest.raises(NotThere):
        end_right(right.pk, workspace_id=team.pk + 1, by="Stranger", now=NOW)
    end_right(right.pk, workspace_id=team.pk, by="Lead", now=NOW)
    with pytest.raises(NotThere):
        end_right(right.pk, workspace_id=team.pk, by="Lead", now=NOW)


def cost(sku: str, amount: str, day: int, store: Store | None = None) -> NewCost:
    return NewCost(
        sku=sku,
        amount=Decimal(amount),
        currency="MYR",
        valid_from=date(2026, 11, day),
        store_id=store.pk if store else None,
    )


def test_a_cost_counts_from_its_day_and_a_correction_replaces_it(team: Workspace) -> None:
    one = shop(team)
    given = [
        cost("A", "10", 1),
        cost("A", "12", 20),
        cost("A", "14", 30),
        cost("A", "9", 20, one),
        cost("B", "1", 1),
        cost("B", "2", 1),
    ]
    assert take_costs(team.pk, given, by="Lead", now=NOW) == 5
    key = (team.pk, "A")
    assert costs_of({key}, date(2026, 11, 19)) == {(team.pk, None, "A"): Money(Decimal(10), "MYR")}
    assert costs_of({key, (team.pk, "B"), (team.pk, "C")}, DAY) == {
        (team.pk, None, "A"): Money(Decimal(12), "MYR"),
        (team.pk, one.pk, "A"): Money(Decimal(9), "MYR"),
        (team.pk, None, "B"): Money(Decimal(2), "MYR"),
    }
    assert costs_of(set(), DAY) == {}
    assert take_costs(team.pk, [cost("A", "12", 20)], by="Lead", now=NOW) == 0
    assert take_costs(team.pk, [cost("A", "13", 20)], by="Lead", now=NOW) == 1
    assert costs_counted([team.pk]) == 5
    assert [row.sku for row in costs_on_file([team.pk], like="b")] == ["B"]
    assert costs_on_file([team.pk + 1]) == []


def test_costs_that_do_not_fit_are_refused_all_together(team: Workspace) -> None:
    wrong = [
        (NewCost(sku=" ", amount=Decimal(1), currency="MYR", valid_from=DAY), "sku"),
        (NewCost(sku="A", amount=Decimal(-1), currency="MYR", valid_from=DAY), "cost"),
        (NewCost(sku="A", amount=Decimal("NaN"), currency="MYR", valid_from=DAY), "cost"),
        (NewCost(sku="A", amount=Decimal(1), currency="RM", valid_from=DAY), "currency"),
    ]
    for bad, field in wrong:
        with pytest.raises(Refused) as refused:
            take_costs(team.pk, [cost("A", "1", 1), bad], by="Lead", now=NOW)
        assert refused.value.field == field
    assert not Cost.objects.exists()


def test_a_thousand_costs_are_one_statement(team: Workspace) -> None:
    with CaptureQueriesContext(connection) as few:
        take_costs(team.pk, [cost("A", "1", 1)], by="Lead", now=NOW)
    with CaptureQueriesContext(connection) as many:
        take_costs(team.pk, [cost(f"S{number}", "1", 1) for number in range(1000)], by="Lead", now=NOW)
    assert len(many) <= len(few)
    assert Cost.objects.count() == 1001


def test_the_newest_figures_count_and_wrong_ones_are_refused(team: Workspace) -> None:
    assert register_of(team.pk).limits == Limits()
    set_limits(team.pk, Limits(least_of_cost=Decimal(90)), by="Lead", now=NOW)
    newest = Limits(least_of_usual=Decimal("62.5"), usual_days=30, also_demanded=("size_chart",))
    set_limits(team.pk, newest, by="Lead", now=NOW)
    assert register_of(team.pk).limits == newest
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"least_of_cost": Decimal(0)}, "least_of_cost"),
        ({"least_of_usual": Decimal(1000), "usual_days": 3}, "least_of_usual"),
        ({"least_of_usual": Decimal(50)}, "usual_days"),
        ({"usual_days": 30}, "usual_days"),
        ({"least_of_usual": Decimal(50), "usual_days": 900}, "usual_days"),
        ({"also_demanded": ("soul",)}, "also_demanded"),
    ]
    for limits, field in wrong:
        with pytest.raises(Refused) as refused:
            set_limits(team.pk, Limits(**limits), by="Lead", now=NOW)
        assert refused.value.field == field
    assert register_of(team.pk).limits == newest


def test_the_mark_is_another_after_every_deed_and_a_digest_with_every_day_that_matters(team: Workspace) -> None:
    digests = {register_of(team.pk).digest(DAY)}
    right = add_right(team.pk, NewRight(brand="Luna", kind="own", valid_to=DAY), stores=set(), by="Lead", now=NOW)
    held = register_of(team.pk)
    digests.add(held.digest(DAY))
    assert held.digest(date(2026, 11, 1)) == held.digest(DAY)
    digests.add(held.digest(date(2026, 11, 23)))
    take_costs(team.pk, [cost("A", "1", 1)], by="Lead", now=NOW)
    digests.add(register_of(team.pk).digest(DAY))
    end_right(right.pk, workspace_id=team.pk, by="Lead", now=NOW)
    digests.add(register_of(team.pk).digest(DAY))
    assert len(digests) == 5


def test_registers_are_read_once_and_belong_to_one_team(team: Workspace) -> None:
    other = Workspace.objects.create(slug="sol", name="Sol", created_at=NOW)
    add_right(team.pk, NewRight(brand="Luna", kind="own", valid_to=DAY), stores=set(), by="Lead", now=NOW)
    add_right(team.pk, NewRight(brand="Ama", kind="own"), stores=set(), by="Lead", now=NOW)
    registers([team.pk, other.pk])
    with CaptureQueriesContext(connection) as again:
        held = registers([team.pk, other.pk])
    assert len(again) == 1
    assert (len(held[team.pk].rights), len(held[other.pk].rights)) == (2, 0)
    assert [right.brand for right in rights_on_file([team.pk])] == ["Luna", "Ama"]
    assert rights_on_file([other.pk]) == []
