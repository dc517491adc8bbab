import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { money, moneys } from "./desk_text";

const UNDO_SECONDS = 8;

/** What the screen shows and says; what it does is in desk.js. */
export class DeskScreen extends Component {
    get tabs() {
        const tabs = [
            { pile: "likely", label: _t("Likely"), hint: _t("A glance is enough") },
            { pile: "unclear", label: _t("Unclear"), hint: _t("You decide which document it is") },
            { pile: "nothing", label: _t("Nothing fits"), hint: _t("No open document fits") },
            { pile: "done", label: _t("Done today"), hint: _t("Confirmed today") },
            { pile: "approval", label: _t("To approve"), hint: _t("Write-offs above the limit") },
            { pile: "foreign", label: _t("Not ours"), hint: _t("Set aside by you") },
            { pile: "aside", label: _t("No payment"), hint: _t("Fees, own transfers and the like") },
        ];
        const known = tabs.map((tab) => ({
            ...tab,
            count: this.desk.piles[tab.pile]?.count || 0,
            sums: moneys(this.desk.piles[tab.pile]?.sums || []),
            active: tab.pile === this.desk.pile,
        }));
        return known.filter((tab, index) => index < 4 || tab.count || tab.active);
    }

    get periods() {
        return [
            ["", _t("Any date")],
            ["week", _t("Last 7 days")],
            ["month", _t("Last 30 days")],
            ["quarter", _t("Last 90 days")],
            ["year", _t("This year")],
        ];
    }

    get orders() {
        return [
            ["date", _t("Newest first")],
            ["amount", _t("Highest amount first")],
            ["payer", _t("By payer")],
            ["confidence", _t("Surest first")],
        ];
    }

    get sums() {
        return moneys(this.desk.piles[this.desk.pile]?.sums || []);
    }

    get likely() {
        return this.desk.piles.likely || { count: 0, sums: [] };
    }

    get confirmLabel() {
        const { ticked } = this.desk;
        if (ticked.length) {
            return _t("Confirm %(count)s ticked (%(sum)s)", {
                count: ticked.length,
                sum: moneys(sumsOf(ticked)),
            });
        }
        return _t("Confirm all %(count)s (%(sum)s)", {
            count: this.likely.count,
            sum: moneys(this.likely.sums),
        });
    }

    get canConfirmMany() {
        const ready = this.desk.ticked.some((line) => line.proposals.length);
        return !this.desk.progress && (ready || (this.desk.pile === "likely" && this.likely.count));
    }

    get progressText() {
        return _t("%(done)s of %(total)s", this.desk.progress);
    }

    get waiting() {
        return this.desk.piles.waiting?.count || 0;
    }

    get isFiltered() {
        return Boolean(this.desk.search || this.desk.period || this.desk.journal);
    }

    get openCount() {
        return (this.desk.piles.unclear?.count || 0) + (this.desk.piles.nothing?.count || 0);
    }

    get isOpenPile() {
        return ["likely", "unclear", "nothing"].includes(this.desk.pile);
    }

    /** Which button of the bar at the bottom can be pressed now. */
    get bar() {
        const line = this.desk.current;
        const open = line && this.isOpenPile;
        const documents = line && (line.proposals.length || line.done.length);
        return [
            this.firstOfBar,
            { act: "find", key: "F", label: _t("Search a document"), off: !open },
            { act: "writeOff", key: "W", label: _t("Write off"), off: !open },
            { act: "foreign", key: "N", label: _t("Not ours"), off: !open },
            { act: "returned", key: "R", label: _t("Returned"), off: !open },
            { act: "expand", key: "E", label: _t("Details"), off: !line },
            { act: "open", key: "O", label: _t("Show document"), off: !documents },
            { act: "undo", key: "U", label: _t("Undo"), off: !this.canUndo },
            { act: "help", key: "?", label: _t("Keys"), off: false },
        ];
    }

    get firstOfBar() {
        const line = this.desk.current;
        if (this.desk.pile === "approval") {
            return { act: "confirm", key: "↵", label: _t("Approve"), off: !line };
        }
        const off = !line || !this.isOpenPile || !line.proposals.length;
        return { act: "confirm", key: "↵", label: _t("Confirm"), off };
    }

    get canUndo() {
        return this.desk.history.length || (this.desk.current && !this.isOpenPile);
    }

    // ------------------------------------------------------------------
    // Toasts
    // ------------------------------------------------------------------

    offerUndo(batch) {
        const [line] = batch.lines;
        const about = { said: batch.said, payer: line.payer, amount: money(line.amount, line.currency) };
        const text =
            batch.lines.length === 1
                ? _t("%(said)s: %(payer)s, %(amount)s", about)
                : _t("%(said)s: %(count)s payments", { ...about, count: batch.lines.length });
        this.toast(text, "success", batch.method && batch);
    }

    /** One toast at a time: the latest counts. */
    toast(text, type, batch) {
        this.closeToast?.();
        const buttons = batch
            ? [{ name: _t("Undo"), onClick: () => this.undo(batch) }]
            : [];
        this.closeToast = this.notification.add(text, {
            type,
            buttons,
            autocloseDelay: UNDO_SECONDS * 1000,
            className: "o_pm_toast",
        });
    }

    tellTrouble(line, reason) {
        this.notification.add(reason, { type: "danger", title: line.payer });
    }
}

export function sumsOf(lines) {
    const sums = new Map();
    for (const { currency, amount } of lines) {
        sums.set(currency, (sums.get(currency) || 0) + amount);
    }
    return [...sums];
}
