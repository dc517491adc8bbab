import io
from unittest.mock import patch

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.translate import code_translations, trans_export

from odoo.addons.automation_core.lib.errors import Rejected, Unavailable
from odoo.addons.automation_core.lib.http import AGAIN, HttpClient
from odoo.addons.automation_core.lib.masking import mask
from odoo.addons.automation_core.lib.texts import Marker, joined
from odoo.addons.automation_core.translated import translated

say = Marker(__name__)  # not `_lt`: these are no terms of the product

TERMS = {
    "%(host)s does not answer.": "%(host)s antwortet nicht.",
    "Again.": "Noch einmal.",
    "Broken %(host)s.": "Kaputt: %(wirt)s.",
}


@tagged("post_install", "-at_install")
class TestTranslated(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        user = new_test_user(cls.env, "klara", groups="base.group_user", lang="de_DE")
        cls.german = cls.env(user=user, context={"lang": user.lang})
        cls.english = cls.env(context={"lang": "en_US"})

    def with_terms(self):
        terms = {("automation_core", "de_DE"): TERMS}
        return patch.dict(code_translations.python_translations, terms)

    def test_a_german_user_reads_german(self):
        with self.assertRaises(Rejected) as caught:
            HttpClient("gopher://shop.example")
        sentence = self.german["automation.retry.mixin"]._error_sentence
        self.assertEqual(
            sentence(caught.exception),
            "„gopher://shop.example“ ist keine Internetadresse. "
            "Geben Sie eine Adresse ein, die mit https:// beginnt.",
        )
        self.assertIn("is not a web address", str(caught.exception))
        english = self.english["automation.retry.mixin"]._error_sentence
        self.assertIn("is not a web address", english(caught.exception))

    def test_a_text_alone_is_said_in_each_language(self):
        self.assertEqual(translated(self.german, AGAIN), "Es wird von selbst erneut versucht.")
        self.assertEqual(translated(self.english, AGAIN), "It is tried again by itself.")
        self.assertEqual(translated(self.env(context={}), AGAIN), "It is tried again by itself.")

    def test_values_stay_as_they_are(self):
        with self.with_terms():
            text = say("%(host)s does not answer.", host="Again.")
            self.assertEqual(translated(self.german, text), "Again. antwortet nicht.")
            text = say("%(host)s does not answer.", host=say("Again."))
            self.assertEqual(translated(self.german, text), "Noch einmal. antwortet nicht.")
            text = joined("\n", ["Again.", say("Again.")])
            self.assertEqual(translated(self.german, text), "Again.\nNoch einmal.")

    def test_a_secret_in_a_value_is_masked(self):
        with self.with_terms():
            text = mask(say("%(host)s does not answer.", host="me:s3cret"), ["s3cret"])
            self.assertEqual(translated(self.german, text), "me:*** antwortet nicht.")

    def test_without_a_usable_translation_it_is_english(self):
        sentence = self.german["automation.retry.mixin"]._error_sentence
        with self.with_terms(), mute_logger("odoo.tools.translate"):
            self.assertEqual(
                sentence(Unavailable(say("Broken %(host)s.", host="A"), say("Nobody knows this."))),
                "Broken A. Nobody knows this.",
            )
        strange = Marker("odoo.addons.no_such_addon.lib.x")
        self.assertEqual(translated(self.german, strange("Odd %(x)s", x=1)), "Odd 1")
        self.assertEqual(translated(self.german, "Plain"), "Plain")

    def test_the_libraries_terms_are_exported(self):
        buffer = io.BytesIO()
        trans_export(False, ["automation_core"], buffer, "po", self.env)
        exported = buffer.getvalue().decode()
        self.assertIn('msgid "%(host)s did not answer in time."', exported)
        self.assertIn("addons/automation_core/lib/http.py", exported)
