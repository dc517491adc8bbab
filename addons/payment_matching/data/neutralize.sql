-- no copy of a database may fetch payments
UPDATE payment_source
   SET live = false,
       next_poll = NULL,
       next_try = NULL,
       lease_until = NULL;

UPDATE payment_settlement_source
   SET live = false,
       next_poll = NULL,
       next_try = NULL,
       lease_until = NULL;
