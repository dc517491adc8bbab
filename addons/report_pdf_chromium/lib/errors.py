"""What can go wrong with the browser, as sentences fit for a person."""


def _lt(term: str) -> str:
    """Mark a sentence for Odoo's exporter; who shows the error translates it."""
    return term


class ChromiumError(Exception):
    """The browser did not do what it was asked to; the text says what happened.

    ``str(error)`` is English; ``term`` and ``values`` are what it takes to say it in another
    language.
    """

    def __init__(self, term: str, **values: object) -> None:
        super().__init__(term % values if values else term)
        self.term = term
        self.values = values


class NotFound(ChromiumError):
    """No usable Chromium on this machine."""


class Crashed(ChromiumError):
    """The browser is gone: it did not start, died, or closed its pipe."""


class TimedOut(ChromiumError):
    """The browser took longer than it was given."""


class Refused(ChromiumError):
    """The browser is alive and answered a command with an error."""
