"""A worker process: python -m storeward.cli.worker. The supervisor starts it, and starts it anew when it dies."""

import asyncio
import signal

import django

django.setup()

from storeward import pipeline  # noqa: E402


async def main() -> None:
    """Work until TERM or INT, then finish what has begun."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await pipeline.work(stop)


if __name__ == "__main__":
    asyncio.run(main())
