from odoo.tests import HttpCase, tagged

from .test_desk import DeskCommon

STRANGER = "<b>Stranger</b><script>document.body.dataset.hacked = 1</script>"


@tagged("post_install", "-at_install")
class TestDeskTour(DeskCommon, HttpCase):
    """The screen in a real browser, by keyboard only."""

    def _invoice_of(self, name, amount=20.0, **values):
        partner = self.env["res.partner"].create({"name": name})
        return self._create_invoice(amount, partner=partner, **values)

    def _payment_of(self, name, text, amount=20.0):
        return self._create_payment(amount, text, partner_name=name, account_number=False)

    def test_by_keyboard(self):
        # payments of other tests' data must not stand in front
        others = self.env["account.journal"].search([("id", "!=", self.journal.id)])
        others.match_payments = False
        self.env["account.bank.statement.line"].search(
            [("journal_id", "in", others.ids)]
        ).match_state = False
        likely = [self._invoice_of(f"Buyer {place}", 20.0 + place) for place in (3, 2, 1)]
        lines = self.env["account.bank.statement.line"]
        for invoice in likely:
            name = invoice.partner_id.name
            lines |= self._payment_of(name, f"Zahlung {invoice.name}", invoice.amount_total)
        twins = [self._invoice_of("Anna Twin", 88.0), self._invoice_of("Anna Twin", 88.0)]
        twin = self._payment_of("A. Twin", "thank you", 88.0)
        [order] = self._create_prepaid(client_order_ref="DESK-SHOP-77")
        self.assertEqual(order.amount_total, 23.8)
        stranger = self._payment_of(STRANGER, "for my niece", 25.0)
        (lines | twin | stranger)._match_propose()
        self.assertEqual(set(lines.mapped("match_state")), {"likely"})
        self.assertEqual((twin.match_state, len(twin.proposal_ids)), ("unclear", 2))
        second = twin.proposal_ids.sorted("rank")[1].invoice_ids
        self.env["res.lang"]._activate_lang("en_US")
        self.clerk.lang = "en_US"
        self.start_tour("/odoo/match-payments", "payment_matching_desk", login="desk clerk")
        self.assertEqual([one.amount_residual for one in likely], [23.0, 22.0, 0.0])
        self.assertEqual(second.amount_residual, 0.0)
        self.assertEqual(sum(one.amount_residual for one in twins), 88.0)
        self.assertTrue(order._is_paid())
        self.assertEqual(stranger.match_state, "unclear")
