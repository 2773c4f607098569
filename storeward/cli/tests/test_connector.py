"""`storeward connector ...` as scripts use it."""

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from aiohttp import web

from storeward.cli.main import run
from storeward.connectors.tiktok_shop import CONNECTOR

TIKTOK = ["--platform", "tiktok_shop"]


def connector(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["connector", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def parse(capsys: pytest.CaptureFixture[str], operation: str, file: Path) -> tuple[int, dict[str, Any]]:
    code, out, err = connector(capsys, "parse", *TIKTOK, "--operation", operation, str(file), "--json")
    assert err == ""
    told: dict[str, Any] = json.loads(out)
    assert told.keys() == {"records", "problems"}
    return code, told


def test_operations_are_rows(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = connector(capsys, "operations", *TIKTOK, "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert {"operation": "getOrderList", "kind": "read", "records": ["order"]} in rows
    assert {"operation": "push", "kind": "read", "records": ["push"]} in rows
    assert {"operation": "shipPackage", "kind": "write", "records": []} in rows
    assert len(rows) == len(CONNECTOR.operations)


def test_operations_for_people_are_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = connector(capsys, "operations", *TIKTOK)
    assert code == 0
    assert any(line.split() == ["getOrderList", "read", "order"] for line in out.splitlines())


def test_a_good_answer_prints_its_records(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text(
        '{"code":0,"data":{"orders":[{"id":"0576","status":"UNPAID","payment":{"total_amount":"1E+2","currency":"VND"}}]}}'
    )
    code, told = parse(capsys, "getOrderList", file)
    assert (code, told["problems"]) == (0, [])
    (record,) = told["records"]
    assert (record["kind"], record["platform_order_id"], record["status"]) == ("order", "0576", "unpaid")
    assert record["total"] == {"amount": "100", "currency": "VND"}
    assert record["ship_by_at"] is None


def test_a_failure_of_the_platform_is_exit_1_with_its_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text('{"code":36009002,"message":"Too many requests.","data":null,"request_id":"r"}')
    code, told = parse(capsys, "getOrderList", file)
    assert code == 1
    assert told == {
        "records": [],
        "problems": [
            {
                "field": "code",
                "message": "Too many requests.",
                "level": "platform",
                "error": {"code": "36009002", "retry": "later"},
            }
        ],
    }


def test_an_empty_page_is_no_problem(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text('{"code":0,"data":{},"message":"Success"}')
    assert parse(capsys, "searchReturns", file) == (0, {"records": [], "problems": []})


@pytest.mark.parametrize("body", ["", "not json", "[]", '{"code":0,"data":[]}', '{"code":0,"data":{"orders":[{"status":"X"}]}}'])
def test_what_cannot_be_read_is_exit_1_and_says_where(capsys: pytest.CaptureFixture[str], tmp_path: Path, body: str) -> None:
    file = tmp_path / "answer.json"
    file.write_text(body)
    code, told = parse(capsys, "getOrderList", file)
    assert code == 1
    assert told["records"] == []
    assert told["problems"][0]["level"] == "error"


def test_one_bad_record_among_good_ones_is_exit_0(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text('{"code":0,"data":{"orders":[{"id":"1","status":"UNPAID"},{"status":"UNPAID"}]}}')
    code, told = parse(capsys, "getOrderList", file)
    assert (code, len(told["records"])) == (0, 1)
    assert [(p["field"], p["level"]) for p in told["problems"]] == [("data.orders[1].id", "error")]


def test_for_people_records_and_problems_are_lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text('{"code":0,"data":{"orders":[{"id":"1","status":"LUNAR"}]}}')
    code, out, _ = connector(capsys, "parse", *TIKTOK, "--operation", "getOrderList", str(file))
    assert code == 0
    assert out.startswith("order: platform_order_id=1 platform_status=LUNAR status=unknown")
    assert "note: data.orders[0].status: is a word we do not know: LUNAR" in out
    file.write_text('{"code":0,"data":{}}')
    assert connector(capsys, "parse", *TIKTOK, "--operation", "getOrderList", str(file))[1] == (
        "nothing in it, and nothing wrong with it\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["parse", *TIKTOK, "--operation", "getNothing", "x"], "getNothing"),
        (["parse", *TIKTOK, "--operation", "getOrderList", "/does/not/exist.json"], "/does/not/exist.json"),
        (["parse", "--platform", "ebay", "--operation", "x", "y"], "tiktok_shop"),
        (["operations", "--platform", "ebay"], "ebay"),
        (["operations"], "--platform"),
        (["probe", *TIKTOK, "--base-url", "nonsense"], "http://127.0.0.1:9401"),
        (["probe", *TIKTOK, "--base-url", "127.0.0.1:9401"], "http://127.0.0.1:9401"),
        (["probe", *TIKTOK, "--base-url", "http://127.0.0.1:99999"], "is no address"),
        (["probe", *TIKTOK, "--base-url", "http://[::1"], "is no address"),
        (["probe", *TIKTOK, "--base-url", "ftp://127.0.0.1"], "is no address"),
        (["probe", *TIKTOK, "--base-url", ""], "is no address"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    code, out, err = connector(capsys, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


@pytest.fixture
def serve() -> Iterator[Any]:
    """Runs a handler on a free port, in a thread with a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runners: list[web.AppRunner] = []

    async def start(handler: Any) -> str:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield lambda handler: asyncio.run_coroutine_threadsafe(start(handler), loop).result(10)
    for runner in runners:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def probe(capsys: pytest.CaptureFixture[str], url: str) -> tuple[int, dict[str, dict[str, Any]]]:
    code, out, err = connector(capsys, "probe", *TIKTOK, "--base-url", url, "--json")
    assert err == ""
    rows = [json.loads(line) for line in out.splitlines()]
    assert all(row.keys() == {"operation", "ok", "error"} for row in rows)
    return code, {row["operation"]: row for row in rows}


def test_probe_sends_every_read_once_and_no_token_call(capsys: pytest.CaptureFixture[str], serve: Any) -> None:
    asked: list[str] = []

    async def empty(request: web.Request) -> web.Response:
        asked.append(f"{request.method} {request.path}")
        return web.json_response({"code": 0, "message": "Success", "data": {}})

    code, rows = probe(capsys, serve(empty))
    expected = [name for name, operation in CONNECTOR.operations.items() if operation.example]
    assert list(rows) == expected
    assert len(asked) == len(set(asked)) == len(expected)
    assert not [path for path in asked if "token" in path]
    # A detail that is no detail cannot be read; a page without a list is an empty page.
    assert rows["getOrderList"] == {"operation": "getOrderList", "ok": True, "error": None}
    assert rows["getPackageDetail"]["ok"] is False
    assert code == 1


def test_probe_says_what_a_checker_of_requests_says(capsys: pytest.CaptureFixture[str], serve: Any) -> None:
    async def refuse(request: web.Request) -> web.Response:
        words = "Request query must have required property 'sort_field'"
        return web.json_response({"title": "Invalid", "status": 422, "validation": [{"message": words}]}, status=422)

    code, rows = probe(capsys, serve(refuse))
    assert code == 1
    assert rows["getStatements"]["error"] == "HTTP 422: Request query must have required property 'sort_field'"


def test_probe_tells_refused_credentials_and_garbage_in_rows(capsys: pytest.CaptureFixture[str], serve: Any) -> None:
    async def refuse(request: web.Request) -> web.Response:
        if request.path.startswith("/order/"):
            return web.json_response({"code": 106001, "message": "signature is invalid", "data": None}, status=401)
        return web.Response(body=b"<html>", status=200)

    code, rows = probe(capsys, serve(refuse))
    assert code == 1
    assert rows["getOrderList"]["error"] == "HTTP 401: signature is invalid (code 106001)"
    assert rows["getStatements"]["error"] == "is not a JSON object: nothing can be read"


def test_probe_of_nobody_says_so_in_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = probe(capsys, "http://127.0.0.1:1")
    assert code == 1
    assert all("cannot be reached" in row["error"] for row in rows.values())


def made_up(api: dict[str, Any], schema: dict[str, Any], depth: int = 0) -> Any:
    """A value that fits a schema, as mock servers make one up: 0, "string", one element a list."""
    if "$ref" in schema:
        schema = api["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            if depth > 8:
                return {}
            return {name: made_up(api, part, depth + 1) for name, part in schema.get("properties", {}).items()}
        case "array":
            return [made_up(api, schema["items"], depth + 1)]
        case "integer" | "number":
            return 0
        case "boolean":
            return True
        case _:
            return "string"


def complaint(api: dict[str, Any], operation: dict[str, Any], request: web.Request, body: bytes) -> str | None:
    """What a checker of requests has against one: a parameter that is missing, a body that does not fit."""
    for told in operation["parameters"]:
        parameter = api["components"]["parameters"][told["$ref"].rpartition("/")[2]] if "$ref" in told else told
        held: Any = {"query": request.query, "header": request.headers}.get(parameter["in"], {parameter["name"]: ""})
        if parameter.get("required") and parameter["name"] not in held:
            return f"Request {parameter['in']} must have required property '{parameter['name']}'"
    described = operation.get("requestBody") or {}
    if not body:
        return "Body parameter is required" if described.get("required") else None
    schema = {**described["content"]["application/json"]["schema"], "components": api["components"]}
    return next((error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(json.loads(body))), None)


def fits(template: str, path: str) -> bool:
    parts, asked = template.split("/"), path.split("/")
    return len(parts) == len(asked) and all(p == a or p[:1] == "{" for p, a in zip(parts, asked, strict=True))


@pytest.mark.parametrize("from_examples", [True, False])
def test_probe_is_all_ok_against_a_mock_of_the_description(
    capsys: pytest.CaptureFixture[str], serve: Any, shared_dir: Path, from_examples: bool
) -> None:
    """The mock checks what it is asked, and answers with the published examples or with what it makes up."""
    api = json.loads((shared_dir / "platforms/tiktok_shop/openapi.json").read_bytes())
    routes = [(v.upper(), path, operation) for path, verbs in api["paths"].items() for v, operation in verbs.items()]
    routes.sort(key=lambda route: route[1].count("{"))

    async def mock(request: web.Request) -> web.Response:
        for verb, path, operation in routes:
            if verb == request.method and fits(path, request.path):
                said = complaint(api, operation, request, await request.read())
                if said:
                    return web.json_response({"validation": [{"message": said}]}, status=422)
                content = operation["responses"]["200"]["content"]["application/json"]
                made = content.get("example") if from_examples else None
                return web.json_response(made or made_up(api, content["schema"]))
        return web.json_response({"detail": "no such path"}, status=404)

    code, rows = probe(capsys, serve(mock))
    assert [row for row in rows.values() if not row["ok"]] == []
    assert code == 0
