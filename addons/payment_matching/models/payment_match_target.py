"""What a payment is to pay, as it is asked for and as it is going to be booked."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """One document that a payment pays. All amounts are positive in the payment's direction.

    The document is settled by ``amount + discount + write_off``. A negative ``write_off`` gives up
    a little that came too much.
    """

    record: Any  # sale.order or account.move
    amount: float | None = None  # None: what is open, at most what is left of the payment
    discount: float = 0.0  # cash discount the payer took
    write_off: float = 0.0
    account: Any = None  # account.account of the write-off; None: the journal's


@dataclass(frozen=True, eq=False)
class Request:
    """One confirmation: a payment and the documents it pays."""

    line: Any  # account.bank.statement.line
    targets: tuple[Target, ...]
    proposal: Any = None  # payment.match.proposal
    automatic: bool = False
    keep_open: bool = False  # leave what remains of the payment for later
    approved_by: Any = None  # res.users who allowed the write-off


@dataclass(eq=False)
class Part:
    """A part of a payment as it is going to be booked, positive in the payment's direction."""

    line: Any
    kind: str  # order | invoice | credit | write_off
    record: Any
    partner: Any
    account: Any  # of the counterpart
    amount: float = 0.0
    discount: float = 0.0
    write_off: float = 0.0
    write_off_account: Any = None
    label: str = ""
    term_lines: Any = None  # journal items that it is reconciled with
    request: Request | None = None
    move_line: Any = None

    @property
    def left_off(self) -> float:
        """What the document is settled with beside the money."""
        return self.discount + self.write_off

    @property
    def settled(self) -> float:
        """What the counterpart is credited with: orders get discounts with their invoice."""
        if self.kind == "order":
            return self.amount
        return self.amount + self.discount + self.write_off
