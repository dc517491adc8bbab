from base64 import b64encode

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from .common_mail import MailCommon


@tagged("post_install", "-at_install")
class TestMailBlock(MailCommon):
    """Which texts a mail gets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blocks = cls.env["automation.mail.block"]
        cls.row = cls.outbox._enqueue("receipt", orders=cls.order)

    def block(self, text, **values):
        return self.blocks.create({"name": text, "body": f"<p>{text}</p>", **values})

    def html(self, row=None):
        row = row or self.row
        return row._render()[row.id].html

    def test_own_text_for_a_country_replaces_the_default(self):
        self.block(
            "Only in Austria", slot="intro", key="intro", country_ids=self.env.ref("base.at").ids
        )
        self.assertIn("thank you for your order", self.html())
        self.block("In Germany", slot="intro", key="intro", country_ids=self.env.ref("base.de").ids)
        source = self.html()
        self.assertIn("In Germany", source)
        self.assertNotIn("thank you for your order", source)

    def test_an_empty_text_leaves_the_part_out(self):
        self.blocks.create(
            {
                "name": "No address",
                "slot": "body",
                "key": "address",
                "team_ids": self.order.team_id.ids,
            }
        )
        self.order.team_id = self.order.team_id or self.env["crm.team"].search([], limit=1)
        self.blocks.search([("name", "=", "No address")]).team_ids = self.order.team_id
        self.assertNotIn("Delivery address", self.html())

    def test_blocks_of_other_mails_are_not_used(self):
        self.block("Shipping text", kind_ids=self.env.ref("order_automation.mail_kind_shipped").ids)
        self.assertNotIn("Shipping text", self.html())

    def test_product_blocks_once_per_product(self):
        other = self._create_product("Bulb")
        self.order.write(
            {
                "order_line": [
                    (0, 0, {"product_id": product.id, "product_uom_qty": 1})
                    for product in (self.product, other)
                ]
            }
        )
        self.block("About each of them: <t t-out='object.product_id.name'/>", slot="product")
        self.block(
            "About the lamp", slot="product", product_tmpl_ids=self.product.product_tmpl_id.ids
        )
        source = self.html()
        self.assertEqual(source.count("About the lamp"), 1)
        self.assertEqual(source.count("About each of them: Lamp"), 1)
        self.assertEqual(source.count("About each of them: Bulb"), 1)

    def test_category_includes_those_below(self):
        above = self.env["product.category"].create({"name": "Light"})
        below = self.env["product.category"].create({"name": "Lamps", "parent_id": above.id})
        self.product.categ_id = below
        self.block("Light in general", slot="product", key="care", category_ids=above.ids)
        self.assertIn("Light in general", self.html())
        self.block("Lamps in particular", slot="product", key="care", category_ids=below.ids)
        source = self.html()
        self.assertIn("Lamps in particular", source)
        self.assertNotIn("Light in general", source)

    def test_blocks_in_one_language_only(self):
        german = self.env["res.lang"]._lang_get("de_DE")
        self.block("Nur auf Deutsch", lang_ids=self.env["res.lang"].browse(german.id).ids)
        self.assertNotIn("Nur auf Deutsch", self.html())
        self.partner.lang = "de_DE"
        self.assertIn("Nur auf Deutsch", self.html())

    def test_translations_of_a_block(self):
        block = self.block("English text")
        block.with_context(lang="de_DE").body = "<p>Deutscher Text</p>"
        self.assertIn("English text", self.html())
        self.partner.lang = "de_DE"
        self.assertIn("Deutscher Text", self.html())

    def test_values_are_escaped(self):
        self.partner.name = "<script>alert(1)</script> & Co 😀"
        source = self.html()
        self.assertNotIn("<script>alert", source)
        self.assertIn("&lt;script&gt;", source)
        self.assertIn("😀", source)

    def test_subject_is_one_line(self):
        self.order.client_order_ref = "1\r\nBcc: a@example.com"
        subject = self.row._render()[self.row.id].subject
        self.assertEqual(subject, "We have received your order 1 Bcc: a@example.com")

    def test_every_kind_can_be_made_in_both_languages(self):
        for kind, _label in self.outbox._fields["kind"].selection:
            row = self.outbox._enqueue(kind, orders=self.order) or self.row
            for lang in ("en_US", "de_DE"):
                self.partner.lang = lang
                content = row._render()[row.id]
                self.assertTrue(content.subject)
                self.assertIn(f'lang="{lang.replace("_", "-")}"', content.html)

    def test_a_batch_is_rendered_with_few_queries(self):
        rows = self.outbox._enqueue("receipt", orders=self._create_orders(20))
        rows._render()
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            rows._render()

    # Rights

    def test_managers_write_safe_texts_only(self):
        manager = new_test_user(
            self.env, "texts", "automation_core.group_automation_manager,base.group_user"
        )
        editors = self.env.ref("mail.group_mail_template_editor")
        self.env.ref("base.group_user").implied_ids -= editors
        manager.group_ids -= editors
        manager.invalidate_recordset()
        self.assertFalse(manager.has_group("mail.group_mail_template_editor"))
        block = self.blocks.with_user(manager).create(
            {"name": "B", "body": "<p><t t-out='object.order_name'/></p>"}
        )
        with self.assertRaises(AccessError):
            block.body = "<p><t t-out='object.env.user.password'/></p>"
        user = new_test_user(self.env, "reader", "automation_core.group_automation_user")
        with self.assertRaises(AccessError):
            block.with_user(user).body = "<p>x</p>"

    def test_subject_blocks_need_a_subject(self):
        with self.assertRaises(ValidationError):
            self.blocks.create({"name": "S", "slot": "subject"})

    # Preview

    def test_preview_shows_texts_and_reasons(self):
        winner = self.block(
            "In Germany", slot="intro", key="intro", country_ids=self.env.ref("base.de").ids
        )
        user = new_test_user(self.env, "viewer", "automation_core.group_automation_user")
        preview = (
            self.env["automation.mail.preview"]
            .with_user(user)
            .create({"order_id": self.order.id, "kind": "receipt", "lang": "de_DE"})
        )
        self.assertEqual(preview.subject, "Wir haben Ihre Bestellung 400123 erhalten")
        self.assertIn("In Germany", preview.body)
        origins = {row["id"]: row for row in preview._get_origins()}
        self.assertTrue(origins[winner.id]["taken"])
        self.assertIn("countries", origins[winner.id]["why"])
        beaten = origins[self.env.ref("order_automation.block_receipt_intro").id]
        self.assertFalse(beaten["taken"])
        self.assertIn("In Germany", beaten["why"])
        self.assertIn("In Germany", preview.origin)

    def test_preview_shows_the_logo_in_a_form_too(self):
        """The web client reads forms with sizes in place of pictures."""
        with file_open("base/static/img/res_company_logo.png", "rb") as picture:
            self.order.company_id.logo = b64encode(picture.read() + b" ")
        preview = self.env["automation.mail.preview"].create({"order_id": self.order.id})
        shown = preview.with_context(bin_size=True).web_read({"body": {}})[0]["body"]
        self.assertIn("data:image/png;base64", shown)

    def test_preview_says_why_a_mail_would_not_be_sent(self):
        self.partner.email = "x@marketplace.amazon.de"
        preview = self.env["automation.mail.preview"].create({"order_id": self.order.id})
        self.assertIn("Amazon", preview.refusal)

    def test_preview_from_a_block_and_from_an_order(self):
        action = self.env.ref("order_automation.block_shipped_intro").action_preview()
        self.assertEqual(
            self.env["automation.mail.preview"].browse(action["res_id"]).kind, "shipped"
        )
