import { registry } from "@web/core/registry";

/** Wait for a number of rows, then press keys; nothing is clicked. */
const row = (text) => `.o_pm_row.o_pm_focused:not(.o_pm_leaving):contains("${text}")`;

registry.category("web_tour.tours").add("payment_matching_desk", {
    steps: () => [
        {
            content: "the surest one is in front; the key for help shows all keys",
            trigger: row("Buyer 1"),
            run: "press ?",
        },
        { trigger: ".modal .o_pm_help", run: "press Escape" },
        { trigger: "body:not(:has(.modal))" },
        { content: "confirm it", trigger: row("Buyer 1"), run: "press Enter" },
        { content: "the next one is in front", trigger: row("Buyer 2"), run: "press Enter" },
        { trigger: ".o_notification:contains('Confirmed')" },
        { trigger: ".o_pm_tab_done .o_pm_count:contains(/^2$/)" },
        { content: "take back the last one", trigger: row("Buyer 3"), run: "press u" },
        { content: "it is back and in front", trigger: row("Buyer 2") },
        { trigger: ".o_pm_tab_done .o_pm_count:contains(/^1$/)" },
        { content: "to the unclear ones", trigger: row("Buyer 2"), run: "press Shift+ArrowRight" },
        { trigger: ".o_pm_tab_unclear.active" },
        { content: "choose the second candidate", trigger: row("Twin"), run: "press 2" },
        { trigger: ".o_pm_other.o_pm_chosen kbd:contains(2)" },
        { content: "and confirm it", trigger: row("Twin"), run: "press Enter" },
        { content: "the last pile", trigger: ".o_pm_empty", run: "press Shift+ArrowRight" },
        { trigger: ".o_pm_tab_nothing.active" },
        { content: "search by hand", trigger: row("<b>Stranger</b>"), run: "press f" },
        { trigger: ".modal input[type=search]", run: "edit DESK-SHOP-77" },
        {
            content: "Enter takes the document",
            trigger: ".modal .o_pm_found li.o_pm_at:contains('DESK-SHOP-77')",
            run: "press Enter",
        },
        { trigger: ".modal .o_pm_part input:value(23.80)" },
        { trigger: ".modal .o_pm_rest:contains('1.20')" },
        {
            content: "Enter again confirms; the rest stays",
            trigger: ".modal input[type=search]",
            run: "press Enter",
        },
        { trigger: "body:not(:has(.modal))" },
        { content: "what was done today", trigger: ".o_pm_tab_done .o_pm_count:contains(/^2$/)" },
        { trigger: ".o_pm_tab_unclear .o_pm_count:contains(/^1$/)" },
        {
            content: "back to the likely ones",
            trigger: ".o_pm_empty",
            run: "press Shift+ArrowLeft",
        },
        { trigger: ".o_pm_tab_unclear.active" },
        { trigger: row("<b>Stranger</b>"), run: "press Shift+ArrowLeft" },
        { trigger: ".o_pm_tab_likely.active" },
        { content: "all of them", trigger: row("Buyer 2"), run: "press Shift+Enter" },
        { trigger: ".modal .btn-primary:contains('Confirm 2')", run: "press Enter" },
        { trigger: ".o_notification:contains('2 of 2')" },
        { trigger: ".o_pm_tab_likely .o_pm_count:contains(/^0$/)" },
        { content: "and all of them back", trigger: ".o_pm_empty", run: "press u" },
        { trigger: ".o_pm_tab_likely .o_pm_count:contains(/^2$/)" },
        { trigger: row("Buyer") },
        { content: "no script of a payer ran", trigger: "body:not([data-hacked])" },
    ],
});
