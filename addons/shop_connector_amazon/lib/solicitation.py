"""Amazon's own request for a review: one per order, only while Amazon offers it."""

from __future__ import annotations

from typing import Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from . import const
from .client import SpApi

_lt = Marker(__name__)


Outcome = Literal["asked", "not_offered"]


class Solicitations:
    """Asks buyers for a review through Amazon; Amazon writes the mail, in the buyer's language."""

    def __init__(self, api: SpApi) -> None:
        self._api = api

    def is_offered(self, order_id: str, marketplace: str) -> bool:
        """Whether Amazon allows the request now: days 5 to 30 after delivery, and only once."""
        answer = self._api.call(
            const.GET_SOLICITATIONS,
            {"amazonOrderId": order_id},
            params={"marketplaceIds": marketplace},
        )
        links = answer.get("_links") if isinstance(answer, dict) else None
        actions = links.get("actions") if isinstance(links, dict) else None
        if not isinstance(actions, list):
            raise errors.InvalidAnswer(
                _lt("Amazon did not say whether a review may be asked for."),
                _lt("It is tried again by itself."),
            )
        names = [row.get("name") for row in actions if isinstance(row, dict)]
        return const.REVIEW_ACTION in names

    def ask(self, order_id: str, marketplace: str) -> Outcome:
        """Ask for a review if Amazon offers it. Asked twice, Amazon offers it no more."""
        if not self.is_offered(order_id, marketplace):
            return "not_offered"
        self._api.call(
            const.SOLICIT_REVIEW,
            {"amazonOrderId": order_id},
            params={"marketplaceIds": marketplace},
        )
        return "asked"
