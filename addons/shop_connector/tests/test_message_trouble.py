"""What goes wrong between us and a shop: nothing is lost, nothing told twice."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.automation_core.lib import errors

from ..lib.outbox import Receipt, StopKind
from ..models import shop_message_send
from .message_case import CRON, DOWN, NUMBER, OTHER, MessageCase

LOG = "odoo.addons.shop_connector.models.shop_message_send"


@tagged("post_install", "-at_install")
class TestMessageTrouble(MessageCase):
    def shipped(self, number="1001"):
        """Return an order that has left and is to be told."""
        sale = self.released(number)
        self.ship(sale, NUMBER)
        return sale

    def outage(self):
        return self.cases(self.account, "shop:outage:out")

    # -- exactly once ------------------------------------------------------

    def test_rolled_back(self):
        """A delivery that was not done in the end is not told."""
        sale = self.released()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.ship(sale, NUMBER)
            raise ZeroDivisionError
        self.run_cron()
        self.assertFalse(self.told())

    def test_killed_after_the_call(self):
        """The process died with the answer in hand: it is asked first what the shop knows."""
        sale = self.shipped()
        message = self.registry["shop.message"]
        with (
            patch.object(message, "_conclude", lambda *_args: None),
            patch.object(shop_message_send, "LEASE", timedelta(minutes=-1)),
            patch.object(message, "_accounts_with_work", lambda _self: [self.account.id]),
            patch.object(message, "_send", self._send_once(message._send)),
        ):
            self.run_cron()
        self.assertEqual(self.states(sale), ["sending"])
        self.run_cron()
        first, second = self.told()
        self.assertFalse(first.again)
        self.assertTrue(second.again)
        self.assertEqual(first.parcels, second.parcels)
        self.assertEqual(self.states(sale), ["sent"])

    def _send_once(self, send):
        """Return a way of sending that works once: then the process is dead."""
        calls = []

        def once(message):
            if not calls:
                calls.append(message)
                send(message)

        # claiming goes on in the dead process, and would find the expired lease again
        self.patch(self.registry["shop.message"], "_claim", self._claim_once())
        return once

    def _claim_once(self):
        claim, calls = self.registry["shop.message"]._claim, []

        def once(messages, account):
            calls.append(account)
            # the second call is that of the process that died
            return messages.browse() if len(calls) == 2 else claim(messages, account)

        return once

    def test_lease(self):
        """A message in another process's hands is left alone until its time is up."""
        sale = self.shipped()
        message = self.messages(sale)
        message.write(
            {"state": "sending", "lease_until": fields.Datetime.now() + timedelta(minutes=5)}
        )
        self.run_cron()
        self.assertFalse(self.told())
        message.lease_until = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron()
        self.assertTrue(self.told()[0].again)

    def test_overtaken(self):
        """A process that comes back after its time is up does not overwrite the other's result."""
        sale = self.shipped()
        message = self.messages(sale)

        def take_over():
            message.lease_until = fields.Datetime.now() + timedelta(minutes=9)

        self.before_conclusion(take_over)
        self.shop.answers = [DOWN]
        self.run_cron()
        self.assertEqual((message.state, message.attempts), ("sending", 0))

    # -- whose trouble it is -----------------------------------------------

    def test_rejected(self):
        """The shop's reason, what to do, a case that holds nothing, and Retry."""
        sale, other = self.shipped(), self.shipped("1002")
        self.shop.answers = [errors.Rejected("Unknown line with s3cret.", "Ask the shop.")]
        self.run_cron()
        message = self.messages(sale)
        self.assertEqual(message.state, "failed")
        self.assertEqual((message.last_error, message.hint)[1], "Ask the shop.")
        self.assertNotIn("s3cret", message.last_error)
        self.assertEqual(self.states(other), ["sent"], "one order must not block another")
        case = self.cases(sale, "shop:message:shipment")
        self.assertFalse(case.blocking)
        self.assertIn("Unknown line", case.explanation)
        self.assertEqual(sale.shop_message_state, "failed")
        self.assertEqual(self.account.message_failed_count, 1)
        self.run_cron()
        self.assertEqual(len(self.told()), 2, "what the shop refused is not repeated by itself")
        message.action_retry()
        self.run_cron()
        self.assertEqual(message.state, "sent")
        self.assertFalse(message.last_error or message.hint)
        self.assertEqual(case.state, "resolved")
        self.assertFalse(self.outage())

    def test_resolved_case_retries(self):
        sale = self.shipped()
        self.shop.answers = [errors.NotFound("No such order.")]
        self.run_cron()
        self.cases(sale, "shop:message:shipment").action_resolve()
        self.assertEqual(self.states(sale), ["pending"])
        self.run_cron()
        self.assertEqual(self.states(sale), ["sent"])

    def test_throttled(self):
        """Asked to wait: no failure, and no further call of this kind meanwhile."""
        first, second = self.shipped(), self.shipped("1002")
        self.shop.answers = [errors.Throttled("Slow down.", retry_after=60)]
        self.run_cron()
        self.assertEqual(len(self.told()), 1)
        message = self.messages(first)
        self.assertEqual((message.state, message.attempts), ("pending", 0))
        self.assertFalse(message.last_error or message.uncertain)
        self.assertGreater(message.next_try, fields.Datetime.now())
        self.assertFalse(self.outage())
        self.wake()
        self.run_cron()
        self.assertEqual(self.states(first | second), ["sent", "sent"])

    def test_throttled_for_a_moment(self):
        """A short pause is waited for in the same run."""
        sale = self.shipped()
        self.shop.answers = [errors.Throttled("Slow down.", retry_after=1)]
        naps = []

        def sleep(seconds):
            naps.append(seconds)
            self.wake()

        with patch.object(shop_message_send.time, "sleep", sleep):
            self.run_cron()
        self.assertEqual(self.states(sale), ["sent"])
        self.assertEqual(len(naps), 1)
        self.assertLess(naps[0], 6)

    def test_outage(self):
        """Many messages wait, one case tells, nothing is lost, and it ends by itself."""
        sales = self.env["sale.order"].union(*(self.shipped(str(1000 + n)) for n in range(5)))
        for _round in range(4):
            self.shop.answers = [DOWN] * 9
            self.run_cron()
            self.wake()
        self.assertEqual(set(self.states(sales)), {"pending"})
        self.assertEqual(len(self.outage()), 1)
        self.assertEqual(self.outage().kind, "account")
        self.assertLessEqual(len(self.told()), 5, "a dead shop is not called for each message")
        self.assertFalse(self.cases(sales[0]))
        case, self.shop.answers = self.outage(), []
        self.run_cron()
        self.assertEqual(set(self.states(sales)), {"sent"})
        self.assertEqual(case.state, "resolved")
        again = [shipment.again for shipment in self.told()]
        self.assertTrue(any(again), "a call without an answer may have been heard")

    def test_single_message_in_a_long_outage(self):
        """It is tried every quarter of an hour, for days if need be, and does not fail."""
        sale = self.shipped()
        for _round in range(12):
            self.shop.answers = [DOWN]
            self.run_cron()
            pause = self.env["shop.pause"]._of(self.account)
            last = pause.next_try
            self.wake()
        self.assertEqual(self.states(sale), ["pending"])
        self.assertLess(last, fields.Datetime.now() + timedelta(minutes=20))
        late = self.shipped("1002")
        self.messages(sale).write({"next_try": fields.Datetime.now() + timedelta(hours=4)})
        self.run_cron()
        self.assertEqual(self.states(late), ["sent"])
        self.assertEqual(self.states(sale), ["sent"], "the shop is back: no need to wait longer")

    def test_several_at_once(self):
        """Failed messages are sent again from the list, several at a time."""
        sales = self.shipped() | self.shipped("1002")
        self.shop.answers = [errors.Rejected("No."), errors.Rejected("No.")]
        self.run_cron()
        user = new_test_user(
            self.env, "clerk", "base.group_user,automation_core.group_automation_user"
        )
        messages = self.messages(sales)
        action = self.env.ref("shop_connector.shop_message_server_action_retry").with_user(user)
        action.with_context(active_model=messages._name, active_ids=messages.ids).run()
        self.run_cron()
        self.assertEqual(self.states(sales), ["sent", "sent"])

    def test_older_failure(self):
        """Of two failed messages of one order only the newest is sent again: it says everything."""
        sale = self.released()
        self.ship(sale, NUMBER, {self.lamp: 1, self.tea: 0})
        self.shop.answers = [errors.Rejected("No."), errors.Rejected("No.")]
        self.run_cron()
        self.ship(sale, OTHER)
        self.run_cron()
        self.assertEqual(self.states(sale), ["failed", "failed"])
        self.messages(sale).action_retry()
        self.assertEqual(self.states(sale), ["cancelled", "pending"])
        self.run_cron()
        self.assertEqual(self.states(sale), ["cancelled", "sent"])

    def test_paused(self):
        """While the shop is down its account says so, and no call is made."""
        self.shipped(), self.shipped("1002")
        self.shop.answers = [DOWN, DOWN]
        self.run_cron()
        self.shipped("1003")
        self.run_cron()
        self.assertEqual(len(self.told()), 2)
        self.assertIn("does not answer", self.account.message_error)
        self.assertGreater(self.account.message_next_try, fields.Datetime.now())
        self.account.action_send_messages()
        self.run_cron()
        self.assertEqual(self.account.message_open_count, 0)
        self.assertFalse(self.account.message_error)

    def test_credentials(self):
        """The shop does not know us: a case at once, nobody's message fails."""
        sale, other = self.shipped(), self.shipped("1002")
        self.shop.answers = [errors.AuthenticationFailed("Wrong key.", "Enter the new one.")]
        self.run_cron()
        self.assertEqual(len(self.told()), 1)
        self.assertEqual(len(self.outage()), 1)
        self.assertIn("Enter the new one.", self.outage().explanation)
        self.assertEqual(self.messages(sale).attempts, 0)
        case = self.outage()
        self.account.action_check()
        self.run_cron()
        self.assertEqual(self.states(sale | other), ["sent", "sent"])
        self.assertEqual(case.state, "resolved")

    def test_missing_permission(self):
        """What is not allowed stops its own kind only."""
        sale = self.shipped()
        cancelled = self.sale(self.payload("1002"))
        cancelled._action_cancel()
        self.shop.answers = [errors.AccessDenied("No role for shipments.")]
        self.run_cron()
        self.assertEqual(self.states(sale), ["pending"])
        self.assertEqual(self.states(cancelled, "cancellation"), ["sent"])
        self.assertTrue(self.cases(self.account, "shop:outage:shipment"))

    def test_poisoned(self):
        """A message on which the shop itself breaks does not stop the others for ever."""
        bad = self.shipped()

        def take(_account, told):
            self.shop.told.append(("shipment", told))
            if told.external_id == "1001":
                raise DOWN
            return Receipt()

        with patch.object(self.registry["shop.account"], "_channel_report_shipment", take):
            for number in range(8):
                good = self.shipped(f"20{number}")
                self.wake()
                self.run_cron()
                self.assertEqual(self.states(good), ["sent"])
        self.assertEqual(self.states(bad), ["failed"])
        self.assertTrue(self.cases(bad, "shop:message:shipment"))
        self.assertFalse(self.outage())

    @mute_logger(LOG)
    def test_program_error(self):
        sale, other = self.shipped(), self.shipped("1002")
        self.shop.answers = [ZeroDivisionError("boom")]
        self.run_cron()
        message = self.messages(sale)
        self.assertEqual((message.state, message.attempts), ("pending", 1))
        self.assertIn("boom", message.last_error)
        self.assertEqual(self.states(other), ["sent"])
        for _round in range(6):
            self.wake()
            self.shop.answers = [ZeroDivisionError("boom")]
            self.run_cron()
        self.assertEqual(message.state, "failed")

    def test_in_order(self):
        """What is told about one order is told in the order in which it happened."""
        sale = self.released()
        self.ship(sale, NUMBER, {self.lamp: 1, self.tea: 0})
        self.shop.answers = [errors.Throttled("Slow down.", retry_after=600)]
        self.run_cron()
        sale.picking_ids.filtered(lambda one: one.state != "done").action_cancel()
        sale._action_cancel()
        self.env["shop.pause"].search([]).unlink()
        self.run_cron()
        self.assertFalse(self.told("cancellation"), "the shipment comes first")
        self.wake()
        self.run_cron()
        self.assertEqual(
            [kind for kind, _message in self.shop.told], ["shipment", "shipment", "cancellation"]
        )

    def test_news_while_it_fails(self):
        """A second delivery came while the first was being told in vain: one message is enough."""
        sale = self.released()
        self.ship(sale, NUMBER, {self.lamp: 1, self.tea: 0})

        self.before_conclusion(lambda: self.ship(sale, OTHER))
        self.shop.answers = [DOWN]
        self.run_cron()
        self.assertEqual(self.states(sale), ["cancelled", "sent"])
        self.assertTrue(self.told()[-1].again, "the first call may have been heard")
        self.assertEqual(len(self.told()[-1].parcels), 2)

    # -- the shop works on it ----------------------------------------------

    def test_job(self):
        """The shop takes its time: it is asked until it has an answer."""
        sale = self.shipped()
        self.shop.answers = [Receipt(job={"feed": "7"}, wait=60)]
        self.run_cron()
        message = self.messages(sale)
        self.assertEqual((message.state, message.job), ("waiting", {"feed": "7"}))
        self.assertGreater(message.next_try, fields.Datetime.now())
        self.wake()
        self.shop.answers = [errors.Unavailable("Busy.")]
        self.run_cron()
        self.assertEqual((message.state, message.attempts), ("waiting", 1))
        self.wake()
        self.shop.answers = [Receipt(job={"feed": "7"}), Receipt(text="Done.")]
        self.run_cron()
        self.wake()
        self.run_cron()
        self.assertEqual((message.state, message.answer), ("sent", "Done."))
        self.assertEqual(len(self.told("job:shipment")), 3)
        self.assertEqual(len(self.told()), 1)

    def test_job_refused(self):
        sale = self.shipped()
        self.shop.answers = [Receipt(job={"feed": "7"}), errors.Rejected("Row 1: no.")]
        self.run_cron()
        self.wake()
        self.run_cron()
        self.assertEqual(self.states(sale), ["failed"])
        self.messages(sale).action_retry()
        self.run_cron()
        self.assertEqual((len(self.told()), self.states(sale)), (2, ["sent"]))

    def test_stop(self):
        """A shop that wants none of a kind gets none any more."""
        first, second = self.shipped(), self.shipped("1002")
        self.shop.answers = [StopKind("The shop makes them itself.", "Nothing to do.")]
        self.run_cron()
        self.assertEqual(len(self.told()), 1)
        self.assertFalse(self.account.report_shipments)
        self.assertEqual(self.states(first | second), ["cancelled", "cancelled"])
        self.assertEqual(self.messages(first).answer, "The shop makes them itself.")
        self.assertTrue(self.cases(self.account, "shop:stop:shipment"))

    # -- live, companies, people -------------------------------------------

    def test_not_live(self):
        """What happens while the account is off is told when it is on again."""
        self.account.live = False
        sale = self.shipped()
        self.run_cron()
        self.assertFalse(self.told())
        self.messages(sale).action_retry()
        self.run_cron()
        self.assertFalse(self.told())
        self.account.live = True
        self.run_cron()
        self.assertEqual(self.states(sale), ["sent"])

    def test_two_accounts(self):
        """A shop that is down delays no other."""
        other = self._account(self.company, name="Other shop")
        sale = self.shipped()
        far = self.sale(self.payload("9"), account=other)
        far.action_confirm()
        self.ship(far, OTHER)

        def take(account, told):
            self.shop.told.append(("shipment", told))
            if account == self.account:
                raise DOWN
            return Receipt()

        with patch.object(self.registry["shop.account"], "_channel_report_shipment", take):
            self.run_cron()
        self.assertEqual((self.states(sale), self.states(far)), (["pending"], ["sent"]))

    def test_rights(self):
        """A user sends again and cancels; what is in a message is not theirs to write."""
        sale = self.shipped()
        self.shop.answers = [errors.Rejected("No.")]
        self.run_cron()
        user = new_test_user(
            self.env, "clerk", "base.group_user,automation_core.group_automation_user"
        )
        message = self.messages(sale).with_user(user)
        self.assertFalse(message.has_access("write") or message.has_access("create"))
        with self.assertRaises(AccessError):
            message.state = "sent"
        self.assertEqual(message.action_retry()["params"]["type"], "success")
        self.assertEqual(message.state, "pending")
        message.action_cancel()
        self.assertEqual(message.state, "cancelled")
        self.assertIn(user.name, message.answer)
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        with self.assertRaises(AccessError):
            message.with_user(stranger).action_retry()

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            "elsewhere",
            "base.group_user,automation_core.group_automation_user",
            company_id=company.id,
            company_ids=[fields.Command.set(company.ids)],
        )
        sale = self.shipped()
        self.run_cron()
        seen = self.env["shop.message"].with_user(user)
        self.assertFalse(seen.search([]))
        self.assertFalse(self.env["shop.parcel"].with_user(user).search([]))
        with self.assertRaises(AccessError):
            seen.browse(self.messages(sale).id).read(["text"])

    def test_warehouse_staff(self):
        """Who ships need not be allowed to see shops or messages."""
        user = new_test_user(self.env, "packer", "base.group_user,stock.group_stock_user")
        sale = self.released()
        sale.picking_ids.carrier_id = self.dhl
        picking = sale.picking_ids.with_user(user)
        picking.carrier_tracking_ref = NUMBER
        picking._automation_deliver()
        picking.carrier_tracking_ref = OTHER
        self.run_cron()
        self.assertEqual(self.states(sale), ["sent"])

    # -- keeping -----------------------------------------------------------

    def test_note(self):
        """Stock figures leave one row of summary, which nobody sends."""
        note = self.env["shop.message"]._note(self.account, "stock", "failed", "480 told", "3 no")
        self.assertEqual((note.state, note.text, note.last_error), ("failed", "480 told", "3 no"))
        note.action_retry()
        self.run_cron()
        self.assertEqual(note.state, "failed")

    def test_forgotten(self):
        """What was told long ago goes; what failed stays."""
        sale, failed = self.shipped(), self.shipped("1002")
        self.shop.answers = [Receipt(), errors.Rejected("No.")]
        self.run_cron()
        old = self.messages(sale | failed)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE shop_message SET write_date = now() - interval '91 days' WHERE id IN %s",
            [tuple(old.ids)],
        )
        while self.env["shop.order"]._forget_some(self.account):
            pass
        self.assertEqual(old.exists().mapped("state"), ["failed"])

    def test_woken(self):
        """The messages leave at once, not at the next minute."""
        triggers = self.env["ir.cron.trigger"].search_count
        cron = self.env.ref(CRON)
        before = triggers([("cron_id", "=", cron.id)])
        self.shipped()
        self.env.cr.precommit.run()
        self.assertGreater(triggers([("cron_id", "=", cron.id)]), before)
