"""What a photo claims to be, read from its head, is what a decoder finds."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from programs.handout.pixels import pixels


def photo(kind: str, size: tuple[int, int], mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("size", [(1, 1), (640, 480), (257, 1031)])
def test_every_form_tells_its_size(size: tuple[int, int]) -> None:
    forms = [
        photo("PNG", size),
        photo("JPEG", size),
        photo("JPEG", size, progressive=True, comment="a note before the frame"),
        photo("WEBP", size),
        photo("WEBP", size, lossless=True),
        photo("WEBP", size, mode="RGBA", exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00"),
    ]
    assert [pixels(form) for form in forms] == [size[0] * size[1]] * len(forms)


@given(st.binary(max_size=64), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 "]))
def test_no_head_is_read_beyond_its_end(rest: bytes, head: bytes) -> None:
    found = pixels(head + rest)
    assert found is None or found >= 0
