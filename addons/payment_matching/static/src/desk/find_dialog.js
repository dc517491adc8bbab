import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
import { useAutofocus } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { parseMonetary } from "@web/views/fields/parsers";
import { cents, DOCUMENTS, excerpt, fullDay, isZero, money } from "./desk_text";

/** Finding documents for a payment by hand; several share it, with the rest always in view. */
export class FindDialog extends Component {
    static template = "payment_matching.FindDialog";
    static components = { Dialog };
    static props = { close: Function, desk: Object, line: Object };

    setup() {
        this.line = this.props.line;
        this.state = useState({ text: "", found: [], at: 0, chosen: [], keep: true, looking: true });
        this.asked = 0;
        useAutofocus();
        this.searchSoon = useDebounced(() => this.search(), 200);
        onWillStart(() => this.search());
    }

    get title() {
        return _t("Which document is paid?");
    }

    get parts() {
        return excerpt(this.line.text, []);
    }

    get sum() {
        return cents(this.state.chosen.reduce((sum, { amount }) => sum + (amount || 0), 0));
    }

    /** What is left of the payment; positive whichever way the money went. */
    get rest() {
        return cents(Math.abs(this.line.rest) - this.sum);
    }

    get hasRest() {
        return !isZero(this.rest);
    }

    get isTooMuch() {
        return this.rest < 0 && this.hasRest;
    }

    get canConfirm() {
        const amounts = this.state.chosen.map((entry) => entry.amount);
        return amounts.length && !this.isTooMuch && amounts.every((amount) => amount > 0);
    }

    get remainder() {
        return this.state.chosen.map((entry) => ({
            entry,
            left: cents(entry.document.open - (entry.amount || 0)),
        }));
    }

    async search() {
        const asked = ++this.asked;
        this.state.looking = true;
        const found = await this.props.desk.call("search_documents", [this.line.id, this.state.text]);
        if (asked === this.asked) {
            Object.assign(this.state, { found, at: 0, looking: false });
        }
    }

    keyOf(document) {
        return `${document.model} ${document.id}`;
    }

    isChosen(document) {
        return this.state.chosen.some(
            (entry) => this.keyOf(entry.document) === this.keyOf(document)
        );
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        this.searchSoon();
    }

    onKeydown(ev) {
        const steps = { ArrowDown: 1, ArrowUp: -1 };
        if (ev.key in steps) {
            ev.preventDefault();
            const at = this.state.at + steps[ev.key];
            this.state.at = Math.max(0, Math.min(at, this.state.found.length - 1));
            document.getElementById(`o_pm_found_${this.state.at}`)?.scrollIntoView({
                block: "nearest",
            });
        } else if (ev.key === "Enter" && !ev.ctrlKey) {
            ev.preventDefault();
            this.enter();
        }
    }

    /** The first Enter takes the document, the next one confirms. */
    enter() {
        const document = this.state.found[this.state.at];
        if (document && !this.isChosen(document)) {
            this.take(document);
        } else {
            this.confirm();
        }
    }

    toggle(document, at) {
        this.state.at = at;
        if (this.isChosen(document)) {
            this.remove(document);
        } else {
            this.take(document);
        }
    }

    take(document) {
        const amount = Math.max(Math.min(document.open, this.rest), 0);
        this.state.chosen.push({ document, amount: cents(amount), text: this.written(amount) });
    }

    remove(document) {
        const gone = this.keyOf(document);
        this.state.chosen = this.state.chosen.filter(
            (entry) => this.keyOf(entry.document) !== gone
        );
    }

    written(amount) {
        return formatFloat(amount, { digits: [16, 2] });
    }

    onAmount(entry, ev) {
        entry.text = ev.target.value;
        try {
            entry.amount = cents(parseMonetary(entry.text));
        } catch {
            entry.amount = 0;
        }
    }

    onAmountKey(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.confirm();
        }
    }

    confirm() {
        if (!this.canConfirm) {
            return;
        }
        const targets = this.state.chosen.map(({ document, amount }) => ({
            model: document.model,
            id: document.id,
            amount,
        }));
        this.props.desk.confirmTargets(this.line, targets, this.hasRest && this.state.keep);
        this.props.close();
    }

    kindOf(document) {
        return DOCUMENTS[document.kind] || "";
    }

    fits(document) {
        return isZero(document.open - Math.abs(this.line.rest));
    }

    money(amount, currency = this.line.currency) {
        return money(amount, currency);
    }

    fullDay(value) {
        return fullDay(value);
    }
}
