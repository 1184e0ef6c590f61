-- MariaDB 10.11 alone.
insert into t values (1) returning id
insert into t (a) select 1 returning *, a + 1 as b
replace into t values (1) returning a
delete from t where a = 1 returning *
select * from t for update wait 5
select * from t lock in share mode nowait
select * from t for update skip locked
select * from t limit 5 rows examined 100
select * from t limit rows examined 100
select * from t order by a offset 5 rows
select * from t order by a fetch first row only
select * from t order by a offset 2 rows fetch next 5 rows only
select * from t order by a fetch first 3 rows with ties
select * from t for system_time as of timestamp '2020-01-01'
select * from t for system_time as of now() - interval 1 day as x
select * from t for system_time between '2020-01-01' and now()
select * from t for system_time from transaction 5 to transaction 10
select * from t for system_time all where a = 1
select * from t partition (p0) for system_time all
delete history from t
delete history from t before system_time '2020-01-01'
delete history from history.t before system_time timestamp '2020-01-01'
delete history from history join b
update t for portion of p from '2020-01-01' to '2021-01-01' set a = 1
delete from t for portion of p from '2020-01-01' to '2021-01-01'
create table t (a int, s date, e date, period for p (s, e), unique (a, p without overlaps))
create table t (a int with system versioning, b int without system versioning) with system versioning
create table t (a int) with system versioning partition by system_time limit 100 partitions 3
create table t (a int) with system versioning partition by system_time interval 1 week starts '2020-01-01' auto partitions 5
alter table t add period for p (a, b)
alter table t drop period for p
alter table t add period for system_time (a, b), add system versioning
create or replace table t (a int)
create or replace view v as select 1
create or replace database d
create or replace function f () returns int return 1
create or replace procedure p () select 1
create or replace trigger tr before insert on t for each row set @a = 1
create or replace event e on schedule every 1 day do select 1
create or replace index i on t (a)
create index if not exists i on t (a)
create view if not exists v as select 1
alter table if exists t add column if not exists a int, drop column if exists b, modify column if exists c int, change column if exists d e int
alter table t add index if not exists i (a), drop index if exists j, drop foreign key if exists f, drop constraint if exists c
alter table t rename column if exists a to b, rename index if exists i to j
alter table t nowait add column a int
alter table t wait 5 drop column a
alter table t add column a int invisible
alter table t alter index i ignored
alter table t convert partition p to table u
alter table t convert table u to partition p values less than (5)
drop table if exists t wait 5
drop index if exists i on t
truncate table t nowait
rename table if exists a to b, c to d
lock table t write wait 10
optimize table t nowait
create table t (a int default nextval(s), b int default (next value for s), c uuid default uuid(), d inet6)
create table t (a int default (1 + 1), b varchar(10) default concat('a', 'b'), c int default if(true, 1, 2))
create table t (a varchar(10) compressed, b text compressed)
create table t (a int as (1) persistent)
create table t (a int) engine = aria transactional = 1 page_checksum = 0
create table t (a int) page_compressed = 1 encrypted = yes encryption_key_id = 5
create sequence s
create sequence if not exists s start 5 increment 2 minvalue = 1 maxvalue = 100 nocycle nocache
create temporary sequence s no maxvalue no minvalue cache 5
create or replace sequence s increment by -1 start with 100 engine = innodb comment = 'x'
alter sequence s restart
alter sequence s restart 5
alter sequence if exists s maxvalue 500 cycle
drop sequence s, u
show create sequence s
select next value for s, previous value for s, nextval(s), lastval(s), setval(s, 5), next value for db.s
select value from t
insert into t (a) values (1) on duplicate key update a = value(a)
insert into t value (1), (2)
insert into t values (ignore)
insert delayed into t values (1)
values (1, 2), (3, 4)
values (1), (2) union select 3
values (1), (2) order by 1
select * from (values (1, 2), (3, 4)) as v
with v (a) as (values (1), (2)) select * from v
with recursive c (a) as (select 1 union select a + 1 from c) cycle a restrict select * from c
select percentile_cont(0.5) within group (order by a) over (partition by b) from t
select median(a) over (partition by b) from t
select group_concat(distinct a order by b separator ',' limit 5) from t
select group_concat(a limit 2, 3) from t
select json_arrayagg(distinct a order by b limit 3) from t
select a from t where a rlike 'x' or a not rlike 'y'
select a from t where match(a) against('x')
select exists (values (1)), 1 in (values (1), (2))
select 1 union all select 2 except select 3
select chr(65), json_detailed(a), json_exists(a, '$'), nvl(a, b), nvl2(a, b, c), add_months(a, 1), natural_sort_key(a)
select current_role, current_role(), rownum() from t
select date_format(a, '%Y') from t procedure_analyse
select a between b and c like d, a in (1) in (0), a like b in (c)
begin not atomic declare a int default 1; select a; end
if 1 then select 1; elseif 2 then select 2; else select 3; end if
case 1 when 1 then select 1; else select 2; end case
while @a < 5 do set @a = @a + 1; end while
create procedure p () l: loop leave l; end loop l
create procedure p () begin l: while true do iterate l; end while l; m: begin leave m; end m; end
repeat set @a = 1; until true end repeat
for i in 1 .. 10 do select i; end for
for i in reverse 1 .. 10 do select i; end for
for r in (select a from t) do select r.a; end for
create procedure p () begin for i in c do select i.a; end for; end
create procedure p () begin declare a type of t.b; declare r row type of t; declare x, y int default 5; set r.a = 1; end
create procedure p () begin declare c condition for sqlstate '45000'; declare continue handler for c, 1051, sqlwarning, not found begin end; signal c; end
execute immediate 'select ?' using 1
execute immediate concat('sel', 'ect 1')
prepare s from concat('select', ' 1')
set statement max_statement_time = 5, sort_buffer_size = 1000 for select * from t
set statement a = 1 for insert into t values (1)
analyze select * from t
analyze format = json update t set a = 1
analyze table t persistent for columns (a, b) indexes (i)
analyze table t persistent for all
explain extended select 1
explain partitions select 1
explain format = json delete from t
show explain for 5
show analyze for 5
show all slaves status
show slave hosts
show binlog status
show plugins soname 'x'
show user_statistics
show index_statistics
show open tables
flush user_statistics
flush tables with read lock and disable checkpoint
kill soft connection 5
kill hard user u
kill query id 5
grant select on t to u identified by 'x' require ssl with max_queries_per_hour 5
grant all on *.* to u identified via unix_socket
grant set user, binlog monitor, connection admin, replication slave admin on *.* to u
grant delete history on t to u
create user u identified via ed25519 using password('x') or unix_socket
create user u identified by password '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19' account lock
create or replace user u
create role r with admin current_user
create or replace role r
set default role r for u
set default role none
set role r
revoke admin option for r from u
set password for u = password('x')
change master 'c' to master_host = 'h', master_use_gtid = slave_pos, master_demote_to_slave = 1
start slave 'c'
start all slaves
stop all slaves
reset master to 5
purge master logs to 'x'
install soname 'x'
uninstall soname if exists 'x'
backup stage block_commit
backup lock t
create server s foreign data wrapper mysql options (user 'u', host 'h')
reset query cache
flush query cache
cache index t index (i) in c
load index into cache t ignore leaves
xa start 'a' resume
xa end 'a' suspend for migrate
xa recover format = 'sql'
load data concurrent local infile 'x' replace into table t character set utf8mb4 columns terminated by '\t' optionally enclosed by '"' escaped by '\\' lines starting by 'x' terminated by '\n' ignore 5 rows (a, @b, c) set d = @b + 1
load xml infile 'x' into table t rows identified by '<r>' ignore 1 lines (a)
select * from t into outfile 'x' character set utf8mb4 fields terminated by ',' optionally enclosed by '"' escaped by '\\' lines starting by '>' terminated by '\n'
select a, b into @x, @y from t limit 1
select a from t limit 1 into @x
select a into dumpfile 'x' from t
handler t open as h
handler h read i first where a = 1 limit 5
handler h read i >= (1, 2)
handler h read next
handler t read `primary` prev
handler h close
do 1, sleep(0)
call p
call db.p(1, @a, 'x')
help 'contents'
