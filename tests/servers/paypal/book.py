"""What happens in a PayPal account, in exactly the form the search tells it.

All persons and numbers are invented.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .wire import Json, money, stamp

CENT = Decimal("0.01")
MONEY_MOVED = ("S", "V")
HOLDS = ("T1110", "T1111", "T15", "T21")


@dataclass
class Entry:
    """A transaction, and from when on the search shows it."""

    id: str
    code: str
    amount: Decimal
    currency: str
    when: datetime
    updated: datetime
    visible: datetime | None = None  # else as all others
    status: str = "S"
    fee: Decimal | None = None
    reference: str = ""
    info: Json = field(default_factory=dict)
    payer: Json = field(default_factory=dict)

    def row(self, *, colon: bool) -> Json:
        """As the search tells it."""
        info: Json = {
            "transaction_id": self.id,
            "transaction_event_code": self.code,
            "transaction_initiation_date": stamp(self.when, colon=colon),
            "transaction_updated_date": stamp(self.updated, colon=colon),
            "transaction_amount": money(self.amount, self.currency),
            "transaction_status": self.status,
            "protection_eligibility": "01",
        }
        if self.fee is not None:
            info["fee_amount"] = money(self.fee, self.currency)
        if self.reference:
            info |= {"paypal_reference_id": self.reference, "paypal_reference_id_type": "TXN"}
        row: Json = {"transaction_info": info | self.info}
        row["payer_info"] = {"address_status": "N", "payer_name": {}} | self.payer
        return row

    def capture(self) -> Json:
        """As the Payments API tells it, at once."""
        states = {"S": "COMPLETED", "P": "PENDING", "D": "DECLINED", "V": "REFUNDED"}
        data: Json = {
            "id": self.id,
            "status": states[self.status],
            "amount": money(self.amount, self.currency),
            "create_time": stamp(self.when).replace("+00:00", "Z"),
            "update_time": stamp(self.updated).replace("+00:00", "Z"),
            "final_capture": True,
        }
        names = {"invoice_id": "invoice_id", "custom_field": "custom_id"}
        data |= {to: self.info[name] for name, to in names.items() if self.info.get(name)}
        if self.status != "P":
            fee = -(self.fee or Decimal(0))
            data["seller_receivable_breakdown"] = {
                "gross_amount": money(self.amount, self.currency),
                "paypal_fee": money(fee, self.currency),
                "net_amount": money(self.amount - fee, self.currency),
            }
        return data


class Book:
    """The transactions of one merchant's account. All methods may be called from any thread.

    :param now: a fixed time, for tests that need one
    """

    account = "XZXSPECPDZHZU"
    payer_id = "XZXSPECPDZHZU"

    def __init__(self, now: datetime | None = None) -> None:
        self.fixed_now = now
        self.entries: list[Entry] = []
        self.raw_rows: list[Json] = []  # told as they are, in every window
        self.lock = threading.RLock()
        self._count = 0

    def now(self) -> datetime:
        """PayPal's time."""
        return self.fixed_now or datetime.now(UTC)

    # -- what happens --------------------------------------------------------

    def add_payment(
        self,
        amount: Decimal | str | float,
        invoice_id: str = "",
        payer: str = "",
        email: str = "",
        *,
        at: datetime | None = None,
        payer_account: str = "",
        custom: str = "",
        subject: str = "",
        note: str = "",
        currency: str = "EUR",
        rate: Decimal | str | None = None,
        fee: Decimal | str | None = None,
        status: str = "S",
        code: str = "T0006",
        number: str = "",
        visible: datetime | None = None,
    ) -> str:
        """Let somebody pay; return the transaction's id.

        :param fee: minus; without it PayPal's usual 2.49 % and 0.35
        :param rate: exchanges what is left to EUR at once, in two more transactions
        :param visible: from when on the search shows it; without it as late as all others
        """
        gross = _cents(amount)
        kept = _cents(fee) if fee is not None else -_cents(gross * Decimal("0.0249")) - _cents(0.35)
        texts = {
            "invoice_id": invoice_id,
            "custom_field": custom,
            "transaction_subject": subject,
            "transaction_note": note,
        }
        payment = self.add_entry(
            code,
            gross,
            currency=currency,
            at=at,
            fee=kept if status in MONEY_MOVED else None,
            status=status,
            number=number,
            visible=visible,
            info={name: text for name, text in texts.items() if text},
            payer=_payer(payer, email, payer_account),
        )
        if rate is not None:
            net, when = gross + kept, (at or self.now()) + timedelta(seconds=1)
            brought = _cents(net * Decimal(rate))
            self.add_entry("T0200", -net, currency=currency, at=when, about=payment)
            self.add_entry("T0200", brought, at=when, about=payment)
        return payment

    def add_refund(
        self,
        payment: str,
        amount: Decimal | str | None = None,
        *,
        at: datetime | None = None,
        code: str = "T1107",
    ) -> str:
        """Give money back; all of it marks the payment as reversed."""
        paid = self.entry(payment)
        back = paid.amount if amount is None else _cents(amount)
        if back == paid.amount:
            paid.status, paid.updated = "V", at or self.now()
        return self.add_entry(
            code,
            -back,
            currency=paid.currency,
            at=at,
            about=payment,
            fee=Decimal(0),
            info={name: text for name, text in paid.info.items() if name == "invoice_id"},
            payer=dict(paid.payer),
        )

    def add_chargeback(self, payment: str, *, at: datetime | None = None, fee: str = "16") -> str:
        """The payer's bank takes the money back, and PayPal a fee."""
        paid = self.entry(payment)
        back = self.add_entry("T1201", -paid.amount, currency=paid.currency, at=at, about=payment)
        self.add_entry("T0106", -_cents(fee), currency=paid.currency, at=at, about=payment)
        return back

    def add_hold(self, payment: str, *, at: datetime | None = None) -> str:
        """The payer complains: PayPal keeps the money for now."""
        paid = self.entry(payment)
        return self.add_entry("T1110", -paid.amount, currency=paid.currency, at=at, about=payment)

    def release_hold(self, payment: str, *, at: datetime | None = None) -> str:
        """The complaint is settled."""
        paid = self.entry(payment)
        return self.add_entry("T1111", paid.amount, currency=paid.currency, at=at, about=payment)

    def add_payout(self, amount: Decimal | str, *, at: datetime | None = None) -> str:
        """Send money to the merchant's bank."""
        info = {"bank_reference_id": f"104{self._count:010d}"}
        return self.add_entry("T0403", -_cents(amount), at=at, info=info)

    def complete(self, payment: str, *, at: datetime | None = None) -> None:
        """A pending payment arrives."""
        with self.lock:
            paid = self.entry(payment)
            paid.status, paid.updated = "S", at or self.now()
            paid.fee = -_cents(paid.amount * Decimal("0.0249")) - _cents(0.35)

    def add_entry(
        self,
        code: str,
        amount: Decimal,
        *,
        currency: str = "EUR",
        at: datetime | None = None,
        fee: Decimal | None = None,
        status: str = "S",
        about: str = "",
        number: str = "",
        visible: datetime | None = None,
        info: Json | None = None,
        payer: Json | None = None,
    ) -> str:
        """Add any transaction; return its id."""
        with self.lock:
            self._count += 1
            number = number or f"{self._count:04d}{code[1:]}MUSTER{self._count:03d}"[:17]
            when = (at or self.now()).replace(microsecond=0)
            self.entries.append(
                Entry(
                    number, code, amount, currency, when, when, visible, status, fee, about,
                    info or {}, payer or {},
                )
            )  # fmt: skip
        return number

    # -- what can be asked ---------------------------------------------------

    def entry(self, number: str) -> Entry:
        """The payment with an id."""
        return next(entry for entry in self.entries if entry.id == number)

    def seen(self, delay: timedelta) -> list[Entry]:
        """What the search knows by now, oldest first."""
        now = self.now()
        with self.lock:
            known = [e for e in self.entries if (e.visible or e.when + delay) <= now]
            return sorted(known, key=lambda entry: entry.when)

    def balances(self) -> list[Json]:
        """What is there in each currency."""
        rows = []
        with self.lock:
            for currency in sorted({entry.currency for entry in self.entries} | {"EUR"}):
                moved = [
                    e for e in self.entries if e.currency == currency and e.status in MONEY_MOVED
                ]
                held = -sum((e.amount for e in moved if e.code.startswith(HOLDS)), Decimal(0))
                free = sum((e.amount + (e.fee or 0) for e in moved), Decimal(0))
                rows.append(
                    {
                        "currency": currency,
                        "primary": currency == "EUR",
                        "total_balance": money(free + held, currency),
                        "available_balance": money(free, currency),
                        "withheld_balance": money(held, currency),
                    }
                )
        return rows


def _payer(name: str, email: str, account: str) -> Json:
    given, _space, surname = name.rpartition(" ")
    data: Json = {"payer_status": "Y", "country_code": "DE"}
    if name:
        data["payer_name"] = {
            "given_name": given,
            "surname": surname,
            "alternate_full_name": name,
        }
    if email:
        data["email_address"] = email
    if account or email:
        data["account_id"] = account or _account_of(email)
    return data


def _account_of(email: str) -> str:
    """The same thirteen signs for the same person."""
    letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    value = 0
    for char in email.encode():
        value = value * 131 + char
    return "".join(letters[value // 32**place % 32] for place in range(13))


def _cents(value: Decimal | str | float) -> Decimal:
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)
