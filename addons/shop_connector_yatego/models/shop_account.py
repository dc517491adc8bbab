from odoo import fields, models

from odoo.addons.automation_core.lib import errors
from odoo.addons.shop_connector.lib.order import PayloadError

from ..lib.profiles import PROFILE, UPLOAD
from ..lib.sections import Sections, stock_rows
from ..lib.upload import upload

YATEGO = "yatego"


class ShopAccount(models.Model):
    _inherit = "shop.account"

    feed_profile = fields.Selection(
        selection_add=[(YATEGO, "Yatego")], ondelete={YATEGO: "set default"}
    )

    def _feed_profiles(self):
        """Extended with Yatego."""
        return {**super()._feed_profiles(), YATEGO: PROFILE}

    def _feed_profile_vals(self, name):
        """Extended: Yatego is asked by web address, and no way to tell it shipments is known."""
        vals = super()._feed_profile_vals(name)
        if name == YATEGO:
            vals |= {"feed_source": "place", "feed_shipment_name": False}
        return vals

    def _feed_send_stock(self, quantities):
        """Extended: Yatego's own server takes its own file, in a form."""
        place = self.feed_back_place_id
        if self.feed_profile != YATEGO or self.feed_back != "place" or place.kind != "http":
            super()._feed_send_stock(quantities)
            return
        login = place._values()
        try:
            with self._feed_get_back_place() as web:
                upload(
                    web.post,
                    UPLOAD,
                    login.user,
                    login.password,
                    Sections(stocks=stock_rows(quantities)),
                    delete_missing=False,
                )
        except PayloadError as error:
            raise errors.Rejected(error.message, error.hint) from error
