"""Uploaded pictures: what they are and how large, told from their first bytes."""

import struct
from dataclasses import dataclass

PNG, GIF, JPEG = b"\x89PNG\r\n\x1a\n", b"GIF8", b"\xff\xd8\xff"

FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""JPEG segments that carry the size."""


@dataclass(frozen=True)
class Picture:
    kind: str
    width: int
    height: int


def look_at(data: bytes) -> Picture | None:
    """The kind and size of a picture; None where it is none that the platform takes (jpg, png, gif, webp), or is cut short."""
    try:
        if data.startswith(PNG):
            return Picture("png", *struct.unpack(">II", data[16:24]))
        if data.startswith(GIF):
            return Picture("gif", *struct.unpack("<HH", data[6:10]))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return webp(data)
        return jpeg(data) if data.startswith(JPEG) else None
    except (struct.error, IndexError):
        return None


def jpeg(data: bytes) -> Picture | None:
    """Walk the segments until one carries the size."""
    at = 2
    while at < len(data):
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if marker in FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Picture("jpg", width, height)
        at += 2 + length
    return None


def webp(data: bytes) -> Picture | None:
    """The three flavours of WebP keep their size in three places."""
    flavour = data[12:16]
    if flavour == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return Picture("webp", width & 0x3FFF, height & 0x3FFF)
    if flavour == b"VP8L":
        bits = struct.unpack("<I", data[21:25])[0]
        return Picture("webp", (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)
    if flavour == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        return Picture("webp", width, int.from_bytes(data[27:30], "little") + 1)
    return None
