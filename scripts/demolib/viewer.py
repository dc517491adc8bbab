"""Pages that show the caught mails. What a mail contains is only ever shown locked in."""

from __future__ import annotations

import re
from email.message import EmailMessage
from html import escape
from urllib.parse import quote

from .mailbox import Mailbox, files, local_date

# a mail's own page: no scripts, nothing from elsewhere, no access to anything around it
LOCKED = (
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-same-origin; "
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
)
OWN = (
    "default-src 'self'; img-src 'self' data:; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'"
)
_CID = re.compile(r"""cid:([^"'\s)>]+)""")
_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
body {{ font: 15px/1.45 system-ui, sans-serif; margin: 0; color: #1f2a1e; background: #f6f5f1 }}
header {{ background: #3f6b3a; color: #fff; padding: .7rem 1.4rem; display: flex; gap: 1rem;
  align-items: center; flex-wrap: wrap }}
header a {{ color: #fff; text-decoration: none; font-weight: 600 }}
header span {{ opacity: .85 }} header form {{ margin-left: auto }}
input {{ font: inherit; padding: .3rem .6rem; border: 0; border-radius: 4px; width: 17rem }}
main {{ max-width: 1120px; margin: 1.2rem auto; background: #fff; border: 1px solid #ddd8cb;
  border-radius: 6px; overflow: hidden }}
table {{ border-collapse: collapse; width: 100% }} th {{ text-align: left; font-weight: 600 }}
td, th {{ padding: .45rem .9rem; border-bottom: 1px solid #eee9dd; vertical-align: top }}
tr:hover td {{ background: #faf9f5 }} td.to {{ color: #445; width: 36% }}
td.date {{ white-space: nowrap; color: #667 }}
td a {{ color: #24512c; text-decoration: none; font-weight: 600 }} .empty {{ padding: 2rem }}
dl {{ display: grid; grid-template-columns: 6rem 1fr; gap: .25rem .8rem; padding: 1rem 1.2rem;
  margin: 0; border-bottom: 1px solid #eee9dd }} dt {{ color: #667 }} dd {{ margin: 0 }}
.files a {{ display: inline-block; margin: 0 .5rem .3rem 0; padding: .15rem .6rem;
  border: 1px solid #cfd8cc; border-radius: 4px; color: #24512c; text-decoration: none }}
iframe {{ width: 100%; height: 70vh; border: 0; background: #fff; display: block }}
.shops {{ max-width: 1300px }} .tiles {{ display: grid; gap: 1rem; padding: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)) }}
.tile {{ border: 1px solid #ddd8cb; border-radius: 6px; padding: .8rem 1rem }}
.tile h2 {{ margin: 0 0 .4rem; font-size: 1.15rem }} .tile h2 a {{ color: #24512c }}
.tile dl {{ grid-template-columns: 1fr auto; padding: 0; border: 0; margin: 0 0 .7rem }}
.tile dd {{ text-align: right; font-variant-numeric: tabular-nums }}
button {{ font: inherit; padding: .25rem .8rem; border: 1px solid #3f6b3a; border-radius: 4px;
  background: #fff; color: #24512c; cursor: pointer }}
h3 {{ margin: 0; padding: .8rem .9rem .3rem; font-size: 1rem }}
td.n, th.n {{ text-align: right; font-variant-numeric: tabular-nums }}
td small {{ color: #667 }} .good {{ color: #24702c }} .bad {{ color: #a3261b; font-weight: 600 }}
</style></head><body><header><a href="/shops">Shops</a><a href="/">Caught mails</a>
<span>{hint}</span>{search}</header><main class="{kind}">{body}</main>{script}</body></html>"""
_SEARCH = """<form action="/"><input name="q" value="{words}"
 placeholder="Search sender, recipient, subject" aria-label="Search"></form>"""
_RELOAD = """<script>let last = {last};
setInterval(async () => {{ const answer = await fetch("/last"); const now = await answer.text();
if (now != last) location.reload(); }}, 4000);</script>"""
_FIT = """<script>const frame = document.querySelector("iframe");
frame.addEventListener("load", () => {
const page = frame.contentDocument; if (!page || !page.body) return;
frame.style.height = 0;
frame.style.height = Math.max(300, page.documentElement.scrollHeight + 20) + "px"; });</script>"""


def page(
    title: str, hint: str, body: str, words: str = "", script: str = "", kind: str = "mails"
) -> str:
    """Return a page with the head that all have; ``body`` and ``script`` are taken as they are."""
    search = _SEARCH.format(words=escape(words)) if kind == "mails" else ""
    return _PAGE.format(
        title=escape(title), hint=escape(hint), search=search, kind=kind, body=body, script=script
    )


def inbox(mailbox: Mailbox, words: str = "") -> str:
    """The list of all mails, newest first; it shows new ones by itself."""
    rows = mailbox.rows(words)
    lines = [
        f'<tr><td class="date">{escape(row.date)}</td><td class="to">{escape(row.to)}</td>'
        f'<td><a href="/mail/{row.number}">{escape(row.subject)}</a></td>'
        f"<td>{row.files or ''}</td></tr>"
        for row in rows
    ]
    head = "<tr><th>Date</th><th>To</th><th>Subject</th><th>Files</th></tr>"
    empty = '<p class="empty">Nothing was sent yet. New mails show up here by themselves.</p>'
    body = f"<table>{head}{''.join(lines)}</table>" if lines else empty
    hint = f"{len(rows)} mails that Odoo sent; none of them left this computer"
    script = "" if words else _RELOAD.format(last=mailbox.last())
    return page("Caught mails", hint, body, words, script)


def letter(mailbox: Mailbox, number: int) -> str:
    """One mail with its head and its files."""
    message = mailbox.message(number)
    subject = str(message.get("Subject", ""))
    heads = [("From", "From"), ("To", "To"), ("Reply-To", "Reply to"), ("Cc", "Copy")]
    fields = [
        f"<dt>{label}</dt><dd>{escape(str(message[name]))}</dd>"
        for name, label in heads
        if message[name]
    ]
    links = [
        f'<a href="/mail/{number}/file/{place}/{quote(name)}">{escape(name)} ({size})</a>'
        for place, name, size in files(message)
    ]
    if links:
        fields.append(f'<dt>Files</dt><dd class="files">{"".join(links)}</dd>')
    body = (
        f"<dl><dt>Subject</dt><dd><b>{escape(subject)}</b></dd>"
        f"<dt>Date</dt><dd>{escape(local_date(message))}</dd>{''.join(fields)}</dl>"
        f'<iframe title="The mail" src="/mail/{number}/text" '
        'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )
    return page(subject, f"Mail {number}", body, script=_FIT)


def text(mailbox: Mailbox, number: int) -> str:
    """What the mail says, as a page of its own (to be served with the policy ``LOCKED``)."""
    message = mailbox.message(number)
    part = message.get_body(("html", "plain"))
    content = str(part.get_content()) if part else ""
    if not part or part.get_content_type() != "text/html":
        return f'<meta charset="utf-8"><pre style="white-space: pre-wrap">{escape(content)}</pre>'
    places = {
        str(piece["Content-ID"]).strip("<>"): place
        for place, piece in enumerate(message.walk())
        if piece["Content-ID"]
    }
    shown = _CID.sub(
        lambda found: f"/mail/{number}/file/{places.get(found[1], 0)}/picture", content
    )
    return f'<meta charset="utf-8"><base target="_blank">{shown}'


def file(message: EmailMessage, place: int) -> tuple[str, bytes]:
    """Return type and content of a part; ``KeyError`` when there is none."""
    for position, part in enumerate(message.walk()):
        if position == place and not part.is_multipart():
            data = part.get_payload(decode=True)
            return part.get_content_type(), data if isinstance(data, bytes) else b""
    raise KeyError(place)
