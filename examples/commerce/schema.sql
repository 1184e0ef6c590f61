-- What the shop keeps: products in the unsharded keyspace, customers and their orders in the sharded one.

USE commerce;

CREATE TABLE IF NOT EXISTS product (
  sku VARBINARY(128) NOT NULL,
  description VARBINARY(128),
  price BIGINT,
  PRIMARY KEY (sku)
);

USE customer;

-- A customer and all of their orders are in one shard, since both tables are sharded by the customer.
CREATE TABLE IF NOT EXISTS customer (
  customer_id BIGINT NOT NULL AUTO_INCREMENT,
  email VARBINARY(128),
  PRIMARY KEY (customer_id)
) SHARD BY hash(customer_id);

CREATE TABLE IF NOT EXISTS corder (
  order_id BIGINT NOT NULL AUTO_INCREMENT,
  customer_id BIGINT,
  sku VARBINARY(128),
  price BIGINT,
  PRIMARY KEY (order_id)
) SHARD BY hash(customer_id);
