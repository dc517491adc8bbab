-- no copy of a database may talk to Amazon
UPDATE shop_account
   SET amazon_client_id = NULL, amazon_client_secret = NULL, amazon_refresh_token = NULL,
       amazon_push_key = NULL;
DELETE FROM shop_memory
 WHERE account IN (SELECT id FROM shop_account WHERE channel = 'amazon');
