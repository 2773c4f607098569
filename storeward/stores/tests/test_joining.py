"""What pages ask of connecting: every refusal has a kind, nothing is kept of what is wrong, and no secret is quoted."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core import signing
from django.db import connection as database
from pytest_django import Settings

from storeward.accounts.models import Role, User, Workspace
from storeward.audit.models import Entry
from storeward.connectors.errors import AuthorizationLost, Rejected, Unavailable, UnexpectedPayload
from storeward.lib import clock
from storeward.lib.crypto import create_keys
from storeward.lib.errors import NotDone
from storeward.stores import connecting, joining, vault
from storeward.stores.access import workspaces_to_connect, workspaces_to_fill
from storeward.stores.joining import Refused, Typed
from storeward.stores.models import App, Store

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 4, 20, tzinfo=UTC)
SECRET = "a-secret-that-nobody-may-read"


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: Settings) -> None:
    settings.CREDENTIAL_KEYS = tmp_path / "credentials.keys"
    create_keys(settings.CREDENTIAL_KEYS)


@pytest.fixture
def place() -> Workspace:
    return Workspace.objects.create(slug="w", name="W", created_at=NOW)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform that knows every app."""

    def check(**_: object) -> None:
        # pytest's own transaction is the only one: ours would be a savepoint inside it
        assert not database.savepoint_ids, "a platform is asked inside a transaction"

    monkeypatch.setattr(connecting, "check_keys", check)


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def check(**_: object) -> None:
        if isinstance(error, Rejected):
            raise NotDone("The platform refuses this app key and secret") from error
        raise error

    monkeypatch.setattr(connecting, "check_keys", check)


def enter(place: Workspace, platform: str = "tiktok_shop", **fields: str) -> App:
    typed = Typed(**({"name": "Ours", "app_key": "k1", "app_secret": SECRET} | fields))
    return joining.enter_app(place, platform, typed, now=NOW, actor="ann@example.com")


def kind(place: Workspace, **fields: str) -> str:
    with pytest.raises(Refused) as refused:
        enter(place, **fields)
    assert not App.objects.filter(workspace=place).exists()
    return refused.value.kind


def test_an_app_is_kept_with_its_secrets_sealed(place: Workspace, known: None) -> None:
    app = enter(place, push_key="another-secret", service_id="s1")
    assert (app.name, app.app_key, app.service_id) == ("Ours", "k1", "s1")
    assert SECRET not in app.sealed_secret
    assert vault.unseal(app.sealed_secret) == SECRET
    assert vault.unseal(app.sealed_push_key) == "another-secret"
    assert Entry.objects.filter(action="stores.register_app", actor="ann@example.com").count() == 1


def test_an_app_without_a_name_is_called_after_its_platform(place: Workspace, known: None) -> None:
    assert enter(place, name="").name == "TikTok Shop"


def test_the_address_for_consent_is_that_for_calls_where_none_is_given(place: Workspace, known: None) -> None:
    app = enter(place, base_url="http://127.0.0.1:9911/")
    assert (app.base_url, app.auth_url) == ("http://127.0.0.1:9911", "http://127.0.0.1:9911")


@pytest.mark.parametrize("name", ["app_key", "app_secret"])
def test_what_is_missing_is_named(place: Workspace, known: None, name: str) -> None:
    assert kind(place, **{name: ""}) == name


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.7",
        "http://169.254.169.254/latest",
        "ftp://example.com",
        "http://user:pw@example.com",
        "x",
        "http://[::",
        "http://a.local",
    ],
)
@pytest.mark.parametrize("name", ["base_url", "auth_url"])
def test_a_private_or_strange_address_is_never_asked(place: Workspace, known: None, name: str, address: str) -> None:
    assert kind(place, **{name: address}) == name


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Rejected("app not found"), "keys"),
        (Unavailable("no answer"), "away"),
        (UnexpectedPayload("a page of HTML"), "strange"),
        (OSError("refused"), "strange"),
    ],
)
def test_what_the_platform_says_to_the_keys_is_told_by_kind(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, error: Exception, expected: str
) -> None:
    failing(monkeypatch, error)
    assert kind(place) == expected


def test_a_platform_that_quotes_the_secret_is_not_repeated(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing(monkeypatch, Rejected(f"wrong secret {SECRET}."))
    with caplog.at_level(logging.DEBUG), pytest.raises(Refused) as refused:
        enter(place)
    assert refused.value.said == "wrong secret ***"
    assert SECRET not in str(refused.value)
    assert SECRET not in caplog.text
    assert refused.value.__cause__ is None


def test_what_is_typed_shows_no_secret_when_it_is_printed() -> None:
    assert SECRET not in repr(Typed("Ours", "k1", SECRET, push_key=SECRET))


def test_an_app_of_another_team_is_not_taken_over(place: Workspace, known: None) -> None:
    other = Workspace.objects.create(slug="o", name="O", created_at=NOW)
    app = enter(other)
    assert kind(place) == "taken"
    app.refresh_from_db()
    assert app.workspace_id == other.pk


def test_the_same_app_entered_again_renews_its_secret(place: Workspace, known: None) -> None:
    enter(place)
    app = enter(place, app_secret="the-next-one")
    assert App.objects.count() == 1
    assert vault.unseal(app.sealed_secret) == "the-next-one"


# -- there and back -------------------------------------------------------------------------------------------------------


@pytest.fixture
def app(place: Workspace, known: None) -> App:
    return enter(place, base_url="http://127.0.0.1:9911")


def state_of(app: App, person: int) -> str:
    return signing.dumps({"app": app.pk, "market": "MY", "person": person}, salt=connecting.SALT, compress=True)


def test_the_consent_page_is_that_of_the_app(app: App) -> None:
    link = joining.consent_of(app, market="MY", person=7, redirect="http://here/back/", now=NOW)
    assert link.startswith("http://127.0.0.1:9911/")
    assert SECRET not in link


def test_a_market_that_the_platform_has_not_is_refused(app: App) -> None:
    with pytest.raises(Refused) as refused:
        joining.consent_of(app, market="XX", person=7, redirect="http://here/", now=NOW)
    assert refused.value.kind == "market"


def test_a_redirect_names_its_app_for_the_person_who_began(app: App) -> None:
    assert joining.returned(state_of(app, 7), person=7) == (app, "MY")


@pytest.mark.parametrize("state", ["", "nonsense", "a:b:c"])
def test_a_state_that_is_not_ours_is_foreign(state: str) -> None:
    with pytest.raises(Refused) as refused:
        joining.returned(state, person=7)
    assert refused.value.kind == "foreign"


def test_a_consent_that_somebody_else_began_is_foreign(app: App) -> None:
    with pytest.raises(Refused) as refused:
        joining.returned(state_of(app, 8), person=7)
    assert refused.value.kind == "foreign"


def test_a_consent_about_an_app_that_is_gone_is_foreign(app: App) -> None:
    state = state_of(app, 7)
    app.delete()
    with pytest.raises(Refused) as refused:
        joining.returned(state, person=7)
    assert refused.value.kind == "foreign"


def test_an_old_consent_is_old(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    state = state_of(app, 7)
    monkeypatch.setattr(connecting, "STATE_LASTS", -connecting.STATE_LASTS)
    with pytest.raises(Refused) as refused:
        joining.returned(state, person=7)
    assert refused.value.kind == "old"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (NotDone("The seller has not agreed"), "declined"),
        (AuthorizationLost("code is used"), "spent"),
        (Unavailable("no answer"), "away"),
        (Rejected("no"), "platform"),
    ],
)
def test_what_keeps_a_consent_from_being_kept_is_told_by_kind(
    app: App, monkeypatch: pytest.MonkeyPatch, error: Exception, expected: str
) -> None:
    def finish(*_: object, **__: object) -> connecting.Connected:
        raise error

    monkeypatch.setattr(connecting, "finish", finish)
    with pytest.raises(Refused) as refused:
        joining.keep(app, query={"code": "x"}, now=NOW, actor="ann")
    assert refused.value.kind == expected


def test_a_consent_that_brings_no_store_says_so(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "finish", lambda *_, **__: connecting.Connected((), (), ()))
    with pytest.raises(Refused) as refused:
        joining.keep(app, query={"code": "x"}, now=NOW, actor="ann")
    assert refused.value.kind == "empty"


# -- by hand --------------------------------------------------------------------------------------------------------------


def add(place: Workspace, **fields: str) -> Store:
    told = {"platform": "shopee", "number": "77", "name": "Nari", "market": "TH"} | fields
    return joining.add_by_hand(place, **told, now=clock.now(), actor="ann@example.com")


def test_a_store_is_added_by_hand_with_the_clock_and_money_of_its_market(place: Workspace) -> None:
    store = add(place)
    assert (store.region, store.timezone, store.currency, store.connection_id) == ("TH", "Asia/Bangkok", "THB", None)
    assert Entry.objects.get(action="stores.add").subject == f"store:{store.key}"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("name", "  ", "name"),
        ("number", "", "number"),
        ("number", "7 7", "number"),
        ("number", "x" * 65, "number"),
        ("market", "CN", "market"),
        ("platform", "ebay", "market"),
    ],
)
def test_what_is_wrong_with_a_store_is_named(place: Workspace, field: str, value: str, expected: str) -> None:
    with pytest.raises(Refused) as refused:
        add(place, **{field: value})
    assert refused.value.kind == expected
    assert not Store.objects.exists()


def test_a_store_that_is_there_already_is_not_added_twice(place: Workspace) -> None:
    store = add(place)
    with pytest.raises(Refused) as refused:
        add(place, name="Other")
    assert (refused.value.kind, refused.value.said) == ("double", store.key)


# -- who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_owners_and_operations_connect_and_all_but_viewers_bring_facts(place: Workspace, role: Role) -> None:
    person = User.objects.create_user("p@example.com", "a long enough password", name="P")
    person.membership_set.create(workspace=place, role=role)
    assert bool(workspaces_to_connect(person)) is (role in (Role.OWNER, Role.OPERATIONS))
    assert bool(workspaces_to_fill(person)) is (role != Role.VIEWER)
    person.is_active = False
    assert not workspaces_to_connect(person)
    assert not workspaces_to_fill(person)
