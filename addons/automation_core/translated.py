"""The sentences of the plain-Python libraries, in the language of whoever reads them."""

from odoo.tools.translate import get_translation

from .lib.texts import Text


def translated(env, text: str) -> str:
    """Return ``text`` in the language of ``env``; English where there is no usable translation.

    Values in it stay as they are, unless they are such texts themselves. A plain text is returned
    unchanged.
    """
    if not isinstance(text, Text):
        return text
    values = {
        name: translated(env, value) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return get_translation(text.module or "base", env.lang or "en_US", text.template, values)
