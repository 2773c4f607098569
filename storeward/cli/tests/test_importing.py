"""`storeward import`: a table from the command line into an installation."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest

from storeward.cli.installation import Installation
from storeward.cli.main import run

TABLE = """store,balance,currency,at
tt-my-luna1,-34.20,USD,2026-11-20 08:00
nobody,1,USD,2026-11-20 08:00
"""
FLEET = """
INSERT INTO accounts_workspace (slug, name, currency, created_at) VALUES ('w', 'W', 'USD', now());
INSERT INTO stores_store (workspace_id, key, platform, platform_store_id, platform_handle, name, region, timezone, currency,
    seller_type, programme, state, status, settings, added_at)
SELECT id, 'tt-my-luna1', 'tiktok_shop', '7494', '', 'Luna', 'MY', 'Asia/Kuala_Lumpur', 'MYR', 'local', 'none', '', 'open',
    '{}', now()
FROM accounts_workspace;
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "balances.csv"
    file.write_text(TABLE)
    return file


def balances(installation: Installation) -> list[Any]:
    with psycopg.connect(installation.database.url) as database:
        return database.execute("SELECT amount::text, currency, origin FROM records_balanceevent").fetchall()


def bring(installation: Installation, capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = run(["import", *words, "--data", str(installation.data)])
    said = capfd.readouterr()
    return code, said.out if code < 2 else said.err


def test_the_good_rows_count_and_the_bad_ones_are_told(
    installation: Installation, table: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(installation.database.url) as database:
        database.execute(FLEET)
    code, said = bring(installation, capfd, "balances", str(table), "--dry-run")
    assert (code, balances(installation)) == (1, [])
    assert said.startswith("1 of 2 rows are good, for 1 stores; nothing was taken over (--dry-run).\n")
    assert "  row 3, store: there is no store 'nobody' that you may see" in said
    code, said = bring(installation, capfd, "balances", str(table), "--json")
    answer: Mapping[str, Any] = json.loads(said)
    assert (code, answer["good"], answer["bad_rows"], answer["changed"]) == (1, 1, 1, 1)
    assert balances(installation) == [("-34.2000", "USD", "file")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["gold", "x.csv"], "'gold' is not one of"),
        (["balances", "/nowhere/x.csv"], "/nowhere/x.csv"),
        (["balances", "TABLE", "--as-of", "yesterday"], "--as-of yesterday is no instant; write it like 2026-11-20T09:35:00Z."),
        (["balances", "TABLE", "--as-of", "2026-11-20T09:35:00"], "names no time zone"),
        (["orders", "TABLE"], "balances.csv: row 1 has no column order_id, status, placed_at; take the template for orders."),
    ],
)
def test_what_cannot_be_brought_is_one_sentence(
    installation: Installation, table: Path, capfd: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    with psycopg.connect(installation.database.url) as database:
        database.execute(FLEET)
    code, error = bring(installation, capfd, *(str(table) if word == "TABLE" else word for word in words))
    assert code == 2
    assert said in error
    assert error.count("\n") == 1


def test_an_installation_without_stores_has_nothing_that_a_table_could_be_about(
    installation: Installation, table: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, error = bring(installation, capfd, "balances", str(table))
    assert (code, error) == (2, "storeward: There is no store yet that a table could be about: connect or add one first.\n")
