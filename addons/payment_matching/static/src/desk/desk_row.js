import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import {
    difference,
    DOCUMENTS,
    excerpt,
    fullDay,
    isZero,
    KINDS,
    marked,
    money,
    REASONS,
    shortDay,
} from "./desk_text";

/** One payment and, beside it, what it probably pays. */
export class DeskRow extends Component {
    static template = "payment_matching.DeskRow";
    static props = {
        line: Object,
        focused: Boolean,
        pile: String,
        act: Function,
    };

    get line() {
        return this.props.line;
    }

    get proposal() {
        return this.line.proposals[this.line.chosen];
    }

    /** What is shown at the right: the proposal, or what was confirmed. */
    get documents() {
        if (this.isSettled) {
            return this.line.done.map((entry) => entry.document).filter(Boolean);
        }
        return this.proposal ? this.proposal.documents : [];
    }

    /** Nothing is proposed here: what was confirmed, or waits for a second person, is shown. */
    get isSettled() {
        return ["done", "approval"].includes(this.props.pile);
    }

    /** What else than documents a confirmed payment was booked to. */
    get extras() {
        const extras = [];
        for (const entry of this.line.done) {
            if (!entry.document) {
                extras.push([entry.name, entry.amount]);
            }
            if (!isZero(entry.discount)) {
                extras.push([REASONS.discount, entry.discount]);
            }
            if (!isZero(entry.write_off)) {
                extras.push([_t("Written off"), entry.write_off]);
            }
        }
        return extras.map(([name, amount]) => `${name} ${money(amount, this.line.currency)}`);
    }

    get others() {
        return this.props.focused && this.line.proposals.length > 1 && this.isOpen;
    }

    get isOpen() {
        return ["likely", "unclear", "nothing"].includes(this.props.pile);
    }

    get payer() {
        return this.line.payer || _t("Unknown payer");
    }

    get parts() {
        return excerpt(this.line.text, this.proposal?.reasons);
    }

    get fullParts() {
        return marked(this.line.text, this.proposal?.reasons);
    }

    get kind() {
        return KINDS[this.line.kind] || "";
    }

    get chips() {
        const chips = new Map();
        for (const reason of this.proposal ? this.proposal.reasons : []) {
            const against = reason.weight < 0;
            const key = `${reason.kind} ${against}`;
            const texts = [...(chips.get(key)?.texts || []), reason.text];
            const label = REASONS[reason.kind] || REASONS.other;
            chips.set(key, { key, label, against, texts, text: texts.join("\n") });
        }
        // what speaks against it stands first: the end of a long row is cut off
        return [...chips.values()].sort((one, other) => other.against - one.against);
    }

    get difference() {
        return difference(this.proposal);
    }

    get hasRest() {
        return !isZero(this.line.rest) && !isZero(this.line.rest - this.line.amount);
    }

    get label() {
        return _t("%(payer)s, %(amount)s, %(date)s", {
            payer: this.payer,
            amount: money(this.line.amount, this.line.currency),
            date: fullDay(this.line.date),
        });
    }

    get doneBy() {
        const [first] = this.line.done;
        return first ? (first.automatic ? _t("by itself") : first.user) : "";
    }

    percent(proposal) {
        return Math.floor(proposal.confidence * 100 + 1e-6);
    }

    tone(proposal) {
        if (proposal.likely) {
            return "success";
        }
        return proposal.confidence >= 0.5 ? "warning" : "weak";
    }

    open(documents) {
        const sum = documents.reduce((total, document) => total + document.open, 0);
        return documents.length ? money(sum, documents[0].currency) : "";
    }

    customers(documents) {
        return [...new Set(documents.map((document) => document.customer))].join(", ");
    }

    kindOf(document) {
        return DOCUMENTS[document.kind] || "";
    }

    weighs(reason) {
        return reason.weight < 0 ? _t("Speaks against it") : _t("Speaks for it");
    }

    differenceOf(proposal) {
        return difference(proposal);
    }

    money(amount, currency = this.line.currency) {
        return money(amount, currency);
    }

    shortDay(value) {
        return shortDay(value);
    }

    fullDay(value) {
        return fullDay(value);
    }
}
