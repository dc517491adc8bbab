"""What can be wrong with a file or a mapping, as named failures in the clerk's words."""

from __future__ import annotations

from typing import Final

from odoo.addons.automation_core.lib.texts import Marker

from ..order import PayloadError

_lt = Marker(__name__)

HINT_FILE: Final = _lt("Look at the file and at the settings of its format, then try again.")
HINT_MAPPING: Final = _lt("Correct the mapping of the account and look at the preview.")
HINT_ORDER: Final = _lt(
    "Compare the order with the shop's administration. If the mapping is wrong, correct it and "
    "press Retry; otherwise enter the order by hand."
)


class FileProblem(PayloadError):
    """The whole file cannot be read."""


class MappingProblem(PayloadError):
    """The mapping itself is not usable."""
