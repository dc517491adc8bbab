{
    "name": "PDF Reports by Chromium",
    "summary": "Reports with header, footer and page numbers where wkhtmltopdf is not patched",
    "version": "19.0.1.0.0",
    "category": "Technical",
    "author": "Order Automation for Odoo",
    "license": "LGPL-3",
    "website": "https://github.com/order-automation/odoo-order-automation",
    "depends": ["web"],
}
