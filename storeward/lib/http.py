"""Outgoing HTTP: one way to make a session, and the one place that judges addresses which a person typed.

Unreachable...   is left to the caller: aiohttp's own errors come out of a session unchanged
NotDone          an address that must not be asked
"""

import ipaddress
import socket
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from storeward.lib.errors import NotDone

AGENT = "Storeward/0.1"
CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 5.0, 20.0, 30.0
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def session(*, connections: int = 32, per_host: int = 0, total_seconds: float = TOTAL_SECONDS) -> aiohttp.ClientSession:
    """A session for addresses that the operator configured (platforms, the sandbox on loopback).

    Cookies are not kept: platforms authorise by token, and two stores share one session.
    """
    connector = aiohttp.TCPConnector(limit=connections, limit_per_host=per_host, ttl_dns_cache=300)
    return _session(connector, total_seconds)


def guarded_session(*, connections: int = 8, total_seconds: float = TOTAL_SECONDS) -> aiohttp.ClientSession:
    """A session for addresses that a user typed: names are resolved by us and private addresses refused at that moment,
    so that a name which changes its meaning after a check gains nothing. Check the address with `refuse_private` first:
    a bare number needs no resolving."""
    connector = aiohttp.TCPConnector(limit=connections, resolver=_PublicOnly(), use_dns_cache=False)
    return _session(connector, total_seconds)


def _session(connector: aiohttp.TCPConnector, total_seconds: float) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=total_seconds, connect=CONNECT_SECONDS, sock_read=min(READ_SECONDS, total_seconds)),
        headers={"User-Agent": AGENT},
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def refuse_private(url: str) -> None:
    """Raise NotDone unless `url` is a plain http(s) address that does not name a private or local machine by number or name."""
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in {"http", "https"} or not host:
        raise NotDone(f"{url!r} is no web address; expected https://name/path.")
    if parts.username or parts.password:
        raise NotDone(f"The address of {host} carries a name or password; give it without.")
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or _is_private_number(host):
        raise NotDone(f"{host} is a private address; only public ones may be asked.")


def is_public(address: Address) -> bool:
    """Whether an address lies on the public internet; one in disguise (IPv4 in IPv6) is judged by what it stands for."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return is_public(inner)
        if address in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast


def _is_private_number(host: str) -> bool:
    try:
        return not is_public(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:  # 127.1, 0x7f000001 and 2130706433 all mean loopback to the system's resolver
        return not is_public(ipaddress.IPv4Address(socket.inet_aton(host)))
    except OSError:
        return False


class _PublicOnly(AbstractResolver):
    """Resolves as the system does and refuses a name any of whose addresses is private."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not all(is_public(ipaddress.ip_address(entry["host"])) for entry in found):
            raise NotDone(f"{host} leads to a private address; only public ones may be asked.")
        return found

    async def close(self) -> None:
        await self._inner.close()
