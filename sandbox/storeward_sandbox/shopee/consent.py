"""The pages where a seller says yes, or takes it back: GET shows them, POST answers and sends the seller back to the app.

The older link is signed and carries no state, its redirect does; the newer one is not signed and has one.
"""

from html import escape
from urllib.parse import urlencode

from aiohttp import web

from storeward_sandbox.clock import machine_now

from .desk import Consent
from .platform import CLOCK_SECONDS, Shopee
from .signing import equal, request_sign

LEGACY = "/api/v2/shop/auth_partner"
LEGACY_CANCEL = "/api/v2/shop/cancel_auth_partner"

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<body style="font-family:sans-serif;max-width:32rem;margin:3rem auto">
<h1>{title} {partner}</h1><p>The app asks for access to orders, products, finance, chats and returns of your shops.</p>
<form method="post" action="/auth/decide"><input type="hidden" name="deed" value="{deed}">
<input type="hidden" name="redirect" value="{redirect}"><input type="hidden" name="state" value="{state}">
<p><label>Account <select name="account">{accounts}</select></label></p>
<p><button name="decision" value="approve">{button}</button> <button name="decision" value="refuse">Cancel</button></p>
</form></body></html>"""


def consent_routes(app: web.Application, platform: Shopee) -> None:
    """All addresses of the pages, and where their form goes."""

    async def show_legacy(request: web.Request) -> web.Response:
        return _legacy(platform, request)

    async def show(request: web.Request) -> web.Response:
        return _new(platform, request)

    async def decide(request: web.Request) -> web.Response:
        return await _decided(platform, request)

    for path in (LEGACY, LEGACY_CANCEL):
        app.router.add_get(path, show_legacy)
    for path in ("/auth", "/cancel_auth"):
        app.router.add_get(path, show)
    app.router.add_post("/auth/decide", decide)


def _legacy(platform: Shopee, request: web.Request) -> web.Response:
    query, app = request.query, platform.app
    if query.get("partner_id") != str(app.partner_id):
        return _refusal("invalid_partner_id", "There is no such app.")
    stamp = query.get("timestamp", "")
    if not stamp.isdigit() or abs(int(stamp) - machine_now()) > CLOCK_SECONDS:
        return _refusal("error_param", "Timestamp is expired.")
    wanted = request_sign(key=app.partner_key, partner_id=app.partner_id, path=request.path, timestamp=stamp)
    if not equal(query.get("sign", ""), wanted):
        return _refusal("error_sign", "Wrong sign.")
    return _page(platform, request, query.get("redirect", ""), "", cancel=request.path == LEGACY_CANCEL)


def _new(platform: Shopee, request: web.Request) -> web.Response:
    query = request.query
    if query.get("partner_id") != str(platform.app.partner_id):
        return _refusal("invalid_partner_id", "There is no such app.")
    if query.get("auth_type", "seller") != "seller" or query.get("response_type", "code") != "code":
        return _refusal("error_param", "auth_type should be seller, response_type code.")
    return _page(platform, request, query.get("redirect_uri", ""), query.get("state", ""), cancel=request.path == "/cancel_auth")


def _refusal(error: str, message: str) -> web.Response:
    return web.json_response({"error": error, "message": message, "request_id": "0"}, status=403)


def _page(platform: Shopee, request: web.Request, redirect: str, state: str, *, cancel: bool) -> web.Response:
    target = redirect or platform.app.redirect_url
    if not target.startswith(("http://", "https://")):
        return _refusal("error_param", "The redirect is missing or no address.")
    accounts = "".join(
        f'<option value="{one.account_id}">{escape(one.name)} ({"main account" if one.main else one.region})</option>'
        for one in platform.desk.consents
    )
    html = PAGE.format(
        title="Cancel the authorization of" if cancel else "Authorize",
        deed="cancel" if cancel else "authorize",
        button="Cancel Authorization" if cancel else "Confirm Authorization",
        partner=platform.app.partner_id,
        redirect=escape(target, quote=True),
        state=escape(state, quote=True),
        accounts=accounts,
    )
    return web.Response(text=html, content_type="text/html")


async def _decided(platform: Shopee, request: web.Request) -> web.Response:
    form = {name: str(value) for name, value in (await request.post()).items()}
    target = form.get("redirect", "")
    consent = next((one for one in platform.desk.consents if one.account_id == form.get("account")), None)
    if not target:
        return _refusal("error_param", "The redirect is missing.")
    answer = {"state": form["state"]} if form.get("state") else {}
    if form.get("decision") == "approve" and consent is not None:
        answer |= _deed(platform, consent, form.get("deed", ""))
    joint = "&" if "?" in target else "?"
    raise web.HTTPFound(f"{target}{joint}{urlencode(answer)}" if answer else target)


def _deed(platform: Shopee, consent: Consent, deed: str) -> dict[str, str]:
    named = "main_account_id" if consent.main else "shop_id"
    if deed == "cancel":
        platform.revoke(platform.by_id[consent.shop_ids[0]])
        return {named: consent.account_id}
    code = platform.desk.code_for(consent, machine_now())
    platform.authorized(consent)
    return {"code": code, named: consent.account_id}
