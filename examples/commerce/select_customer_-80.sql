-- What shard -80 of keyspace customer holds.
USE `customer/-80`;
SELECT * FROM customer ORDER BY customer_id;
SELECT * FROM corder ORDER BY order_id;
