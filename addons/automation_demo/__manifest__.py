{
    "name": "Order Automation: Demo Company",
    "summary": "A made-up German mail-order company that lives. NOT for production",
    "description": """
NOT for production: it fills the main company with made-up data, adds people with known passwords
and lets simulated staff work. It refuses to be installed where sales orders exist.
""",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "license": "LGPL-3",
    "author": "Order Automation for Odoo",
    "website": "https://github.com/order-automation/odoo-order-automation",
    "depends": [
        "contacts",
        "l10n_de",
        "l10n_din5008_sale",
        "l10n_din5008_stock",
        "report_pdf_chromium",
        "sale_management",
        "shop_connector_gambio",
    ],
    "data": [
        "data/company_data.xml",
        "data/users_data.xml",
        "data/shop_data.xml",
        "data/ir_cron_data.xml",
    ],
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
}
