/** @odoo-module **/
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const ASIDE = ["manual", "held", "cancelled"];

/** The order's way as a line of steps: what is behind, where it stands, what is to come. */
export class AutomationProgress extends Component {
    static template = "order_automation.Progress";
    static props = { ...standardFieldProps };

    get current() {
        return this.props.record.data[this.props.name];
    }

    get isAside() {
        return ASIDE.includes(this.current);
    }

    get steps() {
        const selection = this.props.record.fields[this.props.name].selection;
        const steps = selection.filter(([key]) => !ASIDE.includes(key));
        const position = steps.findIndex(([key]) => key === this.current);
        return steps.map(([key, label], index) => ({
            key,
            label,
            position: index < position ? "past" : index === position ? "current" : "future",
        }));
    }

    get asideLabel() {
        const selection = this.props.record.fields[this.props.name].selection;
        return Object.fromEntries(selection)[this.current];
    }
}

registry.category("fields").add("automation_progress", {
    component: AutomationProgress,
    supportedTypes: ["selection"],
});
