"""Hand a file of articles or stock to Yatego."""

from __future__ import annotations

from collections.abc import Callable

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.feed.client import REFUSED

from .sections import Sections, upload_form

_lt = Marker(__name__)

Post = Callable[[str, bytes, str], bytes]
"""Sends a body of a content type to a path and returns the answer."""


def upload(
    post: Post, path: str, user: str, password: str, sections: Sections, *, delete_missing: bool
) -> None:
    """Send the file. What Yatego answers to a good one is not documented: a success status that is
    no web page with a form counts.
    """
    form = upload_form(user, password, sections, delete_missing=delete_missing)
    answer = post(path, form.body, form.content_type)
    if not answer.strip():
        raise errors.AuthenticationFailed(
            _lt("The shop answered nothing to the file: it takes it for a wrong login."),
            REFUSED,
        )
    if b"<form" in answer.lower():
        raise errors.InvalidAnswer(_lt("The shop answered with a web page."), REFUSED)
