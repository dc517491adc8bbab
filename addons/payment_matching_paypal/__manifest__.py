{
    "name": "Payment Matching: PayPal",
    "summary": "Payments, fees, refunds and disputes from PayPal, each booked once",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Order Automation for Odoo",
    "website": "https://github.com/order-automation/odoo-order-automation",
    "depends": ["payment_matching"],
    "data": [
        "security/ir.model.access.csv",
        "security/payment_matching_paypal_security.xml",
        "data/ir_cron_data.xml",
        "views/payment_source_views.xml",
    ],
}
