{
    "name": "Shop Connector: Yatego",
    "summary": "A ready mapping for Yatego's order files, and its article and stock file",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Automation for Odoo",
    "website": "https://github.com/order-automation/odoo-order-automation",
    "depends": ["shop_connector"],
    "data": ["views/shop_account_views.xml"],
}
