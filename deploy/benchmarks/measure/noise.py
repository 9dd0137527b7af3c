"""Images of noise, which no compression makes smaller."""

import random
import struct
import zlib

SEED = 20_261_129


def png(side):
    """A PNG file with so many rows and columns."""
    noise = random.Random(SEED)
    rows = b"".join(b"\x00" + noise.randbytes(3 * side) for _ in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 0)) + _chunk(b"IEND", b"")


def _chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
