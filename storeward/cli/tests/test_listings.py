"""policy listing: a file of listings without an installation, and every listing of a store."""

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from storeward.cli.listings import listing_step
from storeward.cli.main import run
from storeward.findings.tests.factories import NOW, store
from storeward.findings.tests.test_listings import listing
from storeward.lib import clock
from storeward.lib.errors import NotDone

GOOD = {"id": "a", "platform": "lazada", "market": "MY", "title": "Bowl", "description": "x", "images": 1, "brand": "OEM"}


def written(tmp_path: Path, *lines: object) -> str:
    file = tmp_path / "listings.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return str(file)


def test_a_file_is_answered_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policy", "listing", written(tmp_path, GOOD), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": "a", "problems": [], "unknown": {"price": "no_limit"}}
    bad = GOOD | {"id": "b", "title": "Bowl cures acne"}
    assert run(["policy", "listing", written(tmp_path, GOOD, bad)]) == 1
    told = capsys.readouterr().out
    assert "b: 1 problems\n  claims     “cures acne” in title: " in told
    assert "price      cannot tell (no limit)" in told
    assert run(["policy", "listing", written(tmp_path, bad, GOOD | {"images": "x"})]) == 2
    assert "a: images: " in capsys.readouterr().out


def test_neither_or_both_is_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], [written(tmp_path, GOOD), "--store", "x"]):
        assert run(["policy", "listing", *words]) == 2
        assert "--store KEY" in capsys.readouterr().err


@pytest.mark.django_db
def test_every_listing_of_a_store_is_looked_at() -> None:
    shop = store(1)
    runner = CliRunner()
    with clock.frozen(NOW):
        assert runner.invoke(listing_step, [shop.key], catch_exceptions=False).exit_code == 2
        shop = store(2)
        listing(shop, 1)
        listing(shop, 2, title="Bowl cures acne")
        listing(shop, 3)
        told = runner.invoke(listing_step, [shop.key, "--json"], catch_exceptions=False)
        assert told.exit_code == 1
        rows = [msgspec.json.decode(line) for line in told.output.splitlines() if line.startswith("{")]
        assert [(row["listing"], [one["form"] for one in row["problems"]], row["same_as"]) for row in rows] == [
            ("2", ["claims"], None),
            ("3", [], "1"),
        ]
        text = runner.invoke(listing_step, [shop.key], catch_exceptions=False).output
        assert "2  Bowl cures acne\n  claims     “cures acne” in title" in text
        assert "duplicate  It says the same as 1." in text
        with pytest.raises(NotDone, match="no store"):
            runner.invoke(listing_step, ["elsewhere"], catch_exceptions=False)
