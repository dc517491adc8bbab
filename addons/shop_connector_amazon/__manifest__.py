{
    "name": "Shop Connector: Amazon",
    "summary": "Orders from Amazon, own shipping and FBA; shipments, stock, cancellations and "
    "invoices back to it",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Automation for Odoo",
    "website": "https://github.com/order-automation/odoo-order-automation",
    "depends": ["shop_connector"],
    "data": [
        "security/ir.model.access.csv",
        "data/shop_amazon_marketplace_data.xml",
        "data/ir_cron_data.xml",
        "views/shop_account_views.xml",
    ],
}
