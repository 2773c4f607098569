"""How serve.py opens the platform."""

from aiohttp import web

from storeward_sandbox.options import Options, address_of
from storeward_sandbox.world import World

from .platform import TikTokShop
from .server import Door


def open_platform(world: World, options: Options, stores: int) -> tuple[TikTokShop, web.Application]:
    """The platform with so many stores, and what answers its clients."""
    platform = TikTokShop(
        world,
        stores=stores,
        rate_limit=options.rate_limit,
        chat_quota=options.chat_quota,
        rotate_refresh=options.rotate_refresh,
        webhook_url=address_of(TikTokShop.name, options.webhook_url),
        redirect_url=address_of(TikTokShop.name, options.redirect_url),
    )
    return platform, Door(platform).application()
