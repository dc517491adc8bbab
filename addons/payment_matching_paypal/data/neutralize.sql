-- no copy of a database may read the real account, nor listen to its webhook
UPDATE payment_source SET paypal_client_id = NULL, paypal_secret = NULL, paypal_webhook_token = NULL;
DELETE FROM payment_paypal_hint;
