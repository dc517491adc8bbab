from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestMemory(ShopCase):
    def test_each_account_and_key_has_its_own_value(self):
        other = self._account(self.company, name="Other shop")
        self.assertIsNone(self.account._memory_get("bucket"))
        self.account._memory_change("bucket", lambda value: {"seen": value})
        self.assertEqual(self.account._memory_get("bucket"), {"seen": None})
        self.account._memory_change("bucket", lambda value: {"seen": value})
        self.assertEqual(self.account._memory_get("bucket"), {"seen": {"seen": None}})
        self.assertIsNone(self.account._memory_get("token"))
        self.assertIsNone(other._memory_get("bucket"))

    def test_what_belongs_to_a_deleted_account_goes(self):
        memory = self.env["shop.memory"]
        kept = memory.create({"account": self.account.id, "key": "token", "value": "x"})
        gone = memory.create({"account": 2**31 - 1, "key": "token", "value": "x"})
        memory._gc_memory()
        self.assertTrue(kept.exists())
        self.assertFalse(gone.exists())

    def test_only_administrators_may_read_it(self):
        user = self.env["res.users"].create(
            {
                "name": "Manager",
                "login": "memory-manager",
                "group_ids": [(4, self.env.ref("automation_core.group_automation_manager").id)],
            }
        )
        memory = self.env["shop.memory"].with_user(user)
        self.assertFalse(memory.has_access("read"))
