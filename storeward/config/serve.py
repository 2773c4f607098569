"""The web process: `python -m storeward.config.serve PORT`. One process, so that a kill leaves nothing behind on the port."""

import asyncio
import signal
import sys

import uvloop
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from storeward.config.asgi import application

HOST = "127.0.0.1"


async def serve(port: int) -> None:
    """Serve until TERM or INT; requests under way are finished first."""
    server = Server(
        application,
        address=HOST,
        port=port,
        interface=Interfaces.ASGI,
        backlog=1024,
        websockets=False,
        log_level=LogLevels.error,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    await server.serve()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
