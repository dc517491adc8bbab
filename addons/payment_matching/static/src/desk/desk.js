import {
    onMounted,
    onWillStart,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { meaning } from "./desk_keys";
import { DeskModel } from "./desk_model";
import { DeskRow } from "./desk_row";
import { DeskScreen, sumsOf } from "./desk_screen";
import { moneys } from "./desk_text";
import { FindDialog } from "./find_dialog";
import { HelpDialog } from "./help_dialog";
import { ReturnDialog } from "./return_dialog";
import { WriteOffDialog } from "./write_off_dialog";

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable=true]";
const PRESSED = "button, a, summary, [role=tab]";

/** The screen "Match payments". */
export class PaymentDesk extends DeskScreen {
    static template = "payment_matching.Desk";
    static components = { DeskRow, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.env.config.setDisplayName(_t("Match payments"));
        this.desk = useState(this.createDesk());
        this.list = useRef("list");
        this.filter = useRef("filter");
        this.refill = useDebounced(() => this.reload(), 350);
        useSetupAction({ getLocalState: () => this.remembered() });
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
        onWillStart(() => this.desk.start());
        onMounted(() => this.list.el?.focus());
        useEffect(
            (id) => this.reveal(id),
            () => [this.desk.current?.id, this.desk.current?.chosen, this.desk.current?.expanded]
        );
    }

    createDesk() {
        const orm = useService("orm");
        const asked = this.props.action.context?.desk_pile || this.props.action.params?.pile;
        const saved = this.props.state?.desk || (asked ? { pile: asked } : {});
        return DeskModel.create(
            orm,
            {
                onBooked: (batch) => this.offerUndo(batch),
                onTrouble: (line, reason) => this.tellTrouble(line, reason),
            },
            saved
        );
    }

    remembered() {
        const { pile, journal, search, period, order } = this.desk;
        return { desk: { pile, journal, search, period, order } };
    }

    // ------------------------------------------------------------------
    // Events
    // ------------------------------------------------------------------

    onKeydown(ev) {
        if (this.ui.isBlocked || this.ui.activeElement !== document || ev.defaultPrevented) {
            return;
        }
        const element = ev.target instanceof Element ? ev.target : document.body;
        if (element.matches(TYPING)) {
            this.onKeyInFilter(ev, element);
            return;
        }
        const act = meaning(ev);
        const pressed = element.closest(PRESSED) && ["Enter", " "].includes(ev.key);
        if (!act || (pressed && !ev.shiftKey && !ev.ctrlKey)) {
            return;
        }
        ev.preventDefault();
        this.run(act, ev.key);
    }

    onKeyInFilter(ev, element) {
        if (element === this.filter.el && ["Enter", "Escape", "ArrowDown"].includes(ev.key)) {
            ev.preventDefault();
            if (ev.key === "Escape") {
                this.setFilter("search", "");
            }
            this.list.el?.focus();
        }
    }

    run(act, key = "") {
        const { desk } = this;
        const steps = { next: 1, previous: -1, pageDown: 10, pageUp: -10 };
        if (act in steps) {
            desk.move(steps[act]);
        } else if (act === "first" || act === "last") {
            desk.move(act === "first" ? -Infinity : Infinity);
        } else if (act === "nextPile" || act === "previousPile") {
            this.turn(act === "nextPile" ? 1 : -1);
        } else if (act === "filter") {
            this.filter.el?.focus();
        } else if (act === "help") {
            this.dialog.add(HelpDialog, {});
        } else if (act === "undo") {
            this.undo();
        } else if (act === "confirmMany") {
            this.confirmMany();
        } else if (desk.current) {
            this.act(act, desk.current, key ? Number(key) - 1 : undefined);
        }
    }

    /** Something is to happen with one payment: from a key, its row or the bar. */
    act(what, line, extra) {
        const { desk } = this;
        const index = desk.place(line);
        if (index < 0 || line.leaving) {
            return;
        }
        desk.focus = index;
        const acts = {
            focus: () => {},
            tick: () => this.tick(line),
            choose: () => desk.choose(line, extra),
            nextProposal: () => desk.choose(line, line.chosen + 1),
            previousProposal: () => desk.choose(line, line.chosen - 1),
            expand: () => desk.expand(line),
            open: () => this.open(line, extra),
            back: () => this.takeBack(line),
            confirm: () => this.confirm(line),
        };
        const deciding = {
            find: () => this.find(line),
            writeOff: () => this.dialog.add(WriteOffDialog, { desk, line }),
            foreign: () => desk.foreign([line]),
            returned: () => this.dialog.add(ReturnDialog, { desk, line }),
        };
        const chosen = acts[what] || (this.isOpenPile && deciding[what]);
        if (chosen) {
            chosen();
        }
        if (!this.isTyping()) {
            this.list.el?.focus({ preventScroll: true });
        }
    }

    isTyping() {
        return document.activeElement?.matches(TYPING) && this.ui.activeElement === document;
    }

    tick(line) {
        line.ticked = !line.ticked;
        this.desk.move(1);
    }

    turn(step) {
        const { tabs } = this;
        const next = tabs.findIndex((tab) => tab.active) + step;
        if (tabs[next]) {
            this.show(tabs[next].pile);
        }
    }

    async show(pile) {
        await this.desk.show(pile);
        this.list.el?.focus({ preventScroll: true });
    }

    setFilter(name, value) {
        this.desk[name] = value;
        this.refill();
    }

    async reload() {
        await this.desk.reload();
    }

    clear() {
        Object.assign(this.desk, { search: "", journal: "", period: "" });
        return this.reload();
    }

    onScroll(ev) {
        const { scrollTop, scrollHeight, clientHeight } = ev.target;
        if (scrollHeight - scrollTop - clientHeight < 600) {
            this.desk.more();
        }
    }

    reveal(id) {
        const row = id && document.getElementById(`o_pm_line_${id}`);
        row?.scrollIntoView({ block: "nearest" });
    }

    // ------------------------------------------------------------------
    // Deciding
    // ------------------------------------------------------------------

    confirm(line) {
        if (this.desk.pile === "approval") {
            this.desk.approve([line]);
        } else if (!this.isOpenPile) {
            return;
        } else if (line.proposals.length) {
            this.desk.confirm([line]);
        } else {
            this.find(line);
        }
    }

    find(line) {
        this.dialog.add(FindDialog, { desk: this.desk, line });
    }

    async confirmMany() {
        if (!this.canConfirmMany) {
            return;
        }
        const ticked = this.desk.ticked.filter((line) => line.proposals.length);
        if (ticked.length) {
            this.desk.confirm(ticked);
            return;
        }
        const entries = await this.desk.everything();
        if (entries.length) {
            this.ask(entries);
        }
    }

    ask(entries) {
        const lines = entries.map(([, , amount, currency]) => ({ amount, currency }));
        const values = { count: entries.length, sum: moneys(sumsOf(lines)) };
        this.dialog.add(ConfirmationDialog, {
            title: _t("Confirm %(count)s payments?", values),
            body: _t(
                "%(count)s payments, together %(sum)s, will be booked on the documents shown beside them. Orders paid in advance are released. Each one can be taken back.",
                values
            ),
            confirmLabel: _t("Confirm %(count)s", values),
            confirm: () => {
                this.confirmAll(entries);
            },
            cancel: () => {},
        });
    }

    async confirmAll(entries) {
        const confirmed = await this.desk.confirmAll(entries);
        const said = _t("%(done)s of %(total)s payments confirmed.", {
            done: confirmed.length,
            total: entries.length,
        });
        const type = confirmed.length === entries.length ? "success" : "warning";
        this.toast(said, type, this.desk.history.at(-1));
    }

    stop() {
        this.desk.progress.stop = true;
    }

    open(line, document) {
        const target = document || this.documentsOf(line)[0];
        if (target) {
            this.action.doAction({
                type: "ir.actions.act_window",
                name: target.number,
                res_model: target.model,
                res_id: target.id,
                views: [[false, "form"]],
                target: "new",
            });
        }
    }

    documentsOf(line) {
        const proposal = line.proposals[line.chosen];
        if (this.isOpenPile && proposal) {
            return proposal.documents;
        }
        return line.done.map((entry) => entry.document).filter(Boolean);
    }

    openList() {
        this.action.doAction("payment_matching.account_bank_statement_line_action");
    }

    // ------------------------------------------------------------------
    // Taking back
    // ------------------------------------------------------------------

    takeBack(line) {
        if (this.desk.pile === "done") {
            this.desk.undoLines([line]);
        } else if (this.desk.pile === "approval") {
            this.desk.reject([line]);
        } else if (!this.isOpenPile) {
            this.desk.reopen([line]);
        }
    }

    async undo(batch) {
        const line = this.desk.current;
        if (!batch && line && !this.isOpenPile) {
            this.takeBack(line);
            return;
        }
        const answer = await this.desk.undo(batch);
        if (answer) {
            this.tellUndone(answer);
        }
    }

    tellUndone({ confirmed, failed }) {
        for (const { reason } of failed) {
            this.notification.add(reason, { type: "danger" });
        }
        if (confirmed.length) {
            const text =
                confirmed.length === 1
                    ? _t("Taken back.")
                    : _t("%(count)s taken back.", { count: confirmed.length });
            this.toast(text, "info");
        }
    }
}

registry.category("actions").add("payment_matching.desk", PaymentDesk);
