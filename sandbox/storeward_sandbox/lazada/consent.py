"""The page where a seller says yes: GET shows it, POST answers and sends the seller back to the app."""

from html import escape
from urllib.parse import urlencode

from aiohttp import web

from storeward_sandbox.clock import machine_now

from .auth import Seller
from .platform import Lazada
from .sites import CROSS_BORDER

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Authorize an app</title>
<body style="font-family:sans-serif;max-width:32rem;margin:3rem auto">
<h1>Authorize app {app}</h1><p>The app asks for access to orders, products, finance, messages and returns of your store.</p>
<form method="post" action="/oauth/decide"><input type="hidden" name="state" value="{state}">
<input type="hidden" name="redirect_uri" value="{redirect}">
<p><label>Store <select name="store">{stores}</select></label></p>
<p><button name="decision" value="approve">Approve</button> <button name="decision" value="refuse">Refuse</button></p>
</form></body></html>"""


def consent_routes(app: web.Application, platform: Lazada) -> None:
    """The address of the consent page, and where its form goes."""

    async def show(request: web.Request) -> web.Response:
        return _page(platform, request)

    async def decide(request: web.Request) -> web.Response:
        return await _decided(platform, request)

    for prefix in ("", "/rest"):
        app.router.add_get(f"{prefix}/oauth/authorize", show)
    app.router.add_post("/oauth/decide", decide)


def _page(platform: Lazada, request: web.Request) -> web.Response:
    query = request.query
    if query.get("client_id") != platform.app.key:
        return web.Response(status=400, text="There is no such app.")
    if query.get("response_type") != "code":
        return web.Response(status=400, text="The response_type must be code.")
    redirect = query.get("redirect_uri", "")
    if not redirect or (platform.app.redirect_url and redirect != platform.app.redirect_url):
        return web.Response(status=400, text="The redirect_uri is not the callback that the app has registered.")
    wanted = {code for code in query.get("country", "").lower().split(",") if code}
    html = PAGE.format(
        app=escape(platform.app.key),
        state=escape(query.get("state", ""), quote=True),
        redirect=escape(redirect, quote=True),
        stores="".join(_options(platform, wanted)),
    )
    return web.Response(text=html, content_type="text/html")


def _options(platform: Lazada, wanted: set[str]) -> list[str]:
    """Each store, and for cross-border sellers all their sites at once; narrowed to the wanted countries."""
    found = []
    for seller in platform.desk.sellers:
        choices = [(shop.site.code, f"{shop.name} ({shop.region})") for shop in seller.stores]
        if seller.cross_border and len(seller.stores) > 1:
            sites = ", ".join(shop.region for shop in seller.stores)
            choices.append((CROSS_BORDER, f"{seller.stores[0].name}: all sites ({sites})"))
        found += [
            f'<option value="{escape(seller.account, quote=True)}|{code}">{escape(words)}</option>'
            for code, words in choices
            if not wanted or code in wanted
        ]
    return found


async def _decided(platform: Lazada, request: web.Request) -> web.Response:
    form = {name: str(value) for name, value in (await request.post()).items()}
    target = form.get("redirect_uri") or platform.app.redirect_url
    if not target:
        return web.Response(status=400, text="The app has no redirect address.")
    account, _, country = form.get("store", "").rpartition("|")
    seller = platform.desk.seller_of(account)
    answer = {"state": form["state"]} if form.get("state") else {}
    if form.get("decision") != "approve" or seller is None or not _offered(seller, country):
        answer |= {"error": "access_denied"}
    else:
        answer |= {"code": platform.desk.code_for(seller, country, machine_now())}
    joint = "&" if "?" in target else "?"
    raise web.HTTPFound(f"{target}{joint}{urlencode(answer)}")


def _offered(seller: Seller, country: str) -> bool:
    return country in {CROSS_BORDER, *(shop.site.code for shop in seller.stores)}
