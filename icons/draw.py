"""Draws the app's icon, a plumb line, in every size and container that Tauri asks for.

Run from anywhere: python3 icons/draw.py. Needs nothing but Python; the results are committed, so a
build never runs this.
"""

import math
import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).parent
INDIGO_TOP = (64, 67, 148)
INDIGO_BOTTOM = (36, 37, 92)
LINE = (226, 229, 245)
BRASS_LIGHT = (244, 196, 96)
BRASS_DARK = (190, 128, 44)


def rounded_box(x, y, half, radius):
    """Signed distance from (x, y) to a rounded square around the origin."""
    dx, dy = abs(x) - half + radius, abs(y) - half + radius
    outside = math.hypot(max(dx, 0.0), max(dy, 0.0))
    return outside + min(max(dx, dy), 0.0) - radius


def segment(x, y, ax, ay, bx, by, width):
    """Signed distance to a line with round ends."""
    px, py, qx, qy = x - ax, y - ay, bx - ax, by - ay
    t = max(0.0, min(1.0, (px * qx + py * qy) / (qx * qx + qy * qy)))
    return math.hypot(px - t * qx, py - t * qy) - width / 2


def bob(x, y):
    """Signed distance (close to the edge) of the weight: a collar, shoulders, and a point."""
    half_width = [(0.02, 0.055), (0.10, 0.055), (0.105, 0.155), (0.20, 0.165), (0.40, 0.0)]
    if y <= half_width[0][0]:
        return max(abs(x) - half_width[0][1], half_width[0][0] - y)
    if y >= half_width[-1][0]:
        return math.hypot(x, y - half_width[-1][0])
    for (y0, w0), (y1, w1) in zip(half_width, half_width[1:]):
        if y0 <= y <= y1:
            width = w0 + (w1 - w0) * (y - y0) / (y1 - y0)
            slope = (w1 - w0) / (y1 - y0)
            return (abs(x) - width) / math.hypot(1.0, min(abs(slope), 4.0))
    raise AssertionError("the outline is continuous")


def mix(under, over, cover):
    return tuple(u + (o - u) * cover for u, o in zip(under, over))


def pixel(x, y, step):
    """Colour and opacity at a point of the square from -0.5 to 0.5; `step` is one pixel's size."""

    def cover(distance):
        return max(0.0, min(1.0, 0.5 - distance / step))

    alpha = cover(rounded_box(x, y, 0.47, 0.11))
    colour = mix(INDIGO_TOP, INDIGO_BOTTOM, y + 0.5)
    stroke = max(0.028, 1.1 * step)
    colour = mix(colour, LINE, cover(segment(x, y, -0.17, -0.335, 0.17, -0.335, stroke * 1.6)))
    colour = mix(colour, LINE, cover(segment(x, y, 0.0, -0.335, 0.0, 0.04, stroke)))
    brass = mix(BRASS_LIGHT, BRASS_DARK, max(0.0, min(1.0, 0.5 + x / 0.3)))
    colour = mix(colour, brass, cover(bob(x, y)))
    return (*colour, alpha * 255.0)


def png(size):
    step = 1.0 / size
    rows = bytearray()
    for j in range(size):
        rows.append(0)
        for i in range(size):
            point = pixel((i + 0.5) * step - 0.5, (j + 0.5) * step - 0.5, step)
            rows.extend(max(0, min(255, round(channel))) for channel in point)

    def chunk(kind, body):
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    packed = zlib.compress(bytes(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def ico(images):
    head, body = struct.pack("<HHH", 0, 1, len(images)), b""
    offset = 6 + 16 * len(images)
    for size, data in images:
        edge = size % 256
        head += struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(data), offset + len(body))
        body += data
    return head + body


def icns(images):
    kinds = {128: b"ic07", 256: b"ic08", 512: b"ic09"}
    body = b"".join(
        kinds[size] + struct.pack(">I", len(data) + 8) + data
        for size, data in images
        if size in kinds
    )
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def main():
    drawn = [(size, png(size)) for size in (16, 32, 48, 128, 256, 512)]
    by_size = dict(drawn)
    (HERE / "32x32.png").write_bytes(by_size[32])
    (HERE / "128x128.png").write_bytes(by_size[128])
    (HERE / "128x128@2x.png").write_bytes(by_size[256])
    (HERE / "icon.png").write_bytes(by_size[512])
    (HERE / "icon.ico").write_bytes(ico([(s, d) for s, d in drawn if s <= 256]))
    (HERE / "icon.icns").write_bytes(icns(drawn))


if __name__ == "__main__":
    main()
