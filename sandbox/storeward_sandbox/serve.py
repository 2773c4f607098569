"""A sandbox that serves: the control interface on the base port, each platform on its own port after it."""

import errno
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from .control import Control
from .douyin.opening import open_platform as open_douyin
from .lazada.opening import open_platform as open_lazada
from .options import Options
from .shopee.opening import open_platform as open_shopee
from .tiktok_shop.opening import open_platform as open_tiktok_shop
from .world import Platform, World


class PortTaken(Exception):
    """A port that the sandbox needs is in use."""


@dataclass(frozen=True)
class Opening:
    """A platform's port, counted from the base, and how it is opened with so many stores."""

    port_offset: int
    open: Callable[[World, Options, int], tuple[Platform, web.Application]]


PLATFORMS: dict[str, Opening] = {
    "tiktok_shop": Opening(1, open_tiktok_shop),
    "shopee": Opening(2, open_shopee),
    "lazada": Opening(3, open_lazada),
    "douyin": Opening(4, open_douyin),
}


def dealt(stores: int, platforms: int) -> list[int]:
    """How many stores each platform gets: evenly, the first ones one more, and never less than one."""
    each, over = divmod(stores, platforms)
    return [max(each + (index < over), 1) for index in range(platforms)]


class Sandbox:
    """A running sandbox; `addresses` holds the control interface (`control`) and every platform."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.world = World(
            seed=options.seed,
            at=options.at,
            speed=options.speed,
            retry_scale=options.retry_scale,
            answer_seconds=options.answer_seconds,
        )
        self._doors: dict[str, web.Application] = {}
        named = [name for name in PLATFORMS if not options.platforms or name in options.platforms]
        for name, stores in zip(named, dealt(options.stores, len(named)), strict=True):
            platform, self._doors[name] = PLATFORMS[name].open(self.world, options, stores)
            self.world.add(platform)
        self.addresses: dict[str, str] = {}
        self._runners: list[web.AppRunner] = []

    async def start(self) -> None:
        """Open all ports. Raises PortTaken, with nothing left open."""
        platforms: dict[str, str] = {}
        control = Control(self.world, platforms)
        try:
            self.addresses["control"] = await self._open(control.application(), 0)
            for name, door in self._doors.items():
                platforms[name] = await self._open(door, PLATFORMS[name].port_offset)
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
