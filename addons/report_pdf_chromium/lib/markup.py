"""HTML on its way to the browser: several documents in one page, headers and footers in another."""

import hashlib
import re
from base64 import b64decode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import lxml.html

from .browser import ORIGIN, Resource
from .paper import Paper

STYLE = """
html, body { height: auto !important; margin: 0 !important; padding: 0 !important;
  background: transparent !important; }
body { position: static !important; width: auto !important; overflow: visible !important; }
.container, .container-sm, .container-md, .container-lg, .container-xl, .container-xxl {
  max-width: none !important; }
thead { display: table-header-group; }
tfoot { display: table-row-group; }
thead, tr, th, td, img { break-inside: avoid; }
h1, h2, h3, h4, h5, h6 { break-after: avoid; }
"""
# Every document is a box of its own: what is fixed or absolute in one stays inside it.
DOCUMENT_STYLE = """
.pdf-document { contain: paint; overflow: visible !important; }
.pdf-document + .pdf-document { break-before: page; }
.pdf-mark { position: absolute; width: 1px; height: 1px; left: 0; top: 0; }
"""
SHEET_STYLE = """
.pdf-sheet {{ contain: strict; position: relative; width: {width}; height: calc({height} - 1px); }}
.pdf-sheet + .pdf-sheet {{ break-before: page; }}
.pdf-header, .pdf-footer {{ position: absolute; contain: layout; overflow: visible !important;
  left: {left}; width: {text_width}; }}
.pdf-header {{ top: {header_top}; height: {header_height}; }}
.pdf-footer {{ top: {footer_top}; height: {footer_height}; }}
.pdf-line {{ position: absolute; left: {left}; width: {text_width}; top: {top};
  border-top: 1px solid black; }}
"""
# White space below the last thing drawn in a document must not make a page of its own.
TRIM = """
const hasText = (element) =>
  Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim());
const isDrawn = (element, style) =>
  /^(img|svg|canvas|object|td|th)$/i.test(element.tagName) || hasText(element)
  || parseFloat(style.borderBottomWidth) || style.backgroundImage !== "none"
  || !/^rgba\\(.*, 0\\)$/.test(style.backgroundColor);
for (const element of document.querySelectorAll(".pdf-document")) {
  if (hasText(element)) continue;
  const parts = Array.from(element.querySelectorAll("*"), (inner) => {
    const box = inner.getBoundingClientRect(), style = getComputedStyle(inner);
    return {inner, box, drawn: isDrawn(inner, style), space: parseFloat(style.marginBottom) || 0};
  });
  const end = parts.reduce((last, part) => part.drawn ? Math.max(last, part.box.bottom) : last,
    element.getBoundingClientRect().top + 2);
  for (const {inner, box, drawn, space} of parts) {
    if (!drawn && box.top >= end) inner.style.setProperty("display", "none", "important");
    if (box.bottom + space < end) continue;
    inner.style.setProperty("margin-bottom", 0, "important");
    if (!drawn) inner.style.setProperty("padding-bottom", 0, "important");
  }
}
"""
# A wide table is made smaller rather than cut off. Runs in the browser, which runs nothing else.
SHRINK = """
for (const element of document.querySelectorAll(".pdf-document")) {
  const ratio = element.clientWidth / element.scrollWidth;
  if (ratio < 0.995) element.style.zoom = Math.max(ratio, 0.4);
}
"""
_BODY = re.compile(r"<body\b([^>]*)>", re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^>]*>(.*?)</head>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""\b(class|dir|lang|style)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE
)
_DATA = re.compile(r"""(?<=["'(])data:((?:image|font)/[\w.+-]+);base64,([\w+/=\s]{2000,})""")


@dataclass(frozen=True)
class Part:
    """A complete HTML page, taken apart."""

    head: str
    attributes: dict[str, str]
    body: str


def split(html: str) -> Part:
    """Take a page apart; a fragment is a body without a head."""
    if not (opening := _BODY.search(html)):
        return Part("", {}, html)
    head = _HEAD.search(html[: opening.start()])
    end = html.lower().rfind("</body>")
    attributes = {m[1].lower(): m[2] or m[3] or "" for m in _ATTRIBUTE.finditer(opening[1])}
    body = html[opening.end() : end if end >= 0 else len(html)]
    return Part(head[1] if head else "", attributes, body)


@dataclass
class Pictures:
    """Pictures written into the HTML, kept aside so that each goes to the browser once."""

    kept: dict[str, Resource] = field(default_factory=dict)

    def take_out(self, html: str) -> str:
        """Replace large data addresses by short ones."""
        return _DATA.sub(self._keep, html)

    def _keep(self, match: re.Match[str]) -> str:
        address = f"{ORIGIN}/data/{hashlib.sha256(match[0].encode()).hexdigest()}"
        try:
            self.kept[address] = Resource(b64decode(match[2]), match[1], lasting=True)
        except ValueError:
            return match[0]
        return address


def _open_tag(own_class: str, attributes: dict[str, str]) -> str:
    classes = [name for name in attributes.get("class", "").split() if name != "overflow-hidden"]
    values = {**attributes, "class": " ".join([own_class, *classes])}
    quoted = {name: value.replace('"', "&quot;") for name, value in values.items()}
    return "<div" + "".join(f' {name}="{value}"' for name, value in quoted.items()) + ">"


def _page(head: str, style: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html style="height: 0;"><head><meta charset="utf-8"/>'
        f'<link rel="icon" href="data:,"/>{head}<style>{STYLE}{style}</style></head>'
        f"<body>{body}</body></html>"
    )


def mark_address(secret: str, number: int) -> str:
    """The address of the invisible link at the start of a document; found again in the PDF."""
    return f"{ORIGIN}/mark/{secret}/{number}"


def documents_page(parts: Iterable[Part], secret: str) -> str:
    """Documents one after the other, each on new sheets; they must share one head."""
    pieces, head = [], ""
    for number, part in enumerate(parts):
        head = part.head
        mark = f'<a class="pdf-mark" href="{mark_address(secret, number)}"></a>'
        pieces.append(f"{_open_tag('pdf-document', part.attributes)}{mark}{part.body}</div>")
    return _page(head, DOCUMENT_STYLE, "".join(pieces))


@dataclass(frozen=True)
class Frame:
    """The headers (or the footers) of all documents: one text each, with places for numbers."""

    part: Part
    texts: list[str]
    page_token: str
    total_token: str

    def text(self, document: int, page: int, total: int) -> str:
        """What stands on one sheet."""
        if document >= len(self.texts):
            return ""
        text = self.texts[document].replace(self.page_token, str(page))
        return text.replace(self.total_token, str(total))


def frame(html: str, node_id: str, documents: int, secret: str) -> Frame:
    """Read what Odoo prepared: one node with the header of every document as a child.

    Without such a node the whole body is the header of all documents.
    """
    part = split(html)
    page, total = f"page-{secret}", f"total-{secret}"
    if not part.body.strip():
        return Frame(part, [], page, total)
    root = lxml.html.fragment_fromstring(part.body, create_parent="div")
    for name, token in (("page", page), ("topage", total)):
        for element in root.find_class(name):
            _set_text(element, token)
    found = root.xpath("//*[@id=$node_id]", node_id=node_id)
    if isinstance(found, list) and found and isinstance(found[0], lxml.html.HtmlElement):
        texts = [_serialize(child) for child in found[0]]
    else:
        texts = [_serialize(root)] * documents
    return Frame(part, texts, page, total)


def _set_text(element: lxml.html.HtmlElement, text: str) -> None:
    for child in list(element):
        element.remove(child)
    element.text = text


def _serialize(element: lxml.html.HtmlElement) -> str:
    text: str = lxml.html.tostring(element, encoding="unicode", with_tail=False)
    return text


def sheets_page(frames: tuple[Frame | None, Frame | None], paper: Paper, counts: list[int]) -> str:
    """One sheet with header and footer for every page of every document."""
    header, footer = frames
    sheets = [
        _sheet(header, footer, (document, page, total), paper)
        for document, total in enumerate(counts)
        for page in range(1, total + 1)
    ]
    shown = header or footer
    return _page(shown.part.head if shown else "", _sheet_style(paper), "".join(sheets))


def _sheet(
    header: Frame | None, footer: Frame | None, place: tuple[int, int, int], paper: Paper
) -> str:
    pieces = ['<div class="pdf-sheet">']
    for name, shown in (("pdf-header", header), ("pdf-footer", footer)):
        if shown and (text := shown.text(*place)):
            pieces.append(f"{_open_tag(name, shown.part.attributes)}{text}</div>")
    if paper.header_line:
        pieces.append('<div class="pdf-line"></div>')
    return "".join([*pieces, "</div>"])


def _sheet_style(paper: Paper) -> str:
    lengths = {
        "width": paper.width,
        "height": paper.height,
        "left": paper.left,
        "top": paper.top,
        "text_width": paper.width - paper.left - paper.right,
        "header_top": paper.header_top,
        "header_height": paper.top - paper.header_top,
        "footer_top": paper.height - paper.bottom,
        "footer_height": paper.bottom,
    }
    return SHEET_STYLE.format(**{name: paper.css_mm(value) for name, value in lengths.items()})


def same_heads(parts: Sequence[Part]) -> list[list[Part]]:
    """Neighbouring documents with the same head; each group can be printed at once."""
    groups: list[list[Part]] = []
    for part in parts:
        if groups and groups[-1][0].head == part.head:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups
