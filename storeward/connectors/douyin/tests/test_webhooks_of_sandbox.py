"""Webhooks of the sandbox, as they arrive at an address of ours."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from storeward.canon import Push
from storeward.connectors.douyin import CONNECTOR

from .conftest import Sandbox


class Address(ThreadingHTTPServer):
    """Where webhooks arrive: keeps headers and bodies, and answers what the connector says must be answered."""

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), Arrival)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hooks/douyin/1/"


class Arrival(BaseHTTPRequestHandler):
    server: Address

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(CONNECTOR.push_answer)))
        self.end_headers()
        self.wfile.write(CONNECTOR.push_answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the screen."""


@pytest.fixture
def address() -> Iterator[Address]:
    with Address() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_webhooks_are_signed_for_us_and_name_orders_that_there_are(sandbox: Sandbox, address: Address) -> None:
    store = sandbox.stores[0]
    sandbox.post("/webhooks", address=address.url)
    try:
        sandbox.post("/orders", store=store["id"], count=3)
        sandbox.post("/clock", advance="3h")
    finally:
        sandbox.post("/webhooks", address="")
    assert address.came
    assert all(CONNECTOR.verify_push(sandbox.app, headers, body) for headers, body in address.came)
    assert not any(CONNECTOR.verify_push(sandbox.app, headers, body + b" ") for headers, body in address.came)
    first = json.loads(address.came[0][1])
    assert [str(message["tag"]) for message in first] == ["0"]
    assert CONNECTOR.parse_pushes(address.came[0][1]) == ()
    pushes = [push for _, body in address.came for push in CONNECTOR.parse_pushes(body)]
    assert {push.topic for push in pushes} <= {"order", "return", "listing", "address"}
    assert {push.platform_store_id for push in pushes} <= {one["id"] for one in sandbox.stores}
    _placed(pushes, store["id"])


def _placed(pushes: list[Push], store_id: str) -> None:
    created = {push.platform_order_id for push in pushes if push.platform_topic == "100" and push.platform_store_id == store_id}
    assert len(created) >= 3
    assert all(push.platform_push_id for push in pushes)
