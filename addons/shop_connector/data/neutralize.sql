-- no copy of a database may talk to a shop
UPDATE shop_account SET live = false, next_poll = NULL, next_try = NULL;
