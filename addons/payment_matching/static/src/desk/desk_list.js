import { markRaw, reactive } from "@odoo/owl";

const DESK = "payment.match.desk";
export const PAGE = 80;

/** The payments on the desk: which pile, which page, which line is in front. */
export class DeskList {
    constructor(orm, { onBooked, onTrouble }) {
        this.orm = markRaw(orm);
        this.onBooked = onBooked;
        this.onTrouble = onTrouble;
        this.queue = []; // what has not been sent yet
        this.pending = new Set(); // ids of lines that are being booked
        this.history = []; // what can be taken back
        this.asked = 0; // answers to older questions are not shown any more
    }

    static create(orm, handlers, saved = {}) {
        const model = reactive(new this(orm, handlers));
        Object.assign(model, {
            pile: "likely",
            journal: "",
            search: "",
            period: "",
            order: "date",
            ...saved,
            piles: {},
            lines: [],
            total: 0,
            focus: 0,
            loading: true,
            saving: 0,
            progress: null,
        });
        return model;
    }

    get filters() {
        return { journal: this.journal, search: this.search, period: this.period };
    }

    get current() {
        return this.lines[this.focus];
    }

    get ticked() {
        return this.lines.filter((line) => line.ticked && !line.leaving);
    }

    call(method, args = [], kwargs = {}) {
        return this.orm.silent.call(DESK, method, args, kwargs);
    }

    // ------------------------------------------------------------------
    // Loading
    // ------------------------------------------------------------------

    async start() {
        Object.assign(this, await this.call("start"));
        await this.reload();
    }

    async reload() {
        this.loading = true;
        const asked = ++this.asked;
        const [page] = await Promise.all([
            this.call("load_pile", [this.pile], { ...this.filters, order: this.order, limit: PAGE }),
            this.count(),
        ]);
        if (asked === this.asked) {
            this.lines = this.known(page.lines);
            this.total = page.total - (page.lines.length - this.lines.length);
            this.focus = 0;
            this.loading = false;
        }
    }

    async count() {
        this.piles = await this.call("counts", [], this.filters);
    }

    /** Fetch the next page when the end of the list comes near. */
    async more() {
        if (this.loading || this.lines.length >= this.total) {
            return;
        }
        this.loading = true;
        const asked = this.asked;
        const page = await this.call("load_pile", [this.pile], {
            ...this.filters,
            order: this.order,
            offset: this.lines.filter((line) => !line.leaving).length,
            limit: PAGE,
        });
        if (asked === this.asked) {
            const here = new Set(this.lines.map((line) => line.id));
            const fresh = this.known(page.lines).filter((line) => !here.has(line.id));
            this.lines.push(...fresh);
            this.total = fresh.length ? page.total : this.lines.length;
            this.loading = false;
        }
    }

    dressed(line) {
        return {
            ...line,
            chosen: 0,
            ticked: false,
            expanded: false,
            leaving: false,
            error: "",
            details: null,
        };
    }

    async show(pile) {
        if (pile !== this.pile) {
            this.pile = pile;
            this.lines = [];
            this.total = 0;
        }
        await this.reload();
    }

    /** Lines the server does not say "done" of yet must not come back with a fresh page. */
    known(lines) {
        return lines.filter((line) => !this.pending.has(line.id)).map((line) => this.dressed(line));
    }

    /** Lines are compared by id: each component sees them through a proxy of its own. */
    place(line) {
        return this.lines.findIndex((one) => one.id === line.id);
    }

    // ------------------------------------------------------------------
    // Moving about
    // ------------------------------------------------------------------

    move(steps) {
        if (!this.lines.length) {
            return;
        }
        this.focus = Math.max(0, Math.min(this.focus + steps, this.lines.length - 1));
        if (this.focus > this.lines.length - 20) {
            this.more();
        }
    }

    choose(line, index) {
        if (line.proposals.length) {
            line.chosen = Math.max(0, Math.min(index, line.proposals.length - 1));
        }
    }

    async expand(line) {
        line.expanded = !line.expanded;
        if (line.expanded && !line.details) {
            line.details = await this.call("details", [line.id]);
        }
    }
}
