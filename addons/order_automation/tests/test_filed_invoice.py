import base64
import hashlib
import io
import os
import subprocess
import sys
from contextlib import contextmanager
from unittest.mock import patch

from reportlab.pdfgen.canvas import Canvas

from odoo import fields, tools
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import file_path

from .common import AutomationCommon

NO_PAPER = "No paper"


def printed(numbers):
    """A small PDF of one page per number, in place of what the engine prints."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for number in numbers:
        canvas.drawString(50, 800, f"Invoice {number}")
        canvas.bookmarkPage(str(number))
        canvas.addOutlineEntry(str(number), str(number))
        canvas.showPage()
    canvas.save()
    # Odoo takes a file with a binary comment for PDF/A already
    head, _comment, rest = buffer.getvalue().partition(b"\n")
    return head + b"\n" + rest


class FilingCommon(AutomationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, force_report_rendering=True))
        cls.company.write(
            {
                "street": "Gänsemarkt 7",
                "zip": "20354",
                "city": "Hamburg",
                "country_id": cls.env.ref("base.de").id,
                "vat": "DE136695976",
                "phone": "+49 40 123456",
                "email": "shop@example.com",
            }
        )
        cls.env["res.partner.bank"].create(
            {"acc_number": "DE02120300000000202051", "partner_id": cls.company.partner_id.id}
        )
        cls.business = cls.partner.copy(
            {"name": "Bäckerei Großmüller GmbH", "is_company": True, "vat": "DE811569869"}
        )
        cls.printed = 0

    def setUp(self):
        super().setUp()
        reports = type(self.env["ir.actions.report"])
        self.startPatcher(patch.object(reports, "get_wkhtmltopdf_state", return_value="ok"))
        self.engine = self.startPatcher(
            patch.object(reports, "_run_wkhtmltopdf", autospec=True, side_effect=self._print)
        )

    def _print(self, reports, bodies, **_options):
        first, self.printed = self.printed + 1, self.printed + len(bodies)
        return printed(range(first, self.printed + 1))

    @contextmanager
    def outside_of_tests(self):
        """Core embeds e-invoice data outside of tests only."""
        with patch.dict(tools.config.options, {"test_enable": False}):
            yield

    def _invoice(self, partner=None, quantity=2):
        order = self._create_orders(quantity=quantity, partner_id=(partner or self.partner).id)
        self._run(order)
        self._ship(order)
        self._run(order)
        return order.invoice_ids

    def _file(self, moves):
        with self.outside_of_tests():
            moves._automation_file_pdf()
        moves.invalidate_recordset()
        return moves.filed_attachment_id

    def _run_cron(self, method):
        """Run a cron's method, with its commits, as outside of tests."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.outside_of_tests(), self.registry.cursor() as cr:
            getattr(self.env(cr=cr)["account.move"], method)()
        self.env.invalidate_all()

    def _fail(self, moves, message=NO_PAPER):
        """What the cron does with an invoice that cannot be printed."""
        self.engine.side_effect = UserError(message)
        moves._batch_process(
            moves,
            lambda batch: batch._automation_file_pdf(),
            lambda move, error: move._filing_failed(error),
        )
        self.engine.side_effect = self._print

    def _case(self, order, prefix):
        return order.automation_case_ids.filtered(
            lambda case: case.state == "open" and case.code.startswith(prefix)
        )


@tagged("post_install", "-at_install")
class TestFiling(FilingCommon):
    def test_posted_invoice_of_an_automated_order_is_due(self):
        invoice = self._invoice()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.filing_state, "due")
        self.assertEqual(invoice.line_ids.sale_line_ids.order_id.automation_state, "invoiced")
        self.assertIn(invoice, invoice.search(invoice._filing_due_domain()))

    def test_invoice_by_hand_is_not_due(self):
        self.policy.active = False
        order = self._create_orders(start=False)
        order.action_confirm()
        self._ship(order)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertFalse(invoice.filing_state)

    def test_filing(self):
        invoice = self._invoice()
        document = self._file(invoice)
        self.assertTrue(document.raw.startswith(b"%PDF"))
        self.assertEqual(document, invoice.invoice_pdf_report_id)
        self.assertEqual(invoice.filing_state, "filed")
        self.assertEqual(invoice.filed_sha256, hashlib.sha256(document.raw).hexdigest())
        self.assertTrue(invoice.filed_date)
        order = invoice._filing_orders()
        self.assertEqual(order.automation_state, "done")
        self.assertEqual(order.filed_invoice_count, 1)
        self.assertIn(str(document.id), order.action_open_filed_invoices()["url"])
        self.assertIn("filed", order.automation_log_ids.mapped("code"))
        mail = self.env["automation.mail"].search([("invoice_id", "=", invoice.id)])
        self.assertEqual(mail.kind, "invoice")

    def test_timeline_is_in_the_companys_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"]._load_module_terms(["order_automation"], ["de_DE"])
        self.company.partner_id.lang = "de_DE"
        invoice = self._invoice()
        self._run_cron("_cron_file_invoices")
        entry = invoice._filing_orders().automation_log_ids.filtered(lambda e: e.code == "filed")
        self.assertIn("abgelegt", entry.message)

    def test_cron_files_in_a_batch(self):
        invoices = self._invoice() | self._invoice(self.business) | self._invoice()
        self._run_cron("_cron_file_invoices")
        invoices.invalidate_recordset()
        self.assertEqual(invoices.mapped("filing_state"), ["filed"] * 3)
        self.assertEqual(len(invoices.filed_attachment_id), 3)

    def test_consumer_gets_a_plain_pdf(self):
        document = self._file(self._invoice())
        self.assertFalse(self._embedded(document))

    def test_company_gets_an_e_invoice(self):
        invoice = self._invoice(self.business)
        embedded = self._embedded(self._file(invoice))
        self.assertEqual(list(embedded), ["factur-x.xml"])
        self.assertIn(invoice.name.encode(), embedded["factur-x.xml"])
        self.assertTrue(invoice.ubl_cii_xml_id.automation_filed)

    def test_company_that_refuses_e_invoices(self):
        self.business.invoice_edi_format_store = "none"
        self.assertFalse(self._embedded(self._file(self._invoice(self.business))))

    def test_e_invoice_follows_the_standard(self):
        invoice = self._invoice(self.business)
        credit = self._credit_note(invoice)
        for move in invoice | credit:
            self._file(move)
        for move in invoice | credit:
            xml = self._embedded(move.filed_attachment_id)["factur-x.xml"]
            # a process of its own: Odoo changes how some libraries are imported
            checked = subprocess.run(
                [sys.executable, file_path("order_automation/tests/check_e_invoice.py")],
                input=xml,
                capture_output=True,
                check=False,
            )
            if checked.returncode == 77:
                self.skipTest(checked.stdout.decode())
            self.assertEqual((checked.returncode, checked.stdout.decode()), (0, ""))

    def test_credit_note_is_filed_as_well(self):
        invoice = self._invoice()
        self._file(invoice)
        credit = self._credit_note(invoice)
        self.assertEqual(credit.filing_state, "due")
        self._file(credit)
        self.assertEqual(credit.filing_state, "filed")
        self.assertEqual(invoice._filing_orders().filed_invoice_count, 2)

    def test_what_the_customer_has_is_not_printed_again(self):
        invoice = self._invoice()
        with self.outside_of_tests():
            self.env["account.move.send"]._generate_and_send_invoices(invoice, sending_methods=[])
        sent = invoice.invoice_pdf_report_id
        content, printed = sent.raw, self.printed
        self.assertEqual(self._file(invoice), sent)
        self.assertEqual(sent.raw, content)
        self.assertEqual(self.printed, printed)

    def _credit_note(self, invoice):
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": [Command.set(invoice.ids)], "journal_id": invoice.journal_id.id}
        )
        wizard.refund_moves()
        wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    def _embedded(self, document):
        reader = tools.pdf.OdooPdfFileReader(io.BytesIO(document.raw), strict=False)
        return dict(reader.getAttachments())


@tagged("post_install", "-at_install")
class TestFilingFailure(FilingCommon):
    def test_failure_is_a_case_and_is_tried_again(self):
        invoices = self._invoice() | self._invoice()
        bad = invoices[0]
        self._fail(bad)
        order = bad._filing_orders()
        case = self._case(order, "technical:pdf")
        self.assertIn(bad.name, case.name)
        self.assertIn(NO_PAPER, case.explanation)
        self.assertFalse(case.blocking)
        self.assertEqual(bad.filing_state, "due")
        self.assertGreater(bad.filing_next_try, fields.Datetime.now())
        self.assertNotIn(bad, bad.search(bad._filing_due_domain()))
        self.assertIn(invoices[1], bad.search(bad._filing_due_domain()))
        self._file(bad)
        self.assertEqual(case.state, "resolved")
        self.assertFalse(bad.filing_attempts)

    def test_one_bad_invoice_does_not_stop_the_others(self):
        invoices = self._invoice() | self._invoice() | self._invoice()

        def fail_for_second(reports, bodies, **options):
            if any(invoices[1].name in str(body) for body in bodies):
                raise UserError(NO_PAPER)
            return self._print(reports, bodies, **options)

        self.engine.side_effect = fail_for_second
        invoices._batch_process(
            invoices,
            lambda batch: batch._automation_file_pdf(),
            lambda move, error: move._filing_failed(error),
        )
        self.assertEqual(invoices.mapped("filing_state"), ["filed", "due", "filed"])

    def test_closing_the_case_tries_at_once(self):
        invoice = self._invoice()
        self._fail(invoice)
        self._case(invoice._filing_orders(), "technical:pdf").action_resolve()
        self.assertIn(invoice, invoice.search(invoice._filing_due_domain()))
        self.assertFalse(invoice.filing_plain)

    def test_missing_data_is_named_and_can_be_overridden(self):
        self.company.phone = False
        invoice = self._invoice(self.business)
        with self.outside_of_tests():
            invoice._batch_process(
                invoice,
                lambda batch: batch._automation_file_pdf(),
                lambda move, error: move._filing_failed(error),
            )
        case = self._case(invoice._filing_orders(), "technical:pdf")
        self.assertIn("phone", case.explanation.lower())
        case.action_override()
        self.assertTrue(invoice.filing_plain)
        self._file(invoice)
        self.assertEqual(invoice.filing_state, "filed")


@tagged("post_install", "-at_install")
class TestFiledIsUnchangeable(FilingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env,
            "filing-accountant",
            groups="account.group_account_manager,base.group_system,sales_team.group_sale_manager",
        )

    def setUp(self):
        super().setUp()
        self.invoice = self._invoice(self.business)
        self.document = self._file(self.invoice)
        self.content = self.document.raw

    def users(self, records):
        """The same records as an administrator, as the system, and by way of sudo."""
        yield records.with_user(self.accountant)
        yield records.with_user(self.accountant).sudo()
        yield records.with_user(self.env.ref("base.user_root"))

    def test_document_cannot_be_changed(self):
        changes = {
            "raw": b"%PDF-forged",
            "datas": base64.b64encode(b"%PDF-forged"),
            "db_datas": b"x",
            "store_fname": "aa/bb",
            "checksum": "0",
            "name": "other.pdf",
            "mimetype": "text/plain",
            "res_model": "res.partner",
            "res_id": self.partner.id,
            "res_field": False,
            "type": "url",
            "url": "http://example.com",
            "company_id": False,
            "automation_filed": False,
        }
        for document in self.users(self.document):
            for name, value in changes.items():
                with self.subTest(name), self.assertRaisesRegex(UserError, "filed document"):
                    document.write({name: value})
        self.document.invalidate_recordset()
        self.assertEqual(self.document.raw, self.content)

    def test_document_cannot_be_deleted(self):
        for document in self.users(self.document | self.invoice.ubl_cii_xml_id):
            with self.assertRaises(UserError):
                document.unlink()
            with self.assertRaises(UserError):
                document.with_context(_force_unlink=True).unlink()
            with self.assertRaises(UserError):
                document[0].res_field = False

    def test_document_cannot_be_replaced(self):
        values = {"name": "x.pdf", "raw": b"%PDF-forged", "res_model": "account.move"}
        place = {"res_id": self.invoice.id, "res_field": "invoice_pdf_report_file"}
        for attachments in self.users(self.env["ir.attachment"]):
            with self.assertRaisesRegex(UserError, "filed document"):
                attachments.create({**values, **place})
            other = attachments.create({**values, "res_id": self.invoice.id})
            with self.assertRaises(UserError):
                other.write(place)
        for invoice in self.users(self.invoice):
            for value in (base64.b64encode(b"%PDF-forged"), False):
                with self.assertRaisesRegex(UserError, "filed document"):
                    invoice.invoice_pdf_report_file = value

    def test_filing_cannot_be_faked(self):
        fake = self.env["ir.attachment"].create({"name": "fake.pdf", "raw": b"%PDF-forged"})
        for invoice in self.users(self.invoice):
            for values in (
                {"filed_attachment_id": fake.id},
                {"filed_sha256": "0"},
                {"filed_date": False},
                {"filing_state": "due"},
            ):
                with self.assertRaisesRegex(UserError, "by the system only"):
                    invoice.write(values)
            with self.assertRaisesRegex(UserError, "by the system only"):
                invoice.create([{"move_type": "out_invoice", "filing_state": "filed"}])
        with self.assertRaisesRegex(UserError, "by the system only"):
            fake.automation_filed = True
        with self.assertRaisesRegex(UserError, "by the system only"):
            fake.create({"name": "x", "automation_filed": True})

    def test_what_is_the_same_may_be_written(self):
        """Moving the document store writes every file as it is."""
        # core's own trail, which German companies cannot switch off, refuses even this
        self.env.cr.execute("UPDATE res_company SET restrictive_audit_trail = false")
        self.env.invalidate_all()
        self.document.write({"raw": self.content, "mimetype": "application/pdf"})
        self.assertEqual(self.document.raw, self.content)
        self.document.generate_access_token()

    def test_invoice_stays_posted(self):
        for invoice in self.users(self.invoice):
            for act in (
                invoice.button_draft,
                invoice.button_cancel,
                lambda invoice=invoice: invoice.write({"state": "draft"}),
                lambda invoice=invoice: invoice.write({"state": "cancel"}),
            ):
                with self.assertRaisesRegex(UserError, "credit note"):
                    act()
            with self.assertRaises(UserError):
                invoice.unlink()
            with self.assertRaises(UserError):
                invoice.with_context(force_delete=True, _force_unlink=True).unlink()
        self.assertEqual(self.invoice.state, "posted")

    def test_what_the_document_says_stays(self):
        invoice = self._invoice()
        self._file(invoice)
        line = invoice.invoice_line_ids[:1]
        for record, values in (
            (line, {"price_unit": 1}),
            (line, {"name": "Something else"}),
            (line, {"quantity": 7}),
            (invoice, {"name": "X/1"}),
            (invoice, {"narration": "Something else"}),
            (invoice, {"invoice_line_ids": [Command.update(line.id, {"discount": 50})]}),
        ):
            with self.assertRaises(UserError, msg=values), self.cr.savepoint():
                record.write(values)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_journal_that_hashes_its_entries(self):
        self.invoice.journal_id.restrict_mode_hash_table = True
        invoice = self._invoice()
        document = self._file(invoice)
        self.assertEqual(invoice.filing_state, "filed")
        self.assertFalse(invoice._verify_filed())
        with self.assertRaises(UserError):
            invoice.button_draft()
        self.assertTrue(document.automation_filed)

    def test_company_with_restrictive_audit_trail(self):
        self.company.restrictive_audit_trail = True
        document = self._file(self._invoice())
        with self.assertRaisesRegex(UserError, "filed document"):
            document.unlink()

    def test_print_and_send_give_the_filed_document(self):
        printed = self.printed
        self.business.write({"name": "Other Name Ltd", "street": "Elsewhere"})
        self.company.name = "Renamed"
        reports = self.env["ir.actions.report"].with_user(self.accountant)
        for report in ("account.account_invoices", "account.account_invoices_without_payment"):
            pdf, kind = reports._render_qweb_pdf(report, self.invoice.ids)
            self.assertEqual((pdf, kind), (self.content, "pdf"))
        with self.outside_of_tests():
            sent = self.env["account.move.send"]._generate_and_send_invoices(
                self.invoice, sending_methods=["email"]
            )
        self.assertIn(self.document, sent)
        message = self.invoice.message_ids.filtered("attachment_ids")[:1]
        self.assertIn(self.content, message.attachment_ids.mapped("raw"))
        self.assertEqual(self.printed, printed)
        legal = self.invoice._get_invoice_legal_documents("pdf")
        self.assertEqual(legal["content"], self.content)

    def test_filed_and_other_invoices_printed_together(self):
        other = self._invoice()
        other_two = self._invoice()
        self._file(other_two)
        streams = self.env["ir.actions.report"]._render_qweb_pdf_prepare_streams(
            "account.account_invoices", {}, [other.id, self.invoice.id, other_two.id]
        )
        self.assertEqual(list(streams), [other.id, self.invoice.id, other_two.id])
        self.assertEqual(streams[self.invoice.id]["stream"].getvalue(), self.content)

    def test_person_without_access_prints_nothing(self):
        stranger = new_test_user(self.env, "filing-stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env["ir.actions.report"].with_user(stranger)._render_qweb_pdf(
                "account.account_invoices", self.invoice.ids
            )


@tagged("post_install", "-at_install")
class TestVerification(FilingCommon):
    def setUp(self):
        super().setUp()
        self.invoice = self._invoice()
        self.document = self._file(self.invoice)

    def _alter(self, content):
        """Put another file in the place of the filed one, as somebody on the server might."""
        path = self.document._full_path(self.document.store_fname)
        with open(path, "rb") as file:
            original = file.read()

        def put(data):
            with open(f"{path}.new", "wb") as file:
                file.write(data)
            os.replace(f"{path}.new", path)

        self.addCleanup(put, original)
        if content is None:
            os.remove(path)
        else:
            put(content)
        return lambda: put(original)

    def test_unchanged_document(self):
        action = self.invoice.action_verify_filed()
        self.assertEqual(action["params"]["type"], "success")

    def test_altered_file_is_found_by_a_person_and_told(self):
        restore = self._alter(b"%PDF-forged")
        action = self.invoice.action_verify_filed()
        self.assertEqual(action["params"]["type"], "danger")
        order = self.invoice._filing_orders()
        self.assertIn(self.invoice.name, self._case(order, "data:filed").name)
        restore()
        self.invoice.action_verify_filed()
        self.assertFalse(self._case(order, "data:filed"))

    def test_lost_file_is_found_by_the_monthly_cron(self):
        self._alter(None)
        fresh = self._invoice()
        self._file(fresh)
        (self.invoice | fresh)._write_filing({"filed_checked": "2020-01-01 00:00:00"})
        self._run_cron("_cron_verify_filed")
        (self.invoice | fresh).invalidate_recordset()
        self.assertTrue(self._case(self.invoice._filing_orders(), "data:filed"))
        self.assertFalse(self._case(fresh._filing_orders(), "data:filed"))
        self.assertGreater(fresh.filed_checked.year, 2020)
