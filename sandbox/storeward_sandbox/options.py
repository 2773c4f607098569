"""How a sandbox is made."""

from dataclasses import dataclass

from .clock import Instant

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Options:
    """`port_base` 0 takes free ports; no `platforms` means all that there are.

    `{platform}` in an address stands for the platform's name. `answer_seconds` is how long a receiver of webhooks has; None
    leaves that to each platform. With `every_market` a platform has one more store for each market that lacks one.
    """

    seed: int = 1
    stores: int = 12
    at: Instant = 0
    speed: float = 1.0
    port_base: int = 9400
    host: str = HOST
    webhook_url: str = ""
    redirect_url: str = ""
    rate_limit: int = 50
    chat_quota: int = 10_000
    retry_scale: float = 1.0
    answer_seconds: float | None = None
    rotate_refresh: bool = True
    platforms: tuple[str, ...] = ()
    every_market: bool = False


def address_of(platform: str, address: str) -> str:
    """The address for one platform."""
    return address.replace("{platform}", platform)
