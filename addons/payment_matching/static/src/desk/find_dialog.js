import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
import { parseMonetary } from "@web/views/fields/parsers";
import { cents, DOCUMENTS, isZero } from "./desk_text";
import { SearchDialog } from "./search_dialog";

/** Finding documents for a payment by hand; several share it, with the rest always in view. */
export class FindDialog extends SearchDialog {
    static template = "payment_matching.FindDialog";
    static method = "search_documents";
    static option = "o_pm_found_";

    get more() {
        return { chosen: [], keep: true };
    }

    get title() {
        return _t("Which document is paid?");
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

    keyOf(document) {
        return `${document.model} ${document.id}`;
    }

    isChosen(document) {
        return this.state.chosen.some(
            (entry) => this.keyOf(entry.document) === this.keyOf(document)
        );
    }

    /** The first Enter takes the document, the next one confirms. */
    enter() {
        const document = this.current;
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
}
