-- The whole keyspace, from all its shards.
USE customer;
SELECT * FROM customer;
SELECT * FROM corder;
