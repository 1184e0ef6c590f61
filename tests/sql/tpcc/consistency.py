"""TPC-C's conditions of consistency (specification 5.11, chapter 3.3.2), each as a query whose rows break it. The first four are those that
a run must be tested for; the others hold as well. Asked of a keyspace of any number of shards."""

CONDITIONS = {
    "1: a warehouse has taken what its districts have":
        "select w_id, w_ytd, sum(d_ytd) from warehouse join district on d_w_id = w_id group by w_id, w_ytd having w_ytd <> sum(d_ytd)",
    "2: a district's next order follows its last one":
        "select d_w_id, d_id, d_next_o_id, max(o_id) from district join orders on o_w_id = d_w_id and o_d_id = d_id "
        "group by d_w_id, d_id, d_next_o_id having d_next_o_id - 1 <> max(o_id)",
    "2: nor is a new order beyond it":
        "select d_w_id, d_id, d_next_o_id, max(no_o_id) from district join new_order on no_w_id = d_w_id and no_d_id = d_id "
        "group by d_w_id, d_id, d_next_o_id having d_next_o_id - 1 < max(no_o_id)",
    "3: new orders of a district are without gaps":
        "select no_w_id, no_d_id from new_order group by no_w_id, no_d_id having max(no_o_id) - min(no_o_id) + 1 <> count(*)",
    "4: as many lines as the orders say":
        "select o.o_w_id, o.o_d_id, o.said, l.lines from "
        "(select o_w_id, o_d_id, sum(o_ol_cnt) as said from orders group by o_w_id, o_d_id) o join "
        "(select ol_w_id, ol_d_id, count(*) as `lines` from order_line group by ol_w_id, ol_d_id) l "
        "on ol_w_id = o_w_id and ol_d_id = o_d_id where o.said <> l.lines",
    "5: an order without a carrier is a new order, and the other way round":
        "select o_w_id, o_d_id, o_id from orders left join new_order on no_w_id = o_w_id and no_d_id = o_d_id and no_o_id = o_id "
        "where (o_carrier_id is null) <> (no_o_id is not null)",
    "6: each order has the lines that it says":
        "select o_w_id, o_d_id, o_id, o_ol_cnt, count(ol_number) from orders left join order_line "
        "on ol_w_id = o_w_id and ol_d_id = o_d_id and ol_o_id = o_id group by o_w_id, o_d_id, o_id, o_ol_cnt having o_ol_cnt <> count(ol_number)",
    "7: a line is delivered with its order":
        "select ol_w_id, ol_d_id, ol_o_id from order_line join orders on o_w_id = ol_w_id and o_d_id = ol_d_id and o_id = ol_o_id "
        "where (ol_delivery_d is null) <> (o_carrier_id is null)",
    "8: a warehouse has taken what its history says":
        "select w_id, w_ytd, sum(h_amount) from warehouse join history on h_w_id = w_id group by w_id, w_ytd having w_ytd <> sum(h_amount)",
    "9: a district has taken what its history says":
        "select d_w_id, d_id, d_ytd, sum(h_amount) from district join history on h_w_id = d_w_id and h_d_id = d_id "
        "group by d_w_id, d_id, d_ytd having d_ytd <> sum(h_amount)",
    "10: a customer owes what was delivered and not paid":
        "select c.c_w_id, c.c_d_id, c.c_id, c.c_balance, d.total, p.paid from customer c "
        "left join (select o_w_id, o_d_id, o_c_id, sum(ol_amount) as total from orders join order_line "
        "on ol_w_id = o_w_id and ol_d_id = o_d_id and ol_o_id = o_id where ol_delivery_d is not null group by o_w_id, o_d_id, o_c_id) d "
        "on d.o_w_id = c.c_w_id and d.o_d_id = c.c_d_id and d.o_c_id = c.c_id "
        "left join (select h_c_w_id, h_c_d_id, h_c_id, sum(h_amount) as paid from history group by h_c_w_id, h_c_d_id, h_c_id) p "
        "on p.h_c_w_id = c.c_w_id and p.h_c_d_id = c.c_d_id and p.h_c_id = c.c_id "
        "where c.c_balance <> ifnull(d.total, 0) - ifnull(p.paid, 0)",
    "12: balance and payments make what was delivered":
        "select c.c_w_id, c.c_d_id, c.c_id from customer c "
        "left join (select o_w_id, o_d_id, o_c_id, sum(ol_amount) as total from orders join order_line "
        "on ol_w_id = o_w_id and ol_d_id = o_d_id and ol_o_id = o_id where ol_delivery_d is not null group by o_w_id, o_d_id, o_c_id) d "
        "on d.o_w_id = c.c_w_id and d.o_d_id = c.c_d_id and d.o_c_id = c.c_id where c.c_balance + c.c_ytd_payment <> ifnull(d.total, 0)",
    "stock has given what order lines say, to every shard's orders":
        "select s_w_id, s_i_id, s_ytd, l.given from stock left join "
        "(select ol_supply_w_id, ol_i_id, sum(ol_quantity) as given from order_line group by ol_supply_w_id, ol_i_id) l "
        "on ol_supply_w_id = s_w_id and ol_i_id = s_i_id where s_ytd <> ifnull(l.given, 0)",
}  # fmt: skip
