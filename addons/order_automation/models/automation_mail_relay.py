import logging

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..lib import relay

_logger = logging.getLogger(__name__)

ORDER_PATHS = {
    "sale.order": "id",
    "stock.picking": "sale_id",
    "account.move": "line_ids.sale_line_ids.order_id",
}


class AutomationMailRelay(models.Model):
    """A marketplace's relay addresses and what it lets a seller send there.

    Every mail that leaves Odoo is held against these rules, whoever or whatever wrote it.
    """

    _name = "automation.mail.relay"
    _description = "Relay address rule"
    _order = "sequence, id"

    name = fields.Char("Marketplace", required=True)
    pattern = fields.Char(
        "Mail domain",
        required=True,
        help="For example members.ebay.* - the star stands for any country ending; sub-domains"
        " are included.",
    )
    automatic = fields.Selection(
        [
            (relay.NOTHING, "Nothing"),
            (relay.INVOICE, "Only the invoice, as text with the PDF"),
            (relay.PLAIN, "Only text without links and attachments"),
            (relay.ANYTHING, "Anything"),
        ],
        "Sent automatically",
        required=True,
        default=relay.NOTHING,
    )
    personal = fields.Selection(
        [
            (relay.NOTHING, "Nothing"),
            (relay.PLAIN, "Only text without links and attachments"),
            (relay.ANYTHING, "Anything"),
        ],
        "Written by staff",
        required=True,
        default=relay.ANYTHING,
    )
    note = fields.Text(translate=True, help="Where the rule comes from.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _pattern_uniq = models.Constraint(
        "UNIQUE(pattern)", "There is already a rule for this mail domain."
    )

    @api.constrains("pattern")
    def _check_pattern(self):
        for rule in self:
            if not relay.is_pattern(rule.pattern.strip().lower()):
                raise ValidationError(
                    self.env._(
                        "%s is not a mail domain. Write it like members.ebay.*", rule.pattern
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _get_relays(self) -> tuple[relay.Relay, ...]:
        # sudo: the guard has to know all rules, whoever sends
        return tuple(
            relay.Relay(rule.name, rule.pattern.strip(), rule.automatic, rule.personal)
            for rule in self.sudo().search([])
        )

    @api.model
    def _judge(self, address: str, letter: relay.Letter) -> relay.Verdict:
        return relay.judge(self._get_relays(), address, letter)

    @api.model
    def _explain(self, verdict: relay.Verdict) -> str:
        """Return why a mail to a relay address was refused, for the person who runs the shop."""
        name = verdict.relay.name
        if verdict.why == "invoice":
            return self.env._(
                "%s allows no automatic mails to its buyers except the invoice.", name
            )
        if verdict.why == "attachment":
            return self.env._("%s allows no attachments in mails to its buyers.", name)
        return self.env._("%s allows no such mails to its buyers.", name)

    @api.model
    def _log_refusal(self, model: str | None, res_id: int | None, reason: str) -> None:
        """Note a refused mail where the user looks: in the timeline of the order it was about."""
        _logger.info("mail about %s %s refused: %s", model, res_id, reason)
        if model not in ORDER_PATHS or not res_id:
            return
        # sudo: the timeline is written by the program
        document = self.env[model].sudo().browse(res_id).exists()
        orders = document if ORDER_PATHS[model] == "id" else document.mapped(ORDER_PATHS[model])
        self.env["automation.log"]._add(
            [(order, "mail", self.env._("Mail not sent: %s", reason)) for order in orders]
        )
