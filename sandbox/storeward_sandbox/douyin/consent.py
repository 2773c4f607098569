"""The page where a merchant says yes: GET shows it, POST answers and sends the merchant back to the app."""

from html import escape
from urllib.parse import urlencode

from aiohttp import web

from storeward_sandbox.clock import machine_now

from .platform import Douyin

PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>授权 Authorize an app</title>
<body style="font-family:sans-serif;max-width:32rem;margin:3rem auto">
<h1>授权应用 {service}</h1><p>该应用申请访问您店铺的订单、售后、商品、账单和体验分。
The app asks for access to orders, after-sales, products, bills and scores of your shop.</p>
<form method="post" action="/authorize/decide"><input type="hidden" name="state" value="{state}">
<input type="hidden" name="redirect_uri" value="{redirect}">
<p><label>店铺 Shop <select name="shop_id">{shops}</select></label></p>
<p><button name="decision" value="approve">同意授权 Approve</button>
<button name="decision" value="refuse">拒绝 Refuse</button></p>
</form></body></html>"""


def consent_routes(app: web.Application, platform: Douyin) -> None:
    """The consent page, and where its form goes."""

    async def show(request: web.Request) -> web.Response:
        return _page(platform, request)

    async def decide(request: web.Request) -> web.Response:
        return await _decided(platform, request)

    app.router.add_get("/authorize", show)
    app.router.add_post("/authorize/decide", decide)


def _page(platform: Douyin, request: web.Request) -> web.Response:
    if request.query.get("service_id") not in (platform.app.service_id, platform.app.key):
        return web.Response(status=400, text="There is no such service.")
    shops = "".join(f'<option value="{shop.id}">{escape(shop.name)}</option>' for shop in platform.stores)
    html = PAGE.format(
        service=platform.app.service_id,
        state=escape(request.query.get("state", ""), quote=True),
        redirect=escape(request.query.get("redirect_uri", ""), quote=True),
        shops=shops,
    )
    return web.Response(text=html, content_type="text/html")


async def _decided(platform: Douyin, request: web.Request) -> web.Response:
    """Back to the registered address; the sandbox takes one from the link too, so that a test needs no registration."""
    form = {name: str(value) for name, value in (await request.post()).items()}
    target = form.get("redirect_uri") or platform.app.redirect_url
    if not target:
        return web.Response(status=400, text="The app has no redirect address; start the sandbox with --redirect-url.")
    held = platform.desk.of_shop(form.get("shop_id", ""))
    answer = {"state": form["state"]} if form.get("state") else {}
    if form.get("decision") != "approve" or held is None:
        answer |= {"error": "access_denied"}
    else:
        answer |= {"code": platform.desk.code_for(held, machine_now())}
    joint = "&" if "?" in target else "?"
    raise web.HTTPFound(f"{target}{joint}{urlencode(answer)}")
