{
    "name": "Payment Matching: Marketplaces",
    "summary": "Fetches what marketplaces have paid out and knows their orders",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Order Automation for Odoo",
    "website": "https://github.com/order-automation/odoo-order-automation",
    "depends": ["payment_matching", "shop_connector"],
    "auto_install": True,
    "data": ["views/payment_settlement_source_views.xml"],
}
