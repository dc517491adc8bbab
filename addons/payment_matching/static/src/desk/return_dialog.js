import { _t } from "@web/core/l10n/translation";
import { SearchDialog } from "./search_dialog";

/** Which earlier payment does this one take back? */
export class ReturnDialog extends SearchDialog {
    static template = "payment_matching.ReturnDialog";
    static method = "originals";
    static option = "o_pm_original_";

    get title() {
        return _t("Which payment is taken back?");
    }

    enter() {
        this.choose();
    }

    choose(original = this.current) {
        if (original) {
            this.props.desk.returned(this.line, original);
            this.props.close();
        }
    }

    numbers(original) {
        const documents = original.done.map((entry) => entry.document).filter(Boolean);
        return documents.map((document) => document.number).join(", ");
    }
}
