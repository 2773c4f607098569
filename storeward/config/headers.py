"""Security headers that Django 5.2 does not set itself: the content security policy and the permissions policy.

Everything a page loads is our own and comes from our own address, so the policy is short. Style attributes are allowed
(the width of a bar is data), style elements and foreign or inline scripts are not.
"""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
}

Answer = HttpResponseBase
Handler = Callable[[HttpRequest], Answer] | Callable[[HttpRequest], Awaitable[Answer]]


def with_headers(response: Answer) -> Answer:
    """`response` with the headers that it does not carry yet."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


@sync_and_async_middleware
def security_headers(get_response: Handler) -> Handler:
    """Middleware: every answer, static files included, carries the headers."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> Answer:
            return with_headers(await get_response(request))

        return answer_async

    def answer(request: HttpRequest) -> Answer:
        return with_headers(get_response(request))  # type: ignore[arg-type]  # the branch above took the other kind

    return answer
