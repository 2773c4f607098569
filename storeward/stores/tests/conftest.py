"""A team with people, and a store that is connected to a platform which is not there."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from storeward.accounts.models import Role, User, Workspace
from storeward.accounts.people import create_person, create_workspace
from storeward.canon import StoreProfile
from storeward.connectors.contract import Tokens
from storeward.lib.crypto import create_keys
from storeward.stores.models import App, Store
from storeward.stores.registering import adopt, register_app

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """The usual people: one who owns, one who works there, one who has no business here."""

    workspace: Workspace
    elsewhere: Workspace
    owner: User
    colleague: User
    stranger: User


def tokens(user: str = "seller", *, until: datetime = NOW + timedelta(days=700), access: str = "access-1") -> Tokens:
    return Tokens(access, f"refresh-of-{access}", until, None, user)


def profile(number: str = "749", name: str = "Luna Home 3", region: str = "MY") -> StoreProfile:
    return StoreProfile(platform_store_id=number, name=name, region=region, platform_handle=f"cipher-{number}")


@pytest.fixture
def cast(transactional_db: None, tmp_path: Path, settings: Settings) -> Cast:
    settings.CREDENTIAL_KEYS = tmp_path / "credentials.keys"
    create_keys(settings.CREDENTIAL_KEYS)
    ours = create_workspace(slug="ours", name="Ours", now=NOW)
    theirs = create_workspace(slug="theirs", name="Theirs", now=NOW)

    def person(name: str, workspace: Workspace, role: Role) -> User:
        email = f"{name}@example.com"
        return create_person(email=email, name=name, password="a long password", workspace=workspace, role=role, now=NOW)

    return Cast(
        ours,
        theirs,
        person("owner", ours, Role.OWNER),
        person("colleague", ours, Role.VIEWER),
        person("stranger", theirs, Role.OWNER),
    )


@pytest.fixture
def app(cast: Cast) -> App:
    return register_app(
        workspace=cast.workspace,
        platform="tiktok_shop",
        name="Ours",
        app_key="key",
        app_secret="secret",
        base_url="http://127.0.0.1:9",
        auth_url="http://127.0.0.1:9",
        now=NOW,
    )


@pytest.fixture
def store(app: App) -> Store:
    (made,) = adopt(app, tokens(), [profile()], now=NOW)
    return made
