import { formatCurrency } from "@web/core/currency";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** What a reason says in one word; the whole sentence is its tooltip. */
export const REASONS = {
    number: _t("Number"),
    amount: _t("Amount"),
    discount: _t("Cash discount"),
    sum: _t("Sum of several"),
    part: _t("Part payment"),
    over: _t("Too much"),
    name: _t("Name"),
    account: _t("Known account"),
    email: _t("E-mail"),
    method: _t("Payment method"),
    date: _t("Date"),
    other: _t("Other hint"),
    against: _t("Speaks against it"),
};

export const KINDS = {
    return: _t("Returned"),
    refund: _t("Refund"),
    fee: _t("Fee"),
    transfer: _t("Own transfer"),
    hold: _t("Held"),
    conversion: _t("Currency exchange"),
};

export const DOCUMENTS = {
    order: _t("Order"),
    out_invoice: _t("Invoice"),
    out_refund: _t("Credit note"),
    in_invoice: _t("Bill"),
    in_refund: _t("Vendor credit note"),
};

export function money(amount, currency) {
    return formatCurrency(amount || 0, currency);
}

/** Sums in several currencies: "1,200.00 € + 30.00 $". */
export function moneys(sums) {
    return sums.map(([currency, amount]) => money(amount, currency)).join(" + ");
}

export function fullDay(value) {
    return value ? formatDate(deserializeDate(value)) : "";
}

/** Day and month; the year only where it is another one. */
export function shortDay(value) {
    if (!value) {
        return "";
    }
    const date = deserializeDate(value);
    const parts = { day: "2-digit", month: "2-digit" };
    if (date.year !== DateTime.local().year) {
        parts.year = "2-digit";
    }
    return date.toLocaleString(parts);
}

/** No money is smaller than half a cent: what is left of binary fractions. */
export function isZero(amount) {
    return Math.abs(amount) < 0.005;
}

export function cents(amount) {
    return Math.round(amount * 100) / 100;
}

/** The places of a text that reasons point at, in order and without overlap. */
function places(reasons, length) {
    const found = (reasons || [])
        .filter((reason) => reason.start >= 0 && reason.end > reason.start && reason.start < length)
        .map((reason) => [reason.start, Math.min(reason.end, length)])
        .sort((one, other) => one[0] - other[0]);
    const merged = [];
    for (const [start, end] of found) {
        const last = merged.at(-1);
        if (last && start <= last[1]) {
            last[1] = Math.max(last[1], end);
        } else {
            merged.push([start, end]);
        }
    }
    return merged;
}

/** A text as parts `{text, mark}`; marked is what the reasons found in it. */
export function marked(text, reasons) {
    const parts = [];
    let position = 0;
    for (const [start, end] of places(reasons, text.length)) {
        parts.push({ text: text.slice(position, start), mark: false });
        parts.push({ text: text.slice(start, end), mark: true });
        position = end;
    }
    parts.push({ text: text.slice(position), mark: false });
    return parts.filter((part) => part.text);
}

/** The same on one line, beginning shortly before the first marked place. */
export function excerpt(text, reasons) {
    const parts = marked(text, reasons);
    const first = parts.findIndex((part) => part.mark);
    if (first === 1 && parts[0].text.length > 24) {
        parts[0] = { text: `…${parts[0].text.slice(-18)}`, mark: false };
    }
    return parts.map((part) => ({ ...part, text: part.text.replace(/\s+/g, " ") }));
}

/** Short, over or a cash discount: what of a proposal does not come out even. */
export function difference(proposal) {
    if (!isZero(proposal.difference)) {
        const isShort = proposal.difference < 0;
        return {
            kind: isShort ? "short" : "over",
            amount: Math.abs(proposal.difference),
            label: isShort ? _t("short") : _t("over"),
        };
    }
    if (!isZero(proposal.discount)) {
        return { kind: "discount", amount: Math.abs(proposal.discount), label: _t("discount") };
    }
    return { kind: "even", amount: 0, label: _t("exact") };
}
