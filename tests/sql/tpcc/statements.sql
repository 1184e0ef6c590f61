# The statements of TPC-C's transactions. Each has its name in front, by which transactions.py sends it and plan lists call it.

# warehouse_tax
select w_tax from warehouse where w_id = ?

# customer_discount
select c_discount, c_last, c_credit from customer where c_w_id = ? and c_d_id = ? and c_id = ?

# lock_order_number
select d_next_o_id from district where d_w_id = ? and d_id = ? for update

# raise_order_number
update district set d_next_o_id = d_next_o_id + 1 where d_w_id = ? and d_id = ?

# insert_order
insert into orders (o_w_id, o_d_id, o_id, o_c_id, o_entry_d, o_carrier_id, o_ol_cnt, o_all_local)
values (?, ?, ?, ?, now(), null, ?, ?)

# insert_new_order
insert into new_order (no_w_id, no_d_id, no_o_id) values (?, ?, ?)

# item
select i_price, i_name, i_data from item where i_id = ?

# insert_order_line
insert into order_line (ol_w_id, ol_d_id, ol_o_id, ol_number, ol_i_id, ol_supply_w_id, ol_quantity, ol_amount, ol_dist_info)
values (?, ?, ?, ?, ?, ?, ?, ?, ?)

# lock_stock
select s_quantity from stock where s_w_id = ? and s_i_id = ? for update

# take_stock
update stock set s_quantity = ?, s_ytd = s_ytd + ?, s_order_cnt = s_order_cnt + 1, s_remote_cnt = s_remote_cnt + ?
where s_w_id = ? and s_i_id = ?

# pay_warehouse
update warehouse set w_ytd = w_ytd + ? where w_id = ?

# pay_district
update district set d_ytd = d_ytd + ? where d_w_id = ? and d_id = ?

# customers_by_name
select c_id, c_credit from customer where c_w_id = ? and c_d_id = ? and c_last = ? order by c_first for update

# customer_by_number
select c_id, c_credit from customer where c_w_id = ? and c_d_id = ? and c_id = ? for update

# pay_customer
update customer set c_balance = c_balance - ?, c_ytd_payment = c_ytd_payment + ?, c_payment_cnt = c_payment_cnt + 1,
  c_data = left(concat(?, c_data), 500)
where c_w_id = ? and c_d_id = ? and c_id = ?

# insert_history
insert into history (h_c_id, h_c_d_id, h_c_w_id, h_d_id, h_w_id, h_date, h_amount, h_data) values (?, ?, ?, ?, ?, now(), ?, ?)

# customer_balance
select c_balance, c_first, c_middle, c_last from customer where c_w_id = ? and c_d_id = ? and c_id = ?

# latest_order
select o_id, o_entry_d, o_carrier_id from orders where o_w_id = ? and o_d_id = ? and o_c_id = ? order by o_id desc limit 1

# order_lines
select ol_i_id, ol_supply_w_id, ol_quantity, ol_amount, ol_delivery_d from order_line
where ol_w_id = ? and ol_d_id = ? and ol_o_id = ?

# oldest_new_order
select no_o_id from new_order where no_w_id = ? and no_d_id = ? order by no_o_id limit 1 for update

# delete_new_order
delete from new_order where no_w_id = ? and no_d_id = ? and no_o_id = ?

# customer_of_order
select o_c_id from orders where o_w_id = ? and o_d_id = ? and o_id = ?

# set_carrier
update orders set o_carrier_id = ? where o_w_id = ? and o_d_id = ? and o_id = ?

# set_delivered
update order_line set ol_delivery_d = now() where ol_w_id = ? and ol_d_id = ? and ol_o_id = ?

# order_total
select sum(ol_amount) from order_line where ol_w_id = ? and ol_d_id = ? and ol_o_id = ?

# credit_customer
update customer set c_balance = c_balance + ?, c_delivery_cnt = c_delivery_cnt + 1 where c_w_id = ? and c_d_id = ? and c_id = ?

# next_order_number
select d_next_o_id from district where d_w_id = ? and d_id = ?

# low_stock
select count(distinct s_i_id) from order_line, stock
where ol_w_id = ? and ol_d_id = ? and ol_o_id < ? and ol_o_id >= ? and s_w_id = ? and s_i_id = ol_i_id and s_quantity < ?
