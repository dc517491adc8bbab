{
    "name": "PDF Reports by Chromium",
    "summary": "Reports with header, footer and page numbers where wkhtmltopdf is not patched",
    "version": "19.0.1.0.0",
    "category": "Technical",
    "author": "Order Automation Contributors",
    "license": "LGPL-3",
    "depends": ["web"],
    "installable": True,
}
