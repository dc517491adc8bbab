"""Changes to a finished mail on its way out: pictures inside it, or nothing but text."""

from __future__ import annotations

import base64
import re
from email.message import EmailMessage
from email.utils import getaddresses, make_msgid

from .plaintext import from_html, without_links
from .relay import normal_address

_DATA_IMAGE = re.compile(
    r"""src=(["'])data:image/(png|jpeg|gif);base64,([A-Za-z0-9+/=\s]+)\1""", re.IGNORECASE
)
RECIPIENT_HEADERS = ("To", "Cc", "Bcc")
SHOWN_HEADERS = (*RECIPIENT_HEADERS, "X-Msg-To-Add")


def embed_images(message: EmailMessage) -> int:
    """Turn pictures written as data into inline parts, since many mail programs do not show the
    former.

    :return: how many pictures were moved
    """
    part = message.get_body(("html",))
    if part is None:
        return 0
    source = part.get_content()
    pictures: list[tuple[str, str, bytes]] = []

    def move(match: re.Match[str]) -> str:
        cid = make_msgid(domain="inline.invalid")
        pictures.append((cid, match[2].lower(), base64.b64decode(match[3])))
        return f'src="cid:{cid[1:-1]}"'

    changed = _DATA_IMAGE.sub(move, source)
    if pictures:
        part.set_content(changed, subtype="html", charset="utf-8", cte="quoted-printable")
        for cid, kind, content in pictures:
            part.add_related(
                content, "image", kind, cid=cid, disposition="inline", filename=f"image.{kind}"
            )
    return len(pictures)


def to_plain_text(message: EmailMessage, *, keep_pdf: bool = False) -> None:
    """Make the mail a text without any link; attachments are dropped except, if wanted, PDF
    files.
    """
    text = _text_of(message)
    files = [
        (part.get_filename() or "document.pdf", part.get_content())
        for part in message.iter_attachments()
        if keep_pdf and part.get_content_type() == "application/pdf"
    ]
    message.clear_content()
    message.set_content(text, charset="utf-8")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)


def count_attachments(message: EmailMessage) -> int:
    """Return how many files hang on the mail; pictures inside its text do not count."""
    return sum(1 for _part in message.iter_attachments())


def drop_recipients(message: EmailMessage, unwanted: set[str]) -> None:
    """Take the unwanted addresses (in their normal form) out of all headers that name recipients.

    Names that look like an address go too, since Odoo would read them as a further recipient.
    """
    for header in SHOWN_HEADERS:
        values = message.get_all(header, [])
        if not values:
            continue
        pairs = getaddresses([str(value) for value in values])
        kept = [pair for pair in pairs if pair[1] and normal_address(pair[1]) not in unwanted]
        del message[header]
        if kept:
            message[header] = ", ".join(_format(name, address) for name, address in kept)


def _format(name: str, address: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{address}>' if name and "@" not in name else address


def _text_of(message: EmailMessage) -> str:
    plain = message.get_body(("plain",))
    if plain is not None:
        return without_links(plain.get_content())
    source = message.get_body(("html",))
    return from_html(source.get_content(), links=False) if source is not None else ""
