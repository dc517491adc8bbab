"""Show a raw payload: JSON as a tree that folds, anything else as text. HTML comes out escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from html import escape

MAX_TEXT = 300_000
MAX_NODES = 5_000
MAX_DEPTH = 40
OPEN_DEPTH = 2


def render(body: str) -> str:
    """Return ``body`` as safe HTML."""
    if len(body) <= MAX_TEXT:
        with suppress(ValueError, RecursionError):
            return _Tree().node("", json.loads(body), 0)
    cut = escape(body[:MAX_TEXT])
    return f'<pre class="text-wrap">{cut}{"…" if len(body) > MAX_TEXT else ""}</pre>'


class _Tree:
    def __init__(self) -> None:
        self.left = MAX_NODES

    def node(self, key: str, value: object, depth: int) -> str:
        """Return one value with its key in front."""
        self.left -= 1
        label = f"<strong>{escape(key)}</strong> " if key else ""
        if self.left <= 0 or depth > MAX_DEPTH:
            return f"{label}…"
        if isinstance(value, dict):
            return self._branch(label, value.items(), depth, f"{{{len(value)}}}")
        if isinstance(value, list):
            items = ((str(index), item) for index, item in enumerate(value, start=1))
            return self._branch(label, items, depth, f"[{len(value)}]")
        return f"{label}<span>{escape(json.dumps(value, ensure_ascii=False))}</span>"

    def _branch(
        self, label: str, items: Iterable[tuple[str, object]], depth: int, size: str
    ) -> str:
        rows = []
        for key, value in items:
            if self.left <= 0:
                rows.append("<li>…</li>")
                break
            rows.append(f"<li>{self.node(key, value, depth + 1)}</li>")
        state = " open" if depth < OPEN_DEPTH else ""
        muted = f'<span class="text-muted">{size}</span>'
        inner = f'<ul class="list-unstyled ms-3 mb-0">{"".join(rows)}</ul>'
        return f"<details{state}><summary>{label}{muted}</summary>{inner}</details>"
