"""What kind of seller it is: number schemes, customers, prices, habits, proportions of noise."""

from dataclasses import dataclass, field

# {n} counts up, {y} the year, {m} the month, {d} random digits as many as the number says.
SHOP = ("{g}", "{d3}-{d7}-{d7}", "{d2}-{d5}-{d5}")

WITH_TARGET_A = {
    "clean": 13,
    "shop_number": 5,
    "rewritten": 7,
    "wrapped": 6,
    "typo": 6,
    "buried": 3,
    "end_to_end": 2,
    "customer_no": 2,
    "name_only": 4,
    "umlaut_name": 3,
    "known_account": 2,
    "shared_account": 1.5,
    "wrong_method": 2,
    "several": 4,
    "number_range": 1,
    "several_unnumbered": 2.5,
    "all_open": 2.5,
    "part": 2.5,
    "two_payments": 1,
    "discount": 1.5,
    "discount_grace": 0.6,
    "discount_late": 0.6,
    "discount_untold": 0.6,
    "cents": 1.5,
    "shipping_left_out": 1,
    "overpaid": 1.5,
    "digits_swapped": 1,
    "twin": 1.2,
    "twin_by_account": 1,
    "other_number": 1.5,
    "other_number_same_amount": 1.5,
    "relative": 3,
    "relative_named": 1,
    "company_for_employee": 0.8,
    "stranger": 0.4,
    "currency": 0.6,
    "paypal_number": 5,
    "paypal_email": 2,
    "paypal_name": 1,
    "paypal_note": 1,
}
WITHOUT_TARGET_A = {
    "paid_twice": 3,
    "unknown_document": 4,
    "other_system": 2,
    "refund_out": 2,
    "supplier_out": 3,
    "returned": 1.5,
    "our_transfer_returned": 0.7,
    "fee": 2,
    "own_transfer": 1.5,
    "salary": 1.5,
    "rent": 0.7,
    "tax_office": 1,
    "insurance": 0.8,
    "loan": 0.7,
    "card_settlement": 1,
    "marketplace_payout": 0.7,
    "other_income": 2,
    "paypal_to_bank": 0.7,
    "paypal_event": 3.5,
    "paypal_unknown": 1.2,
}


@dataclass(frozen=True)
class Profile:
    """A seller. ``weights`` say how often each noise class comes."""

    orders: tuple[str, ...]
    invoices: tuple[str, ...]
    shops: tuple[str, ...]
    customer_no: str
    companies: float  # share of the customers
    regulars: float  # how unevenly the documents are spread over the customers
    customers: float  # how many for each document
    accounts_known: float
    order_share: float
    paid_share: float
    discounts: float
    ends: tuple[int, ...]  # prices end in these cents
    prices: tuple[float, float]  # log-normal: mean and sigma of the logarithm
    phrases: tuple[str, ...]
    weights: dict[str, float] = field(default_factory=dict)


def _changed(**changes: float) -> dict[str, float]:
    return WITH_TARGET_A | WITHOUT_TARGET_A | changes


PROFILES = {
    "a": Profile(  # a web shop: private buyers, prepayment, few documents each
        orders=("S{n:05}", "SO{n:06}", "AB-{y}-{n:06}", "S{n:05}"),
        invoices=("RE/{y}/{n:05}", "INV/{y}/{n:05}", "RE{y}-{n:03}", "{y}-{n:05}"),
        shops=SHOP,
        customer_no="{n:05}",
        companies=0.15,
        regulars=1.3,
        customers=0.51,
        accounts_known=0.3,
        order_share=0.5,
        paid_share=0.12,
        discounts=0.1,
        ends=(90, 95, 99, 0, 50),
        prices=(4.1, 0.8),
        phrases=("short", "plain", "plain", "polite", "office", "foreign"),
        weights=_changed(),
    ),
    "b": Profile(  # a wholesaler: companies, invoices with discount, sums, customer numbers
        orders=("VK{y2}{m:02}{n:04}", "A-{n:06}", "{n:07}"),
        invoices=("{y2}{m:02}-{n:05}", "RG{y2}-{m:02}-{n:04}", "R{n:07}", "FA-{n:05}/{y2}"),
        shops=("WEB-{n:07}", "{g}", "#{n:04}"),
        customer_no="D{n:05}",
        companies=0.8,
        regulars=2.0,
        customers=0.3,
        accounts_known=0.6,
        order_share=0.2,
        paid_share=0.2,
        discounts=0.45,
        ends=tuple(range(100)),
        prices=(5.8, 1.1),
        phrases=("office", "office", "short", "plain", "foreign"),
        weights=_changed(
            clean=10,
            several=9,
            number_range=2,
            several_unnumbered=4,
            all_open=4,
            discount=5,
            discount_grace=2,
            discount_late=2,
            discount_untold=1.5,
            customer_no=4,
            typo=4,
            name_only=2,
            relative=1,
            relative_named=0.4,
            company_for_employee=2,
            part=3.5,
            paypal_number=1.5,
            paypal_email=0.6,
            paypal_name=0.3,
            paypal_note=0.3,
            paypal_event=1,
            supplier_out=6,
            other_income=3,
        ),
    ),
}
