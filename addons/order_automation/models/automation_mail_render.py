import re
from collections import defaultdict
from typing import NamedTuple

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.image import image_data_uri

from ..lib import blocks

PRINTED = ("greeting", "intro", "body", "product", "closing", "signature")
_EMPTY = re.compile(r"<(p|div)[^>]*>(\s|&nbsp;|<br\s*/?>)*</\1>")
_DATA_PICTURE = re.compile(r"<img\b[^>]*\bsrc=\"data:[^>]*>")


class Content(NamedTuple):
    """A rendered mail: what is sent, and the leaner text that stays with the order."""

    subject: str
    html: Markup
    text_for_chatter: Markup


class AutomationMail(models.Model):
    """Mails composed of blocks."""

    _inherit = "automation.mail"

    def _render(self) -> dict[int, Content]:
        """Return the content of each mail, made in the recipient's language."""
        contents = {}
        for (kind, lang), rows in self.grouped(lambda row: (row.kind, row._get_lang())).items():
            contents |= rows.with_context(lang=lang)._render_kind(kind)
        return contents

    def _render_kind(self, kind: str) -> dict[int, Content]:
        candidates = self.env["automation.mail.block"]._load(kind)
        chosen = {row: row._choose_blocks(candidates) for row in self}
        texts = self._render_blocks(chosen)
        return {row.id: row._assemble(chosen[row], texts) for row in self}

    def _get_lang(self) -> str:
        """Return the customer's language if Odoo speaks it, else the company's."""
        known = [code for code, _name in self.env["res.lang"].get_installed()]
        people = (self.partner_id, self.order_id.partner_id, self.company_id.partner_id)
        for wanted in filter(None, (partner.lang for partner in people)):
            similar = [code for code in known if code[:2] == wanted[:2]]
            if wanted in known or similar:
                return wanted if wanted in known else similar[0]
        return self.env.lang or "en_US"

    # ------------------------------------------------------------------
    # Which blocks
    # ------------------------------------------------------------------

    def _choose_blocks(self, candidates) -> list[tuple]:
        """Return ``(choice, order lines)`` for every candidate; lines only for blocks about a
        product.
        """
        general = [block for block in candidates if block.slot != "product"]
        about_products = [block for block in candidates if block.slot == "product"]
        no_lines = self.env["sale.order.line"]
        result = [(choice, no_lines) for choice in blocks.choose(general, self._get_facts())]
        if about_products:
            result += self._choose_product_blocks(about_products)
        return result

    def _choose_product_blocks(self, candidates) -> list[tuple]:
        """Choose among the blocks about products for each product anew."""
        lines = self._get_product_lines()
        taken, others = {}, {}
        for product_lines in lines.grouped("product_id").values():
            for choice in blocks.choose(candidates, self._get_facts(product_lines)):
                if choice.outcome == blocks.TAKEN:
                    known = taken.get(choice.block.id, (choice, lines.browse()))
                    taken[choice.block.id] = (choice, known[1] | product_lines[:1])
                elif others.get(choice.block.id, (choice,))[0].outcome != blocks.BEATEN:
                    others[choice.block.id] = (choice, lines.browse())
        return list(taken.values()) + [
            one for block_id, one in others.items() if block_id not in taken
        ]

    def _get_product_lines(self):
        """Return the order lines the mail is about: of the delivery or invoice if it has one."""
        lines = self.order_id.order_line
        if self.picking_id:
            lines = self.picking_id.move_ids.sale_line_id
        elif self.invoice_id:
            lines = self.invoice_id.invoice_line_ids.sale_line_ids
        return lines.filtered(lambda line: line.product_id and not line.display_type)

    def _get_facts(self, lines=None) -> dict[str, dict[int, int]]:
        """Return what block conditions are held against; depths count for categories. Extended
        by add-ons.
        """
        order = self.order_id
        products = (self._get_product_lines() if lines is None else lines).product_id
        language = self.env["res.lang"]._lang_get(self._get_lang_shown())
        return {
            "product": dict.fromkeys(products.product_tmpl_id.ids, 0),
            "category": self._get_category_depths(products.categ_id),
            "payment_method": dict.fromkeys(order.automation_payment_method_id.ids, 0),
            "team": dict.fromkeys(order.team_id.ids, 0),
            "country": dict.fromkeys(order.partner_shipping_id.country_id.ids, 0),
            "language": dict.fromkeys(language.ids, 0),
            "company": dict.fromkeys(self.company_id.ids, 0),
        }

    def _get_lang_shown(self) -> str:
        return self.env.context.get("lang") or self._get_lang()

    def _get_category_depths(self, categories) -> dict[int, int]:
        """Return the categories and all above them with their depth in the tree."""
        paths = [(category.parent_path or "").strip("/").split("/") for category in categories]
        return {int(part): depth for path in paths for depth, part in enumerate(path, 1) if part}

    # ------------------------------------------------------------------
    # Their texts
    # ------------------------------------------------------------------

    def _render_blocks(self, chosen: dict) -> dict[tuple, str]:
        """Render each block once for all mails that use it; keys are (block id, mail or line
        id).
        """
        targets = defaultdict(list)
        for row, choices in chosen.items():
            for choice, lines in choices:
                if choice.outcome == blocks.TAKEN:
                    about_product = choice.block.slot == "product"
                    targets[choice.block.id] += lines.ids if about_product else [row.id]
        texts = {}
        # sudo: texts are the same whoever looks at the mail, see `_load`
        for block in self.env["automation.mail.block"].sudo().browse(targets):
            ids = list(dict.fromkeys(targets[block.id]))
            for record_id, text in block._render_text(ids).items():
                texts[block.id, record_id] = text
        return texts

    def _assemble(self, choices: list[tuple], texts: dict) -> Content:
        by_slot = defaultdict(list)
        for choice, lines in choices:
            if choice.outcome == blocks.TAKEN:
                for record_id in lines.ids or [self.id]:
                    by_slot[choice.block.slot].append(texts[choice.block.id, record_id])
        subject = " ".join("".join(by_slot["subject"][:1]).split())
        if not subject:
            kinds = dict(self._fields["kind"]._description_selection(self.env))
            raise UserError(
                self.env._("There is no subject block for the mail: %s", kinds[self.kind])
            )
        inner = Markup().join(
            self._clean(text) for slot in PRINTED for text in dict.fromkeys(by_slot[slot])
        )
        foot = Markup().join(self._clean(text) for text in by_slot["footer"])
        html = self._render_frame(subject, inner, foot)
        # already rendered, only pictures are taken out
        lean = Markup(_DATA_PICTURE.sub("", inner))  # noqa: S704
        return Content(subject, html, lean)

    def _render_frame(self, subject: str, content: Markup, foot: Markup) -> Markup:
        # a form asks for the sizes of pictures instead of the pictures; the mail needs them
        company = self.company_id.with_context(bin_size=False)
        logo = company.logo_web if not company.uses_default_logo else False
        values = {
            "subject": subject,
            "content": content,
            "foot": foot,
            "company": company,
            "logo": logo and image_data_uri(logo),
            "lang_code": self._get_lang_shown().replace("_", "-"),
        }
        return self._render_part("mail_layout", **values).strip()

    def _clean(self, text: str) -> Markup:
        """Drop paragraphs that a missing value left empty."""
        return Markup(_EMPTY.sub("", text or ""))  # noqa: S704 - rendered and escaped before
