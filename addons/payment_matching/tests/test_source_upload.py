import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.payment_matching.models import payment_source_read

from .source_common import OTHER_IBAN, SourceCommon, camt, entry

TABLE = (
    "Kontoauszug\r\n\r\n"
    "Tag;Wer;Wohin;Worum;Noch etwas;Wieviel;Lage\r\n"
    "10.11.2026;Erika Muster;DE75512108001245126199;Rechnung 4711;danke;1.234,50;gebucht\r\n"
    "11.11.2026;Max Muster;;Miete;;-500,00;gebucht\r\n"
    "12.11.2026;Max Muster;;Strom;;-60,00;geplant\r\n"
).encode("cp1252")
ROLES = {
    "Tag": "date",
    "Wer": "payer_name",
    "Wohin": "payer_iban",
    "Worum": "remittance",
    "Noch etwas": "remittance",
    "Wieviel": "amount",
}


@tagged("post_install", "-at_install")
class TestSourceUpload(SourceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            "upload-clerk",
            "account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _upload(self, *contents, user=None, **vals):
        env = self.env(user=user or self.clerk)
        attachments = env["ir.attachment"].create(
            [
                {"name": name, "raw": content, "res_model": "payment.upload"}
                for name, content in contents
            ]
        )
        upload = env["payment.upload"].create(
            {
                "journal_id": self.journal.id,
                "attachment_ids": [(6, 0, attachments.ids)],
                **vals,
            }
        )
        upload.action_take()
        self.assertFalse(attachments.exists(), "the raw file is kept once")
        return upload

    def test_several_files_at_once_and_what_came_of_them(self):
        upload = self._upload(
            ("a.xml", camt(entry(1), entry(2), entry(9, status="PDNG"), form="052")),
            ("b.xml", camt(entry(2), entry(3))),
            ("c.pdf", b"%PDF-1.7"),
        )
        self.assertEqual(upload.state, "done")
        rows = upload.row_ids
        self.assertEqual(rows.mapped("state"), ["done", "done", "failed"])
        self.assertEqual(rows.mapped("new_count"), [2, 1, 0])
        self.assertEqual(rows.mapped("known_count"), [0, 1, 0])
        self.assertIn("PDF", rows[2].text)
        self.assertTrue(upload.failed)
        for number in ("3", "1"):
            self.assertIn(number, upload.summary)
        lines = self.env["account.bank.statement.line"].search(
            upload.action_open_payments()["domain"]
        )
        self.assertEqual(sorted(lines.mapped("amount")), [1.0, 2.0, 3.0])

    def test_the_very_same_file_again(self):
        self._upload(("a.xml", camt(entry(1))))
        again = self._upload(("copy of a.xml", camt(entry(1))))
        row = again.row_ids
        self.assertEqual((row.new_count, row.known_count, row.repeated), (0, 1, True))
        self.assertTrue(row.text)
        self.assertEqual(len(self._lines()), 1)

    def test_what_failed_is_tried_again_with_the_same_file(self):
        content = camt(entry(1), iban=OTHER_IBAN)
        self.assertEqual(self._upload(("a.xml", content)).row_ids.state, "failed")
        self._create_journal("TBN2", OTHER_IBAN)
        again = self._upload(("a.xml", content))
        self.assertEqual((again.row_ids.state, again.new_count), ("done", 1))

    def test_a_large_file_is_left_to_the_cron(self):
        content = camt(*(entry(number, f"Rechnung {number}") for number in range(1, 8)))
        with patch.object(payment_source_read, "AT_ONCE", 1000):
            upload = self._upload(("big.xml", content))
        self.assertTrue(upload.waiting)
        self.assertFalse(self._lines())
        with self.enter_registry_test_mode():
            self.env.ref("payment_matching.ir_cron_read_payments").method_direct_trigger()
        upload.invalidate_recordset()
        upload.row_ids.invalidate_recordset()
        self.assertEqual((upload.waiting, upload.new_count), (False, 7))

    def test_nothing_chosen(self):
        with self.assertRaises(UserError):
            self.env["payment.upload"].create({"journal_id": self.journal.id}).action_take()

    def test_a_source_is_made_for_a_journal_without_one(self):
        journal = self._create_journal("TBN2", OTHER_IBAN)
        context = journal.with_user(self.clerk).action_upload_statements()["context"]
        upload = self._upload(
            ("a.xml", camt(entry(1), iban=OTHER_IBAN)), journal_id=context["default_journal_id"]
        )
        self.assertEqual(upload.new_count, 1)
        source = self.env["payment.source"].search([("journal_id", "=", journal.id)])
        self.assertEqual(source.kind, "upload")
        self._upload(("b.xml", camt(entry(2), iban=OTHER_IBAN)), journal_id=journal.id)
        self.assertEqual(source.file_count, 2, "the same source again")

    # -- tables ------------------------------------------------------------

    def _choose(self, content=TABLE):
        file = self._take_and_read(content, name="table.csv")
        self.assertEqual(file.state, "failed")
        action = file.action_columns()
        return file, self.env["payment.column.map"].browse(action["res_id"])

    def test_an_unknown_table_is_shown_and_read_as_chosen(self):
        file, chooser = self._choose()
        self.assertEqual(
            chooser.column_ids.mapped("name"),
            ["Tag", "Wer", "Wohin", "Worum", "Noch etwas", "Wieviel", "Lage"],
        )
        self.assertIn("Erika Muster", chooser.column_ids[1].sample)
        self.assertFalse(chooser.works)
        with self.assertRaises(UserError):
            chooser.action_save()
        with Form(chooser) as form:
            for place, column in enumerate(chooser.column_ids):
                with form.column_ids.edit(place) as row:
                    if role := ROLES.get(column.name):
                        row.role = role
                    if column.name == "Lage":
                        row.must_be = "gebucht"
            self.assertTrue(form.works)
            self.assertIn("734", form.preview_html)
        chooser.action_save()
        self.assertEqual((file.state, file.new_count), ("done", 2))
        lines = self._lines()
        self.assertEqual(lines.mapped("amount"), [1234.5, -500.0])
        self.assertEqual(lines[0].account_number, "DE75512108001245126199")
        self.assertIn("4711", lines[0].payment_ref)
        self.assertIn("danke", lines[0].payment_ref)
        later = TABLE.replace(b"10.11.", b"15.11.")
        next_file = self._take_and_read(later, name="next.csv")
        self.assertEqual((next_file.state, next_file.new_count), ("done", 1))

    def test_columns_that_do_not_fit_are_told_in_the_preview(self):
        _file, chooser = self._choose()
        by_name = {column.name: column for column in chooser.column_ids}
        by_name["Wer"].role = "date"
        by_name["Wieviel"].role = "amount"
        self.assertFalse(chooser.works)
        self.assertIn("text-danger", chooser.preview_html)

    def test_what_stands_in_a_table_is_no_markup(self):
        _file, chooser = self._choose(TABLE.replace(b"Erika Muster", b"<script>x</script>"))
        for column in chooser.column_ids:
            column.role = ROLES.get(column.name)
        chooser.column_ids[6].must_be = "gebucht"
        self.assertTrue(chooser.works)
        self.assertNotIn("<script>", chooser.preview_html)
        self.assertIn("script", chooser.preview_html)

    def test_only_who_sets_up_chooses_columns(self):
        file = self._take_and_read(TABLE, name="table.csv")
        with self.assertRaises(AccessError):
            file.with_user(self.clerk).action_columns()

    def test_the_raw_file_is_kept(self):
        upload = self._upload(("a.xml", camt(entry(1))))
        file = upload.row_ids.file_id
        self.assertEqual(base64.b64decode(file.content), camt(entry(1)))
        self.assertIn(str(file.id), file.action_download()["url"])
