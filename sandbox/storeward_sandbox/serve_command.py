"""The command that serves a sandbox until a signal comes."""

import asyncio
import math
import signal
import sys

import click

from .clock import BadTime, checked_speed, machine_now, parse_instant
from .options import Options
from .serve import PLATFORMS, PortTaken, Sandbox


@click.command()
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same world.")
@click.option("--stores", default=12, show_default=True, help="How many stores there are in all.")
@click.option(
    "--platform", "platforms", multiple=True, type=click.Choice(list(PLATFORMS)), help="Only this platform; may be repeated."
)
@click.option("--every-market", is_flag=True, help="Add stores until each platform has one in every market.")
@click.option("--at", "at", default=None, help="Where the sandbox's clock starts (ISO instant; default: now).")
@click.option("--frozen", is_flag=True, help="Let the clock stand: nothing happens but by `clock`.")
@click.option("--speed", default=1.0, show_default=True, help="Sandbox seconds that pass in a second.")
@click.option("--webhook-url", default="", help="Where the app's webhooks go ({platform} stands for the name).")
@click.option("--redirect-url", default="", help="Where sellers go after the consent page (likewise).")
@click.option("--rate-limit", default=50, show_default=True, help="Calls a second for each endpoint and store.")
@click.option("--chat-quota", default=10_000, show_default=True, help="Chat calls a day for each store.")
@click.option("--retry-scale", default=1.0, show_default=True, help="Shortens (0.01) the pauses between webhook retries.")
@click.option(
    "--answer-seconds", default=None, type=float, help="How long receivers of webhooks have (default: as each platform)."
)
@click.option("--keep-refresh-token", is_flag=True, help="A refresh leaves the refresh token as it was.")
@click.option("--port-base", default=9400, show_default=True, help="The sandbox's first port.")
def serve(
    seed: int,
    stores: int,
    platforms: tuple[str, ...],
    every_market: bool,
    at: str | None,
    frozen: bool,
    speed: float,
    webhook_url: str,
    redirect_url: str,
    rate_limit: int,
    chat_quota: int,
    retry_scale: float,
    answer_seconds: float | None,
    keep_refresh_token: bool,
    port_base: int,
) -> None:
    """Serve until a signal comes; print the addresses, then `ready`."""
    options = Options(
        seed=seed,
        stores=stores,
        at=int(machine_now()) if at is None else _instant(at),
        speed=0.0 if frozen else speed,
        port_base=port_base,
        webhook_url=webhook_url,
        redirect_url=redirect_url,
        rate_limit=rate_limit,
        chat_quota=chat_quota,
        retry_scale=retry_scale,
        answer_seconds=answer_seconds,
        rotate_refresh=not keep_refresh_token,
        platforms=platforms,
        every_market=every_market,
    )
    _check(options)
    asyncio.run(_serve(options))


def _check(options: Options) -> None:
    if not 1 <= options.stores <= 1000:
        raise click.ClickException(f"--stores {options.stores} is out of range; choose 1 to 1000")
    if not 0 <= options.port_base <= 65_530:
        raise click.ClickException(f"--port-base {options.port_base} is no port; choose 1024 to 65530")
    if options.rate_limit < 1 or options.chat_quota < 0:
        raise click.ClickException("--rate-limit must be 1 or more, --chat-quota 0 or more")
    if not 0 <= options.retry_scale < math.inf:
        raise click.ClickException(f"--retry-scale {options.retry_scale:g} is no factor; choose 0 or more")
    if options.answer_seconds is not None and not 0 < options.answer_seconds < math.inf:
        raise click.ClickException(f"--answer-seconds {options.answer_seconds:g} is no time to answer; choose more than 0")
    try:
        checked_speed(options.speed)
    except BadTime as error:
        raise click.ClickException(f"--speed: {error}") from error


def _instant(text: str) -> int:
    try:
        return parse_instant(text)
    except BadTime as error:
        raise click.ClickException(f"--at: {error}") from error


async def _serve(options: Options) -> None:
    world = Sandbox(options)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    try:
        await world.start()
    except PortTaken as taken:
        raise click.ClickException(str(taken)) from taken
    for name, address in world.addresses.items():
        click.echo(f"{name} {address}")
    click.echo("ready")
    sys.stdout.flush()
    await ended.wait()
    await world.stop()
