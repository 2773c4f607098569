"""Secrets stay out of logs and error texts, in whatever form they come."""

import io
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.lib import redact

SECRET = "TTP_s3cr3tValue"


@pytest.mark.parametrize(
    "text",
    [
        f"GET https://host/api/v2/token/get?app_key=1&app_secret={SECRET}&grant_type=x",
        f"https://host/order?access_token={SECRET}&page=2",
        f"https://host/order?page=2&sign={SECRET}",
        f'{{"access_token": "{SECRET}", "open_id": "1"}}',
        f"{{'refresh_token': '{SECRET}'}}",
        f"x-tts-access-token: {SECRET}",
        f"Authorization: Bearer {SECRET}",
        f"postgresql://person:{SECRET}@host/name",
        f"app_secret={SECRET}",
        f"https://host/api/v2/token/refresh?refresh_token={SECRET}",
        f"shop_cipher={SECRET}",
    ],
)
def test_a_secret_is_blanked_in_every_form(text: str) -> None:
    blanked = redact.text(text)
    assert SECRET not in blanked
    assert redact.HIDDEN in blanked


@pytest.mark.parametrize(
    "text",
    [
        "order 576465000000000301 was signed for by the buyer",
        "https://host/order/202309/orders?page_size=50&shop=1",
        "the design of the token bucket: 12 tokens",
        "",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert redact.text(text) == text


def test_what_stands_beside_a_secret_stays_readable() -> None:
    assert redact.text(f"GET /o?page=2&sign={SECRET}&size=5 failed") == "GET /o?page=2&sign=***&size=5 failed"


@given(st.text())
def test_blanking_twice_equals_once(text: str) -> None:
    once = redact.text(text)
    assert redact.text(once) == once


def test_an_error_without_words_is_named_by_its_kind() -> None:
    assert redact.error(TimeoutError()) == "TimeoutError"
    assert redact.error(ValueError(f"sign={SECRET}\nand more")) == "sign=*** and more"


def test_a_log_record_is_blanked_with_its_arguments_and_traceback() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(redact.RedactingFilter())
    logger = logging.Logger("test")
    logger.addHandler(handler)
    try:
        raise ValueError(f"access_token={SECRET}")
    except ValueError:
        logger.error("asked %s", f"https://h/?sign={SECRET}", exc_info=sys.exc_info())
    assert SECRET not in stream.getvalue()
    assert "Traceback" in stream.getvalue()
