"""Who sees and who changes which stores: by role, by team, and not at all."""

import pytest
from django.contrib.auth.models import AnonymousUser

from storeward.accounts.models import Membership, Role, User, Workspace
from storeward.accounts.people import create_person, create_workspace
from storeward.stores.access import stores_for, writable_stores_for
from storeward.stores.models import Store
from storeward.stores.registering import add_store

from .conftest import NOW, Cast


def person(name: str, workspace: Workspace, role: Role) -> User:
    return create_person(
        email=f"{name}@example.org", name=name, password="a long password", workspace=workspace, role=role, now=NOW
    )


def shop(workspace: Workspace, number: str, name: str) -> Store:
    return add_store(workspace=workspace, platform="tiktok_shop", platform_store_id=number, name=name, region="MY", now=NOW)


@pytest.mark.parametrize(
    ("role", "changes"),
    [
        (Role.OWNER, True),
        (Role.OPERATIONS, True),
        (Role.ORDERS, True),
        (Role.SERVICE, True),
        (Role.FINANCE, True),
        (Role.VIEWER, False),
    ],
)
def test_every_role_sees_its_teams_stores_and_all_but_the_viewer_change_them(cast: Cast, role: Role, changes: bool) -> None:
    mine, theirs = shop(cast.workspace, "1", "Mine 1"), shop(cast.elsewhere, "2", "Theirs 2")
    somebody = person("somebody", cast.workspace, role)
    assert list(stores_for(somebody)) == [mine]
    assert list(writable_stores_for(somebody)) == ([mine] if changes else [])
    assert theirs not in stores_for(somebody)


def test_every_role_that_there_is_was_looked_at() -> None:
    assert set(Role) == {Role.OWNER, Role.OPERATIONS, Role.ORDERS, Role.SERVICE, Role.FINANCE, Role.VIEWER}


def test_a_stranger_sees_nothing_of_ours(cast: Cast) -> None:
    shop(cast.workspace, "1", "Mine 1")
    assert not stores_for(cast.stranger).exists()
    assert not writable_stores_for(cast.stranger).exists()


def test_who_has_not_signed_in_sees_nothing(cast: Cast) -> None:
    shop(cast.workspace, "1", "Mine 1")
    assert not stores_for(AnonymousUser()).exists()
    assert not writable_stores_for(AnonymousUser()).exists()


def test_who_has_left_sees_nothing_though_the_membership_stands(cast: Cast) -> None:
    shop(cast.workspace, "1", "Mine 1")
    cast.owner.is_active = False
    cast.owner.save()
    assert Membership.objects.filter(user=cast.owner).exists()
    assert not stores_for(cast.owner).exists()
    assert not writable_stores_for(cast.owner).exists()


def test_a_person_of_two_teams_sees_both_and_changes_where_the_role_allows(cast: Cast) -> None:
    mine, theirs = shop(cast.workspace, "1", "Mine 1"), shop(cast.elsewhere, "2", "Theirs 2")
    both = person("both", cast.workspace, Role.ORDERS)
    person("both", cast.elsewhere, Role.VIEWER)
    assert list(stores_for(both)) == sorted([mine, theirs], key=lambda store: store.key)
    assert list(writable_stores_for(both)) == [mine]


def test_a_membership_that_ends_takes_its_stores_along(cast: Cast) -> None:
    shop(cast.workspace, "1", "Mine 1")
    Membership.objects.filter(user=cast.owner).delete()
    assert not stores_for(cast.owner).exists()


def test_a_new_role_counts_at_once(cast: Cast) -> None:
    mine = shop(cast.workspace, "1", "Mine 1")
    somebody = person("somebody", cast.workspace, Role.VIEWER)
    assert not writable_stores_for(somebody).exists()
    person("somebody", cast.workspace, Role.FINANCE)
    assert list(writable_stores_for(somebody)) == [mine]


def test_stores_come_by_key_and_each_once(cast: Cast) -> None:
    for number, name in enumerate(("Zen 9", "Ada 1", "Mori 5")):
        shop(cast.workspace, str(number), name)
    keys = [store.key for store in stores_for(cast.owner)]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys)) == 3


def test_two_teams_may_each_have_a_store_of_the_same_name(cast: Cast) -> None:
    mine, theirs = shop(cast.workspace, "1", "Luna 3"), shop(cast.elsewhere, "2", "Luna 3")
    assert mine.key != theirs.key
    assert list(stores_for(cast.stranger)) == [theirs]


def test_a_team_without_stores_has_none_to_see(cast: Cast) -> None:
    empty = create_workspace(slug="empty", name="Empty", now=NOW)
    assert not stores_for(person("alone", empty, Role.OWNER)).exists()
