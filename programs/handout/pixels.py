"""How many pixels a photo claims to have, from its first bytes and without decoding it. Pure."""

from __future__ import annotations

import struct

# Markers of a JPEG that start a frame and say its size (DHT, JPG and DAC, in the same range, do not).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def pixels(photo: bytes) -> int | None:
    """Width × height of a PNG, JPEG or WebP; None for what cannot be told."""
    try:
        size = _png(photo) or _webp(photo) or _jpeg(photo)
    except (struct.error, IndexError):
        return None
    return None if size is None else size[0] * size[1]


def _png(photo: bytes) -> tuple[int, int] | None:
    return struct.unpack(">II", photo[16:24]) if photo.startswith(b"\x89PNG\r\n\x1a\n") else None


def _webp(photo: bytes) -> tuple[int, int] | None:
    if photo[:4] != b"RIFF" or photo[8:12] != b"WEBP":
        return None
    kind = photo[12:16]
    if kind == b"VP8X":
        return int.from_bytes(photo[24:27], "little") + 1, int.from_bytes(photo[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(photo[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", photo[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(photo: bytes) -> tuple[int, int] | None:
    if not photo.startswith(b"\xff\xd8"):
        return None
    at = 2
    while photo[at] == 0xFF:
        marker = photo[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", photo[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", photo[at + 2 : at + 4])[0])
    return None
