import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { fullDay, money } from "./desk_text";

/** Searching something for a payment, and going through what is found with the arrow keys. */
export class SearchDialog extends Component {
    static components = { Dialog };
    static props = { close: Function, desk: Object, line: Object };

    /** The server's method that searches; the ids of the found ones on the screen begin with. */
    static method = "";
    static option = "";

    setup() {
        this.line = this.props.line;
        this.state = useState({ text: "", found: [], at: 0, looking: true, ...this.more });
        this.asked = 0;
        useAutofocus();
        this.searchSoon = useDebounced(() => this.search(), 200);
        onWillStart(() => this.search());
    }

    /** What else a dialog has to know. */
    get more() {
        return {};
    }

    get current() {
        return this.state.found[this.state.at];
    }

    async search() {
        const asked = ++this.asked;
        this.state.looking = true;
        const found = await this.props.desk.call(this.constructor.method, [
            this.line.id,
            this.state.text,
        ]);
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
            const option = document.getElementById(`${this.constructor.option}${this.state.at}`);
            option?.scrollIntoView({ block: "nearest" });
        } else if (ev.key === "Enter" && !ev.ctrlKey) {
            ev.preventDefault();
            this.enter();
        }
    }

    /** What the Enter key does. */
    enter() {}

    money(amount, currency = this.line.currency) {
        return money(amount, currency);
    }

    fullDay(value) {
        return fullDay(value);
    }
}
