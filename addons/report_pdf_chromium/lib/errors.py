"""What can go wrong with the browser, as sentences fit for a person."""


class ChromiumError(Exception):
    """The browser did not do what it was asked to; the text says what happened."""


class NotFound(ChromiumError):
    """No usable Chromium on this machine."""


class Crashed(ChromiumError):
    """The browser is gone: it did not start, died, or closed its pipe."""


class TimedOut(ChromiumError):
    """The browser took longer than it was given."""


class Refused(ChromiumError):
    """The browser is alive and answered a command with an error."""
