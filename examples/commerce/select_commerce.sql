USE commerce;
SELECT * FROM product ORDER BY sku;
