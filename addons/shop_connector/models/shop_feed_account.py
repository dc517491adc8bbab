"""An account whose orders come in files: where they are, how they are read, what goes back."""

from dataclasses import replace
from functools import lru_cache

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.automation_core.lib import errors

from ..lib.feed import profiles
from ..lib.feed.model import FeedMapping, from_json, to_json
from ..lib.feed.problems import HINT_MAPPING
from ..lib.order import PayloadError

CHANNEL = "file"
parsed = lru_cache(maxsize=64)(from_json)


class ShopAccount(models.Model):
    _inherit = "shop.account"

    channel = fields.Selection(
        selection_add=[(CHANNEL, "Order files")],
        ondelete={CHANNEL: lambda accounts: accounts.write({"live": False, "active": False})},
    )
    feed_profile = fields.Selection(
        [("table", "Table, one row per line"), ("opentrans", "openTRANS 2.1")],
        "Ready-made mapping",
        default="table",
        help="Where the mapping of this account begins. Choosing another one starts anew.",
    )
    feed_mapping = fields.Text(
        "Mapping", copy=True, help="What of a file becomes which part of an order, as JSON."
    )
    feed_source = fields.Selection(
        [("upload", "Uploaded by hand"), ("place", "Fetched from a place")],
        "Order files are",
        default="upload",
        required=True,
    )
    feed_place_id = fields.Many2one(
        "file.transport",
        "Fetched from",
        domain="[('kind', '!=', 'mail'), ('company_id', 'in', [company_id, False])]",
        check_company=True,
        index=True,
        ondelete="restrict",
    )
    feed_place_kind = fields.Selection(related="feed_place_id.kind")
    feed_layout = fields.Char(compute="_compute_feed_layout")
    feed_heads = fields.Char(
        "Order files",
        help="A folder: the names, e.g. orders-*.csv. A web server: what comes after its address; "
        "{user}, {password}, {from:%d.%m.%Y}, {to:%d.%m.%Y} and {now} are filled in.",
    )
    feed_lines = fields.Char(
        "Files of the lines", help="Only where heads and lines of the orders are two files."
    )
    feed_one_head = fields.Char(
        "A single order", help="On a web server that can be asked for one: {number} is filled in."
    )
    feed_one_lines = fields.Char("Lines of a single order")
    feed_empty_is_refusal = fields.Boolean(
        "Empty answer means wrong login",
        help="For servers that answer nothing at all to a wrong password.",
    )
    feed_folder = fields.Char("Folder of the order files", help="Below the place's own folder.")
    feed_after = fields.Selection(
        [("move", "Move them"), ("delete", "Delete them"), ("leave", "Leave them there")],
        "Afterwards",
        default="move",
        required=True,
        help="What happens to files whose orders are stored. One that cannot be read stays.",
    )
    feed_archive = fields.Char(
        "Move to folder", default="done", help="Below the folder of the files."
    )
    feed_broken_count = fields.Integer(compute="_compute_feed_broken_count")

    # -- mapping -----------------------------------------------------------

    @api.model
    def _feed_profiles(self) -> dict[str, profiles.Profile]:
        """Return the ready-made mappings by the values of ``feed_profile``; add-ons add theirs."""
        return dict(profiles.PROFILES)

    def _feed_get_mapping(self) -> FeedMapping:
        """Return the mapping, with times in the shop's zone.

        :raises MappingProblem: it is not usable
        """
        mapping = parsed(self.feed_mapping or "{}")
        return replace(mapping, zone=self.tz or mapping.zone)

    def _feed_ready_mapping(self) -> FeedMapping:
        """Return the mapping for something that talks to the shop.

        :raises errors.Rejected: it is not usable
        """
        try:
            return self._feed_get_mapping()
        except PayloadError as error:
            raise errors.Rejected(error.message, error.hint) from error

    @api.onchange("feed_profile", "channel")
    def _onchange_feed_profile(self):
        if self.channel == CHANNEL and self.feed_profile:
            self.update(self._feed_profile_vals(self.feed_profile))

    @api.model
    def _feed_profile_vals(self, name: str) -> dict:
        profile = self._feed_profiles().get(name)
        if not profile:
            return {}
        return {
            "feed_mapping": to_json(profile.mapping),
            "feed_heads": profile.heads,
            "feed_lines": profile.lines,
            "feed_one_head": profile.one_head,
            "feed_one_lines": profile.one_lines,
            "feed_empty_is_refusal": profile.empty_is_refusal,
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Override to let an account begin with a ready-made mapping."""
        for vals in vals_list:
            if vals.get("channel") == CHANNEL and not vals.get("feed_mapping"):
                ready = self._feed_profile_vals(vals.get("feed_profile") or "table")
                vals.update({**ready, **vals, "feed_mapping": ready.get("feed_mapping", "{}")})
        return super().create(vals_list)

    @api.constrains("feed_mapping")
    def _check_feed_mapping(self):
        for account in self:
            try:
                if account.feed_mapping:
                    from_json(account.feed_mapping)
            except PayloadError as error:
                texts = (account._readable(error.message), account._readable(HINT_MAPPING))
                raise ValidationError(" ".join(texts)) from error

    @api.depends("feed_mapping")
    def _compute_feed_layout(self):
        for account in self:
            try:
                account.feed_layout = account._feed_get_mapping().layout
            except PayloadError:
                account.feed_layout = False

    # -- files that stay ---------------------------------------------------

    @api.depends("cursor", "channel")
    def _compute_feed_broken_count(self):
        for account in self:
            account.feed_broken_count = len(account._feed_get_broken())

    def _feed_get_broken(self) -> dict[str, list[str]]:
        """Return the files that could not be read or put away: name, then problem and hint."""
        known = (self.cursor or {}).get("broken") if self.channel == CHANNEL else None
        return {name: parts[1:] for name, parts in (known or {}).items()}

    def action_feed_again(self):
        """Try to read the files again that could not be read, without waiting."""
        for account in self:
            account.cursor = {**(account.cursor or {}), "broken": {}}
        return self.action_fetch_now()

    def action_feed_upload(self):
        """Open the page on which a file is tried and imported."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order files of %s", self.name),
            "res_model": "shop.feed.trial",
            "view_mode": "form",
            "target": "current",
            "context": {"default_account_id": self.id},
        }
