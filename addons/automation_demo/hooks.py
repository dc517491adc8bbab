"""What cannot be said in data files: it depends on the chart of accounts and on the catalogue."""

from odoo.exceptions import UserError

LEFT_MODELS = (
    "product.product",
    "product.template",
    "product.category",
    "account.journal",
    "payment.source",
)


def pre_init_hook(env):
    """Keep the made-up company out of databases in use."""
    env.cr.execute("SELECT EXISTS(SELECT FROM sale_order)")
    if env.cr.fetchone()[0]:
        raise UserError(
            env._(
                "This add-on fills an empty database with a made-up company. This database has "
                "sales orders already, so it is not installed here."
            )
        )
    for code in ("de_DE", "en_US"):
        env["res.lang"]._activate_lang(code)


def post_init_hook(env):
    """Make articles, stock and what depends on the chart of accounts."""
    env["automation.demo"]._make_articles()
    env["automation.demo"]._make_stock()
    env["automation.demo"]._make_payment_sources()


def uninstall_hook(env):
    """Leave articles, their categories and the journals: documents refer to them."""
    sources = env["automation.demo"]._sources()
    sources.filtered("place_id").write({"kind": "upload", "place_id": False})
    sources.live = False
    env["ir.model.data"].search(
        [("module", "=", "automation_demo"), ("model", "in", LEFT_MODELS)]
    ).unlink()
