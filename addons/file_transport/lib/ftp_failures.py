"""Whose fault it is when an FTP server says no."""

from __future__ import annotations

import ftplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.masking import mask
from odoo.addons.automation_core.lib.texts import Marker

from .place import CONNECT_TIMEOUT, READ_TIMEOUT, shown

_lt = Marker(__name__)

Security = Literal["none", "explicit", "implicit"]
AGAIN: Final = _lt("Check address and port; otherwise it is tried again by itself.")
_WANTS_TLS = re.compile(r"\b(SSL|TLS|encrypt)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FtpLogin:
    """Where and who. ``authority`` is a certificate (PEM) to trust instead of the known ones."""

    host: str
    port: int = 21
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = "explicit"
    authority: str = ""
    passive: bool = True
    encoding: str = "utf-8"
    folder: str = ""
    timeout: tuple[float, float] = (CONNECT_TIMEOUT, READ_TIMEOUT)


@contextmanager
def named(
    login: FtpLogin, path: str = "", *, logging_in: bool = False, writing: bool = False
) -> Iterator[None]:
    """Give every failure its name."""
    try:
        yield
    except errors.AutomationError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise errors.Rejected(
            _lt("The certificate of %(host)s is not trusted.", host=login.host),
            _lt(
                "Ask the operator for a valid one; a certificate of their own can be "
                "entered in the settings."
            ),
        ) from error
    except ssl.SSLError as error:
        raise errors.Rejected(
            _lt("%(host)s does not encrypt as expected.", host=login.host),
            _lt("Try the other kind of encryption (explicit is port 21, implicit 990)."),
        ) from error
    except ftplib.error_perm as error:
        raise _refusal(login, str(error), path, logging_in, writing) from error
    except (ftplib.error_proto, ftplib.error_reply) as error:
        raise errors.InvalidAnswer(
            _lt("%(host)s does not speak FTP as expected.", host=login.host), AGAIN
        ) from error
    except UnicodeError as error:
        raise errors.InvalidAnswer(
            _lt("%(host)s has file names in another encoding.", host=login.host),
            _lt("Choose the other encoding of names in the settings."),
        ) from error
    except (OSError, EOFError, ftplib.error_temp) as error:
        raise errors.Unavailable(
            _lt("%(host)s could not be reached, or broke off.", host=login.host), AGAIN
        ) from error
    except ValueError as error:
        raise errors.Rejected(
            _lt("“%(path)s” cannot be used as a name over FTP.", path=shown(path))
        ) from error


def _refusal(
    login: FtpLogin, said: str, path: str, logging_in: bool, writing: bool
) -> errors.AutomationError:
    detail = mask(shown(said), [login.password])
    if login.security == "none" and logging_in and _WANTS_TLS.search(said):
        return errors.Rejected(
            _lt("%(host)s only accepts encrypted connections.", host=login.host),
            _lt("Choose FTP with encryption (FTPS)."),
        )
    if logging_in or said.startswith("530"):
        return errors.AuthenticationFailed(
            _lt("%(host)s does not accept the login.", host=login.host),
            _lt("Check user and password."),
        )
    if writing or said.startswith(("532", "552", "553")):
        return errors.AccessDenied(
            _lt(
                "%(host)s does not take “%(path)s”: %(detail)s",
                host=login.host,
                path=shown(path),
                detail=detail,
            ),
            _lt("Ask the operator for the right to write, or choose another folder."),
        )
    if said.startswith("550"):
        return errors.NotFound(
            _lt(
                "There is no “%(path)s” on %(host)s, or it may not be used: %(detail)s",
                path=shown(path),
                host=login.host,
                detail=detail,
            ),
            _lt("Check the names of folder and file."),
        )
    return errors.Rejected(_lt("%(host)s refused: %(detail)s", host=login.host, detail=detail))
