"""Labels and packing slips: real PDF files behind addresses that die after 24 hours."""

from dataclasses import dataclass, field
from hashlib import sha256

from aiohttp import web

from storeward_sandbox import paper
from storeward_sandbox.clock import DAY, Instant
from storeward_sandbox.paper import Sheet

from .orders import lines_of, orders_of
from .packages import Package
from .platform import TikTokShop
from .shop import Shop

GOOD_FOR = DAY
PICTURE = "SHIPPING_LABEL_PICTURE"


@dataclass(frozen=True)
class Document:
    package_id: str
    kind: str
    size: str
    until: Instant


@dataclass
class Documents:
    """The documents a shop has asked for, by the last part of their address."""

    known: dict[str, Document] = field(default_factory=dict)


def document_path(shop: Shop, package: Package, kind: str, size: str) -> str:
    """Where the document can be fetched for the next 24 hours."""
    mark = sha256(f"{shop.cipher}|{package.id}|{kind}|{size}|{shop.now}".encode()).hexdigest()[:40]
    shop.part(Documents).known[mark] = Document(package.id, kind, size, shop.now + GOOD_FOR)
    return f"/documents/{shop.id}/{mark}.{'png' if kind == PICTURE else 'pdf'}"


def label_routes(app: web.Application, platform: TikTokShop) -> None:
    async def fetch(request: web.Request) -> web.Response:
        return _fetch(platform, request.match_info["shop_id"], request.match_info["mark"])

    app.router.add_get(r"/documents/{shop_id}/{mark}.{kind:pdf|png}", fetch)


def _fetch(platform: TikTokShop, shop_id: str, mark: str) -> web.Response:
    shop = platform.by_id.get(shop_id)
    document = shop.part(Documents).known.get(mark) if shop else None
    if shop is None or document is None:
        return web.Response(status=404, text="There is no such document.")
    shop.touch(platform.world.clock.now())
    if shop.now >= document.until:
        return web.Response(status=403, text="The address of this document has expired.")
    package = shop.packages[document.package_id]
    if document.kind == PICTURE:
        return web.Response(body=picture(package), content_type="image/png")
    return web.Response(body=drawn(shop, package, document), content_type="application/pdf")


def drawn(shop: Shop, package: Package, document: Document) -> bytes:
    """The document as a PDF: sender, recipient, tracking number, or what is in the parcel."""
    sheets = [_label(shop, package)] if document.kind != "PACKING_SLIP" else []
    sheets += [_slip(shop, package)] if "PACKING_SLIP" in document.kind else []
    return paper.drawn(f"{document.kind} {package.id}", sheets, document.size)


def picture(package: Package) -> bytes:
    """The tracking number as bars in a PNG file."""
    return paper.picture(package.tracking_number)


def _label(shop: Shop, package: Package) -> Sheet:
    order = orders_of(shop, package)[0]
    rows = [
        package.carrier_name,
        f"Tracking {package.tracking_number}",
        f"Package {package.id}",
        f"To {order.buyer.name}",
        f"{order.buyer.city} {order.buyer.postal_code}, {shop.region}",
        f"From {shop.name}",
        f"Weight {package.weight_grams} g",
        "CASH ON DELIVERY" if order.is_cod else "PREPAID",
    ]
    return Sheet(rows, package.tracking_number)


def _slip(shop: Shop, package: Package) -> Sheet:
    goods = [f"1 x {line.item.product_name} ({line.item.sku_name}) {line.item.seller_sku}" for line in lines_of(shop, package)]
    return Sheet([f"Packing slip {package.id}", *(f"Order {one}" for one in package.order_ids), *goods], font_size=8)
