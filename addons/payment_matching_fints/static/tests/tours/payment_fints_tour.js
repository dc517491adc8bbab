import { registry } from "@web/core/registry";

const labelled = (text) => `.modal .o_radio_item:contains("${text}") input`;

registry.category("web_tour.tours").add("payment_fints_connect", {
    steps: () => [
        { trigger: 'button[name="action_fints_connect"]', run: "click" },
        // a wrong one first: the field has to work in a talk that is known already, too
        { trigger: '.modal div[name="pin"] input', run: "edit wrong" },
        { trigger: '.modal button[name="action_begin"]', run: "click" },
        { trigger: '.modal button[name="action_again"]', run: "click" },
        { trigger: '.modal div[name="pin"] input', run: "edit ge+heim:12" },
        { trigger: '.modal button[name="action_begin"]', run: "click" },
        { trigger: labelled("smsTAN"), run: "click" },
        { trigger: '.modal button[name="action_choose"]', run: "click" },
        { trigger: labelled("Altes Handy") },
        { trigger: `.modal .o_radio_item:not(:contains("Altes")):contains("Handy") input`, run: "click" },
        { trigger: '.modal button[name="action_choose"]', run: "click" },
        { trigger: '.modal div[name="challenge"] b:contains("Umsatzabruf")' },
        { trigger: '.modal div[name="tan"] input', run: "edit 7Q2K9X" },
        { trigger: '.modal button[name="action_confirm"]', run: "click" },
        { trigger: '.modal .alert-success' },
        { trigger: '.modal button[name="action_fetch"]', run: "click" },
        { trigger: '.modal .alert-success:not(:contains("DE21")):contains("6")' },
        { trigger: '.modal button[special="cancel"]', run: "click" },
        { trigger: 'body:not(:has(.modal)) .o_field_widget[name="fints_iban"]:contains("DE21")' },
    ],
});
