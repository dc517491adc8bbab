"""Statement files of a watched folder, see ``file_transport.lib.pickup``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from odoo.addons.automation_core.lib.texts import joined
from odoo.addons.file_transport.lib.pickup import Fetched, Pickup, Watch, bundles
from odoo.addons.file_transport.lib.place import Place

from .source import SourceFile, SourcePage


def fetch_page(
    place: Place, watch: Watch, cursor: Mapping[str, object], now: datetime
) -> SourcePage:
    """Put away what is stored, fetch what is new.

    :raises errors.AutomationError: nothing is new, and something could not be put away
    """
    pickup = Pickup(place, watch, cursor, now)
    files = tuple(_source_file(found) for found in pickup.fetch(bundles(place, watch)))
    if pickup.stuck and not files and not pickup.is_waiting:
        raise pickup.stuck
    return SourcePage(files, pickup.cursor, pickup.more)


def _source_file(found: Fetched) -> SourceFile:
    name = found.bundle.name
    if not found.problem:
        return SourceFile(name, found.contents[0])
    problem = joined(" ", (found.problem.message, found.problem.hint))
    return SourceFile(name, b"", f"{name}|{found.bundle.stamp}", problem)
