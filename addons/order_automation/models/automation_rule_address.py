from odoo import models

from ..lib import address as address_lib
from ..lib import parcel
from ..lib.finding import Finding, fingerprint


class AutomationRule(models.Model):
    """Built-in kinds that look at the delivery address, and at what goes there."""

    _inherit = "automation.rule"

    def _find_address(self, orders, facts) -> dict[int, Finding]:
        found = {}
        for order in orders:
            analysis = self._analyse(order, facts)
            if analysis.problems:
                texts = self._get_problem_texts()
                problems = ", ".join(texts[problem] for problem in analysis.problems)
                sentence = self.env._("Address incomplete: %s", problems)
                if address_lib.PICKUP_ABROAD in analysis.problems:
                    sentence = self.env._("Address cannot be right: %s", problems)
                found[order.id] = self._about_address(order, sentence, analysis.problems)
        return found

    def _find_pickup_numbers(self, orders, facts) -> dict[int, Finding]:
        texts = {
            address_lib.NUMBER_MISSING: self.env._("its number is missing"),
            address_lib.POST_NUMBER_MISSING: self.env._("post number missing"),
        }
        found = {}
        for order in orders:
            analysis = self._analyse(order, facts)
            if analysis.missing:
                sentence = self.env._(
                    "%(place)s: %(missing)s",
                    place=self._get_place(analysis),
                    missing=", ".join(texts[code] for code in analysis.missing),
                )
                found[order.id] = self._about_address(order, sentence, analysis.missing)
        return found

    def _find_pickup_refused(self, orders, facts) -> dict[int, Finding]:
        found = {}
        for order in orders:
            analysis = self._analyse(order, facts)
            if text := self._get_refusal(analysis, order):
                sentence = self.env._(
                    "%(place)s: %(reason)s", place=self._get_place(analysis), reason=text
                )
                found[order.id] = self._about_address(order, sentence, text)
        return found

    def _find_pickup_size(self, orders, facts) -> dict[int, Finding]:
        found = {}
        for order in orders:
            analysis = self._analyse(order, facts)
            limits = self._get_limits(facts).get(analysis.kind)
            if limits and (texts := self._get_misfits(order, limits, facts)):
                seen = fingerprint(analysis.kind, texts)
                found[order.id] = Finding(texts[0], seen, "\n".join(texts[1:]))
        return found

    # ------------------------------------------------------------------
    # Addresses
    # ------------------------------------------------------------------

    def _analyse(self, order, facts) -> address_lib.Analysis:
        """What the order's delivery address names; read once per address and run."""
        partner = order.partner_shipping_id
        known = facts.setdefault("addresses", {})
        if partner.id not in known:
            known[partner.id] = address_lib.analyse(self._get_address(partner))
        return known[partner.id]

    def _get_address(self, partner) -> address_lib.Address:
        parent = partner.parent_id
        return address_lib.Address(
            name=partner.name or parent.name or "",
            company=partner.company_name or (parent.name if parent.is_company else "") or "",
            street=partner.street or "",
            street2=partner.street2 or "",
            zip=partner.zip or "",
            city=partner.city or "",
            country=partner.country_id.code or "",
            email=partner.email or parent.email or "",
        )

    def _about_address(self, order, sentence: str, facts) -> Finding:
        address = self._get_address(order.partner_shipping_id)
        lines = (address.company, address.name, address.street, address.street2)
        lines += (f"{address.zip} {address.city}", address.country)
        text = ", ".join(line.strip() for line in lines if line.strip())
        detail = self.env._("Delivery address: %s", text)
        return Finding(sentence, fingerprint(facts, text), detail)

    def _get_problem_texts(self) -> dict[str, str]:
        return {
            address_lib.NAME_MISSING: self.env._("no name"),
            address_lib.STREET_MISSING: self.env._("no street"),
            address_lib.HOUSE_NUMBER_MISSING: self.env._("no house number"),
            address_lib.ZIP_MISSING: self.env._("no zip"),
            address_lib.ZIP_FORMAT: self.env._("the zip does not fit the country"),
            address_lib.CITY_MISSING: self.env._("no city"),
            address_lib.COUNTRY_MISSING: self.env._("no country"),
            address_lib.PICKUP_ABROAD: self.env._("DHL pick-up points are in Germany only"),
        }

    def _get_place(self, analysis: address_lib.Analysis) -> str:
        """ "Packstation 145"; another carrier's point as the buyer wrote it."""
        names = {address_lib.LOCKER: "Packstation", address_lib.OUTLET: "Postfiliale"}
        name = names.get(analysis.kind, analysis.place)
        return f"{name} {analysis.number}".strip()

    def _get_refusal(self, analysis: address_lib.Analysis, order) -> str:
        """Why nothing is sent there; empty if something is."""
        if analysis.kind == address_lib.OTHER and self.refuse_other:
            return self.env._("our parcels cannot be delivered there")
        if analysis.kind == address_lib.OUTLET and self.refuse_outlet:
            return self.env._("delivery to post offices and parcel shops is not offered")
        if analysis.kind != address_lib.LOCKER:
            return ""
        if self.refuse_locker:
            return self.env._("delivery to lockers is not offered")
        if order.automation_payment_method_id.kind == "cod":
            return self.env._("a locker takes no cash on delivery")
        return ""

    # ------------------------------------------------------------------
    # Sizes
    # ------------------------------------------------------------------

    def _get_limits(self, facts) -> dict:
        """``{place: limits}``, read once per run."""
        if "limits" not in facts:
            limits = self.env["automation.parcel.limit"].search([("active", "=", True)])
            facts["limits"] = limits.grouped("place")
        return facts["limits"]

    def _get_misfits(self, order, limits, facts) -> list[str]:
        """A sentence for each article of ``order`` that goes into none of the places' boxes."""
        holds = (order.automation_policy_id.unknown_size or "hold") == "hold"
        boxes = [limit._get_limit() for limit in limits]
        sentences = []
        for product in order.order_line.product_id.filtered(lambda p: p.type == "consu"):
            answer = parcel.best_fit(self._get_item(product, facts), boxes)
            if answer is parcel.Fit.FITS or (answer is parcel.Fit.UNKNOWN and not holds):
                continue
            sentences.append(self._get_misfit_text(product, answer, limits[0]))
        return sentences

    def _get_item(self, product, facts) -> parcel.Item:
        if "kilograms" not in facts:
            unit = self.env["product.template"]._get_weight_uom_id_from_ir_config_parameter()
            kilogram = self.env.ref("uom.product_uom_kgm")
            facts["kilograms"] = unit._compute_quantity(1.0, kilogram, round=False)
        return parcel.Item(
            product.parcel_length,
            product.parcel_width,
            product.parcel_height,
            product.weight * facts["kilograms"],
        )

    def _get_misfit_text(self, product, answer: parcel.Fit, limit) -> str:
        values = {"article": product.display_name, "place": limit.name}
        if answer is parcel.Fit.TOO_HEAVY:
            return self.env._(
                "%(article)s (%(weight)s) is too heavy for %(place)s (%(limit)s kg)",
                weight=f"{product.weight:g} {product.weight_uom_name}",
                limit=f"{limit.max_weight:g}",
                **values,
            )
        if answer is parcel.Fit.UNKNOWN:
            return self.env._(
                "%(article)s: size unknown, it may not fit %(place)s (%(limit)s)",
                limit=limit._get_size(),
                **values,
            )
        return self.env._(
            "%(article)s (%(size)s) does not fit %(place)s (%(limit)s)",
            size=product._get_parcel_size(),
            limit=limit._get_size(),
            **values,
        )
