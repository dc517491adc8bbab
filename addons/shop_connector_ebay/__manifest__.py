{
    "name": "Shop Connector: eBay",
    "summary": "Orders from eBay, combined ones and eBay's own taxes included; shipments, stock "
    "and feedback back to it",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Automation for Odoo",
    "website": "https://github.com/order-automation/odoo-order-automation",
    "depends": ["shop_connector"],
    "external_dependencies": {"python": ["cryptography"]},
    "data": [
        "security/ir.model.access.csv",
        "security/shop_connector_ebay_rules.xml",
        "data/ir_cron_data.xml",
        "wizard/shop_ebay_connect_views.xml",
        "views/shop_ebay_notification_views.xml",
        "views/shop_account_views.xml",
        "views/consent_templates.xml",
    ],
}
