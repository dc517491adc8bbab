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
        this.state = useState({ account: "", label: "", offer: null, whole: !this.best });
        useAutofocus();
        onWillStart(async () => {
            await this.load();
            if (this.state.offer.kind === "even") {
                await this.load(true);
            }
        });
    }

    /** What would be written off: a difference, or the whole payment. */
    async load(whole = this.state.whole) {
        this.state.whole = whole;
        const offer = await this.props.desk.call("write_off_offer", [
            this.line.id,
            this.proposal ? this.proposal.id : false,
        ]);
        this.state.offer = offer;
        this.state.account = offer.account || "";
    }

    get best() {
        return this.line.proposals[this.line.chosen];
    }

    get proposal() {
        return this.state.whole ? undefined : this.best;
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
        };
        return sentences[offer.kind];
    }

    get canConfirm() {
        const { offer, account } = this.state;
        return offer && (account || offer.kind !== "whole");
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
            const { label, whole } = this.state;
            this.props.desk.writeOff(this.line, { account, label, whole });
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
