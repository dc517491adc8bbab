import { _t } from "@web/core/l10n/translation";

/** All keys of the screen: what the help shows and what the handler looks up. */
export const KEYS = [
    {
        title: _t("Moving"),
        keys: [
            { keys: ["ArrowDown", "j"], shown: ["↓", "J"], act: "next", text: _t("next payment") },
            { keys: ["ArrowUp", "k"], shown: ["↑", "K"], act: "previous", text: _t("previous payment") },
            { keys: ["PageDown"], shown: [_t("Page ↓")], act: "pageDown", text: _t("ten down") },
            { keys: ["PageUp"], shown: [_t("Page ↑")], act: "pageUp", text: _t("ten up") },
            { keys: ["Home"], shown: [_t("Home")], act: "first", text: _t("to the first one") },
            { keys: ["End"], shown: [_t("End")], act: "last", text: _t("to the last one") },
            { keys: ["Shift+ArrowRight"], shown: ["⇧ →"], act: "nextPile", text: _t("next pile") },
            { keys: ["Shift+ArrowLeft"], shown: ["⇧ ←"], act: "previousPile", text: _t("previous pile") },
            { keys: ["s"], shown: ["S"], act: "filter", text: _t("search in the list") },
        ],
    },
    {
        title: _t("Confirming"),
        keys: [
            { keys: ["Enter"], shown: ["↵"], act: "confirm", text: _t("confirm the proposal") },
            { keys: ["ArrowRight"], shown: ["→"], act: "nextProposal", text: _t("next proposal") },
            { keys: ["ArrowLeft"], shown: ["←"], act: "previousProposal", text: _t("previous proposal") },
            { keys: ["1", "2", "3"], shown: ["1", "2", "3"], act: "choose", text: _t("choose this proposal") },
            { keys: [" "], shown: [_t("Space")], act: "tick", text: _t("tick") },
            {
                keys: ["Shift+Enter", "Ctrl+Enter"],
                shown: ["⇧ ↵", _t("Ctrl ↵")],
                act: "confirmMany",
                text: _t("confirm all ticked ones; without ticks: all likely ones"),
            },
            { keys: ["u"], shown: ["U"], act: "undo", text: _t("undo the last step") },
        ],
    },
    {
        title: _t("Deciding"),
        keys: [
            { keys: ["f", "/"], shown: ["F", "/"], act: "find", text: _t("search a document, split the payment") },
            { keys: ["w"], shown: ["W"], act: "writeOff", text: _t("write off the rest") },
            { keys: ["n"], shown: ["N"], act: "foreign", text: _t("not ours") },
            { keys: ["r"], shown: ["R"], act: "returned", text: _t("returned debit or refund of an earlier payment") },
            { keys: ["e"], shown: ["E"], act: "expand", text: _t("details: whole text, IBAN, reasons") },
            { keys: ["o"], shown: ["O"], act: "open", text: _t("open the document") },
            { keys: ["?"], shown: ["?"], act: "help", text: _t("this help") },
        ],
    },
];

const ACTS = new Map();
for (const { keys } of KEYS) {
    for (const entry of keys) {
        entry.keys.forEach((key) => ACTS.set(key, entry.act));
    }
}

/** Return the name of what a key press means here, or nothing. */
export function meaning(ev) {
    if (ev.altKey || ev.metaKey || ev.isComposing) {
        return undefined;
    }
    const key = ev.key.length === 1 ? ev.key.toLowerCase() : ev.key;
    if (ev.ctrlKey) {
        return ACTS.get(`Ctrl+${key}`);
    }
    return (ev.shiftKey && ACTS.get(`Shift+${key}`)) || ACTS.get(key);
}
