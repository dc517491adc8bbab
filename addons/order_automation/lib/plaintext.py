"""The text version of a mail, readable on its own: for text-only readers and for relays that
allow no HTML.
"""

from __future__ import annotations

import re

from lxml import etree, html

_SKIPPED = {"head", "style", "script", "title", "img"}
_BLOCKS = {"p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "ul", "ol"}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)
# Marks put into the text while walking, since real line ends in the source mean nothing.
_PARAGRAPH, _BLOCK, _LINE, _CELL = "\x02", "\x03", "\x04", "\x05"
_GAP = re.compile(r"[ \x02\x03\x04\x05]*[\x02\x03\x04][ \x02\x03\x04\x05]*")


def from_html(source: str, *, links: bool = True) -> str:
    """Return the text of an HTML mail. Without ``links`` no address of a web page is left in it."""
    if not source.strip():
        return ""
    try:
        root = html.document_fromstring(source.replace("\x00", ""))
    except etree.ParserError:
        return ""
    parts: list[str] = []
    _walk(root, parts, links)
    text = _layout("".join(parts))
    return text if links else without_links(text)


def without_links(text: str) -> str:
    """Take every web address out of a text, and the line with it when nothing else was on it."""
    lines = []
    for line in text.split("\n"):
        rest = _LINK.sub("", line)
        if rest == line:
            lines.append(line)
        elif rest.strip(" \t:-()<>"):
            lines.append(re.sub(r"\(\s*\)|<\s*>", "", rest).rstrip(" :-"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _walk(node: html.HtmlElement, parts: list[str], links: bool) -> None:
    tag = node.tag if isinstance(node.tag, str) else ""
    if tag and tag not in _SKIPPED and not _HIDDEN.search(node.get("style", "")):
        _open(node, tag, parts)
        parts.append(_fold(node.text))
        start = len(parts)
        for child in node:
            _walk(child, parts, links)
        _close(node, tag, parts, start, links)
    parts.append(_fold(node.tail))


def _open(node: html.HtmlElement, tag: str, parts: list[str]) -> None:
    if tag in _BLOCKS:
        parts.append(_block_mark(node, tag))
    elif tag == "tr":
        parts.append(_BLOCK)
    elif tag == "li":
        parts.append(f"{_BLOCK}- ")
    elif tag == "br":
        parts.append(_LINE)
    elif tag == "hr":
        parts.append(f"{_PARAGRAPH}{'-' * 40}{_PARAGRAPH}")


def _close(node: html.HtmlElement, tag: str, parts: list[str], start: int, links: bool) -> None:
    if tag in _BLOCKS:
        parts.append(_block_mark(node, tag))
    elif tag in {"td", "th"}:
        parts.append(_CELL)
    elif tag == "a" and links:
        href = (node.get("href") or "").strip()
        label = (node.text or "") + "".join(parts[start:])
        if href.startswith(("http://", "https://")) and href not in label:
            parts.append(f": {href}")


def _block_mark(node: html.HtmlElement, tag: str) -> str:
    """A block with space around it (``margin``) is a paragraph of the text, too."""
    return _PARAGRAPH if tag in _PARAGRAPHS or "margin:" in node.get("style", "") else _BLOCK


def _fold(text: str | None) -> str:
    return re.sub(r"[\s\x00-\x1f\u00a0]+", " ", text or "")


def _layout(marked: str) -> str:
    text = _GAP.sub(lambda gap: _line_ends(gap.group()), marked)
    text = re.sub(rf" *{_CELL}[ {_CELL}]*", "  ", text)
    return "\n".join(
        re.sub(r"(?<=\S) {3,}", "  ", line).strip() for line in text.split("\n")
    ).strip()


def _line_ends(gap: str) -> str:
    """A paragraph, or two line breaks by hand, make an empty line; nested tables and cells only
    a new line.
    """
    hard = _PARAGRAPH in gap or gap.count(_LINE) > 1
    return "\n\n" if hard else "\n"
