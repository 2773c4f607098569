"""What a demo remembers between two starts."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storeward.cli.demo_world import FILE, DemoWorld
from storeward.lib.errors import NotDone

NOW = datetime(2026, 11, 22, 12, 0, 0, 123, tzinfo=UTC)


def world(folder: Path, *, seed: int | None = None, stores: int | None = None, days: int = 0) -> DemoWorld:
    return DemoWorld.of_folder(folder, now=NOW + timedelta(days=days), seed=seed, stores=stores, frozen=False)


def test_the_second_start_shows_the_same_fleet_and_sign_in(tmp_path: Path) -> None:
    first = world(tmp_path, seed=7, stores=20)
    first.save(tmp_path)
    assert world(tmp_path, days=3) == first
    assert first.at == NOW.replace(microsecond=0)


def test_the_password_is_made_anew_for_every_demo_and_kept_private(tmp_path: Path) -> None:
    assert world(tmp_path).password != world(tmp_path).password
    world(tmp_path).save(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("wish", [{"seed": 8}, {"stores": 21}])
def test_another_fleet_needs_another_folder(tmp_path: Path, wish: dict[str, int]) -> None:
    world(tmp_path, seed=7, stores=20).save(tmp_path)
    with pytest.raises(NotDone, match="--data"):
        world(tmp_path, **wish)


def test_a_real_installation_is_never_turned_into_a_demo(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(NotDone, match="no demo"):
        world(tmp_path)


def test_a_damaged_memory_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    with pytest.raises(NotDone, match="cannot be read"):
        world(tmp_path)


def test_the_sandbox_is_started_with_what_makes_its_world(tmp_path: Path) -> None:
    command = world(tmp_path, seed=7, stores=20).sandbox(9400).command()
    assert command[1:] == [
        *["-m", "storeward_sandbox", "serve", "--seed", "7", "--stores", "20"],
        *["--port-base", "9400", "--at", "2026-11-22T12:00:00Z"],
    ]
