from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlencode, urlsplit

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..models.shop_account_consent import CONSENT_ENDS, CONSENT_PATH
from .common import EbayCase

DONE, FAILED = "fa-check-circle", "fa-times-circle"  # the page is in the visitor's language


@tagged("post_install", "-at_install")
class TestConsent(EbayCase, HttpCase):
    """Asked for in the browser, checked, watched until it ends."""

    def setUp(self):
        super().setUp()
        self.user = new_test_user(
            self.env, "ebay_boss", groups="automation_core.group_automation_manager", lang="en_US"
        )
        self.account.write({"ebay_refresh_token": False, "ebay_consent_until": False})
        self.authenticate("ebay_boss", "ebay_boss")

    def page(self, user=None):
        """Return the address at eBay, and the state that has to come back."""
        url = self.account.with_user(user or self.user)._ebay_consent_page()
        return url, parse_qs(urlsplit(url).query)["state"][0]

    def come_back(self, **answer):
        self.env.flush_all()
        response = self.url_open(f"{CONSENT_PATH}?{urlencode(answer)}")
        self.env.invalidate_all()
        return response

    def test_agreed(self):
        """The seller agrees: the consent is kept, its end and the seller are shown."""
        url, state = self.page()
        asked = parse_qs(urlsplit(url).query)
        self.assertEqual(asked["client_id"], [self.shop.app_id])
        self.assertEqual(asked["redirect_uri"], [self.shop.ru_name])
        self.assertIn("https://api.ebay.com/oauth/api_scope/sell.fulfillment", asked["scope"][0])
        answer = self.come_back(state=state, code=self.shop.tokens.code, expires_in="299")
        self.assertEqual(answer.status_code, 200)
        self.assertIn(DONE, answer.text)
        self.assertNotIn(self.shop.tokens.refresh_token, answer.text)
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(self.account.ebay_refresh_token, self.shop.tokens.refresh_token)
        self.assertEqual(self.account.ebay_seller, "muster-shop")
        self.assertEqual(self.account.ebay_consent_state, "valid")
        days = (self.account.ebay_consent_until - fields.Datetime.now()).days
        self.assertAlmostEqual(days, 547, delta=1)
        self.sell("plain")
        self.assertEqual(self.poll().state, "imported")
        self.assertEqual(self.shop.tokens.issued, 2, "one of the seller, one for the quotas")

    def test_code_is_good_for_one_time(self):
        _url, state = self.page()
        code = self.shop.tokens.code
        self.come_back(state=state, code=code)
        self.account.ebay_refresh_token = "kept"
        answer = self.come_back(state=state, code=code)
        self.assertIn(FAILED, answer.text)
        self.assertEqual(self.account.ebay_refresh_token, "kept")

    def test_refused_by_the_seller(self):
        _url, state = self.page()
        answer = self.come_back(state=state, error="access_denied", error_description="<b>no</b>")
        self.assertIn(FAILED, answer.text)
        self.assertNotIn("<b>no</b>", answer.text)
        self.assertFalse(self.account.ebay_refresh_token)

    def test_strangers_answers(self):
        """A state that is changed, another user's, too old, missing: eBay is not even asked."""
        _url, state = self.page()
        other = new_test_user(
            self.env, "ebay_other", groups="automation_core.group_automation_manager", lang="en_US"
        )
        _url, others = self.page(other)
        with patch("odoo.addons.shop_connector_ebay.models.shop_account_consent.STATE_HOURS", -1):
            _url, old = self.page()
        for text in (state[:-4] + "AAAA", others, old, "", "x", "é", "=" * 50):
            with self.subTest(state=text):
                answer = self.come_back(state=text, code=self.shop.tokens.code)
                self.assertIn(FAILED, answer.text)
        self.assertEqual(self.shop.requests["all"], 0)
        self.assertFalse(self.account.ebay_refresh_token)

    def test_right_taken_away_meanwhile(self):
        _url, state = self.page()
        self.user.group_ids = self.env.ref("base.group_user")
        answer = self.come_back(state=state, code=self.shop.tokens.code)
        self.assertIn(FAILED, answer.text)
        self.assertEqual(self.shop.requests["all"], 0)

    def test_nobody_is_logged_in(self):
        _url, state = self.page()
        self.logout()
        answer = self.come_back(state=state, code=self.shop.tokens.code)
        self.assertIn("/web/login", answer.url)
        self.assertEqual(self.shop.requests["all"], 0)

    def test_only_who_may_change_the_account(self):
        clerk = new_test_user(
            self.env, "ebay_clerk", groups="automation_core.group_automation_user"
        )
        with self.assertRaises(AccessError):
            self.account.with_user(clerk).action_ebay_connect()
        with self.assertRaises(AccessError):
            self.account.with_user(clerk)._ebay_agree("code")

    def test_another_seller(self):
        """Somebody agreed while logged in as another seller: that one's orders stay out."""
        self.account.ebay_seller = "someone-else"
        _url, state = self.page()
        answer = self.come_back(state=state, code=self.shop.tokens.code)
        self.assertIn("someone-else", answer.text)
        self.assertFalse(self.account.ebay_refresh_token)

    def test_incomplete_application(self):
        self.account.ebay_ru_name = False
        with self.assertRaisesRegex(UserError, "not complete"):
            self.page()

    def test_pasted_answer(self):
        """Where eBay cannot reach Odoo, the address is pasted; a stranger's is refused."""
        wizard = self.env["shop.ebay.connect"].with_user(self.user)
        wizard = wizard.create({"account_id": self.account.id})
        self.assertEqual(wizard.action_open()["url"], wizard.consent_url)
        state = parse_qs(urlsplit(wizard.consent_url).query)["state"][0]
        code = self.shop.tokens.code
        for answer in ("", code, f"https://x.example/?code={code}", "https://x.example/?state=x"):
            wizard.answer = answer
            with self.assertRaisesRegex(UserError, "not the address"):
                wizard.action_take()
        wizard.answer = f"https://x.example/?{urlencode({'state': state, 'code': code})}"
        wizard.action_take()
        self.assertEqual(self.account.ebay_refresh_token, self.shop.tokens.refresh_token)

    # -- the end -----------------------------------------------------------

    def connected(self, **vals):
        self.account.write(
            {
                "ebay_refresh_token": self.shop.tokens.refresh_token,
                "ebay_consent_until": fields.Datetime.now() + timedelta(days=400),
                **vals,
            }
        )

    def test_revoked(self):
        """The account needs attention, eBay is asked once, a new consent heals it."""
        self.connected()
        self.sell("plain")
        self.poll()
        self.shop.tokens.revoked = True
        self.shop.tokens.expire()
        self.fetch()
        self.assertEqual(self.account.ebay_consent_state, "revoked")
        self.assertEqual(self.account.status, "error")
        self.assertIn("withdrawn", self.account.last_error)
        self.assertTrue(self.cases(self.account))
        asked = self.shop.requests["all"]
        self.fetch()
        self.assertEqual(self.shop.requests["all"], asked, "no use in asking again")
        _url, state = self.page()
        self.shop.tokens.code = "v^1.1#second=="
        self.come_back(state=state, code="v^1.1#second==")
        self.assertEqual(self.account.ebay_consent_state, "valid")
        self.fetch()
        self.assertFalse(self.account.last_error)
        self.assertFalse(self.cases(self.account))

    def test_expired(self):
        self.connected(ebay_consent_until=fields.Datetime.now() - timedelta(days=1))
        self.fetch()
        self.assertEqual(self.account.ebay_consent_state, "expired")
        self.assertIn("expired", self.account.last_error)
        self.assertEqual(self.shop.requests["all"], 0)

    def test_warned_thirty_days_before(self):
        cron = self.env.ref("shop_connector_ebay.ir_cron_consent")
        self.connected()
        cron.method_direct_trigger()
        self.assertFalse(self.cases(self.account, CONSENT_ENDS))
        self.connected(ebay_consent_until=fields.Datetime.now() + timedelta(days=29))
        self.assertEqual(self.account.ebay_consent_state, "ending")
        cron.method_direct_trigger()
        cron.method_direct_trigger()
        [case] = self.cases(self.account, CONSENT_ENDS)
        self.assertIn("Connect with eBay", case.explanation)
        _url, state = self.page()
        self.come_back(state=state, code=self.shop.tokens.code)
        self.assertFalse(self.cases(self.account, CONSENT_ENDS))

    def test_production_by_default(self):
        """Nothing but the administrator's test address leads anywhere else than to eBay."""
        self.account.ebay_endpoint = False
        url, _state = self.page()
        self.assertTrue(url.startswith("https://auth.ebay.com/oauth2/authorize?"))
        self.account.ebay_sandbox = True
        url, _state = self.page()
        self.assertTrue(url.startswith("https://auth.sandbox.ebay.com/oauth2/authorize?"))
