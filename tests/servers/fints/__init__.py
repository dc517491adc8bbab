"""A bank to test against: FinTS 3.0 with PIN and TAN over HTTP, strict about what it is told.

It reads and writes messages itself, without a library, and knows one user. Written after
"FinTS Financial Transaction Services", Formals, PIN/TAN and Messages.
"""

from .bank import IBAN, WAYS, Bank
from .server import FintsServer
from .statements import BankAccount, Booking

__all__ = ["IBAN", "WAYS", "Bank", "BankAccount", "Booking", "FintsServer"]
