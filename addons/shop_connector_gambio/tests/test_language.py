from odoo.tests import tagged

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.channel import RawOrder

from .common import GambioCase

say = Marker("odoo.addons.shop_connector_gambio.lib.client")


@tagged("post_install", "-at_install")
class TestLanguage(GambioCase):
    """What goes wrong is said in the company's language, and in one's own when one asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        cls.company.partner_id.lang = "de_DE"

    def test_the_shop_refuses(self):
        self.account.gambio_password = "old"
        self.poll()
        self.assertIn("Der Shop nimmt die Anmeldung nicht an.", self.account.last_error)
        self.assertIn("eines Administrators des Shops", self.account.last_error)
        self.assertIn("Der Shop nimmt", self.cases(self.account).explanation)

    def test_the_connection_test_speaks_to_whoever_asks(self):
        self.account.gambio_password = "old"
        self.account.with_context(lang="de_DE").action_check()
        self.assertIn("Der Shop nimmt die Anmeldung nicht an.", self.account.check_result)
        self.account.with_context(lang="en_US").action_check()
        self.assertIn("The shop does not accept the login.", self.account.check_result)

    def test_an_order_that_is_not_handed_out(self):
        orders = self.sell("paypal", "paypal")
        self.shop.fail("error", f"orders/{orders[0]['id']}")
        record = self.poll()[0]
        self.assertEqual(record.state, "quarantined")
        self.assertIn("Der Shop hat mit einem Fehler geantwortet: ", record.last_error)
        self.assertEqual(record.hint, "Es wird von selbst erneut versucht.")

    def test_an_order_that_is_not_understood(self):
        number = self.sell("paypal")[0]["id"]
        self.shop.orders[number]["items"][0]["price"] = "viel"
        record = self.poll()
        self.assertEqual(
            record.last_error, f"Bestellung {number}, Position 1: „Preis“ ist keine Zahl."
        )
        self.assertIn("Verwaltung des Shops", record.hint)
        self.assertIn("„Preis“ ist keine Zahl.", self.cases(record).explanation)

    def test_what_stands_on_a_line(self):
        number = self.sell("paypal")[0]["id"]
        self.shop.orders[number]["items"][0]["gxCustomizerData"] = {"1": "x"}
        line = self.poll().sale_order_id.order_line[0]
        self.assertIn("Der Käufer hat diesen Artikel selbst gestaltet", line.name)

    def test_no_secret_is_told(self):
        account = self.account.with_context(lang="de_DE")
        said = say("The shop says: %(said)s", said=f"not {self.shop.password}")
        record = account.env["shop.order"]._store(account, [RawOrder("1", "", problem=said)])
        self.assertEqual(record.last_error, "Der Shop sagt: not ***")
