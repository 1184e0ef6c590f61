-- What overload.py has sysbench do: one kind of statement, of the table that it has filled.

sysbench.cmdline.options = {
   kind = {"Which of the statements below", "other_point_selects"},
   tables = {"Not used: there is one table", 1},
   table_size = {"Rows of the table", 20000},
}

local connection

function thread_init()
   connection = sysbench.sql.driver():connect()
end

function thread_done()
   connection:disconnect()
end

local function any_row()
   return sysbench.rand.uniform(0, sysbench.opt.table_size - 1)
end

local kinds = {
   same_aggregate = function()
      connection:query("select kind, count(*), sum(amount) from item group by kind")
   end,
   same_point_select = function()
      connection:query("select pad from item where id = 7")
   end,
   other_point_selects = function()
      connection:query("select pad from item where id = " .. any_row())
   end,
   one_hot_row = function()
      connection:query("update item set amount = amount + 1 where id = 7")
   end,
   hot_row_first = function()
      connection:query("begin")
      connection:query("update item set amount = amount + 1 where id = 7")
      connection:query("update item set amount = amount - 1 where id = " .. (8 + any_row()))
      connection:query("commit")
   end,
   other_rows = function()
      connection:query("update item set amount = amount + 1 where id = " .. any_row())
   end,
}

function event()
   kinds[sysbench.opt.kind]()
end
