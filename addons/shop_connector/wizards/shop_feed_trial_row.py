"""The rows of a mapping on the page that tries it."""

from odoo import api, fields, models

from odoo.addons.automation_core.translated import translated

from ..lib.feed.model import Cost, FeedMapping, Source
from ..lib.feed.names import FIELDS

SEPARATOR = " | "
DECIMALS = [("comma", "1.234,56"), ("point", "1,234.56")]
HEAD_FORMAT = ("kind", "encoding", "delimiter", "quote", "record_path")
PLAIN = (
    *("layout", "lines_path", "prices", "total_of", "total_prices", "check_total", "tolerance"),
    *("decimal", "number_prefix"),
)
WORDS = ("payments", "carriers", "countries")


class ShopFeedTrialSource(models.AbstractModel):
    """Where the value of a row comes from."""

    _name = "shop.feed.trial.source"
    _description = "Source of a value in an order file"

    trial_id = fields.Many2one("shop.feed.trial", required=True, ondelete="cascade", index=True)
    paths = fields.Char(
        "Columns", help="Names or paths, separated by |. The first that has a value counts."
    )
    joint = fields.Char("Put together with", help="Empty: the first that has a value counts.")
    fixed = fields.Char("Otherwise", help="Stands in where the file has nothing.")
    decimal = fields.Selection(DECIMALS, "Written")
    dates = fields.Char("Forms of its dates")
    scale = fields.Char("Times", help="100 for a rate that is written 0.19")
    html = fields.Boolean("HTML", help="Tags are taken out of the text.")
    optional = fields.Boolean("May be missing", help="The file may come without the column.")

    def _get_source(self) -> Source:
        return Source(
            paths=split(self.paths),
            joint=" " if self.joint == "␣" else self.joint or "",
            fixed=self.fixed or "",
            decimal=self.decimal or "",
            dates=split(self.dates),
            scale=self.scale or "",
            html=self.html,
            optional=self.optional,
        )


class ShopFeedTrialField(models.TransientModel):
    """One field of an order."""

    _name = "shop.feed.trial.field"
    _description = "Field of an order file"
    _inherit = ["shop.feed.trial.source"]

    name = fields.Selection("_select_name", "Field", required=True)

    @api.model
    def _select_name(self):
        blocks = {
            "billing": self.env._("Invoice address: %s"),
            "delivery": self.env._("Delivery address: %s"),
            "line": self.env._("Line: %s"),
            "": self.env._("Order: %s"),
        }
        return [
            (name, blocks[name.rpartition(".")[0]] % translated(self.env, label))
            for name, label in FIELDS.items()
        ]


class ShopFeedTrialCost(models.TransientModel):
    """A column that is a line of its own."""

    _name = "shop.feed.trial.cost"
    _description = "Cost of an order file"
    _inherit = ["shop.feed.trial.source"]

    title = fields.Char("Name of the line", required=True)
    kind = fields.Selection(
        [
            ("shipping", "Shipping"),
            ("fee", "Fee"),
            ("discount", "Discount"),
            ("voucher", "Voucher"),
        ],
        required=True,
        default="shipping",
    )
    sign = fields.Selection(
        [("plus", "added"), ("minus", "taken off")], "Is", required=True, default="plus"
    )
    tax_percent = fields.Char("Tax rate", help="Empty: the tax of the goods.")

    def _get_cost(self) -> Cost:
        return Cost(
            source=self._get_source(),
            name=self.title,
            kind=self.kind,
            sign="-" if self.sign == "minus" else "+",
            tax_percent=self.tax_percent or "",
        )


def source_vals(source: Source) -> dict:
    return {
        "paths": SEPARATOR.join(source.paths),
        "joint": "␣" if source.joint == " " else source.joint,
        "fixed": source.fixed,
        "decimal": source.decimal or False,
        "dates": SEPARATOR.join(source.dates),
        "scale": source.scale,
        "html": source.html,
        "optional": source.optional,
    }


def split(text: str | bool) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split("|") if part.strip())


def pairs(text: str | bool) -> tuple[tuple[str, str], ...]:
    """Return the pairs in lines of ``word = code``."""
    found = (line.rpartition("=") for line in (text or "").splitlines())
    return tuple((word.strip(), code.strip()) for word, _sign, code in found if word.strip())


def mapping_vals(mapping: FeedMapping) -> dict:
    """Return the fields of the page for a mapping."""
    vals = {name: getattr(mapping, name) for name in PLAIN}
    vals |= {name: getattr(mapping.heads, name) for name in HEAD_FORMAT}
    vals["decimal"] = mapping.decimal or "comma"
    vals["header"] = mapping.heads.header
    vals["dates"] = SEPARATOR.join(mapping.dates)
    vals["line_key"] = SEPARATOR.join(mapping.line_key.paths)
    vals["paid"] = SEPARATOR.join(mapping.paid)
    vals["cancelled"] = SEPARATOR.join(mapping.cancelled)
    for name in WORDS:
        vals[name] = "\n".join(f"{word} = {code}" for word, code in getattr(mapping, name))
    create = fields.Command.create
    vals["field_ids"] = [
        create({"name": name, **source_vals(mapping.fields[name])})
        for name in FIELDS
        if name in mapping.fields
    ]
    vals["cost_ids"] = [
        create(
            {
                "title": cost.name,
                "kind": cost.kind,
                "sign": "minus" if cost.sign == "-" else "plus",
                "tax_percent": cost.tax_percent,
                **source_vals(cost.source),
            }
        )
        for cost in mapping.costs
    ]
    return vals
