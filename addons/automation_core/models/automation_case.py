from collections.abc import Iterable
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

UPDATED = ("name", "explanation", "seen", "blocking", "kind")


class AutomationCase(models.Model):
    """Something a person must look at. A blocking case holds its record until it is closed."""

    _name = "automation.case"
    _description = "Automation case"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, blocking desc, id desc"

    name = fields.Char("What happened", required=True, readonly=True)
    explanation = fields.Text(readonly=True, help="What was seen, and what can be done about it.")
    code = fields.Char("Reason code", required=True, readonly=True, index=True)
    seen = fields.Char(
        readonly=True, help="Fingerprint of the facts; an override holds while it stays equal."
    )
    kind = fields.Selection(
        [
            ("rule", "Hold rule"),
            ("data", "Data"),
            ("technical", "Technical"),
            ("account", "Account"),
        ],
        default="data",
        required=True,
        readonly=True,
    )
    res_model = fields.Char("Document model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Document", model_field="res_model", required=True, readonly=True
    )
    res_name = fields.Char("Document name", compute="_compute_res_name")
    blocking = fields.Boolean(
        default=True, readonly=True, help="The document waits until this case is closed."
    )
    state = fields.Selection(
        [("open", "Open"), ("resolved", "Resolved"), ("overridden", "Overridden")],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    user_id = fields.Many2one("res.users", "Responsible", tracking=True, index="btree_not_null")
    resolution = fields.Text(help="What was done about it.")
    resolved_by_id = fields.Many2one("res.users", "Closed by", readonly=True)
    resolved_date = fields.Datetime("Closed on", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)

    _open_uniq = models.UniqueIndex("(res_model, res_id, code) WHERE state = 'open'")
    _document_idx = models.Index("(res_model, res_id)")

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        for model, cases in self.grouped("res_model").items():
            documents = (
                self.env[model].browse(cases.mapped("res_id")).exists() if model in self.env else ()
            )
            names = {document.id: document.display_name for document in documents}
            for case in cases:
                case.res_name = names.get(case.res_id)

    def write(self, vals):
        """The facts of a case are changed by the program and by the two closing actions only."""
        forbidden = {name for name in vals if self._fields[name].readonly}
        if forbidden and not self.env.su:
            raise AccessError(
                self.env._(
                    "%s of a case cannot be edited. Use its buttons to close it.",
                    ", ".join(sorted(forbidden)),
                )
            )
        return super().write(vals)

    # ------------------------------------------------------------------
    # Raising and settling (called by other add-ons)
    # ------------------------------------------------------------------

    @api.model
    def _raise(self, values_list: Iterable[dict[str, Any]]):
        """Open a case for each of the values, or bring the open one up to date.

        :param values_list: dicts with ``record`` (one record), ``code``, ``name`` and optionally
            ``explanation``, ``seen``, ``blocking``, ``kind``, ``user_id``
        :return: the cases that are open now; none for facts that a person has overridden with the
            same ``seen``
        """
        wanted = {(v["record"]._name, v["record"].id, v["code"]): v for v in values_list}
        if not wanted:
            return self.browse()
        known = self._find(wanted)
        opened, to_create = self.browse(), []
        for key, values in wanted.items():
            seen = values.get("seen") or ""
            cases = known.get(key, self.browse())
            if case := cases.filtered(lambda case: case.state == "open"):
                case._refresh(values)
                opened |= case
            elif not any((case.seen or "") == seen for case in cases):
                to_create.append(self._prepare_vals(values))
        # sudo: raising a case is the program's business, whoever's action led to it
        created = (
            self.sudo()
            .with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
            .create(to_create)
        )
        created._on_raised()
        return opened | created.sudo(self.env.su)

    @api.model
    def _find(self, keys) -> dict:
        """Return the open and overridden cases by their ``(model, id, code)``, read at once."""
        domain = Domain("state", "in", ("open", "overridden")) & Domain(
            "code", "in", list({key[2] for key in keys})
        )
        by_model = {}
        for model, res_id, _code in keys:
            by_model.setdefault(model, []).append(res_id)
        domain &= Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", ids)
            for model, ids in by_model.items()
        )
        return (
            self.sudo()
            .search(domain)
            .grouped(lambda case: (case.res_model, case.res_id, case.code))
        )

    @api.model
    def _prepare_vals(self, values: dict[str, Any]) -> dict[str, Any]:
        record = values["record"]
        company = record.company_id if "company_id" in record._fields else self.env.company
        vals = {key: value for key, value in values.items() if key != "record"}
        return vals | {"res_model": record._name, "res_id": record.id, "company_id": company.id}

    def _refresh(self, values: dict[str, Any]) -> None:
        changed = {
            key: values[key]
            for key in UPDATED
            if key in values and (self[key] or "") != (values[key] or "")
        }
        if changed:
            self.sudo().write(changed)

    @api.model
    def _settle(
        self, records, *, codes=None, code_prefix: str | None = None, note: str | None = None
    ):
        """Close the open cases of ``records`` whose fact is gone; return them.

        :param codes: only these reason codes; ``code_prefix``: only codes that start so; neither:
            all
        """
        domain = (
            Domain("state", "=", "open")
            & Domain("res_model", "=", records._name)
            & Domain("res_id", "in", records.ids)
        )
        if codes is not None:
            domain &= Domain("code", "in", list(codes))
        if code_prefix:
            domain &= Domain("code", "=like", f"{code_prefix}%")
        return self.sudo().search(domain)._close_by_itself(note)

    def _close_by_itself(self, note: str | None = None):
        if self:
            self.write(
                {
                    "state": "resolved",
                    "resolved_date": fields.Datetime.now(),
                    "resolution": note or self.env._("The reason is gone; closed automatically."),
                }
            )
            self._on_closed()
        return self

    def _on_raised(self) -> None:
        """Hook: cases were opened."""

    def _on_closed(self) -> None:
        """Hook: cases were closed, by a person or by themselves."""

    # ------------------------------------------------------------------
    # What a person does
    # ------------------------------------------------------------------

    def action_resolve(self):
        """The cause was mended: close, and let the checks run again."""
        return self._close_by_person("resolved")

    def action_override(self):
        """Go on although the fact is still there; the same facts are not asked about again."""
        return self._close_by_person("overridden")

    def _close_by_person(self, state: str):
        cases = self.filtered(lambda case: case.state == "open")
        cases.check_access("write")
        # sudo: the state is read-only for people except through these two actions
        cases.sudo().write(
            {"state": state, "resolved_by_id": self.env.uid, "resolved_date": fields.Datetime.now()}
        )
        cases._on_closed()
        return True

    def action_open_document(self):
        self.ensure_one()
        if (
            self.res_model not in self.env
            or not self.env[self.res_model].browse(self.res_id).exists()
        ):
            raise UserError(self.env._("The document of this case was deleted."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
