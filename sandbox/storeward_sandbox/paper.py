"""What is drawn: sheets of a PDF file, and bars in a PNG file."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A4, A5, A6
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

SIZES = {"A6": A6, "A5": A5, "A4": A4}
BAR_HEIGHT = 120


@dataclass(frozen=True)
class Sheet:
    """One page: its lines of text, and a text that is drawn as bars at its foot."""

    rows: Sequence[str]
    bars: str = ""
    font_size: int = 9


def drawn(title: str, sheets: Sequence[Sheet], size: str = "A6") -> bytes:
    """The sheets as a PDF file; the same bytes for the same sheets."""
    out = BytesIO()
    width, height = SIZES[size]
    canvas = Canvas(out, pagesize=(width, height), invariant=1)
    canvas.setTitle(title)
    for sheet in sheets:
        _draw(canvas, sheet, height)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Canvas, sheet: Sheet, height: float) -> None:
    canvas.setFont("Helvetica", sheet.font_size)
    for number, row in enumerate(sheet.rows):
        canvas.drawString(6 * mm, height - (10 + 6 * number) * mm, row.encode("latin-1", "replace").decode("latin-1"))
    for index, sign in enumerate(sheet.bars):
        canvas.rect((6 + index * 4) * mm, 8 * mm, (0.5 + ord(sign) % 5 * 0.5) * mm, 18 * mm, stroke=0, fill=1)


def picture(text: str) -> bytes:
    """The text as bars in a PNG file: one row of grey values, repeated."""
    row = b"".join((b"\x00" * (1 + ord(sign) % 4)).ljust(8, b"\xff") for sign in text)
    pixels = (b"\x00" + row) * BAR_HEIGHT
    header = struct.pack(">IIBBBBB", len(row), BAR_HEIGHT, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
