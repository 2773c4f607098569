"""Labels and older documents: PDF files behind links that live ten minutes, or HTML in base64."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from aiohttp import web

from storeward_sandbox.clock import MINUTE, Instant
from storeward_sandbox.paper import Sheet, drawn

from .call import Call, objects_in
from .errors import ApiError, ResultError
from .orders import Line, Order, lines_of
from .orders_api import line_of
from .packages import Package
from .registry import BOTH, Answer, data, in_result, operation, result
from .shop import Shop

if TYPE_CHECKING:
    from .platform import Lazada

GOOD_FOR = 10 * MINUTE
MOST_IN_BATCH = 20
KINDS = ("invoice", "shippingLabel", "carrierManifest")


@dataclass(frozen=True)
class Print:
    package_ids: tuple[str, ...]
    with_items: bool
    until: Instant


@dataclass
class Prints:
    """The files a store has asked for, by the mark in their address."""

    known: dict[str, Print] = field(default_factory=dict)


def paper_routes(app: web.Application, platform: "Lazada") -> None:
    async def fetch(request: web.Request) -> web.Response:
        return _fetch(platform, request.match_info["store"], request.match_info["mark"])

    app.router.add_get("/awb/{store}/{mark}.pdf", fetch)


def _fetch(platform: "Lazada", store: str, mark: str) -> web.Response:
    shop = platform.by_id.get(store)
    known = shop.part(Prints).known.get(mark) if shop else None
    if shop is None or known is None:
        return web.Response(status=404, text="There is no such document.")
    shop.touch(platform.world.clock.now())
    if shop.now >= known.until:
        return web.Response(status=403, text="The link has expired.")
    return web.Response(body=label_file(shop, known), content_type="application/pdf")


def label_file(shop: Shop, known: Print) -> bytes:
    """All parcels of one request in one file, with a list of goods after each where it is wanted."""
    sheets = []
    for package in (shop.packages[one] for one in known.package_ids):
        sheets.append(Sheet(_label(shop, package), bars=package.tracking_number))
        if known.with_items:
            sheets.append(Sheet(_goods(package), font_size=8))
    return drawn(f"AWB {known.package_ids[0]}", sheets)


def _label(shop: Shop, package: Package) -> list[str]:
    order = package.order
    return [
        package.carrier,
        f"Tracking {package.tracking_number}",
        f"Package {package.id}",
        f"Order {order.id}",
        f"To {order.buyer.name}",
        f"{order.buyer.city} {order.buyer.postal_code}, {shop.region}",
        f"From {shop.name}",
        "CASH ON DELIVERY" if order.payment_method == "COD" else "PREPAID",
    ]


def _goods(package: Package) -> list[str]:
    rows = [f"1 x {line.product.title} {line.sku.label} {line.sku.seller_sku}" for line in lines_of(package)]
    return [f"Packing list {package.id}", *rows]


@operation("/order/package/document/get", BOTH)
@in_result
def print_labels(call: Call) -> Answer:
    request = call.json_object("getDocumentReq")
    kind, packages = request.get("doc_type"), _printable(call, objects_in(request, "packages"))
    if kind not in ("PDF", "HTML"):
        raise ResultError("30012", "doc_type must be PDF or HTML")
    if kind == "HTML":
        return result({"file": _base64(_html([package.id for package in packages])), "doc_type": kind})
    url = call.base_url + _keep(call.shop, packages, bool(request.get("print_item_list")))
    frame = f'<iframe src="{escape(url, quote=True)}" width="100%" height="100%"></iframe>'
    return result({"file": _base64(frame), "pdf_url": url, "doc_type": kind})


def _printable(call: Call, rows: Sequence[dict[str, object]]) -> list[Package]:
    if not rows or len(rows) > MOST_IN_BATCH:
        raise ResultError("700022", f"give 1 to {MOST_IN_BATCH} packages")
    found = [call.shop.packages.get(str(row.get("package_id", ""))) for row in rows]
    if any(package is not None and package.own_fleet for package in found):
        raise ResultError("50008", "The order is delivered by the seller's own fleet")
    packages = [package for package in found if package is not None and package.status != "cancelled"]
    if not packages:
        raise ResultError("700040", "There are no packages that support printing!")
    return packages


def _keep(shop: Shop, packages: Sequence[Package], with_items: bool) -> str:
    """Where the file can be fetched for the next ten minutes."""
    ids = tuple(package.id for package in packages)
    mark = sha256(f"{shop.seed}|{shop.id}|{ids}|{with_items}|{shop.now}".encode()).hexdigest()[:32]
    shop.part(Prints).known[mark] = Print(ids, with_items, shop.now + GOOD_FOR)
    return f"/awb/{shop.id}/{mark}.pdf"


def _html(rows: Sequence[str]) -> str:
    words = "".join(f"<p>{escape(row)}</p>" for row in rows)
    return f'<meta charset="utf-8"/><div style="width:105mm;height:148mm">{words}</div>'


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()


@operation("/order/document/get")
def older_document(call: Call) -> Answer:
    """Documents by item ids, for pieces that are packed."""
    kind, pieces = call.need("doc_type"), [_piece(call.shop, one) for one in call.json_ids("order_item_ids")]
    if kind not in KINDS:
        raise ApiError("32", f'E032: Document type "{kind}" is not valid')
    if not pieces:
        raise ApiError("20", "E020: No order item ids were given")
    if any(not line.package_id for _order, line in pieces):
        raise ApiError("34", "E034: Order Item must be packed. Please call setStatusToReadyToShip before")
    rows = [f"{kind} {order.id} {line.package_id} {line.tracking_number}" for order, line in pieces]
    return data({"document": {"file": _base64(_html(rows)), "mime_type": "text/html", "document_type": kind}})


def _piece(shop: Shop, line_id: str) -> tuple[Order, Line]:
    found = line_of(shop.orders.values(), line_id)
    if found is None:
        raise ApiError("20", f'E020: "{line_id}" Invalid Order Item ID')
    return found
