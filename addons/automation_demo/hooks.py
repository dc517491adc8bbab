"""What cannot be said in data files: it depends on the chart of accounts and on the catalogue."""

from odoo.exceptions import UserError


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
    """Make articles and stock, and let admin read English."""
    env["automation.demo"]._make_articles()
    env["automation.demo"]._make_stock()


def uninstall_hook(env):
    """Leave articles and their categories: stock and orders refer to them."""
    env["ir.model.data"].search(
        [
            ("module", "=", "automation_demo"),
            ("model", "in", ("product.product", "product.template", "product.category")),
        ]
    ).unlink()
