-- no copy of a database may talk to a shop
UPDATE shop_account SET live = false, next_poll = NULL, next_try = NULL;
UPDATE shop_message SET state = 'cancelled', next_try = NULL, lease_until = NULL
 WHERE state IN ('pending', 'sending', 'waiting');
