"""The answer of a connection test, as it is shown on a record."""

from collections.abc import Callable, Iterable

from markupsafe import Markup

from .lib.check import CheckLine


def render_check(lines: Iterable[CheckLine], say: Callable[[str], str]) -> Markup:
    """Return the lines as a list; ``say`` turns a text into the reader's words."""
    rows = Markup().join(
        Markup('<li><i class="fa fa-fw {}"></i> {}{}</li>').format(
            "fa-check text-success" if line.ok else "fa-times text-danger",
            say(line.text),
            Markup('<br/><span class="text-muted ms-4">{}</span>').format(say(line.hint))
            if line.hint
            else "",
        )
        for line in lines
    )
    return Markup('<ul class="list-unstyled mb-0">{}</ul>').format(rows)
