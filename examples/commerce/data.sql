-- Five customers, an order each. Loaded a second time it changes nothing.

USE commerce;

INSERT IGNORE INTO product (sku, description, price) VALUES
  ('SKU-1001', 'Monitor', 100),
  ('SKU-1002', 'Keyboard', 30);

USE customer;

INSERT IGNORE INTO customer (customer_id, email) VALUES
  (1, 'alice@domain.com'),
  (2, 'bob@domain.com'),
  (3, 'charlie@domain.com'),
  (4, 'dan@domain.com'),
  (5, 'eve@domain.com');

INSERT IGNORE INTO corder (order_id, customer_id, sku, price) VALUES
  (1, 1, 'SKU-1001', 100),
  (2, 2, 'SKU-1002', 30),
  (3, 3, 'SKU-1002', 30),
  (4, 4, 'SKU-1002', 30),
  (5, 5, 'SKU-1002', 30);
