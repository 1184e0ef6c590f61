-- Where a name, a literal, a comment or a clause is not what it looks like: what a printer easily gets wrong.
with `rollup` as (select 1) select * from `rollup`
with `system` as (select 1) select `system`.* from `system`
select `period` from t, `period` for update
select not `atomic`, not (`atomic`), `next` as `value` from t
select `system_time`, `reverse`, reverse(`reverse`), `dumpfile`, `immediate` from t
select * from t for system_time as of (`transaction`)
select * from t for system_time between (`transaction` + 1) and (transaction(2))
delete history from t before system_time (`transaction`)
for i in `reverse` do select 1; end for
for i in `reverse` .. 5 do select 1; end for
for `system_time` in 1 .. 2 do select 1; end for
delete `history` from t
delete `history`, `quick`.* from `history` join `quick`
delete from `low_priority` where 1
set `names` = 1, `NAMES` = 2, `global`.a = 3, `transaction` = 4, `charset` = 5
kill (`query`)
kill (date)
kill get_format(timestamp, 'jis')
kill (`connection`())
execute `immediate`
select 1 into `dumpfile`
select `_utf8`, t.`_latin1`, `_binary` as `_utf8mb4` from `_utf8` as `_ascii`
explain `_utf8` 'x'
select @@`a``b`, @@`global`.a, @@session.`a b`.`c``d`, @@global.`global`, @`a``b`, @'a''b', @"", @a.b
set @@`global`.a = 1, @@global.a = 2, @@`a b` = 3
select {d '2020-01-01'}, {d _utf8'2020-01-01'}, {t '10:' '00'}, {x 'a'}, {`d` a}
create user a identified via 'p' or q
create user a identified via p using 'x' or `from` using password('y')
(select 1) union (select 2) into @a
(select a) into @a
select a from t procedure `nth_value` ()
delete from member where a = 1
delete from admin using admin join t on t.a = admin.a
delete member, `quick` from member join `quick` on member.a = `quick`.a
analyze (table t)
analyze (table t union select 1)
analyze with t as (select 1) table t
select nth_value/* a comment */(a, 2) over () from t
select a for update into @a
select a from t for update into @a
select a order by 1 into @a
select a where 1 into @a for update
select 1 union (select 2 intersect select 3) into @a
select 1 union select 2 intersect select 3 into @a
insert into t (select * from a join b) on duplicate key update a = 1
insert into t (select * from a join b natural join c) on duplicate key update a = 1
insert into t (select 1 union select * from a, b cross join c) on duplicate key update a = 1
insert into t (a) select * from (a join b) join c on 1 on duplicate key update a = 1
alter table t add column if not exists (key (a))
alter table t add column if not exists (a int)
alter table t convert to character set `default` collate `binary`
alter table t charset = `on` collate 'off', engine = `on`, comment = `default`
create table t (a char(5) character set `from` collate 'a b')
create table t (a int) storage disk engine = `binary` tablespace = `default`
create table t (a int primary key unique)
create table t (a int key unique key not null unique)
create table t (period for system_time (a, b), period for `from` (a, b))
alter table t drop period for system_time, drop period for `system`
select a from t limit ?, ?
select a from t limit ?, 5
select a from t offset ? rows fetch first ? rows only
select group_concat(a order by b limit ?, ?) from t
select interval ? day + ?, ? + interval ? day, interval (1) day + (interval (1, 2) + 1)
select (interval 1 day + a) * b, interval 1 day + a = b, (interval 1 day + a) = b, interval (a, b) + 1, interval ((a), b)
select date_add(a, interval (1 + 1) day), interval (1) + 1 day + a
change /*!40101 master */ to master_host = 'x'
/*!40101 change */ master to master_host = 'x'
/*!40101 grant select, */ insert /*! , update */ on t to a
/*!40101 flush */ hosts, /*!40101 status */
grant select /*kintsugi x */, create /*kintsugi y */ view on t to a
grant /*! r */ to a
grant `select`, 'r' to a
grant all on `*a`.* to a
grant all on `a`.`*b` to a
show engine `all` status
show engine all mutex
show create database if /* x */ not exists `if`
select 1 as '', 2 as ' ', 3 as 'a''b', 4 as `a``b`, 5 as "a""b"
select `substr` (1), `trim`(a), trim (a), count (a), `my``f`(1), `select`(1), db.count(a), `db`.`left`(a)
select timestampadd(sql_tsi_day, 1, a), timestampdiff(second, a, b), get_format(datetime, 'eur')
select a-- b, - -a, -(-a), - - -1, -+-a, ~-a, -~a, !-a, -!a, not -a, - (not a), binary - a, -binary a
select a - -1, a--1, a-(-1), a+-1, a- - -1
select 1.e5, 1e from t
select a.1e5, a.`1e5`, a.5, `5`.a, `1a`, 1a, 0x1g, 0b12 from t
select count.count, count.`a b`, `count`.*, date.date, `select`.`from` from count, date, `select`
select x'', b'', 0x00, _binary x'', '', N'', _utf8'' ''
select 'a' 'b' 'c', 'a' as 'b' , 'a' "b", N'a' 'b', x'41' 'b', 1 'b', null 'b'
select date 'a' 'b', date as 'b', date from t
select date '1', date('1'), `date` '1', time, timestamp from t
create table t (a date default (date '2020-01-01'), b date default '2020-01-02' comment 'y')
alter table t password 'x' comment 'y'
create sequence s comment 'x' engine innodb
create index `primary` on t (a)
alter table t drop index `primary`, drop primary key, drop `primary`
select * from t use index (primary, `primary`, `a b`) ignore key for order by (`order`)
create table t (a enum('a', 'b''c', x'41'), b set('', ' '))
select case when (case when a then b end) then c end, case a when b then c end + 1
select a in ((1, 2)), (a, b) in ((1, 2)), a in ((select 1)), a in (((select 1))), a in ((select 1) + 1), (a in (1)) in (2)
select not not a, not (not a), ! ! a, not !a, !(not a), not a is null, (not a) is null, not (a = b), (not a) = b, !a = b
select (a is null) is null, (a is true) is null, a is null is true, (a = b) is null, a = (b is null), a is null = b
select a between (b between c and d) and e, a between b and (c and d), (a between b and c) between d and e
select a like (b like c), (a like b) like c, a like b escape (c like d), a like (b + c), (a like b) escape_
select (a collate x) collate y, -(a collate x), (-a) collate x, (binary a) collate x, binary (a collate x), (a or b) collate x
select (select 1 limit 1) limit 1
(select 1 limit 1) limit 2
(select 1 for update) for share
((select 1 for update) limit 1) order by 1
with a as (select 1) (with b as (select 2) select * from b)
with a as (select 1) (select * from a limit 1)
(with a as (select 1) select * from a) union (with a as (select 2) select * from a) limit 1
select * from ((select 1) as a join (select 2) as b)
select * from (((a))), ((b join (c)))
select * from a left join (b join (c join d)) on 1
select * from a join b join c on 1 join d
select * from (a, b) join (c, d)
select * from {oj a left join b on 1} join c
select * from t as `as` join u as `join` on `as`.`on` = `join`.`using`
select sum(a) over (`partition` partition by b), sum(a) over `over` from t window `over` as (), `partition` as (order by a)
create procedure p () begin `quick`: loop leave `quick`; end loop `quick`; `help`: begin end; end
create procedure p () begin declare `row`, `type` int; declare `condition` condition for 1051; declare continue handler for `sqlstate`, `not` begin end; end
create procedure p () begin declare `cursor` cursor for select 1; open `cursor`; fetch `next` into a; fetch `from` into `into`; end
create trigger tr before insert on t for each row follows `precedes` set new.a = 1
create trigger tr before insert on t for each row `a`: begin end
create event `if` on schedule every `hour` hour starts `ends` ends `starts` do begin end
get diagnostics condition `row` @a = message_text, `number` = row_count
signal `sqlstate` set message_text = 'x'
lock tables `read` as `write` write, `low_priority` read
handler `open` open as `close`
handler t read `next` next
handler t read `first` first where `limit` = 1 limit 1
prepare `from` from 'x'
deallocate prepare `prepare`
rename table `to` to `table`
drop table `if`, `exists`
insert into value (value) value (1)
insert into `value` values (`value`)
insert into t set `set` = 1, t.`default` = default(`default`)
update `set` set `set` = 1
load data infile 'x' into table `table` (`lines`, @`a b`) set `set` = 1
call `call`(`out`)
do `do`, 1 as `as`
use `a/b:c`
xa start 'a', x'41', 0x1
select /*+ a */ 1, (select /*+*/ 2)
select/*+ b */1
insert /*+ c */ into t /*+ d */ values (1)
/*kintsugi a*/ /*kintsugi  b */ select /*kintsugi*/ 1
select 1 /*!99999 from */ + /*!40101 1 */
select /*!40101 a /* b */ from */ t
select 1 -- a
select 1 # a
