"""What a source of payments hands over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from odoo.addons.automation_core.lib.check import CheckLine as CheckLine  # what a test hands over


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file or answer as it came. ``external_id`` is what makes it the same one next time; empty:
    its content does. One that could not be taken has a ``problem`` instead of its content.
    """

    name: str
    content: bytes = field(repr=False)
    external_id: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Some files, and the cursor (plain JSON) that is true once they are stored."""

    files: tuple[SourceFile, ...]
    cursor: Mapping[str, object] = field(default_factory=dict)
    more: bool = False
