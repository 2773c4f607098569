"""Labels and packing slips: real PDF files behind addresses that die after 24 hours."""

import struct
import zlib
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO

from aiohttp import web
from reportlab.lib.pagesizes import A4, A5, A6
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from storeward_sandbox.clock import DAY, Instant

from .orders import lines_of, orders_of
from .packages import Package
from .platform import TikTokShop
from .shop import Shop

SIZES = {"A6": A6, "A5": A5, "A4": A4}
GOOD_FOR = DAY
BAR_HEIGHT = 120
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
    out = BytesIO()
    width, height = SIZES[document.size]
    canvas = Canvas(out, pagesize=(width, height), invariant=1)
    canvas.setTitle(f"{document.kind} {package.id}")
    if document.kind != "PACKING_SLIP":
        _label(canvas, shop, package, height)
        canvas.showPage()
    if "PACKING_SLIP" in document.kind:
        _slip(canvas, shop, package, height)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def picture(package: Package) -> bytes:
    """The tracking number as bars in a PNG file: one row of grey values, repeated."""
    row = b"".join((b"\x00" * (1 + ord(sign) % 4)).ljust(8, b"\xff") for sign in package.tracking_number)
    pixels = (b"\x00" + row) * BAR_HEIGHT
    header = struct.pack(">IIBBBBB", len(row), BAR_HEIGHT, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _write(canvas: Canvas, height: float, rows: list[str], size: int = 9) -> None:
    canvas.setFont("Helvetica", size)
    for number, row in enumerate(rows):
        canvas.drawString(6 * mm, height - (10 + 6 * number) * mm, row.encode("latin-1", "replace").decode("latin-1"))


def _label(canvas: Canvas, shop: Shop, package: Package, height: float) -> None:
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
    _write(canvas, height, rows)
    for index, digit in enumerate(package.tracking_number):
        canvas.rect((6 + index * 4) * mm, 8 * mm, (0.5 + ord(digit) % 5 * 0.5) * mm, 18 * mm, stroke=0, fill=1)


def _slip(canvas: Canvas, shop: Shop, package: Package, height: float) -> None:
    goods = [f"1 x {line.item.product_name} ({line.item.sku_name}) {line.item.seller_sku}" for line in lines_of(shop, package)]
    _write(canvas, height, [f"Packing slip {package.id}", *(f"Order {one}" for one in package.order_ids), *goods], 8)
