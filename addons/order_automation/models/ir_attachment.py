from odoo import api, fields, models
from odoo.exceptions import UserError

# What makes a filed document what it is, and what it belongs to.
UNCHANGEABLE = frozenset(
    {
        "automation_filed",
        "checksum",
        "company_id",
        "datas",
        "db_datas",
        "file_size",
        "mimetype",
        "name",
        "raw",
        "res_field",
        "res_id",
        "res_model",
        "store_fname",
        "type",
        "url",
    }
)


class IrAttachment(models.Model):
    """Filed documents can neither be changed nor deleted nor replaced, by nobody in Odoo."""

    _inherit = "ir.attachment"

    automation_filed = fields.Boolean("Filed unchangeably", readonly=True, copy=False)

    def _file_unchangeably(self) -> None:
        """From here on these documents stay as they are. There is no way back."""
        # past all checks, which forbid just this; it is a plain column
        models.BaseModel.write(self, {"automation_filed": True})

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base`: no second document in the place of a filed one."""
        if any(vals.get("automation_filed") for vals in vals_list):
            raise UserError(self.env._("Documents are filed by the system only."))
        attachments = super().create(vals_list)
        attachments._check_not_in_place_of_filed()
        return attachments

    def write(self, vals):
        """Override of `base`: a filed document is only ever written as it is already."""
        if vals.get("automation_filed"):
            raise UserError(self.env._("Documents are filed by the system only."))
        if UNCHANGEABLE & set(vals):
            self._check_unchanged(vals)
        result = super().write(vals)
        if {"res_model", "res_id", "res_field"} & set(vals):
            self._check_not_in_place_of_filed()
        return result

    def _check_unchanged(self, vals) -> None:
        # sudo: the rule holds for everybody, whatever the person may see
        names = UNCHANGEABLE & set(vals)
        for attachment in self.sudo().filtered("automation_filed"):
            if any(attachment._is_change(name, vals[name]) for name in names):
                attachment._refuse_change()

    def _is_change(self, name: str, value) -> bool:
        """Whether writing ``value`` would change anything."""
        if name in ("raw", "datas") and isinstance(value, str):
            value = value.encode()
        return self._fields[name].convert_to_write(self[name], self) != value

    def _check_not_in_place_of_filed(self) -> None:
        placed = self.sudo().filtered(
            lambda attachment: (
                attachment.res_model == "account.move"
                and attachment.res_field
                and not attachment.automation_filed
            )
        )
        if not placed:
            return
        filed = self.sudo().search(
            [
                ("automation_filed", "=", True),
                ("res_model", "=", "account.move"),
                ("res_id", "in", placed.mapped("res_id")),
                ("res_field", "in", placed.mapped("res_field")),
            ]
        )
        places = {(attachment.res_id, attachment.res_field) for attachment in placed}
        for attachment in filed:
            if (attachment.res_id, attachment.res_field) in places:
                attachment._refuse_change()

    def _refuse_change(self) -> None:
        raise UserError(
            self.env._(
                "“%s” is a filed document and can neither be changed nor replaced nor deleted. "
                "Issue a credit note and, if needed, a new invoice instead.",
                self.name,
            )
        )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_filed(self):
        for attachment in self.sudo().filtered("automation_filed"):
            attachment._refuse_change()
