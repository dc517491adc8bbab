"""One dialogue with the bank: what is allowed in it, and what it answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime

from .bank import Bank, Way
from .statements import BankAccount, camt, mt940
from .wire import Segment, write

ONE_STEP = "999"
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"


class Refused(Exception):
    """The bank says no: code and words."""

    def __init__(self, code: str, text: str, *, end: bool = False) -> None:
        super().__init__(text)
        self.code, self.text, self.end = code, text, end


@dataclass
class Answer:
    """What goes back: sentences by the segment they are about (0: all), then data."""

    said: dict[int, list[tuple[str, ...]]] = field(default_factory=dict)
    data: list[bytes] = field(default_factory=list)

    def say(self, about: int, code: str, text: str, *parameters: str) -> None:
        """Add a sentence."""
        self.said.setdefault(about, []).append((code, "", text, *parameters))

    def add(self, head: str, about: int, *elements: object) -> None:
        """Add a segment; ``head`` is KIND:version."""
        kind, version = head.split(":")
        self.data.append(write(f"{kind}:{{number}}:{version}:{about}", *elements))

    def render(self) -> bytes:
        """Return the segments, numbered."""
        segments = [
            write("HIRMG:{number}:2", *self.said.pop(0, [("0010", "", "Entgegengenommen")]))
        ]
        segments += [
            write(f"HIRMS:{{number}}:2:{about}", *said) for about, said in self.said.items()
        ]
        segments += self.data
        return b"".join(
            segment.replace(b"{number}", b"%d" % number, 1)
            for number, segment in enumerate(segments, start=2)
        )


@dataclass
class Dialogue:
    """From a login to its end."""

    bank: Bank
    id: str = field(default_factory=lambda: secrets.token_hex(10))
    next_number: int = 1
    function: str = ""
    ended: bool = False
    weak: bool = False  # opened for the list of devices only
    open: bool = False
    # the question that is not answered yet: its reference and the order behind it
    reference: str = ""
    waiting: Segment | None = None

    def handle(self, segments: list[Segment], tan: str) -> Answer:
        """Do what a message asks for."""
        answer = Answer()
        by_kind = {segment.kind: segment for segment in segments}
        confirm = by_kind.pop("HKTAN", None)
        if "HKEND" in by_kind:
            self.ended = True
            answer.say(0, "0100", "Dialog beendet.")
        elif "HKIDN" in by_kind:
            self._login(by_kind, confirm, answer)
        elif confirm and confirm.text(2) in ("2", "S"):
            self._confirm(confirm, tan, answer)
        elif not self.open:
            raise Refused("9010", "Es ist noch eine Freigabe offen.")
        else:
            for segment in by_kind.values():
                self._order(segment, confirm, answer)
        return answer

    @property
    def way(self) -> Way:
        """How the user confirms in this dialogue."""
        return next(way for way in self.bank.offered if way.code == self.function)

    # -- login -------------------------------------------------------------

    def _login(self, segments: dict[str, Segment], confirm: Segment | None, answer: Answer) -> None:
        who, what = segments["HKIDN"], segments["HKVVB"]
        self._check_login(who, what)
        self.bank.logins += 1
        synchronize = "HKSYN" in segments
        if what.text(2) != self.bank.parameters:
            answer.say(what.number, "3050", "BPD nicht mehr aktuell.")
            self._parameters(answer, what.number)
        if synchronize:
            answer.add("HISYN:4", segments["HKSYN"].number, self.bank.new_system())
        codes = [way.code for way in self.bank.offered] or [ONE_STEP]
        answer.say(what.number, "3920", "Zugelassene Verfahren", *codes)
        if self.bank.new_user:
            answer.say(what.number, "3072", "Neue Kennung", self.bank.new_user)
        self._open(who, confirm, answer, alone=synchronize)

    def _check_login(self, who: Segment, what: Segment) -> None:
        bank = self.bank
        if what.text(5) != bank.product:
            raise Refused("9078", "Produkt ist nicht registriert.", end=True)
        if who.text(2, 1) != bank.code:
            raise Refused("9210", "Bankleitzahl unbekannt.", end=True)
        if who.text(3) != bank.customer:
            raise Refused("9210", "Kunden-ID unbekannt.", end=True)
        if who.text(4) != "0" and who.text(4) not in bank.systems:
            raise Refused("9391", "Kundensystem unbekannt.", end=True)

    def _open(self, who: Segment, confirm: Segment | None, answer: Answer, *, alone: bool) -> None:
        """Let the user in, or ask for a TAN first."""
        if self.function == ONE_STEP:
            if self.bank.offered and not alone:
                raise Refused("9075", "Starke Authentifizierung notwendig.", end=True)
        elif not confirm:
            raise Refused("9160", "HKTAN fehlt.", end=True)
        else:
            self._check_medium(confirm)
            self.weak = confirm.text(3) == "HKTAB"
            if not self.weak and self.bank.tan_at == "login" and not self.bank.strong:
                self._ask(confirm, who, answer)
                return
            answer.say(confirm.number, "3076", "Keine starke Authentifizierung erforderlich.")
            answer.add("HITAN:7", confirm.number, "4", None, "noref", "nochallenge")
        self._welcome(answer, who.number)

    def _check_medium(self, confirm: Segment) -> None:
        if confirm.text(2) != "4" or confirm.text(3) not in ("HKIDN", "HKTAB"):
            raise Refused("9110", "HKTAN passt nicht zur Anmeldung.", end=True)
        if self.way.media > 1 and confirm.text(3) != "HKTAB" and confirm.text(12) != "Handy":
            raise Refused("9210", "TAN-Medium unbekannt.", end=True)

    def _welcome(self, answer: Answer, about: int) -> None:
        self.open = True
        answer.say(about, "0020", "Dialoginitialisierung erfolgreich.")
        answer.add("HIUPA:4", about, self.bank.user, "3", "0")
        for account in self.bank.accounts:
            answer.add(
                "HIUPD:6",
                about,
                (account.number, "", "280", self.bank.code),
                account.iban,
                self.bank.customer,
                "1",
                "EUR",
                account.owner,
                None,
                account.product,
            )

    def _parameters(self, answer: Answer, about: int) -> None:
        bank = self.bank
        name = "Testbank für Händler"
        answer.add(
            "HIBPA:3", about, bank.parameters, ("280", bank.code), name, "1", "1", "300", "500"
        )
        answer.add("HISPAS:1", about, "1", "1", "1", ("J", "J", "N"))
        answer.add("HITABS:4", about, "1", "1", "1")
        if bank.form == "camt":
            answer.add("HICAZS:1", about, "1", "1", "1", ("365", "J", "N", CAMT))
        else:
            storage = ("365", "J") if bank.kaz_version == 5 else ("365", "J", "N")
            more = ("1",) if bank.kaz_version > 5 else ()
            answer.add(f"HIKAZS:{bank.kaz_version}", about, "1", "1", *more, storage)
        ways = [part for way in bank.offered for part in self._way(way)]
        answer.add("HITANS:7", about, "1", "1", "1", ("N", "N", "0", *ways))
        wanted = "J" if bank.tan_at == "order" else "N"
        needed = [part for kind in ("HKKAZ", "HKCAZ") for part in (kind, wanted)]
        answer.add("HIPINS:1", about, "1", "1", "1", ("5", "20", "6", "", "", *needed))

    @staticmethod
    def _way(way: Way) -> tuple[str, ...]:
        zka = "Decoupled" if way.decoupled else "HHD"
        medium = ("2", "N", str(way.media)) if way.media else ("0", "N", "0")
        poll = ("60", "5", "2", "J", "J") if way.decoupled else ("", "", "", "", "")
        return (
            *(way.code, "2", way.tech, zka, "1.4", way.name, "6", "1", "TAN", "999"),
            *("N", "1", "N", "0", "0", "N", "J", "00"),
            *(*medium, *poll),
        )

    # -- confirming --------------------------------------------------------

    def _ask(self, confirm: Segment, order: Segment, answer: Answer) -> None:
        self.reference, self.waiting = secrets.token_hex(8), order
        code = "3955" if self.way.decoupled else "0030"
        answer.say(confirm.number, code, "Freigabe erforderlich.")
        challenge = self.way.challenge if self.bank.shows_challenge else None
        elements = ["4", None, self.reference, challenge, self.way.data or None]
        answer.add("HITAN:7", confirm.number, *elements)

    def _confirm(self, confirm: Segment, tan: str, answer: Answer) -> None:
        order, process = self.waiting, confirm.text(2)
        if not order or confirm.text(6) != self.reference:
            raise Refused("9210", "Auftragsreferenz unbekannt.", end=True)
        if (process == "S") != self.way.decoupled:
            raise Refused("9110", "Prozess passt nicht zum Verfahren.", end=True)
        if process == "S" and not self.bank.confirmed:
            answer.say(confirm.number, "3956", "Freigabe steht aus.")
            answer.add("HITAN:7", confirm.number, "S", None, self.reference)
            return
        if process == "2" and tan != self.bank.tan:
            raise Refused("9941", "TAN falsch.", end=True)
        self.waiting, self.bank.strong = None, True
        answer.say(confirm.number, "0020", "Auftrag ausgefuehrt.")
        answer.add("HITAN:7", confirm.number, process, None, self.reference)
        if order.kind == "HKIDN":
            self._welcome(answer, confirm.number)
        else:
            self._execute(order, answer, confirm.number)

    # -- orders ------------------------------------------------------------

    def _order(self, segment: Segment, confirm: Segment | None, answer: Answer) -> None:
        self.bank.orders.append(segment.kind)
        if self.weak and segment.kind != "HKTAB":
            raise Refused("9010", "Nur fuer TAN-Medien eroeffnet.")
        statement = segment.kind in ("HKKAZ", "HKCAZ")
        if statement and self.bank.tan_at == "order":
            if not confirm or confirm.text(3) != segment.kind:
                raise Refused("9010", "HKTAN zum Auftrag fehlt.")
            if not self.bank.strong:
                self._ask(confirm, segment, answer)
                return
        self._execute(segment, answer, segment.number)

    def _execute(self, segment: Segment, answer: Answer, about: int) -> None:
        if segment.kind == "HKTAB":
            media = [("M", "1", *[""] * 14, name) for name in ("Handy", "Altes Handy")]
            answer.add("HITAB:4", about, "0", *(self._medium(name[-1]) for name in media))
        elif segment.kind == "HKSPA":
            accounts = [
                ("J", a.iban, a.bic, a.number, "", "280", self.bank.code)
                for a in self.bank.accounts
            ]
            answer.add("HISPA:1", about, *accounts)
        elif segment.kind == "HKKAZ":
            self._statement_mt940(segment, answer, about)
        elif segment.kind == "HKCAZ":
            self._statement_camt(segment, answer, about)
        else:
            raise Refused("9010", f"{segment.kind} wird nicht unterstuetzt.")

    @staticmethod
    def _medium(name: str) -> tuple[str, ...]:
        # class, status, card (3), account (4), valid (2), list, name
        return ("M", "1", *[""] * 3, *[""] * 4, *[""] * 2, "", name)

    def _statement_mt940(self, segment: Segment, answer: Answer, about: int) -> None:
        if segment.version != self.bank.kaz_version:
            raise Refused("9110", "Segmentversion nicht angeboten.")
        account = self._account(segment.text(2, 0))
        pages = mt940(account, self._days(account, segment, 4), self.bank.code)
        if pages and self.bank.torn:
            whole = b"".join(pages)
            pages = [whole[at : at + 301] for at in range(0, len(whole), 301)]
        for page in self._page(pages, segment.text(7), answer, about):
            answer.add(f"HIKAZ:{self.bank.kaz_version}", about, page)

    def _statement_camt(self, segment: Segment, answer: Answer, about: int) -> None:
        if segment.text(3, 0) != CAMT:
            raise Refused("9110", "Datenformat nicht angeboten.")
        account = self._account(segment.text(2, 0))
        pages = camt(account, self._days(account, segment, 5))
        if days := self._page(pages, segment.text(8), answer, about):
            answer.add("HICAZ:1", about, (account.iban, account.bic), CAMT, list(days))

    def _account(self, name: str) -> BankAccount:
        for account in self.bank.accounts:
            if name in (account.iban, account.number):
                return account
        raise Refused("9210", "Konto unbekannt.")

    def _days(self, account: BankAccount, segment: Segment, element: int) -> list:  # type: ignore[type-arg]
        start, end = (
            datetime.strptime(segment.text(place), "%Y%m%d").date() if segment.text(place) else day
            for place, day in ((element, date.min), (element + 1, date.max))
        )
        if not segment.text(element + 3):
            self.bank.asked.append((start, end))
        return account.between(start, end)

    def _page(self, pages: list[bytes], further: str, answer: Answer, about: int) -> list[bytes]:
        """Return a part of the answer, and say where it goes on."""
        start = int(further.removeprefix("weiter?")) if further else 0
        end = start + self.bank.days_a_page
        if not pages:
            answer.say(about, "3010", "Es liegen keine Umsaetze vor.")
        else:
            answer.say(about, "0020", "Auftrag ausgefuehrt.")
        if end < len(pages) or self.bank.endless:
            answer.say(about, "3040", "Es liegen weitere vor.", f"weiter?{end}")
        found = pages[start:end]
        if self.bank.form != "camt":
            return [b"".join(found)] if found else []
        return found
