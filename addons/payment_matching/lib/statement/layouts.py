"""How the banks name the columns of their CSV files.

One list of names for each thing, instead of one layout for each bank: banks change their layouts
more often than their words. The first name that a file has counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

PENDING = frozenset(
    {"vorgemerkt", "umsatzvorgemerkt", "pending", "offen", "ausstehend", "reserviert", "vormerkung"}
)
"""What a row says in its column of state (or instead of its date) that is not booked yet."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "date": (
        "buchungstag", "buchungsdatum", "buchung", "bookingdate", "dateoperation", "boekingsdatum",
        "bookedon", "completeddate", "datum", "date", "transactiondate", "bookedat",
    ),
    "value_date": (
        "valutadatum", "wertstellungstag", "wertstellungsdatum", "wertstellungvaluta",
        "wertstellung", "valuta", "wert", "valuedate",
    ),
    "amount": (
        "betragineur", "betrageur", "betrag", "umsatzineur", "umsatz", "brutto", "gross", "amount",
        "amounteur", "amountineur", "bedrag", "buchungsbetrag",
    ),
    "credit": ("haben", "gutschrift", "credit", "eingang", "einzahlung", "habeneur"),
    "debit": ("soll", "lastschrift", "debit", "ausgang", "auszahlung", "solleur", "belastung"),
    "sign": ("sollhaben", "sh", "sollhabenkennzeichen", "afbij", "creditdebit"),
    "currency": ("waehrung", "wahrung", "currency", "whrg", "kontowaehrung", "valutaiso"),
    "payer_name": (
        "beguenstigterzahlungspflichtiger", "namezahlungsbeteiligter", "auftraggeberbeguenstigter",
        "beguenstigterauftraggeber", "auftraggeberempfaenger", "empfaengerauftraggeber",
        "senderempfaenger", "zahlungspflichtiger", "zahlungspflichtigerr", "auftraggeber",
        "partnername", "payee", "name", "gegenkontoname", "kontoinhabergegenkonto", "counterparty",
        "namezahlungspartner", "zahlungspartner", "empfaenger1", "empfaenger",
    ),
    "payee_name": ("zahlungsempfaengerin", "zahlungsempfaenger"),
    "payer_iban": (
        "ibanzahlungsbeteiligter", "kontonummeriban", "ibankontonummer", "partneriban",
        "ibankontonr", "ibanauftraggeberbeguenstigter", "gegeniban", "ibangegenkonto",
        "accountnumber", "kontonummer", "iban", "tegenrekening",
    ),
    "payer_bic": (
        "bicswiftcode", "bicswiftcodezahlungsbeteiligter", "biczahlungsbeteiligter", "bic", "blz",
    ),
    "payer_email": ("absenderemailadresse", "fromemailaddress", "vonemailadresse"),
    "remittance": (
        "verwendungszweck", "verwendungszweckzeile1", "paymentreference", "reference",
        "zahlungsreferenz", "betreff", "subject", "remittanceinformation", "vwz", "description",
        "buchungsdetails", "mededelingen", "buchungstext", "hinweis",
    ),
    "end_to_end_id": ("kundenreferenzendtoend", "endtoendreferenz", "kundenreferenz", "endtoendid"),
    "mandate_id": ("mandatsreferenz", "mandatereference"),
    "creditor_id": ("glaeubigerid", "glaubigerid", "creditorid"),
    "bank_reference": ("transaktionscode", "transactionid", "buchungsreferenz", "umsatzid"),
    "reference_id": ("zugehoerigertransaktionscode", "referencetxnid"),
    "invoice_id": ("rechnungsnummer", "invoicenumber"),
    "fee": ("gebuehr", "entgelt", "fee"),
    "account": (
        "auftragskonto", "ibanauftragskonto", "ibankontoinhaber", "ibanauftraggeberkonto",
        "auftraggeberkonto", "ibandesauftraggeberkontos", "kontoiban", "iban/bban",
    ),
    "state": ("info", "status", "umsatzstatus", "buchungsstatus"),
}  # fmt: skip

_FOREIGN = frozenset({"originalcurrency", "originalamount"})


def plain(heading: str) -> str:
    """Return a heading's letters and digits: ``Betrag (€)`` is ``betrag``."""
    text = heading.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    text = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return re.sub(r"[^a-z0-9]", "", text)


def recognised(headings: list[str]) -> dict[str, str]:
    """Return the headings that are known, by what they hold."""
    places: dict[str, str] = {}
    for heading in headings:
        if plain(heading) not in _FOREIGN:
            places.setdefault(plain(heading), heading)
    found: dict[str, str] = {}
    for field, names in NAMES.items():
        name = next((name for name in names if name in places), None)
        if name is not None and places[name] not in found.values():
            found[field] = places[name]
    return found
