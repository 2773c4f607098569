"""pymap, an IMAP server by others, in a process of its own: `python imap_server.py CERTIFICATE KEY USER PASSWORD`.

It listens twice on the same mailbox, by TLS from the first byte and in the clear with STARTTLS offered, and prints the two ports.
A process of its own, because the clients block, and because what pymap leaves behind when it ends should end with it.
"""

import asyncio
import json
import ssl
import sys
from argparse import ArgumentParser

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer, IMAPService
from pysasl.hashing import BuiltinHash


async def serve(certificate: str, key: str, user: str, password: str) -> None:
    """Answer until the process is ended."""
    parser = ArgumentParser()
    IMAPService.add_arguments(parser)
    DictBackend.add_subparser("dict", parser.add_subparsers())
    words = ["--cert", certificate, "--key", key, "dict", "--demo-user", user, "--demo-password", password]
    arguments = parser.parse_args(words)
    arguments.passlib_cfg, arguments.debug = None, False
    backend, config = await DictBackend.init(arguments, hash_context=BuiltinHash(rounds=1))
    config.apply_context()
    answer = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
    secured = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secured.load_cert_chain(certificate, key)
    doors = [await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) for context in (secured, None)]
    print(json.dumps([door.sockets[0].getsockname()[1] for door in doors]), flush=True)
    await asyncio.gather(*(door.serve_forever() for door in doors))


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
