{
    "name": "Payment Matching: FinTS",
    "summary": "Bookings straight from German banks, with PIN and TAN",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Order Automation for Odoo",
    "website": "https://github.com/order-automation/odoo-order-automation",
    "depends": ["payment_matching"],
    "external_dependencies": {"python": ["fints", "cryptography"]},
    "data": [
        "security/ir.model.access.csv",
        "security/payment_matching_fints_rules.xml",
        "wizards/payment_fints_views.xml",
        "views/payment_source_views.xml",
    ],
    "assets": {
        "web.assets_tests": ["payment_matching_fints/static/tests/tours/**/*"],
    },
}
