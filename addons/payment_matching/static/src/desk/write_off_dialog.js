import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus } from "@web/core/utils/hooks";
import { fullDay, money } from "./desk_text";

/** Giving up a difference, or booking a payment without a document on an account. */
export class WriteOffDialog extends Component {
    static template = "payment_matching.WriteOffDialog";
    static components = { Dialog };
    static props = { close: Function, desk: Object, line: Object };

    setup() {
        this.line = this.props.line;
        this.state = useState({ account: "", label: "", offer: null });
        useAutofocus();
        onWillStart(() => this.load());
    }

    async load() {
        const proposal = this.proposal;
        const offer = await this.props.desk.call("write_off_offer", [
            this.line.id,
            proposal ? proposal.id : false,
        ]);
        this.state.offer = offer;
        this.state.account = offer.account || "";
    }

    get proposal() {
        return this.line.proposals[this.line.chosen];
    }

    get title() {
        return _t("Write off");
    }

    get sentence() {
        const { offer } = this.state;
        const values = {
            amount: money(Math.abs(offer.amount), this.line.currency),
            numbers: this.proposal?.documents.map((document) => document.number).join(", "),
        };
        const sentences = {
            short: _t("%(numbers)s is paid in full; the missing %(amount)s are written off.", values),
            over: _t("%(numbers)s is paid; the %(amount)s too much are booked as income.", values),
            whole: _t("The payment pays no document; %(amount)s are booked on the account below.", values),
            even: _t("Payment and document are equal: there is nothing to write off.", values),
        };
        return sentences[offer.kind];
    }

    get canConfirm() {
        const { offer, account } = this.state;
        return offer && offer.kind !== "even" && (account || offer.kind !== "whole");
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && !ev.ctrlKey) {
            ev.preventDefault();
            this.confirm();
        }
    }

    confirm() {
        if (this.canConfirm) {
            const account = Number(this.state.account) || false;
            this.props.desk.writeOff(this.line, { account, label: this.state.label });
            this.props.close();
        }
    }

    money(amount) {
        return money(amount, this.line.currency);
    }

    fullDay(value) {
        return fullDay(value);
    }
}
