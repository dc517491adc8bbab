import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { fullDay, money } from "./desk_text";

/** Which earlier payment does this one take back? */
export class ReturnDialog extends Component {
    static template = "payment_matching.ReturnDialog";
    static components = { Dialog };
    static props = { close: Function, desk: Object, line: Object };

    setup() {
        this.line = this.props.line;
        this.state = useState({ text: "", found: [], at: 0, looking: true });
        this.asked = 0;
        useAutofocus();
        this.searchSoon = useDebounced(() => this.search(), 200);
        onWillStart(() => this.search());
    }

    get title() {
        return _t("Which payment is taken back?");
    }

    async search() {
        const asked = ++this.asked;
        this.state.looking = true;
        const found = await this.props.desk.call("originals", [this.line.id, this.state.text]);
        if (asked === this.asked) {
            Object.assign(this.state, { found, at: 0, looking: false });
        }
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
        } else if (ev.key === "Enter" && !ev.ctrlKey) {
            ev.preventDefault();
            this.choose(this.state.found[this.state.at]);
        }
    }

    choose(original = this.state.found[this.state.at]) {
        if (original) {
            this.props.desk.returned(this.line, original);
            this.props.close();
        }
    }

    numbers(original) {
        const documents = original.done.map((entry) => entry.document).filter(Boolean);
        return documents.map((document) => document.number).join(", ");
    }

    money(amount) {
        return money(amount, this.line.currency);
    }

    fullDay(value) {
        return fullDay(value);
    }
}
