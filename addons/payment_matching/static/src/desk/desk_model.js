import { markRaw } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { DeskList, PAGE } from "./desk_list";

const AT_ONCE = 10; // payments booked in one call: a few seconds at most
const SLIDE = 170; // milliseconds, as in desk.scss
const TAKEN_BACK_BY = {
    confirm: "undo",
    write_off: "undo",
    returned: "undo",
    approve: "undo",
    foreign: "reopen",
};

/**
 * What is asked of the server, and what has not been answered yet.
 *
 * A confirmed payment leaves the list at once; the bookings go to the server one call after the
 * other. What could not be booked comes back to its place with the reason.
 */
export class DeskModel extends DeskList {
    // ------------------------------------------------------------------
    // Booking
    // ------------------------------------------------------------------

    /** Take a line off the list and have it booked; `entry` is what the server gets. */
    book(lines, method, entryOf, said) {
        for (const line of lines) {
            if (line.leaving) {
                continue;
            }
            const index = this.place(line);
            this.queue.push({ line, method, entry: entryOf(line), said, index, pile: this.pile });
            this.pending.add(line.id);
            this.saving++;
            this.leave(line);
        }
        this.running = this.running || this.work();
        return this.running;
    }

    leave(line) {
        line.leaving = true;
        line.error = "";
        line.ticked = false;
        this.skip(line);
        browser.setTimeout(() => this.drop(line), SLIDE);
    }

    /** The next line that stays gets the focus, so that Enter, Enter, Enter works. */
    skip(line) {
        if (this.place(line) !== this.focus) {
            return;
        }
        const next = this.lines.findIndex((one, index) => index > this.focus && !one.leaving);
        const before = this.lines.findLastIndex((one, index) => index < this.focus && !one.leaving);
        this.focus = next >= 0 ? next : Math.max(before, 0);
    }

    drop(line) {
        const index = this.place(line);
        if (index < 0 || !this.lines[index].leaving) {
            return;
        }
        this.lines.splice(index, 1);
        this.total = Math.max(this.total - 1, 0);
        if (index < this.focus) {
            this.focus--;
        }
        if (this.lines.length < PAGE / 2) {
            this.more();
        }
    }

    async work() {
        while (this.queue.length) {
            const { method } = this.queue[0];
            const jobs = [];
            while (jobs.length < AT_ONCE && this.queue[0]?.method === method) {
                jobs.push(this.queue.shift());
            }
            await this.send(method, jobs);
        }
        this.running = null;
        await this.count();
        if (!this.lines.length && !this.loading) {
            await this.reload();
        }
    }

    async send(method, jobs) {
        let answer;
        try {
            answer = await this.call(method, [jobs.map((job) => job.entry)]);
        } catch (error) {
            const reason = error.data?.message || error.message || _t("The server did not answer.");
            answer = {
                confirmed: [],
                failed: jobs.map((job) => ({ line: job.line.id, reason })),
                rows: [],
            };
        }
        this.saving -= jobs.length;
        jobs.forEach((job) => this.pending.delete(job.line.id));
        this.settle(jobs, answer);
    }

    /** What failed, and what is still on this pile, comes back; the rest is history. */
    settle(jobs, { confirmed, failed, rows }) {
        const reasons = new Map(failed.map((fail) => [fail.line, fail.reason]));
        const fresh = new Map(rows.map((row) => [row.id, row]));
        const done = [];
        for (const job of jobs) {
            const row = fresh.get(job.line.id);
            if (reasons.has(job.line.id)) {
                this.bring(job, row, reasons.get(job.line.id));
                this.onTrouble(job.line, reasons.get(job.line.id));
            } else {
                done.push(job);
                if (row && row.state === job.pile) {
                    this.bring(job, row, "");
                }
            }
        }
        if (done.length) {
            const batch = markRaw({
                ids: done.map((job) => job.line.id),
                lines: done.map((job) => job.line),
                method: TAKEN_BACK_BY[done[0].method],
                said: done[0].said,
            });
            if (batch.method) {
                this.history.push(batch);
            }
            this.onBooked(batch);
        }
        return confirmed;
    }

    bring(job, row, error) {
        this.drop(job.line);
        if (this.pile !== job.pile) {
            return;
        }
        const line = this.dressed(row || job.line);
        line.chosen = Math.min(job.line.chosen, Math.max(line.proposals.length - 1, 0));
        line.error = error;
        const index = Math.min(job.index, this.lines.length);
        this.lines.splice(index, 0, line);
        this.total++;
        if (index <= this.focus && this.lines.length > 1 && !error) {
            this.focus++;
        }
    }

    confirm(lines) {
        return this.book(lines, "confirm", (line) => entryOf(line), _t("Confirmed"));
    }

    /** Pay documents chosen by hand; `keepOpen` leaves the rest of the payment on the desk. */
    confirmTargets(line, targets, keepOpen) {
        const entry = { line: line.id, targets, keep_open: keepOpen };
        return this.book([line], "confirm", () => entry, _t("Confirmed"));
    }

    writeOff(line, { account, label, whole }) {
        const known = whole ? { line: line.id } : entryOf(line);
        const entry = { ...known, account, label };
        return this.book([line], "write_off", () => entry, _t("Written off"));
    }

    returned(line, original) {
        const entry = { line: line.id, original: original.id };
        return this.book([line], "returned", () => entry, _t("Returned"));
    }

    foreign(lines) {
        return this.book(lines, "foreign", (line) => line.id, _t("Not ours"));
    }

    reopen(lines) {
        return this.book(lines, "reopen", (line) => line.id, _t("Back on the pile"));
    }

    approve(lines) {
        return this.book(lines, "approve", (line) => line.id, _t("Approved"));
    }

    reject(lines) {
        return this.book(lines, "reject", (line) => line.id, _t("Rejected"));
    }

    undoLines(lines) {
        return this.book(lines, "undo", (line) => line.id, _t("Taken back"));
    }

    /** Take back the last thing that was done here. */
    async undo(batch = this.history.at(-1)) {
        if (this.running) {
            await this.running;
        }
        batch = batch || this.history.at(-1);
        if (!batch || !this.history.includes(batch)) {
            return null;
        }
        this.history.splice(this.history.indexOf(batch), 1);
        const undone = { confirmed: [], failed: [] };
        await this.inSteps(batch.ids, async (ids) => {
            const answer = await this.call(batch.method, [ids]);
            undone.confirmed.push(...answer.confirmed);
            undone.failed.push(...answer.failed);
            this.putBack(answer.rows, answer.failed);
        });
        await this.count();
        return undone;
    }

    putBack(rows, failed) {
        const bad = new Set(failed.map((fail) => fail.line));
        const known = new Set(this.lines.map((line) => line.id));
        const back = rows.filter((row) => !bad.has(row.id) && !known.has(row.id));
        const here = back.filter((row) => row.state === this.pile);
        this.lines.splice(this.focus, 0, ...here.map((row) => this.dressed(row)));
        this.total += here.length;
        if (this.pile === "done" || this.pile === "foreign") {
            const gone = new Set(back.map((row) => row.id));
            this.lines = this.lines.filter((line) => !gone.has(line.id));
        }
    }

    // ------------------------------------------------------------------
    // All of them
    // ------------------------------------------------------------------

    everything() {
        return this.call("pile", ["likely"], this.filters);
    }

    /** Do something with many in small calls, with its progress in view; stops when asked to. */
    async inSteps(all, act) {
        if (all.length <= AT_ONCE) {
            await act(all);
            return;
        }
        this.progress = { done: 0, total: all.length, stop: false };
        try {
            for (let start = 0; start < all.length && !this.progress.stop; start += AT_ONCE) {
                const part = all.slice(start, start + AT_ONCE);
                await act(part);
                this.progress.done += part.length;
            }
        } finally {
            this.progress = null;
        }
    }

    /** Confirm a whole pile. */
    async confirmAll(entries) {
        const jobs = entries.map(([line, proposal]) => ({ line, proposal }));
        const confirmed = [];
        const failed = [];
        try {
            await this.inSteps(jobs, async (part) => {
                const answer = await this.call("confirm", [part]);
                confirmed.push(...answer.confirmed);
                failed.push(...answer.failed);
                this.remove(answer.confirmed);
            });
        } finally {
            if (confirmed.length) {
                this.history.push(markRaw({ ids: confirmed, lines: [], method: "undo" }));
            }
            await this.reload();
            this.complain(failed);
        }
        return confirmed;
    }

    remove(ids) {
        const gone = new Set(ids);
        const before = this.lines.length;
        this.lines = this.lines.filter((line) => !gone.has(line.id));
        this.total = Math.max(this.total - (before - this.lines.length), 0);
        this.focus = 0;
    }

    complain(failed) {
        const reasons = new Map(failed.map((fail) => [fail.line, fail.reason]));
        for (const line of this.lines) {
            line.error = reasons.get(line.id) || line.error;
        }
    }
}

function entryOf(line) {
    const proposal = line.proposals[line.chosen];
    return {
        line: line.id,
        proposal: proposal.id,
        documents: proposal.documents.map(({ model, id }) => ({ model, id })),
    };
}
