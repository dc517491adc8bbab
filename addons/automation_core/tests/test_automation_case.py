from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.automation_core.lib.errors import Rejected


@tagged("post_install", "-at_install")
class TestAutomationCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Case = cls.env["automation.case"]
        cls.partners = cls.env["res.partner"].create([{"name": f"Document {n}"} for n in range(3)])
        cls.user = new_test_user(
            cls.env, "case_user", groups="automation_core.group_automation_user"
        )

    def values(self, record, code="data:x", **more):
        return {"record": record, "code": code, "name": "It stops", **more}

    def test_raising_twice_keeps_one_case_and_brings_it_up_to_date(self):
        first = self.Case._raise([self.values(self.partners[0], seen="1")])
        again = self.Case._raise([self.values(self.partners[0], seen="2", name="It stops still")])
        self.assertEqual(first, again)
        self.assertEqual((first.name, first.seen), ("It stops still", "2"))

    def test_the_database_allows_one_open_case_per_reason(self):
        case = self.Case._raise([self.values(self.partners[0])])
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            case.copy({"state": "open"})
            self.env.flush_all()

    def test_an_override_holds_while_the_facts_stay_equal(self):
        case = self.Case._raise([self.values(self.partners[0], seen="note A")])
        case.with_user(self.user).action_override()
        self.assertEqual((case.state, case.resolved_by_id), ("overridden", self.user))
        self.assertFalse(self.Case._raise([self.values(self.partners[0], seen="note A")]))
        self.assertTrue(self.Case._raise([self.values(self.partners[0], seen="note B")]))

    def test_a_resolved_case_is_raised_anew_when_the_fact_is_still_there(self):
        case = self.Case._raise([self.values(self.partners[0], seen="x")])
        case.with_user(self.user).action_resolve()
        again = self.Case._raise([self.values(self.partners[0], seen="x")])
        self.assertTrue(again)
        self.assertNotEqual(again, case)

    def test_settling_closes_only_what_it_names(self):
        one, two, _three = self.partners
        kept = self.Case._raise([self.values(one, "technical:mail"), self.values(two, "rule:1")])
        gone = self.Case._raise([self.values(one, "rule:1"), self.values(one, "rule:2")])
        settled = self.Case._settle(one, code_prefix="rule:")
        self.assertEqual(settled, gone)
        self.assertEqual(set(gone.mapped("state")), {"resolved"})
        self.assertFalse(gone.resolved_by_id, "nobody closed it: it closed by itself")
        self.assertEqual(set(kept.mapped("state")), {"open"})
        self.assertFalse(self.Case._settle(two, codes=["rule:2"]))

    def test_many_cases_cost_the_same_number_of_look_ups(self):
        self.env.flush_all()
        counts = []
        for records in (self.partners[:1], self.partners):
            values = [self.values(record, f"data:{len(records)}") for record in records]
            self.Case._raise(values)
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.Case._raise(values)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_users_close_cases_but_cannot_rewrite_them(self):
        case = self.Case._raise([self.values(self.partners[0])]).with_user(self.user)
        case.action_resolve()
        stranger = new_test_user(self.env, "case_stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            case.with_user(stranger).read(["name"])
        case.write({"resolution": "Called the customer.", "user_id": self.user.id})
        with self.assertRaises(AccessError):
            case.write({"state": "open"})
        with self.assertRaises(AccessError):
            self.Case.with_user(self.user).create(
                {"name": "x", "code": "x", "res_model": "res.partner", "res_id": 1}
            )

    def test_other_companies_cases_stay_unseen(self):
        other = self.env["res.company"].create({"name": "Other"})
        partner = self.env["res.partner"].create({"name": "Theirs", "company_id": other.id})
        case = self.Case._raise([self.values(partner)])
        self.assertEqual(case.company_id, other)
        self.assertFalse(self.Case.with_user(self.user).search([("id", "=", case.id)]))

    def test_a_deleted_document_gives_a_sentence(self):
        partner = self.env["res.partner"].create({"name": "Gone"})
        case = self.Case._raise([self.values(partner)])
        self.assertEqual(case.action_open_document()["res_id"], partner.id)
        partner.unlink()
        case.invalidate_recordset()
        self.assertFalse(case.res_name)
        with self.assertRaises(UserError):
            case.action_open_document()


@tagged("post_install", "-at_install")
class TestErrorSentence(TransactionCase):
    def test_known_errors_speak_and_program_errors_are_named(self):
        sentence = self.env["automation.retry.mixin"]._error_sentence
        self.assertEqual(
            sentence(Rejected("The shop said no.", "Ask it.")), "The shop said no. Ask it."
        )
        self.assertEqual(sentence(UserError("Do this.")), "Do this.")
        self.assertIn("ZeroDivisionError", sentence(ZeroDivisionError("division\nby zero")))
