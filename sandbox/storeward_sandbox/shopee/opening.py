"""How serve.py opens the platform."""

from aiohttp import web

from storeward_sandbox.options import Options, address_of
from storeward_sandbox.world import World

from .platform import Shopee
from .server import Door


def open_platform(world: World, options: Options, stores: int) -> tuple[Shopee, web.Application]:
    """The platform with so many shops, and what answers its clients."""
    platform = Shopee(
        world,
        stores=stores,
        rate_limit=options.rate_limit,
        rotate_refresh=options.rotate_refresh,
        webhook_url=address_of(Shopee.name, options.webhook_url),
        redirect_url=address_of(Shopee.name, options.redirect_url),
    )
    return platform, Door(platform).application()
