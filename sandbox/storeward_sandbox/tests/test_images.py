"""Pictures: told apart and measured by their first bytes."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward_sandbox.images import Picture, look_at

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 1280, 720)
GIF = b"GIF89a" + struct.pack("<HH", 32, 16)
JPEG = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"\0" * 14 + b"\xff\xc0" + struct.pack(">HBHH", 11, 8, 480, 640) + b"\0" * 6
VP8 = b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 10 + struct.pack("<HH", 300, 200)
VP8L = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", (99) | (49 << 14))
VP8X = b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + (799).to_bytes(3, "little") + (599).to_bytes(3, "little")


@pytest.mark.parametrize(
    ("data", "picture"),
    [
        (PNG, Picture("png", 1280, 720)),
        (GIF, Picture("gif", 32, 16)),
        (JPEG, Picture("jpg", 640, 480)),
        (VP8, Picture("webp", 300, 200)),
        (VP8L, Picture("webp", 100, 50)),
        (VP8X, Picture("webp", 800, 600)),
    ],
)
def test_a_picture_is_measured(data: bytes, picture: Picture) -> None:
    assert look_at(data) == picture


@pytest.mark.parametrize("data", [b"", b"%PDF", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WEBPXXXX", PNG[:20], JPEG[:8]])
def test_what_is_no_picture_or_cut_short_is_not_measured(data: bytes) -> None:
    assert look_at(data) is None


@given(st.binary(max_size=60), st.sampled_from([b"", PNG[:8], GIF[:6], b"\xff\xd8\xff", VP8[:16], VP8L[:16]]))
def test_no_bytes_break_it(tail: bytes, head: bytes) -> None:
    found = look_at(head + tail)
    assert found is None or found.width >= 0
