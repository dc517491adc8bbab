{
    "name": "File Transport",
    "summary": "Places to put and fetch files: SFTP, FTP(S), web addresses, folders, mail",
    "version": "19.0.1.0.0",
    "category": "Technical",
    "license": "LGPL-3",
    "author": "Order Automation for Odoo",
    "website": "https://github.com/order-automation/odoo-order-automation",
    "depends": ["automation_core"],
    "external_dependencies": {"python": ["paramiko"]},
    "data": [
        "security/ir.model.access.csv",
        "security/file_transport_rules.xml",
        "views/file_transport_views.xml",
    ],
}
