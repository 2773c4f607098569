"""The forms in which platforms, proxies and client libraries quote secrets, each written out with what must be left of it."""

import json
import logging

import pytest

from storeward.lib import redact


@pytest.mark.parametrize(
    ("said", "left"),
    [
        # query strings
        ("/order?access_token=abc", "/order?access_token=***"),
        ("/order?access_token=abc&page=2", "/order?access_token=***&page=2"),
        ("/order?page=2&sign=0f9e", "/order?page=2&sign=***"),
        ("/order?sign=0f9e&timestamp=1795323600", "/order?sign=***&timestamp=1795323600"),
        ("/order?shop_cipher=GCP_x&sort=asc", "/order?shop_cipher=***&sort=asc"),
        ("/order?SIGN=0F9E&page=2", "/order?SIGN=***&page=2"),
        ("/back?auth_code=ROW_x&state=7", "/back?auth_code=***&state=7"),
        # the token calls: nothing of the query is worth keeping
        (
            "https://auth.example/api/v2/token/get?app_key=1&app_secret=s&grant_type=g",
            "https://auth.example/api/v2/token/get?***",
        ),
        ("https://auth.example/api/v2/token/refresh?app_key=1", "https://auth.example/api/v2/token/refresh?***"),
        ("asked 'https://auth.example/token/get?a=1' twice", "asked 'https://auth.example/token/get?***' twice"),
        # headers
        ("x-tts-access-token: abc", "x-tts-access-token: ***"),
        ("X-Tts-Access-Token: abc", "X-Tts-Access-Token: ***"),
        ("Authorization: abc", "Authorization: ***"),
        ("Authorization: Bearer abc", "Authorization: ***"),
        ("Authorization: Basic dXNlcjp3b3Jk", "Authorization: ***"),
        ("authorization: bearer abc", "authorization: ***"),
        ("Cookie: session=abc; csrftoken=def", "Cookie: ***"),
        ("Set-Cookie: session=abc; Path=/; HttpOnly", "Set-Cookie: ***"),
        ("Cookie: session=abc\r\nHost: shop.example", "Cookie: ***\r\nHost: shop.example"),
        # JSON and Python's way of writing a dictionary
        ('{"access_token": "abc", "open_id": "1"}', '{"access_token": ***, "open_id": "1"}'),
        ('{"access_token":"abc","open_id":"1"}', '{"access_token":***,"open_id":"1"}'),
        ("{'refresh_token': 'abc', 'open_id': '1'}", "{'refresh_token': ***, 'open_id': '1'}"),
        ('{"password": "with \\" inside", "a": 1}', '{"password": ***, "a": 1}'),
        ('{"token": 12345}', '{"token": ***}'),
        ('{"password": "two words, and a comma"}', '{"password": ***}'),
        # addresses of databases
        ("postgresql://ann:word@db.example/shops", "postgresql://ann:***@db.example/shops"),
        ("postgresql://db.example/shops", "postgresql://db.example/shops"),
        ("postgresql://ann@db.example/shops", "postgresql://ann@db.example/shops"),
        ("host=db user=ann password=word dbname=shops", "host=db user=ann password=*** dbname=shops"),
        ("host=db password='two words' dbname=shops", "host=db password=*** dbname=shops"),
        # names that carry a known one at their end
        ("webhook_secret=abc", "webhook_secret=***"),
        ("TIKTOK_APP_SECRET=abc", "TIKTOK_APP_SECRET=***"),
        ("csrf_token=abc", "csrf_token=***"),
        # several at once
        ("access_token=a refresh_token=b sign=c page=2", "access_token=*** refresh_token=*** sign=*** page=2"),
    ],
)
def test_the_value_goes_and_everything_beside_it_stays(said: str, left: str) -> None:
    assert redact.text(said) == left


@pytest.mark.parametrize(
    "said",
    [
        "design=modern",
        "assign: nobody",
        "tokens: 12",
        "secretary: Ann",
        "the sign of the shop",
        "password reset was asked for",
        "order 576000010761417304 is AWAITING_SHIPMENT",
        "page_token_size 50",
        "https://host/order/202309/orders?page_size=50",
        "12:30:00 and 13:00:00",
        "店铺 已关闭",
    ],
)
def test_a_word_that_only_looks_like_a_secrets_name_is_left_alone(said: str) -> None:
    assert redact.text(said) == said


@pytest.mark.parametrize("name", ["access_token", "refresh_token", "app_secret", "sign", "signature", "password", "push_key"])
def test_json_inside_json_is_blanked_too(name: str) -> None:
    """As platforms quote the body they were sent: {"request": "{\\"access_token\\": \\"...\\"}"}."""
    said = json.dumps({"request": json.dumps({name: "TTP_s3cr3t", "page": 2})})
    assert "TTP_s3cr3t" not in redact.text(said)
    assert "page" in redact.text(said)


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        (ValueError("plain"), "plain"),
        (ValueError("  two\n lines "), "two lines"),
        (ValueError(""), "ValueError"),
        (ConnectionResetError(), "ConnectionResetError"),
        (OSError(111, "Connection refused"), "[Errno 111] Connection refused"),
        (ValueError("GET /o?sign=abc\nrefused"), "GET /o?sign=*** refused"),
    ],
)
def test_an_error_of_elsewhere_becomes_one_line(reason: BaseException, line: str) -> None:
    assert redact.error(reason) == line


@pytest.mark.parametrize(
    ("template", "arguments", "message"),
    [
        ("asked %s", ("/o?sign=abc",), "asked /o?sign=***"),
        ("token=%s", ("abc",), "token=***"),
        ("%d of %d", (2, 3), "2 of 3"),
        ("all %s", ({"password": "abc"},), "all {'password': ***}"),
        ("nothing to fill in: 100 %", (), "nothing to fill in: 100 %"),
    ],
)
def test_a_record_is_judged_as_it_would_be_printed(template: str, arguments: tuple[object, ...], message: str) -> None:
    record = logging.LogRecord("storeward", logging.INFO, __file__, 1, template, arguments, None)
    assert redact.RedactingFilter().filter(record) is True
    assert record.getMessage() == message
