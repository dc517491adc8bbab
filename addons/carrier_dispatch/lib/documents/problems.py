"""Why a document is not written. Repeating does not help: somebody has to mend something."""

from __future__ import annotations

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

_lt = Marker(__name__)

HINT_ADDRESS = _lt("Shorten it in the address of the delivery, then try again.")
HINT_FORMAT = _lt("Correct the document settings of the shipper.")
HINT_DELIVERY = _lt("Correct it in the delivery or its product, then try again.")


class DocumentError(errors.Rejected):
    """A document that cannot be written. ``field`` is the code of what is in the way."""

    def __init__(self, message: str, hint: str = "", field: str = "") -> None:
        super().__init__(message, hint)
        self.field = field
