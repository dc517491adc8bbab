-- no copy of a database may talk to eBay, nor answer for the real one
UPDATE shop_account SET ebay_cert_id = NULL, ebay_refresh_token = NULL, ebay_signing_jwe = NULL,
    ebay_signing_key = NULL, ebay_verification_token = NULL;
DELETE FROM shop_memory WHERE account IN (SELECT id FROM shop_account WHERE channel = 'ebay');
