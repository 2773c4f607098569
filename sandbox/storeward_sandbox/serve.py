"""Start a sandbox: the control interface on the base port, each platform on its own port after it."""

import errno
from dataclasses import dataclass

from aiohttp import web

from .clock import Instant
from .control import Control
from .tiktok_shop.platform import TikTokShop
from .tiktok_shop.server import Door
from .world import World

HOST = "127.0.0.1"


class PortTaken(Exception):
    """A port that the sandbox needs is in use."""


@dataclass(frozen=True)
class Options:
    """How a sandbox is made. `port_base` 0 takes free ports."""

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
    rotate_refresh: bool = True


class Sandbox:
    """A running sandbox; `addresses` holds the control interface (`control`) and every platform."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.world = World(seed=options.seed, at=options.at, speed=options.speed, retry_scale=options.retry_scale)
        self.tiktok_shop = TikTokShop(
            self.world,
            stores=max(options.stores, 1),
            rate_limit=options.rate_limit,
            chat_quota=options.chat_quota,
            rotate_refresh=options.rotate_refresh,
            webhook_url=options.webhook_url,
            redirect_url=options.redirect_url,
        )
        self.world.add(self.tiktok_shop)
        self.addresses: dict[str, str] = {}
        self._runners: list[web.AppRunner] = []

    async def start(self) -> None:
        """Open all ports. Raises PortTaken, with nothing left open."""
        platforms: dict[str, str] = {}
        control = Control(self.world, platforms)
        try:
            self.addresses["control"] = await self._open(control.application(), 0)
            platforms["tiktok_shop"] = await self._open(Door(self.tiktok_shop).application(), 1)
        except PortTaken:
            await self._close()
            raise
        self.addresses.update(platforms)
        await self.world.start()

    async def stop(self) -> None:
        await self.world.stop()
        await self._close()

    async def _open(self, app: web.Application, offset: int) -> str:
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()
        self._runners.append(runner)
        wanted = self.options.port_base + offset if self.options.port_base else 0
        site = web.TCPSite(runner, self.options.host, wanted)
        try:
            await site.start()
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise PortTaken(f"port {wanted} is in use; choose other ports with --port-base") from error
        port = runner.addresses[0][1]
        return f"http://{self.options.host}:{port}"

    async def _close(self) -> None:
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()
