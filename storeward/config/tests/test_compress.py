"""What is sent compressed: text of some length, to those who can read it."""

import gzip

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from storeward.config.compress import CompressText

LONG = b"<p>a line of a page</p>" * 40


def answered(body: bytes, kind: str, asked: str) -> HttpResponse:
    request: HttpRequest = RequestFactory().get("/", headers={"Accept-Encoding": asked})
    answer = CompressText(lambda _request: HttpResponse(body, content_type=kind))(request)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/plain", "application/json", "image/svg+xml"])
def test_text_is_compressed_and_reads_the_same(kind: str) -> None:
    answer = answered(LONG, kind, "gzip, br")
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert gzip.decompress(answer.content) == LONG
    assert len(answer.content) < len(LONG) / 3


@pytest.mark.parametrize(
    ("body", "kind", "asked"),
    [
        (LONG, "font/woff2", "gzip"),
        (LONG, "image/png", "gzip"),
        (LONG, "application/octet-stream", "gzip"),
        (LONG, "text/html", "br"),
        (LONG, "text/html", ""),
        (b"<p>short</p>", "text/html", "gzip"),
    ],
)
def test_the_rest_goes_out_as_it_is(body: bytes, kind: str, asked: str) -> None:
    answer = answered(body, kind, asked)
    assert "Content-Encoding" not in answer
    assert answer.content == body
