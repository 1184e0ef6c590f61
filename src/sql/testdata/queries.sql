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
