"""What a payment is to pay, as it is asked for and as it is going to be booked."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Target:
    """One thing that a payment pays. All amounts are positive in the payment's direction.

    A document is settled by ``amount + discount + write_off``. A negative ``write_off`` gives up
    a little that came too much. A partner gets a credit; on an account the amount is booked as it
    is, a negative one as what was deducted from the payment (a fee).
    """

    record: Any  # sale.order, account.move, res.partner or account.account
    amount: float | None = None  # None: what is open, at most what is left of the payment
    discount: float = 0.0  # cash discount the payer took
    write_off: float = 0.0
    account: Any = None  # account.account of the write-off; None: the journal's
    label: str = ""


@dataclass(frozen=True, eq=False)
class Request:
    """One confirmation: a payment and what it pays; without targets, what its proposal says."""

    line: Any  # account.bank.statement.line
    targets: tuple[Target, ...] | None = None
    proposal: Any = None  # payment.match.proposal
    automatic: bool = False
    keep_open: bool = False  # leave what remains of the payment for later
    user: Any = None  # res.users who asked for it, where another one approved
    approved_by: Any = None  # res.users who allowed the write-off

    def documents(self) -> list:
        """Return the records that are paid."""
        if self.targets is None:
            return [*self.proposal.order_ids, *self.proposal.invoice_ids]
        return [target.record for target in self.targets]


@dataclass(eq=False)
class Part:
    """A part of a payment as it is going to be booked, positive in the payment's direction."""

    line: Any
    kind: str  # order | invoice | credit | write_off | return
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
    original: Any = None  # payment.match.allocation that is taken back
    move_line: Any = None

    @property
    def left_off(self) -> float:
        """What the document is settled with beside the money."""
        return self.discount + self.write_off

    @property
    def direction(self) -> int:
        """1 where the document is settled, -1 where a payment of it is taken back."""
        return -1 if self.kind == "return" else 1

    @property
    def is_invoice(self) -> bool:
        """Whether what is left off is booked now; orders get it with their invoice."""
        return bool(self.record) and self.record._name == "account.move"

    @property
    def settled(self) -> float:
        """What the counterpart is credited with."""
        return self.amount + self.left_off if self.is_invoice else self.amount
