{
    "name": "Payment Matching",
    "summary": "Bank statements and payments in, proposals with reasons, one click, goods out",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Order Automation for Odoo",
    "website": "https://github.com/order-automation/odoo-order-automation",
    "depends": ["file_transport", "order_automation"],
    "external_dependencies": {"python": ["python-stdnum"]},
    "data": [
        "security/payment_matching_security.xml",
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
    ],
}
