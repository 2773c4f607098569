"""`storeward connector ...`: what a connector asks, and how it reads an answer. Needs no database."""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import click
import msgspec

from storeward.canon import to_plain
from storeward.cli.options import json_option
from storeward.connectors.client import Client, Manners
from storeward.connectors.contract import Access, AppKeys, Connector, Level, Operation, OperationKind, Parsed, Problem, Request
from storeward.connectors.errors import NotSupported, PlatformError
from storeward.connectors.registry import connector_for
from storeward.lib import clock, redact
from storeward.lib.errors import NotDone, from_os

GOOD, BAD = 0, 1
AT_ONCE = 4
LONGEST_WORDS = 300
MADE_UP = AppKeys("2000001", "probe-secret-that-nobody-has")
NOBODY = Access("TTP_probe-token-that-nobody-has", handle="GCP_probe", platform_store_id="14701711")


def platform_option(command: Any) -> Any:
    return click.option("--platform", required=True, metavar="P", help="tiktok_shop, or one that a plug-in adds.")(command)


@click.group()
def connector() -> None:
    """What a connector asks and how it reads an answer."""


@connector.command()
@platform_option
@json_option
def operations(platform: str, as_json: bool) -> None:
    """List every operation that the connector knows, and the kinds of record that its answer yields."""
    for operation in _connector(platform).operations.values():
        row = {"operation": operation.name, "kind": operation.kind.value, "records": list(operation.records)}
        click.echo(_json(row) if as_json else f"{operation.name:42} {operation.kind:6} {', '.join(operation.records)}")


@connector.command()
@platform_option
@click.option("--operation", "name", required=True, metavar="OP", help="As the platform's documents name it, or push.")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def parse(ctx: click.Context, platform: str, name: str, file: Path, as_json: bool) -> None:
    """Read FILE (one answer or webhook body, exactly as sent; - for standard input) as the connector would."""
    operation = _operation(_connector(platform), name)
    parsed = operation.parse(_bytes_of(file), {})
    if as_json:
        click.echo(_json(_answer(parsed)))
    else:
        _tell(parsed)
    ctx.exit(BAD if parsed.failed or parsed.unreadable else GOOD)


@connector.command()
@platform_option
@click.option("--base-url", required=True, metavar="URL", help="Where to send the calls, e.g. http://127.0.0.1:9401")
@json_option
@click.pass_context
def probe(ctx: click.Context, platform: str, base_url: str, as_json: bool) -> None:
    """Send every read once to URL, with made-up credentials and ids, and say whether the answer can be read."""
    if not _is_address(base_url):
        raise NotDone(f"--base-url {base_url} is no address: give one such as http://127.0.0.1:9401.")
    rows = asyncio.run(_probe(_connector(platform), base_url))
    for row in rows:
        click.echo(_json(row) if as_json else f"{'ok' if row['ok'] else '--'}  {row['operation']:42} {row['error'] or ''}")
    ctx.exit(GOOD if all(row["ok"] for row in rows) else BAD)


def _is_address(url: str) -> bool:
    """Whether calls can be sent there; a port beyond 65535 and a broken IPv6 host are no address either."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _connector(platform: str) -> Connector:
    try:
        return connector_for(platform)
    except NotSupported as unknown:
        raise NotDone(f"--platform {platform}: {unknown.message}.") from None


def _operation(connector: Connector, name: str) -> Operation:
    try:
        return connector.operation(name)
    except NotSupported:
        advice = f"'storeward connector operations --platform {connector.id}' lists them"
        raise NotDone(f"--operation {name}: {connector.label} has no operation of this name; {advice}.") from None


def _bytes_of(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise from_os(error, f"read {file}") from None


def _answer(parsed: Parsed) -> dict[str, Any]:
    return {"records": [to_plain(record) for record in parsed.records], "problems": [_problem(p) for p in parsed.problems]}


def _problem(problem: Problem) -> dict[str, Any]:
    told: dict[str, Any] = {"field": problem.field, "message": problem.message, "level": problem.level.value}
    if problem.error is not None:
        told["error"] = {"code": problem.error.code, "retry": problem.error.retry.value}
    return told


def _tell(parsed: Parsed) -> None:
    """For people: one line a record, one a problem."""
    for record in parsed.records:
        plain = to_plain(record)
        words = [f"{name}={value}" for name, value in plain.items() if name != "kind" and _is_short(value)]
        click.echo(f"{plain['kind']}: {' '.join(words)}")
    for problem in parsed.problems:
        code = f" (code {problem.error.code}, retry {problem.error.retry})" if problem.error else ""
        click.echo(f"{problem.level}: {problem.field or 'the body'}: {problem.message}{code}")
    if not parsed.records and not parsed.problems:
        click.echo("nothing in it, and nothing wrong with it")


def _is_short(value: Any) -> bool:
    return value is not None and not isinstance(value, list | dict)


async def _probe(connector: Connector, base_url: str) -> list[dict[str, Any]]:
    """One row for every read that the connector sends, in the order of the list of operations."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession() as session:
        client = Client(
            connector=connector,
            session=session,
            app=MADE_UP,
            access=NOBODY,
            now=clock.now,
            base_url=base_url,
            manners=Manners(tries=1, timeout=20, connect_timeout=5),
        )

        async def one(operation: Operation, request: Request) -> dict[str, Any]:
            async with gate:
                error = await _probe_one(client, operation, request)
            return {"operation": operation.name, "ok": error is None, "error": error}

        asked = [(op, op.example()) for op in connector.operations.values() if op.kind is OperationKind.READ and op.example]
        return list(await asyncio.gather(*(one(operation, request) for operation, request in asked)))


async def _probe_one(client: Client, operation: Operation, request: Request) -> str | None:
    """What went wrong, in one line; None where the answer can be read."""
    try:
        status, body, *_ = await client.send(request)
    except PlatformError as error:
        return redact.text(error.message)
    if not 200 <= status < 300:
        return redact.text(f"HTTP {status}: {_words_of(body)}")
    parsed = operation.parse(body, request.about)
    if _is_read(parsed):
        return None
    return redact.text("; ".join(_line(problem) for problem in parsed.problems))[:LONGEST_WORDS]


def _is_read(parsed: Parsed) -> bool:
    """Whether the call as a whole succeeded and its answer could be read; a part that failed is an answer like any other."""
    whole = [p for p in parsed.problems if p.level is not Level.PLATFORM or not _is_part(p.field)]
    return not parsed.unreadable and not Parsed(items=parsed.items, problems=whole).failed


def _is_part(field: str) -> bool:
    """Whether the failure at that path is of a part of the call, such as one row of a list."""
    return field.startswith("data.") or "[" in field


def _line(problem: Problem) -> str:
    code = f" (code {problem.error.code})" if problem.error else ""
    return f"{problem.field} {problem.message}{code}".strip()


def _words_of(body: bytes) -> str:
    """What an error answer says, whoever sent it: the platform, a proxy, or a checker of requests."""
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return " ".join(body.decode(errors="replace").split())[:LONGEST_WORDS] or "no words"
    return "; ".join(_messages(told))[:LONGEST_WORDS] or "no words"


def _messages(told: Any) -> Iterable[str]:
    if not isinstance(told, Mapping):
        return
    checks = [check for check in told.get("validation") or () if isinstance(check, Mapping)]
    if checks:
        yield from (str(check["message"]) for check in checks if check.get("message"))
        return
    for name in ("message", "detail", "title", "error"):
        if isinstance(told.get(name), str) and told[name]:
            code = f" (code {told['code']})" if "code" in told else ""
            yield f"{told[name]}{code}"
            return


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
