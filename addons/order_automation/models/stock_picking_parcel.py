from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _get_parcels(self) -> list[dict]:
        """Return the parcels of the deliveries as dicts of ``number``, ``carrier`` and ``link``.

        Extended by add-ons that keep parcels as records; here they are read from the tracking
        references of `stock_delivery` where that is installed.
        """
        if "carrier_tracking_ref" not in self._fields:
            return []
        return [parcel for picking in self for parcel in picking._get_parcels_of_reference()]

    def _get_parcels_of_reference(self) -> list[dict]:
        # sudo: a mail names the carrier, its settings stay hidden
        carrier = self.sudo().carrier_id.name or ""
        links = self.get_multiple_carrier_tracking()
        if isinstance(links, list):
            pairs = [(str(one[0]), str(one[1])) for one in links if len(one) == 2]
        else:
            joined = self.carrier_tracking_ref or ""
            url = self.carrier_tracking_url or ""
            numbers = dict.fromkeys(filter(None, (part.strip() for part in joined.split(","))))
            pairs = [(number, url.replace(joined, number)) for number in numbers]
        return [
            {
                "number": number,
                "carrier": carrier,
                "link": link if self._is_web_address(link) else "",
            }
            for number, link in pairs
        ]

    def _is_web_address(self, link: str) -> bool:
        return link.startswith(("https://", "http://"))
