{
    "name": "Shop Connector: Example",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "You",
    "depends": ["shop_connector"],
    "data": ["views/shop_account_views.xml"],
}
