"""Bar codes as pictures where reportlab lacks the library that makes them.

reportlab draws bar codes as rectangles and texts; turning those into a PNG needs rl_renderPM or
rlPyCairo, which do not exist for every Python. Rectangles are all a scanner reads, so a few lines
around Pillow do the same.
"""

import io

from PIL import Image, ImageDraw, ImageFont
from reportlab.graphics.shapes import Group, Rect, String, UserNode, mmult

from odoo.tools.barcode import check_barcode_encoding, createBarcodeDrawing

# Drawn larger, so that narrow bars keep their proportions when the picture is made to size.
OVERSIZE = 4


def barcode_png(kind, value, options):
    """A bar code as a PNG; options as `ir.actions.report.barcode` takes them."""
    width, height = int(options.get("width", 600)), int(options.get("height", 100))
    given = {"width": width, "height": height}
    given["humanReadable"] = bool(int(options.get("humanreadable") or 0))
    if kind == "QR":
        quiet = bool(int(options.get("quiet", 1)))
        given["barBorder"] = int(options.get("barBorder", 4)) if quiet else 0
        given["barLevel"] = options.get("barLevel", "L")
    drawing = createBarcodeDrawing(_kind(kind, value), value=value, format="png", **given)
    size = (round(width * OVERSIZE), round(height * OVERSIZE))
    picture = Image.new("L", size, 255)
    pen = ImageDraw.Draw(picture)
    for shape, matrix in _shapes(drawing, (1, 0, 0, 1, 0, 0)):
        _draw(pen, shape, matrix, height)
    buffer = io.BytesIO()
    picture.resize((width, height), Image.Resampling.BOX).save(buffer, "PNG")
    return buffer.getvalue()


def _kind(kind, value):
    if kind == "auto":
        kind = {8: "EAN8", 13: "EAN13"}.get(len(value), "Code128")
    if kind in ("EAN8", "EAN13") and not check_barcode_encoding(value, kind):
        return "Code128"
    return kind


def _shapes(node, matrix):
    """All rectangles and texts with the matrices that bring them into place."""
    if isinstance(node, Group):
        inner = mmult(matrix, node.transform)
        for child in node.contents:
            yield from _shapes(child, inner)
    elif isinstance(node, UserNode):
        yield from _shapes(node.provideNode(), matrix)
    elif isinstance(node, (Rect, String)):
        yield node, matrix


def _draw(pen, shape, matrix, height):
    scale_x, _b, _c, scale_y, move_x, move_y = matrix

    def place(x, y):
        return (
            (x * scale_x + move_x) * OVERSIZE,
            (height - (y * scale_y + move_y)) * OVERSIZE,
        )

    if isinstance(shape, String):
        size = max(round(shape.fontSize * scale_y * OVERSIZE), 1)
        font = ImageFont.load_default(size)
        anchor = {"start": "ls", "middle": "ms", "end": "rs"}.get(shape.textAnchor, "ls")
        pen.text(place(shape.x, shape.y), shape.text, fill=0, font=font, anchor=anchor)
        return
    colour = shape.fillColor
    if colour is None or shape.width <= 0 or shape.height <= 0:
        return
    left, bottom = place(shape.x, shape.y)
    right, top = place(shape.x + shape.width, shape.y + shape.height)
    fill = round(255 * (colour.red + colour.green + colour.blue) / 3)
    pen.rectangle([round(left), round(top), round(right) - 1, round(bottom) - 1], fill=fill)
