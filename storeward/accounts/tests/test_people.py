"""People and teams."""

from datetime import UTC, datetime

import pytest

from storeward.accounts.models import Membership, Role, User
from storeward.accounts.people import create_person, create_workspace
from storeward.audit.models import Entry

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def add(email: str = "Ana@Example.com ", password: str = "a long password", role: Role = Role.OWNER) -> User:
    workspace = create_workspace(slug="team", name="Team", now=NOW)
    return create_person(email=email, name="Ana", password=password, workspace=workspace, role=role, now=NOW)


def test_an_address_signs_in_however_it_is_typed() -> None:
    person = add()
    assert person.email == "ana@example.com"
    assert User.objects.get_by_natural_key(" ANA@example.com") == person


def test_a_person_made_again_gets_the_new_password_and_role() -> None:
    first = add()
    again = add(password="another long one", role=Role.VIEWER)
    assert again.pk == first.pk
    assert again.check_password("another long one")
    assert Membership.objects.get().role == Role.VIEWER


def test_a_team_is_made_once() -> None:
    first = create_workspace(slug="team", name="Team", now=NOW)
    assert create_workspace(slug="team", name="Other", now=NOW) == first
    assert Entry.objects.filter(action="accounts.create_workspace").count() == 1


def test_passwords_are_neither_kept_nor_logged() -> None:
    person = add()
    assert "a long password" not in person.password
    assert "password" not in str(list(Entry.objects.values_list("after", flat=True)))


def test_people_and_teams_have_names() -> None:
    person = add()
    assert str(person) == "Ana"
    assert str(person.workspaces.get()) == "Team"
