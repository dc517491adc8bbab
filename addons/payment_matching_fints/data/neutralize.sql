-- no copy of a database may log in at a bank
UPDATE payment_source
   SET fints_pin_sealed = NULL,
       fints_pin_stored = false,
       fints_data = NULL,
       fints_state = 'new',
       fints_in_flight = false
 WHERE kind = 'fints';
DELETE FROM payment_fints;
