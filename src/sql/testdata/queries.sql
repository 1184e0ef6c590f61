select 1
SELECT a, b AS c, t.*, count(*) FROM db.t x WHERE a = 1 and b in (1,2,3) or not c like 'x%' escape '!' group by a desc having count(*) > 1 order by 1 limit 5, 10
select * from a join b join c on a.x = c.x left join d using (y, z), e
(select 1 limit 1) union all select 2 union select 3 order by 1
select 1 union select 2 intersect select 3
with recursive c(n) as (select 1 union all select n+1 from c where n < 10) select * from c
select ((select 1)), (select 1) + 1, exists (select 1), (1,2) = (select 1,2)
insert into t values (1,'a''b\n'),(2,default) on duplicate key update a = values(a)
insert into t (a,b) select * from x
insert t set a=1
delete from t where a = 1 order by b limit 1
delete a, b.* from a join b on a.x=b.x
delete from a, b using a join b
update t join s set t.a = s.b where 1
select sum(a) over (partition by b order by c rows between unbounded preceding and current row), row_number() over w from t window w as (order by x)
select date '2020-01-01', x + interval 1 day, date_add(now(), interval 1 month), interval(1,2,3), interval 1 day + x
select -a, - -a, -(-1), !a, not a = b, (not a) = b, ~a ^ b, a || b, a xor b
select 'a' 'b', _utf8mb4'x' collate utf8mb4_bin, N'x', x'4D', 0x4d, b'01', 0b1, 1e5, .5, 1.
select case a when 1 then 2 else 3 end, cast(a as char(10) character set utf8mb4), convert(a using utf8), trim(leading 'x' from y), extract(day from x), substring(a from 1 for 2), group_concat(distinct a order by b desc separator ';')
select @a := 1, @@global.x, @@x, @`a b`, @'c'
select * from t1 left join (t2 join t3 on t2.a = t3.a) on t1.a=t2.a
select a.b.c, `select`, `a``b`, t.select from t as `x y`
select 1 from t for update of t skip locked
select * from json_table('[1]', '$[*]' columns (id for ordinality, x int path '$.x' default '1' on empty null on error, nested path '$.y' columns (z int exists path '$'))) as jt
values (1,2),(3,4)
values row(1,2)
select a into @x from t
select * from t into outfile '/tmp/x' fields terminated by ',' lines terminated by '\n'
load data local infile 'x' ignore into table t fields terminated by ',' enclosed by '"' lines terminated by '\n' ignore 1 lines (a, @b) set c = @b
select nth_value(a, 2) from first respect nulls over w, lag(a) ignore nulls over w from t
select a between 1 and 2 and b, a between 1 and b between 3 and 4
select * from t where (a, b) in ((1,2),(3,4)) and c is not null is true
select timestampadd(day, 1, x), get_format(date,'eur'), position('a' in b), char(1,2 using utf8), weight_string(a as char(3)), match(a,b) against ('x' in boolean mode)
/*kintsugi target=replica */ select /*+ max_execution_time(1) */ 1 /* c */ -- x
select a from t where a > all (select 1) or b = any (values row(1))
select * from t partition (p0, p1) as x use index (a, primary) ignore key for join (b)
select distinctrow a from t
select sql_small_result sql_big_result sql_buffer_result a from t
select sql_cache a from t
select straight_join high_priority sql_calc_found_rows a from t
select a from t partition (p0, p1) as x
select a, b as 'c', d "e", f g from t
select a from dual
select 1 from dual where 1
select 1 where 1
select 1 where 1 limit 1
select 1 having 1
select 1 group by 1
select 1 order by 1
select a from t group by a with rollup having a > 1 order by b limit 5
select a from t group by rollup (a, b)
select a from t group by cube (a, b)
select a from t group by (a), (b)
select a from t order by a limit 5 offset 10
select a from t limit ?, ?
select a from t for update nowait
select a from t for update skip locked
select a, b into @x, y from t where c = 1
select a from t where b = 1 into @x
select a from t limit 1 into @x for update
select a from t for update into @x
select a into outfile '/x' from t
select a into outfile '/x' character set utf8mb4 fields terminated by ',' enclosed by '"' escaped by '\\' lines starting by 'x' terminated by '\n' from t
select a from t into outfile '/x' columns optionally enclosed by 0x22
select a into dumpfile '/x' from t
select 1 union select 2 into @x
select 1 union all select 2 into outfile '/x'
(select 1) union (select 2) into @x
select 1 union select 2 limit 1
select 1 union select 2 order by 1 for update
(select 1 order by 1 limit 1) union all (select 2 order by 1 limit 1) order by 1 limit 2
select 1 union distinct select 2 except all select 3 intersect distinct select 4
(select 1 union select 2) intersect select 3
((select 1)) union ((select 2))
(select 1) limit 1
((select 1) limit 1) order by 1
(select 1) union select 2 limit 1
with c as (select 1) select * from c
with c (a, b) as (select 1, 2), d as (select * from c) select * from c, d
with recursive c as (select 1 union all select 2) select * from c
with c as (select 1) (select * from c)
with c as (select 1) (select * from c) union select 2
with c as (with d as (select 1) select * from d) select * from c
select * from (with c as (select 1) select * from c) as d
select (with c as (select 1) select * from c)
select * from t where a in (with c as (select 1) select * from c)
with c as (select 1) select * from c into @x
select * from a, b
select * from a join b
select * from a inner join b on a.x = b.x
select * from a cross join b on 1
select * from a cross join b using (x)
select * from a straight_join b on 1
select * from a straight_join b using (x)
select * from a left join b using (x, y) right outer join c on 1
select * from a natural join b natural left outer join c natural right join d natural inner join e
select * from (a, b) left join (c, d) on 1
select * from a left join b join c on 1 on 2
select * from a join b join c on 1 on 2
select * from ((a))
select * from ((a join b))
select * from (a as x)
select * from (a join b) join c
select * from {oj a left join b on 1}
select * from {oj a left outer join b left join c on 1 on 2}
select * from { oj a left outer join b on 1 } , d
select * from (select 1) d
select * from (select 1) d, (select 2) e
select * from ((select 1)) as d
select * from (select 1 union select 2) as d
select * from ((select 1) as d join t)
select * from a use index (i, j), b ignore key (k) force index for join (l)
select * from a use index ()
select * from a use key for group by (primary)
select * from a as x use index (i) ignore index for order by (j) force key for group by (k)
select * from a force index (i) join b
select * from json_table('[]', '$' columns (a int path '$')) as j
select * from json_table(a, '$[*]' columns (a varchar(5) character set latin1 collate latin1_bin path '$.x')) as j
select * from json_table(a, '$[*]' columns (a varchar(5) collate utf8mb4_bin path '$.x')) j
select * from json_table(a, '$[*]' columns (a for ordinality, b int exists path '$.x')) as j
select * from json_table(a, '$[*]' columns (a int path '$.x' null on empty null on error, b int path '$.x' error on empty, c int path '$.x' default '5' on error)) as j
select * from json_table(a, '$[*]' columns (a int path '$.x' error on error error on empty)) as j
select * from json_table(a, '$[*]' columns (nested path '$.x' columns (b int path '$', nested path '$.y[*]' columns (c int path '$')))) as j
select * from t, json_table(t.a, '$' columns (b json path '$')) as j where 1
select * from t left join json_table(t.a, '$' columns (b json path '$')) as j on true
select sum(a) over (), sum(a) over (partition by b), sum(a) over (order by b), sum(a) over w from t window w as (partition by b order by c)
select sum(a) over (w), sum(a) over (w order by b), sum(a) over (w rows 5 preceding) from t window w as (partition by b)
select sum(a) over (rows unbounded preceding), sum(a) over (rows between unbounded preceding and unbounded following) from t
select sum(a) over (order by b rows between 1 preceding and 1 following), sum(a) over (order by b range current row) from t
select sum(a) over (order by b range between 1.5 preceding and 1e1 following) from t
select sum(a) over (order by b rows 1 preceding exclude current row) from t
select sum(a) over (order by b rows between current row and 1 following exclude ties) from t
select sum(a) over (order by b rows between current row and 1 following exclude no others) from t
select sum(a) over (order by b rows between current row and 1 following exclude group) from t
select row_number() over (), rank() over w, dense_rank() over w, cume_dist() over w, percent_rank() over w, ntile(5) over w from t window w as (order by a)
select count(distinct a) over () from t
select count(*) over (partition by a), count(a) over (), count(all a) from t
select group_concat(a separator 0x2c) from t
insert into t values (1, default, default(a), null), (2, 3, 4, 5)
insert into t (a, b) value (1, 2), (3, 4)
insert into t (t.a, d.t.b) values (1, 2)
insert into t set a = 1, b = default
insert into t set a = 1 on duplicate key update a = a + 1
insert low_priority ignore into t select 1
insert high_priority t values (1)
insert into t partition (p0) (a) values (1)
insert into t (a) (select 1) on duplicate key update a = 1
insert into t (select * from a join b) on duplicate key update a = 1
insert into t select * from a join b on 1 on duplicate key update a = 1
insert into t select 1 union select 2 on duplicate key update a = 1
insert into t (a) select 1 as x on duplicate key update a = x
insert into t with c as (select 1) select * from c
insert into t (a) with c as (select 1) select * from c
insert into d.t values (1)
insert into t ((select 1) union (select 2))
insert into t (a, b) ((select 1, 2))
replace into t (a) values (1), (2)
replace delayed into t values (1)
replace into t partition (p) select 1
replace into t value (default)
update low_priority ignore t set a = 1
update t as x set x.a = 1
update t, u set t.a = u.a where t.b = u.b
update t join u on t.a = u.a set t.b = 1
update t left join (select 1 as a) as d using (a) set t.b = 1
update t partition (p) set a = 1
update t use index (i) set a = 1
update t set a := 1
update (t) set a = 1
update t set a = (select 1)
delete from t where a = 1 order by b desc limit 1
delete low_priority quick ignore from t
delete from t partition (p0, p1) where 1
delete t from t
delete t, u from t join u where 1
delete t.*, d.u.* from t, u
delete from t using t join u
delete from t.*, u using t, u where 1
delete history from t partition (p)
load data infile 'x' into table t
load data local infile 'x' replace into table d.t partition (p) character set latin1 columns terminated by ',' enclosed by '"' escaped by '\\' lines starting by 'x' terminated by '\n' ignore 1 lines (a, @b, c) set d = @b, e = default
load data low_priority infile 'x' ignore into table t fields optionally enclosed by '"' lines terminated by '\n' ignore 5 rows
load data concurrent infile 'x' into table t ()
load data infile 'x' into table t charset binary
load data infile 'x' into table t (t.a)
load xml local infile 'x' into table t rows identified by '<row>' ignore 1 rows (a) set b = 1
load xml concurrent infile 'x' ignore into table t character set utf8
call d.p()
call p(1, @a, 'x', (select 1))
do 1
handler t open
handler d.t open as x
handler t open x
handler t read i = (1, 2)
handler t read i <= (1) where a = 1 limit 1, 2
handler t read i first
handler t read i last limit 5
handler t read first where 1
handler t read next
handler t read `primary` next
handler t close
select * from json_table('', '$' columns (a int path '$' default -1 on empty)) as j
select * from json_table('', '$' columns (a int path '$' default 1 on empty)) as j
