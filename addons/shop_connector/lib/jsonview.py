"""Show a raw payload: JSON as a tree that folds, anything else as text. HTML comes out escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape

MAX_TEXT = 300_000
MAX_NODES = 5_000
MAX_DEPTH = 40
OPEN_DEPTH = 2


def render(body: str) -> str:
    """Return ``body`` as safe HTML."""
    if len(body) <= MAX_TEXT:
        try:
            return _Tree().node(json.loads(body), 0)
        except (ValueError, RecursionError):
            pass
    cut = escape(body[:MAX_TEXT])
    return f'<pre class="text-wrap">{cut}{"…" if len(body) > MAX_TEXT else ""}</pre>'


class _Tree:
    def __init__(self) -> None:
        self.left = MAX_NODES

    def node(self, value: object, depth: int) -> str:
        self.left -= 1
        if self.left <= 0 or depth > MAX_DEPTH:
            return "…"
        if isinstance(value, dict):
            return self._branch(value.items(), depth, f"{{{len(value)}}}")
        if isinstance(value, list):
            return self._branch(
                ((str(i), item) for i, item in enumerate(value)), depth, f"[{len(value)}]"
            )
        return f"<span>{escape(json.dumps(value, ensure_ascii=False))}</span>"

    def _branch(self, items: Iterable[tuple[str, object]], depth: int, size: str) -> str:
        rows = []
        for key, value in items:
            if self.left <= 0:
                rows.append("<li>…</li>")
                break
            rows.append(f"<li><strong>{escape(key)}</strong>: {self.node(value, depth + 1)}</li>")
        state = " open" if depth < OPEN_DEPTH else ""
        inner = f'<ul class="list-unstyled ms-3">{"".join(rows)}</ul>'
        return f"<details{state}><summary>{size}</summary>{inner}</details>"
