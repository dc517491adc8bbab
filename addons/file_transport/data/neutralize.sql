-- no copy of a database may put or fetch files
UPDATE file_transport
   SET live = false,
       password = NULL,
       private_key = NULL,
       passphrase = NULL;
