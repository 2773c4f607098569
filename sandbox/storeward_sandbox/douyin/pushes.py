"""Pushes of the app: several messages in one body, signed over its bytes, to one address that must first prove itself.

The platform asks a new address by tag 0; until that has been answered with `code` 0 nothing else gets through.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from storeward_sandbox.clock import Instant
from storeward_sandbox.outbox import Delivery, Outbox, always

from .moments import text_day
from .shop import Message
from .signing import push_sign

PLATFORM = "douyin"
VERIFY = 0
NOBODY = 99999999
"""The number of a shop that is none of ours."""
SIGN_HEADER = "event-sign"


@dataclass
class Pushes:
    """`told` counts messages by tag. `proved`: the addresses that have answered tag 0."""

    outbox: Outbox
    key: str
    secret: str
    address: str = ""
    told: dict[int, int] = field(default_factory=dict)
    proved: set[str] = field(default_factory=set)

    def listen_at(self, address: str, now: Instant) -> None:
        """Another address, or none; it is asked at once."""
        self.address = address
        self.proved.discard(address)
        if address:
            self._ask(address, "", now)

    def send(self, store_id: str, messages: Sequence[Message], now: Instant, ids: Sequence[str]) -> None:
        """Put the messages of one store into one push; an address that has not proved itself is asked first."""
        for tag, _data in messages:
            self.told[tag] = self.told.get(tag, 0) + 1
        address = self.address
        if not address:
            return
        if self.outbox.faults.strikes("stranger_webhook", PLATFORM, store_id):
            messages = [(tag, {**data, "shop_id": NOBODY}) for tag, data in messages]
        if address not in self.proved:
            self._ask(address, store_id, now)
        rows = [self._row(tag, msg_id, now, _text(data)) for (tag, data), msg_id in zip(messages, ids, strict=True)]
        topic = "+".join(str(tag) for tag, _data in messages)
        self._put(store_id, address, topic, rows, now, lambda: address in self.proved)

    def _ask(self, address: str, store_id: str, now: Instant) -> None:
        row = self._row(VERIFY, f"7258{now:015d}", now, text_day(now))
        self._put(store_id, address, str(VERIFY), [row], now, always)

    def _row(self, tag: int, msg_id: str, now: Instant, data: str) -> dict[str, str]:
        return {"tag": str(tag), "msg_id": f"{msg_id}:{tag}:{now}:{self.key}", "data": data}

    def _put(
        self, store_id: str, address: str, topic: str, rows: list[dict[str, str]], now: Instant, ready: Callable[[], bool]
    ) -> None:
        body = msgspec.json.encode(rows)
        headers = {
            "Content-Type": "application/json",
            "app-id": self.key,
            SIGN_HEADER: push_sign(key=self.key, secret=self.secret, body=body),
        }

        def judge(status: int, answer: bytes) -> bool:
            good = status == 200 and _says_ok(answer)
            if good and topic == str(VERIFY):
                self.proved.add(address)
            return good

        self.outbox.put(
            Delivery(PLATFORM, store_id, address, topic, body, headers, now, signed_in=SIGN_HEADER, accepted=judge, ready=ready)
        )


def _text(data: dict[str, Any]) -> str:
    return msgspec.json.encode(data).decode()


def _says_ok(answer: bytes) -> bool:
    """Whether the receiver has answered {"code": 0, …}."""
    try:
        found = msgspec.json.decode(answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return isinstance(found, dict) and found.get("code") == 0
