"""Bookings that belong to no open document: nothing may be proposed."""

from typing import Any

import names
import texts
from maker import Draft, Maker, case
from world import Partner

SUPPLIERS = (
    "Bürobedarf Böttcher AG",
    "DHL Paket GmbH",
    "Hetzner Online GmbH",
    "Deutsche Telekom AG",
)
SUPPLIERS += ("Stadtwerke Würzburg", "Packmittel Südwest KG", "REWE Markt", "Google Ireland Ltd.")
OFFICES = ("Finanzamt Nürnberg", "Bundeskasse Trier", "AOK Bayern", "Techniker Krankenkasse", "IHK")
INSURERS = ("Allianz Versicherungs-AG", "HUK-COBURG", "R+V Allgemeine Versicherung")
OURS = "Muster Handels GmbH"


def _none(payment: dict[str, Any], **more: str) -> list[Draft]:
    return [Draft(payment | more)]


def _amount(maker: Maker, tempting: float = 0.3) -> int:
    """Any amount; now and then exactly that of some open document."""
    item = maker.world.pick()
    return item.cents if item and maker.rng.random() < tempting else maker.world.price()[0]


@case
def paid_twice(maker: Maker) -> list[Draft]:
    """A document that is paid already."""
    item, rng = maker.world.pick(state="paid"), maker.rng
    if not item or any(i.cents == item.cents for i in maker.world.open(item.partner, fresh=False)):
        return []
    number = item.number if rng.random() < 0.8 else texts.rewritten(rng, item.number)
    text = maker.words(number, item.partner, [item])
    return _none(maker.bank(item.cents, text, partner=item.partner, items=[item]))


@case
def unknown_document(maker: Maker) -> list[Draft]:
    """A number of one of our schemes that is not in the list, from a customer or a stranger."""
    rng, world = maker.rng, maker.world
    like = rng.choice(world.items)
    kind = rng.choice(("order", "invoice", "shop"))
    number = world.next_number(rng.choice(world.schemes[kind]), like.date)
    if rng.random() < 0.3:
        number = number.replace("2026", "2024")
    partner = rng.choice(world.partners) if rng.random() < 0.4 else None
    amount = _amount(maker, 0.2)
    if partner and any(i.cents == amount for i in world.by_partner[partner.id]):
        return []
    return _none(maker.bank(amount, maker.words(number, partner, []), partner=partner))


@case
def other_system(maker: Maker) -> list[Draft]:
    """A document of another firm or program: numbers that are none of ours."""
    rng = maker.rng
    number = rng.choice(
        (
            f"V-{rng.randint(10, 99)}/{rng.randint(100, 999)}",
            f"{rng.randint(10**8, 10**9)}",
            f"KFZ {rng.randint(100, 9999)}",
            f"MV{rng.randint(10**4, 10**6)}",
            f"{rng.randint(1, 300)}",
            "",
        )
    )
    return _none(maker.bank(_amount(maker), maker.words(number, None, [])))


@case
def other_income(maker: Maker) -> list[Draft]:
    rng = maker.rng
    name, text = rng.choice(
        (
            ("Finanzamt Nürnberg", "UMS.ST 09/26 STEUERNR 241/123/45678 ERSTATTUNG"),
            ("Stadtwerke Würzburg", f"Guthaben Abrechnung Kd {rng.randint(10**5, 10**7)}"),
            ("Vermietung Keller", "Kaution Rueckzahlung"),
            ("Bundesagentur für Arbeit", f"Kug Stamm-Nr. D{rng.randint(10**4, 10**6)}"),
            (maker.stranger(), "Privateinlage"),
            (
                maker.stranger(),
                rng.choice(("Miete Stellplatz", "Spende", "fuer Grillfest", "Danke")),
            ),
            ("HUK-COBURG", f"Schaden {rng.randint(10, 99)}-{rng.randint(10**6, 10**7)}-X"),
            ("AOK Bayern", "AAG Erstattung U1 Betr.Nr. 12345678"),
        )
    )
    return _none(maker.bank(_amount(maker, 0.15), text, name=name))


@case
def card_settlement(maker: Maker) -> list[Draft]:
    rng, number = maker.rng, maker.rng.randint(10**7, 10**8)
    name = rng.choice(("TeleCash GmbH", "Nexi Germany GmbH", "SumUp Payments", "Klarna Bank AB"))
    text = f"Kartenumsaetze {rng.randint(1, 28)}.11.26 VU {number} ABR {rng.randint(100, 9999)}"
    return _none(maker.bank(_amount(maker, 0.05) * 3 + 17, text, name=name, code="159"))


@case
def marketplace_payout(maker: Maker) -> list[Draft]:
    rng = maker.rng
    name, text = rng.choice(
        (
            ("AMAZON PAYMENTS EUROPE S.C.A.", f"{rng.randint(10**10, 10**11)} AMZN.COM.DE payout"),
            ("eBay S.a r.l.", f"P.{rng.randint(10**9, 10**10)} eBay Auszahlung"),
        )
    )
    return _none(maker.bank(_amount(maker, 0) * 9 + 31, text, name=name))


@case
def paypal_to_bank(maker: Maker) -> list[Draft]:
    text = f"PP.{maker.rng.randint(1000, 9999)}.PP . {OURS}, Abbuchung vom PayPal-Konto"
    name = "PayPal (Europe) S.a r.l. et Cie, S.C.A."
    return _none(maker.bank(_amount(maker, 0.1), text, name=name))


@case
def refund_out(maker: Maker) -> list[Draft]:
    """We pay back, with our own number in the text."""
    rng, world = maker.rng, maker.world
    item = rng.choice(world.items)
    cents = item.cents if rng.random() < 0.6 else max(100, item.cents // 3)
    word = rng.choice(("Gutschrift", "Erstattung", "Ruecksendung", "Storno"))
    text = f"{word} {item.number} {item.shop_order_no}"
    return _none(maker.bank(-cents, text, partner=item.partner, items=[item]))


@case
def supplier_out(maker: Maker) -> list[Draft]:
    """Their numbers look like ours."""
    rng, world = maker.rng, maker.world
    name = rng.choice((*SUPPLIERS, names.company(rng)))
    number = rng.choice((world.rng.choice(world.items).number, f"{rng.randint(10**5, 10**8)}"))
    text = f"Rechnung {number} Kd-Nr {rng.randint(1000, 99999)}"
    return _none(maker.bank(-_amount(maker), text, name=name))


@case
def returned(maker: Maker) -> list[Draft]:
    """A debit the customer's bank took back."""
    rng = maker.rng
    item = rng.choice(maker.world.items)
    reason = rng.choice(
        ("MANGELS DECKUNG", "WIDERSPRUCH", "KONTO ERLOSCHEN", "AC04", "MD06", "MS03")
    )
    text = f"RUECKLASTSCHRIFT {reason} {item.number} ENTGELT 3,00 EUR"
    code = "PMNT-IDDT-UPDD" if maker.camt else rng.choice(("109", "108", "181"))
    payment = maker.bank(-item.cents - rng.choice((0, 300)), text, partner=item.partner, code=code)
    return _none(payment)


@case
def our_transfer_returned(maker: Maker) -> list[Draft]:
    """Money we sent comes back: a plus that is no payment, though our number is in it."""
    rng = maker.rng
    item = rng.choice(maker.world.items)
    text = rng.choice(
        (
            "RETOURE SEPA-UEBERWEISUNG vom 12.11.2026 Konto erloschen SVWZ+Gutschrift {}",
            "Rueckueberweisung / AC01 IBAN fehlerhaft Erstattung {}",
            "SEPA-RUECKUEBERWEISUNG GRUND: AC04 CLOSED ACCOUNT NUMBER ERSTATTUNG {}",
        )
    ).format(item.number)
    code = "PMNT-ICDT-RRTN" if maker.camt else "159"
    return _none(maker.bank(item.cents, text, partner=item.partner, code=code))


@case
def fee(maker: Maker) -> list[Draft]:
    rng = maker.rng
    text = rng.choice(
        (
            f"ENTGELT {rng.randint(1, 300)} BUCHUNGSPOSTEN VOM 30.10.26",
            "Kontofuehrung Oktober 2026",
            "Entgelt Kartenzahlung",
            "Abschluss per 30.10.2026 Anlage 1",
        )
    )
    code = "PMNT-MCOP-CHRG" if maker.camt else rng.choice(("808", "805"))
    return _none(maker.bank(-rng.randint(20, 4900), text, name=" ", account="", code=code))


@case
def own_transfer(maker: Maker) -> list[Draft]:
    rng = maker.rng
    sign = rng.choice((1, -1))
    text = rng.choice(("Umbuchung", "Uebertrag Tagesgeld", "Liquiditaet", "Ausgleich 11/2026"))
    return _none(maker.bank(sign * rng.choice((100000, 250000, 500000, 12345)), text, name=OURS))


@case
def salary(maker: Maker) -> list[Draft]:
    text = maker.rng.choice(("Gehalt 11/2026", "Lohn November", "Minijob Pers.Nr. 00017"))
    code = "" if maker.camt else "153"
    partner: Partner | None = None
    if maker.rng.random() < 0.1:  # an employee who is a customer too
        partner = maker.rng.choice(maker.world.partners)
    return _none(maker.bank(-maker.rng.randint(52000, 380000), text, partner=partner, code=code))


@case
def rent(maker: Maker) -> list[Draft]:
    text = "Miete Lager 11/2026 Objekt 4711 Vertrag 2019-00123"
    return _none(maker.bank(-185000, text, name="Immobilien Köhler KG", code="008"))


@case
def tax_office(maker: Maker) -> list[Draft]:
    text = f"USt-VA {maker.rng.randint(1, 12):02}.2026 STNR 241/123/45678"
    return _none(maker.bank(-_amount(maker), text, name=maker.rng.choice(OFFICES)))


@case
def insurance(maker: Maker) -> list[Draft]:
    rng = maker.rng
    text = f"Beitrag VNR {rng.randint(10**7, 10**9)} 01.11.26-31.10.27"
    return _none(maker.bank(-_amount(maker), text, name=rng.choice(INSURERS), code="105"))


@case
def loan(maker: Maker) -> list[Draft]:
    text = f"Darl.-Leistung {maker.rng.randint(10**9, 10**10)} Tilgung 800,00 Zinsen 112,33"
    return _none(maker.bank(-91233, text, name="KfW Bankengruppe"))


@case
def paypal_event(maker: Maker) -> list[Draft]:
    """Rows of the payment service that are no payment to us."""
    rng, world = maker.rng, maker.world
    item = rng.choice(world.items)
    code, sign, about = rng.choice(
        (
            ("T0400", -1, False),
            ("T0403", -1, False),
            ("T0300", 1, False),
            ("T1107", -1, True),
            ("T1107", -1, True),
            ("T1106", -1, True),
            ("T1110", -1, True),
            ("T1111", 1, True),
            ("T0200", 1, False),
            ("T0200", -1, False),
            ("T0106", -1, True),
            ("T0107", -1, True),
            ("T1201", -1, True),
            ("T1202", 1, True),
            ("T1205", 1, True),
            ("T1108", 1, True),
            ("T0003", -1, False),
            ("T1500", -1, False),
            ("T2102", 1, False),
            ("T1300", 1, True),
        )
    )
    payment = maker.paypal(
        sign * (item.cents if about or rng.random() < 0.3 else _amount(maker)),
        code,
        name=maker.payer(item.partner) if about and rng.random() < 0.6 else "",
        reference_id="".join(rng.choice("0123456789ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(17)),
        invoice_id=(item.shop_order_no or item.number) if about and rng.random() < 0.7 else "",
        payer_email=item.partner.email if about else "",
    )
    return _none(payment)


@case
def paypal_unknown(maker: Maker) -> list[Draft]:
    """Paid through PayPal for an order of another system, or one that was cancelled."""
    rng, world = maker.rng, maker.world
    name = maker.stranger()
    number = world.next_number(rng.choice(world.schemes["shop"]), world.items[0].date)
    return _none(
        maker.paypal(
            _amount(maker),
            rng.choice(("T0006", "T0000")),
            name=name,
            payer_email=names.email(rng, name),
            invoice_id=rng.choice((number, "", f"WC-{rng.randint(1000, 99999)}")),
        )
    )
