"""The page where a seller says yes: GET shows it, POST answers and sends the seller back to the app."""

from html import escape
from urllib.parse import urlencode

from aiohttp import web

from storeward_sandbox.clock import machine_now

from .platform import TikTokShop

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Authorize an app</title>
<body style="font-family:sans-serif;max-width:32rem;margin:3rem auto">
<h1>Authorize {service}</h1><p>The app asks for access to orders, products, finance, messages and after-sales of your shops.</p>
<form method="post" action="/oauth/decide"><input type="hidden" name="state" value="{state}">
<input type="hidden" name="redirect_uri" value="{redirect}">
<p><label>Seller <select name="open_id">{sellers}</select></label></p>
<p><button name="decision" value="approve">Approve</button> <button name="decision" value="refuse">Refuse</button></p>
</form></body></html>"""


def consent_routes(app: web.Application, platform: TikTokShop) -> None:
    """Both addresses of the consent page, and where its form goes."""

    async def show(request: web.Request) -> web.Response:
        return _page(platform, request)

    async def decide(request: web.Request) -> web.Response:
        return await _decided(platform, request)

    app.router.add_get("/oauth/authorize", show)
    app.router.add_get("/open/authorize", show)
    app.router.add_post("/oauth/decide", decide)


def _page(platform: TikTokShop, request: web.Request) -> web.Response:
    known = (platform.app.key, platform.app.service_id)
    named = request.query.get("app_key") or request.query.get("service_id")
    if named not in known:
        return web.Response(status=400, text="There is no such app.")
    sellers = "".join(
        f'<option value="{one.open_id}">{escape(one.seller_name)} ({one.region})</option>' for one in platform.desk.authorizations
    )
    html = PAGE.format(
        service=platform.app.service_id,
        state=escape(request.query.get("state", ""), quote=True),
        redirect=escape(request.query.get("redirect_uri", ""), quote=True),
        sellers=sellers,
    )
    return web.Response(text=html, content_type="text/html")


async def _decided(platform: TikTokShop, request: web.Request) -> web.Response:
    form = {name: str(value) for name, value in (await request.post()).items()}
    target = form.get("redirect_uri") or platform.app.redirect_url
    if not target:
        return web.Response(status=400, text="The app has no redirect address; start the sandbox with --redirect-url.")
    seller = next((one for one in platform.desk.authorizations if one.open_id == form.get("open_id")), None)
    answer = {"app_key": platform.app.key} | ({"state": form["state"]} if form.get("state") else {})
    if form.get("decision") != "approve" or seller is None:
        answer |= {"code": "null", "error": "auth_denied"}
    else:
        answer |= {"code": platform.desk.code_for(seller, machine_now()), "locale": "en", "shop_region": seller.region}
    joint = "&" if "?" in target else "?"
    raise web.HTTPFound(f"{target}{joint}{urlencode(answer)}")
