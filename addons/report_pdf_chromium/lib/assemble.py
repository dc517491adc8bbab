"""Putting the printed pages and their headers and footers together into one PDF."""

import io
import itertools
from collections.abc import Iterator

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from .errors import ChromiumError, _lt
from .markup import mark_address

PRODUCER = "Odoo, Chromium"
# pypdf's second line of every file. Odoo takes any file that has such a line for PDF/A already.
BINARY_COMMENT = b"%\xe2\xe3\xcf\xd3\n"


class Mixed(ChromiumError):
    """Documents printed together cannot be told apart again."""


def count_pages(pdf: bytes, secret: str, documents: int) -> list[int]:
    """How many pages each document has, by the marks at their beginnings."""
    expected = {mark_address(secret, number): number for number in range(documents)}
    starts: dict[int, int] = {}
    reader = PdfReader(io.BytesIO(pdf))
    for index, page in enumerate(reader.pages):
        for annotation in _annotations(page):
            number = expected.get(_link(annotation))
            if number is not None and number not in starts:
                starts[number] = index
    order = [starts.get(number, -1) for number in range(documents)]
    ends = [*order[1:], len(reader.pages)]
    counts = [end - start for start, end in zip(order, ends, strict=True)]
    if not order or order[0] != 0 or min(counts) < 1:
        raise Mixed(_lt("The printed documents cannot be told apart."))
    return counts


def assemble(printed: list[bytes], sheets: bytes | None, counts: list[int]) -> bytes:
    """One PDF of all pages, each with its header and footer, and a bookmark for every document."""
    return _written(_layers(printed, sheets), counts)


def assemble_each(printed: list[bytes], sheets: bytes | None, counts: list[int]) -> list[bytes]:
    """The same, as a PDF for each document."""
    pages = _layers(printed, sheets)
    ends = list(itertools.accumulate(counts))
    return [
        _written(pages[end - count : end], [count]) for count, end in zip(counts, ends, strict=True)
    ]


def blank_pages(number: int) -> bytes:
    """A PDF of empty pages."""
    writer = PdfWriter()
    for _ in range(number):
        writer.add_blank_page(100, 100)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _layers(printed: list[bytes], sheets: bytes | None) -> list[list[PageObject]]:
    """For every page what is drawn on it: the text, and header and footer if there are any."""
    readers = [PdfReader(io.BytesIO(data)) for data in printed]
    pages = [page for reader in readers for page in reader.pages]
    overlays = list(PdfReader(io.BytesIO(sheets)).pages) if sheets else []
    if sheets and len(overlays) != len(pages):
        raise Mixed(
            _lt("%(headers)s headers were printed for %(pages)s pages."),
            headers=len(overlays),
            pages=len(pages),
        )
    return [[page, *overlays[index : index + 1]] for index, page in enumerate(pages)]


def _add_page(writer: PdfWriter, layers: list[PageObject]) -> None:
    """Add a page that shows other pages one upon the other.

    Each layer is an object of its own with its own fonts, and the page itself has none: so names
    cannot clash, and Odoo's step to PDF/A, which rewrites glyph widths of the fonts of pages (meant
    for wkhtmltopdf, it makes other text unreadable), finds nothing to rewrite.
    """
    box = layers[0].mediabox
    page = writer.add_blank_page(float(box.width), float(box.height))
    forms = {f"/L{number}": _form(writer, layer) for number, layer in enumerate(layers)}
    content = DecodedStreamObject()
    content.set_data("\n".join(f"q {name} Do Q" for name in forms).encode())
    page[NameObject("/Contents")] = writer._add_object(content)
    named = DictionaryObject({NameObject(name): form for name, form in forms.items()})
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): named, NameObject("/Font"): DictionaryObject()}
    )
    links = [link.clone(writer) for layer in layers for link in _real_links(layer)]
    if links:
        page[NameObject("/Annots")] = ArrayObject(links)


def _form(writer: PdfWriter, page: PageObject) -> IndirectObject:
    """The content of a page as an object that can be drawn on another page."""
    contents = page["/Contents"].get_object()
    if not isinstance(contents, StreamObject):
        raise ChromiumError(_lt("The browser wrote a page in an unknown form."))
    form = contents.clone(writer)
    resources = page["/Resources"].get_object()
    assert resources is not None
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject(page.mediabox).clone(writer)
    form[NameObject("/Resources")] = resources.clone(writer)
    assert form.indirect_reference is not None
    return form.indirect_reference


def _annotations(page: PageObject) -> Iterator[DictionaryObject]:
    found = page.get("/Annots")
    for item in found.get_object() if found is not None else ():
        annotation = item.get_object()
        if isinstance(annotation, DictionaryObject):
            yield annotation


def _link(annotation: DictionaryObject) -> str:
    action = annotation.get("/A")
    target = action.get_object().get("/URI") if action is not None else None
    return str(target) if target is not None else ""


def _real_links(page: PageObject) -> Iterator[DictionaryObject]:
    """Links to the outside; the marks and links inside the report are left out."""
    own = mark_address("", 0).partition("/mark/")[0]
    for annotation in _annotations(page):
        target = _link(annotation)
        if target and not target.startswith(own):
            yield annotation


def _add_bookmarks(writer: PdfWriter, counts: list[int]) -> None:
    """A bookmark at the first page of each document, in the form Odoo splits files by."""
    targets = DictionaryObject()
    items: dict[IndirectObject, DictionaryObject] = {}
    outline = DictionaryObject({NameObject("/Type"): NameObject("/Outlines")})
    outline_reference = writer._add_object(outline)
    for number in range(len(counts)):
        name = NameObject(f"/document{number + 1}")
        page = NumberObject(sum(counts[:number]))
        targets[name] = ArrayObject([page, NameObject("/Fit")])
        entry = {
            "/Title": TextStringObject(str(number + 1)),
            "/Dest": name,
            "/Parent": outline_reference,
        }
        item = DictionaryObject({NameObject(key): value for key, value in entry.items()})
        items[writer._add_object(item)] = item
    bookmarks = list(items)
    for before, after in itertools.pairwise(bookmarks):
        items[before][NameObject("/Next")] = after
        items[after][NameObject("/Prev")] = before
    outline[NameObject("/First")] = bookmarks[0]
    outline[NameObject("/Last")] = bookmarks[-1]
    outline[NameObject("/Count")] = NumberObject(len(bookmarks))
    writer.root_object[NameObject("/Outlines")] = outline_reference
    writer.root_object[NameObject("/Dests")] = writer._add_object(targets)


def _written(pages: list[list[PageObject]], counts: list[int]) -> bytes:
    writer = PdfWriter()
    writer.pdf_header = "%PDF-1.4"
    for layers in pages:
        _add_page(writer, layers)
    _add_bookmarks(writer, counts)
    writer.add_metadata({"/Producer": PRODUCER})
    buffer = io.BytesIO()
    writer.write(buffer)
    data = buffer.getvalue()
    header = data.partition(b"\n")[0] + b"\n"
    if data[len(header) :].startswith(BINARY_COMMENT):
        blank = b" " * (len(BINARY_COMMENT) - 1) + b"\n"
        data = header + blank + data[len(header) + len(BINARY_COMMENT) :]
    return data
