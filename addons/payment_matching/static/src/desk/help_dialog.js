import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { KEYS } from "./desk_keys";

export class HelpDialog extends Component {
    static template = "payment_matching.HelpDialog";
    static components = { Dialog };
    static props = { close: Function };

    title = _t("Keys of this page");
    groups = KEYS;
}
