"""Sentences made where no language is known.

A library speaks English and knows no translations. It makes its sentences with a marker, named
``_lt`` so that Odoo's exporter finds the terms::

    _lt = Marker(__name__)
    raise NotFound(_lt("Order %(number)s does not exist there.", number=number))

The result is the English sentence, and remembers what is needed to say it in another language
(``automation_core.translated.translated``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping


class Text(str):
    """An English sentence that can be translated: ``module``'s term and the values in it.

    Composing it with other texts (``+``, f-strings, ``strip``) gives plain English; put a text into
    another one as a value instead, or use :func:`joined`.
    """

    __slots__ = ("module", "template", "values")

    module: str
    template: str
    values: dict[str, object]

    def __new__(
        cls, template: str, values: Mapping[str, object] | None = None, module: str = ""
    ) -> Text:
        text = super().__new__(cls, template % values if values else template)
        text.module = module
        text.template = template
        text.values = dict(values or {})
        return text

    def filled(self, **values: object) -> Text:
        """Return the same sentence with more values."""
        return Text(self.template, {**self.values, **values}, self.module)

    def changed(self, change: Callable[[str], str]) -> Text:
        """Return the same sentence with every text among its values changed."""
        values = {
            name: change(value) if isinstance(value, str) else value
            for name, value in self.values.items()
        }
        return Text(self.template, values, self.module)


class Marker:
    """Makes the texts of one add-on; called like ``self.env._``."""

    def __init__(self, name: str) -> None:
        """:param name: the library's ``__name__``"""
        self.module = name.removeprefix("odoo.addons.").partition(".")[0]

    def __call__(self, template: str, **values: object) -> Text:
        return Text(template, values, self.module)


def joined(separator: str, parts: Iterable[str]) -> Text:
    """Return texts one after the other, as one that can be translated."""
    values = {f"part{place}": part for place, part in enumerate(filter(None, parts))}
    return Text(separator.join(f"%({name})s" for name in values), values)
