"""Labels to print: small, and marked so that nobody takes one for DHL's."""

from __future__ import annotations

import io
from typing import Any

Json = dict[str, Any]

MM = 72 / 25.4
SIZES = {"A4": (210, 297), "100x70mm": (100, 70), "910-300-300": (105, 148)}


def pdf(shipment: Json, number: str, print_format: str = "", title: str = "") -> bytes:
    """A label of one page."""
    from reportlab.graphics.barcode import code128
    from reportlab.pdfgen import canvas

    width, height = SIZES.get(print_format.removesuffix("-oz"), (103, 199))
    file = io.BytesIO()
    page = canvas.Canvas(file, (width * MM, height * MM), pageCompression=1)
    page.setTitle(f"{title or 'Label'} {number}")
    page.setFont("Helvetica-Bold", 13)
    top = height * MM - 22
    page.drawString(14, top, f"{title or shipment['product']}  TEST")
    page.setFont("Helvetica", 9)
    step = 12 if height > 100 else 10
    for line in lines(shipment, number):
        top -= step
        page.drawString(14, top, line[:60])
    bars = code128.Code128(number, barHeight=max(24, min(60, top - 40)), barWidth=0.85)
    bars.drawOn(page, 0, 16)
    page.save()
    return file.getvalue()


def lines(shipment: Json, number: str) -> list[str]:
    """What stands on a label."""
    sender, buyer = shipment.get("shipper", {}), shipment.get("consignee", {})
    place = [f"{buyer[key]}" for key in ("name", "name1", "name2", "name3") if buyer.get(key)]
    if "lockerID" in buyer:
        place += [buyer["postNumber"], f"Packstation {buyer['lockerID']}"]
    elif "retailID" in buyer:
        place += [buyer.get("postNumber", ""), f"Postfiliale {buyer['retailID']}"]
    elif "poBoxID" in buyer:
        place.append(f"Postfach {buyer['poBoxID']}")
    else:
        place.append(f"{buyer.get('addressStreet', '')} {buyer.get('addressHouse', '')}".strip())
    town = f"{buyer.get('postalCode', '')} {buyer.get('city', '')} {buyer.get('country', '')}"
    weight = shipment.get("details", {}).get("weight", {})
    return [
        f"Von: {sender.get('name1') or sender.get('shipperRef', '')}, {sender.get('city', '')}",
        "",
        *place,
        town,
        "",
        f"Ref: {shipment.get('refNo', '')}   {weight.get('value', '')} {weight.get('uom', '')}",
        f"Nr.: {number}",
    ]


def zpl(shipment: Json, number: str) -> str:
    """The same for a label printer."""
    rows = "".join(
        f"^FO30,{40 + 34 * at}^A0N,28^FH_^FD{line.replace('^', ' ').replace('~', ' ')}^FS"
        for at, line in enumerate(lines(shipment, number))
    )
    return f"^XA^CI28{rows}^FO30,600^BCN,160^FD{number}^FS^XZ"


def manifest(day: str, rows: list[tuple[str, str]]) -> bytes:
    """The list for the driver."""
    from reportlab.pdfgen import canvas

    file = io.BytesIO()
    page = canvas.Canvas(file, (210 * MM, 297 * MM), pageCompression=1)
    page.setFont("Helvetica-Bold", 13)
    page.drawString(40, 790, f"Manifest {day}  TEST: {len(rows)}")
    for at, (number, name) in enumerate(rows):
        if at and at % 60 == 0:
            page.showPage()
        page.setFont("Helvetica", 9)
        page.drawString(40, 770 - 12 * (at % 60), f"{number}   {name}")
    page.save()
    return file.getvalue()
