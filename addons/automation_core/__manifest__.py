{
    "name": "Automation Core",
    "summary": "Cases, batch runner and careful outside calls for shop automation",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Order Automation for Odoo",
    "website": "https://github.com/order-automation/odoo-order-automation",
    "depends": ["mail"],
    "external_dependencies": {"python": ["requests"]},
    "data": [
        "security/automation_core_groups.xml",
        "security/ir.model.access.csv",
        "security/automation_case_rules.xml",
        "views/automation_core_menus.xml",
        "views/automation_case_views.xml",
    ],
}
