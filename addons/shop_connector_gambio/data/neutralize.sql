-- no copy of a database may talk to a shop
UPDATE shop_account SET gambio_user = NULL, gambio_password = NULL, gambio_token = NULL;
