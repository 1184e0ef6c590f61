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
create table t (a int) default character set default
create table t (a int) default collate default
create table t (a int) transactional = 1 page_checksum = 1
create table t (a int) ietf_quotes = yes
create table t (a int) `encryption_key_id` = 1
create table t (a int) page_compressed = 1 page_compression_level = 9 encrypted = yes encryption_key_id = 5
create table t (a int) sequence = 1
create table t (a int) with system versioning
create table t (a int) raid_type = 1
create table t (a int, b int as (a + 1) persistent)
create table t (a int, index i (a) ignored)
create table t (a int, index i (a) not ignored)
create table t as values (1, 2)
create or replace temporary table t (a int)
create table t (a int) partition by list (a) (partition p0 values in (1), partition p1 default)
create table t (a int) partition by system_time
create table t (a int) with system versioning partition by system_time interval 1 month starts '2020-01-01' auto partitions 5
create table t (a int) with system versioning partition by system_time limit 1000 auto partitions 5
create table t (a int) with system versioning partition by system_time interval 1 day (partition p0 history, partition p1 current)
create table t (a int) with system versioning partition by system_time interval 1 hour starts timestamp '2020-01-01 00:00:00' (partition p history, partition c current)
create table t (a int without system versioning, b int with system versioning) with system versioning
create table t (a timestamp(6) generated always as row start, b timestamp(6) generated always as row end, period for system_time (a, b)) with system versioning
create table t (a timestamp(6) generated always as row start invisible, b timestamp(6) generated always as row end invisible, period for system_time (a, b)) with system versioning
create table t (a timestamp(6) as row start, b timestamp(6) as row end, period for system_time (a, b)) with system versioning
create table t (a date, b date, period for p (a, b), primary key (c, p without overlaps))
create table t (a varchar(10) compressed, b blob compressed, c text compressed character set utf8)
create table t (a varchar(10) compressed = zlib)
create table t (a int default nextval(s))
create table t (a int default next value for s)
create table t (a date default (current_date), b date default curdate())
create table t (a uuid default uuid(), b inet4, c inet6, d json)
create table t (a xmltype)
alter table t add column if not exists a int
alter table t add column if not exists (a int, b int)
alter table t add key if not exists i (a)
alter table t add unique if not exists u (a)
alter table t add unique index if not exists u (a)
alter table t add foreign key if not exists i (a) references b (c)
alter table t add constraint if not exists c check (a > 1)
alter table t add period for system_time (a, b)
alter table t add period if not exists for p (a, b)
alter table t drop period for system_time
alter table t drop period if exists for p
alter table t drop system versioning
alter table t alter column a set default now()
alter table t alter column if exists a drop default
alter table t alter key i ignored
alter table t alter index if exists i not ignored
alter table t change column if exists a b int after c
alter table t modify column if exists a int after b
alter table t drop column if exists a
alter table t drop key if exists i
alter table t drop foreign key if exists f
alter table t drop constraint if exists c
alter table t rename column if exists a to b
alter table t rename key if exists a to b
alter table t add partition if not exists (partition p values in (5))
alter table t add partition local (partition p default)
alter table t drop partition if exists p
alter online table t add a int
alter ignore table t add unique (a)
alter online ignore table if exists t wait 5 add a int
alter table t nowait drop a
alter table if exists t drop a
create index i on t (a) wait 5
create index i on t (a) nowait
create index i on t (a) ignored
drop index i on t nowait
drop table t wait 5
drop table t nowait
drop sequence s
drop temporary sequence if exists s, u
rename table if exists a to b
rename table a wait 5 to b
truncate table t wait 5
create view v as values (1)
create database d comment 'x'
create database d character set default
create database d collate default
alter database d comment = 'x'
alter database `#mysql50#a-b` upgrade data directory name
create or replace sequence s start with 1 increment by 1 minvalue 1 maxvalue 100 cache 10 cycle
create temporary sequence if not exists s start 5 increment 2 nominvalue nomaxvalue nocache nocycle engine = innodb comment 'x'
create sequence s no minvalue no maxvalue increment = 5 start = 10 minvalue = -5 maxvalue = +5
alter sequence if exists s restart with 5 increment by -1
alter sequence s restart 5 maxvalue 100
alter sequence s nocache
create or replace server if not exists s foreign data wrapper mysql options (host 'h')
select a from t group by a asc, b desc with rollup
select a from t limit 1 rows examined 5
select a from t limit rows examined 5
select a from t limit 1, 2 rows examined 5
select a from t limit 1 offset 2 rows examined 5
select a from t offset 5 rows
select a from t offset 1 row fetch first 5 rows only
select a from t fetch next row only
select a from t order by a fetch first 5 rows with ties
select a from t fetch first ? rows only
select a from t order by a offset 2 rows fetch next 1 row with ties
select a from t for update wait 5
select a from t lock in share mode nowait
select a from t lock in share mode skip locked
select a from t lock in share mode wait 3
select a from t procedure analyse()
select a from t procedure analyse(5, 10)
values (1), (2) order by 1 limit 1
values (1) union values (2)
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) cycle n restrict select * from c
select * from (values (1, 2)) as d
select * from ((select 1) as d)
select * from t for system_time as of '2020-01-01'
select * from t for system_time as of timestamp '2020-01-01' as x
select * from t for system_time as of now() - interval 1 day
select * from t for system_time as of transaction 5
select * from t for system_time as of transaction @a
select * from t for system_time between timestamp '2020-01-01' and timestamp '2020-01-02'
select * from t for system_time between transaction 1 and transaction 2
select * from t for system_time from '2020-01-01' to now()
select * from t for system_time all
select * from t for system_time all as x use index (i)
select * from t partition (p) for system_time all
select percentile_disc(0.5) within group (order by a desc) over () from t
select group_concat(a), group_concat(distinct a, b order by c desc, d separator '|'), group_concat(a separator ''), group_concat(a order by b limit 1 offset 2) from t
select json_arrayagg(a order by b), json_arrayagg(distinct a), json_objectagg(a, b), json_arrayagg(a limit 5) from t
insert into t values (1) returning *
insert into t select 1 returning a
insert into t values (1) on duplicate key update a = 1 returning a
insert into t set a = 1 returning t.*
insert into t values (1) on duplicate key update a = values(a), b = value(b)
update t set a = 1, b = default, t.c = default(c), d.t.e = ignore where 1 order by a limit 5
update t for portion of p from '2020-01-01' to '2021-01-01' set a = 1 where b = 1
delete from t returning a, b
delete from t limit 5 returning *
delete from t for portion of p from '2020-01-01' to '2021-01-01' where a = 1
delete history from t before system_time timestamp '2020-01-01'
delete history from t before system_time transaction 5
lock tables t low_priority write, d.u y read
lock tables t write concurrent
lock tables t read wait 5
lock tables t read nowait
xa recover format = 'RAW'
xa recover format = 'SQL'
set names utf8mb4 collate default
set password = old_password('x')
set default role a
set default role a for b
set default role none for b@c
set statement a = 1, b = 2 for select 1
set statement a = 1 for begin not atomic select 1; end
show create user
show create package p
show create package body p
show package status
show package body status like 'x'
show package body code p
show plugins soname like 'x'
show slave status for channel 'c'
show slave 'x' status
show replica 'x' status
show all replicas status
show replica hosts
show relaylog 'c' events in 'x'
show authors
show contributors
show explain format = json for 5
show analyze format = json for 5
show client_statistics
show table_statistics
explain values (1)
analyze update t set a = 1
kill hard 5
kill soft query 5
kill hard connection user a
kill query user 'a'
prepare s from concat('a', 'b')
execute s using 1, 'a', default
execute s using default, ignore
execute immediate @a using 1, @b
execute immediate concat('a', 'b') using default
flush binary logs delete_domain_id = (1, 2)
flush relay logs 'c'
flush hosts, privileges, status
flush master
flush slave
flush slave 'c'
flush replica
flush des_key_file
flush ssl
flush user_variables
flush client_statistics, user_statistics, index_statistics, table_statistics
flush threads
reset slave
reset slave 'c' all
reset master, slave
analyze table t persistent for columns all indexes all
analyze table t persistent for columns () indexes ()
check view v for upgrade
optimize table t wait 5
optimize no_write_to_binlog tables t nowait
repair view v
repair view v from mysql
binlog @a, @b
shutdown wait for all slaves
install plugin if not exists p soname 'x'
uninstall plugin if exists p
uninstall soname 'x'
backup stage flush
backup stage block_ddl
backup stage end
backup lock d.t
backup unlock
create or replace function f returns int soname 'x'
change master to master_host = 'x', master_port = 3306, ignore_server_ids = (1, 2)
change master 'c' to master_use_gtid = slave_pos
change master to master_host = 'x' for channel 'c'
start slave sql_thread, io_thread
start slave until master_log_file = 'x', master_log_pos = 5
start slave until master_gtid_pos = '0-1-1'
start all slaves sql_thread
stop slave
stop slave 'c'
purge master logs before now() - interval 1 day
create or replace user a identified by 'x'
create user a identified by password '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'
create user a identified via p
create user a identified via p using 'x'
create user a identified via p as 'x'
create user a identified via p using password('x') or q as 'y' or unix_socket
create user a identified via p or q
create user a with max_statement_time 1.5
create user a with max_statement_time 5 max_queries_per_hour 3
create or replace role a
create role a with admin b
create role a with admin current_user
create role a with admin current_role
grant select on d.t to a with grant option max_queries_per_hour 5
grant select on d.* to a identified by 'x'
grant select on d.* to a identified by password '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'
grant select on d.* to a identified via p using 'x' or q
grant select on d.* to a require ssl
grant binlog admin, binlog monitor, binlog replay, connection admin, federated admin, read_only admin, replication master admin, replication slave admin, replica monitor, slave monitor, replication replica, set user on *.* to a
grant delete history on d.t to a
revoke admin option for a from b
create procedure p (a type of t.b, b row type of t) begin end
create procedure p (a row (b int, c varchar(5))) begin end
create or replace definer = current_user function f () returns int no sql return 1
create aggregate function f (a int) returns int begin declare s int default 0; loop fetch group next row; set s = s + a; end loop; end
create or replace trigger tr before delete on t for each row precedes y delete from u
create or replace definer = a@b event e on schedule every 1 week do call p()
create procedure p () begin declare a type of t.b; declare c type of d.t.b default 5; declare e row type of t; declare r type of a; end
create procedure p () begin declare a row (b int, c varchar(5)) default row(1, 'x'); end
create procedure p () begin declare c cursor (a int, b varchar(5)) for select a; open c(1, 'x'); end
create procedure p () begin for i in 1..10 do select i; end for; for i in reverse a..b + 1 do select i; end for; for r in (select 1) do select r.a; end for; for r in c do select 1; end for; f: for i in 1..2 do leave f; end for f; end
create procedure p () begin for r in c(1, 2) do select 1; end for; end
create procedure p () begin prepare s from @a; execute s using @b; deallocate prepare s; execute immediate 'x'; end
create procedure p () begin begin not atomic end; end
begin not atomic select 1; end
begin not atomic declare a int; if a then select 1; end if; end
if 1 then select 1; end if
case 1 when 1 then select 1; end case
case when 1 then select 1; else select 2; end case
loop select 1; end loop
while 1 do select 1; end while
repeat select 1; until 1 end repeat
for i in 1..2 do select 1; end for
select cast(a as varchar(5))
select cast(a as varchar(5) character set latin1)
select cast(a as integer)
select cast(a as int)
select cast(a as inet6)
select cast(a as uuid)
select cast(a as vector)
select cast(a as double(5, 2))
select weight_string(a level 1)
select weight_string(a level 1, 2, 3)
select weight_string(a level 1-3)
select weight_string(a level 1 desc reverse)
select weight_string(a as char(5) level 1 asc, 2 desc)
select password(a)
select value(a)
select contains(a, b)
select next value for s
select next value for d.s
select previous value for s
select /*! 1 */, /*!40101 2 */, /*!99999 x */ 3, /*M! 4 */, /*!100100 5 */, 6 /*M!999999 x */
select a from t group by 1, b + 1, c desc, f(d)
rename table a nowait to b, c wait 5 to d
create index i on t (a) wait 5 comment 'x' algorithm = copy
select 1 from t limit 5 procedure analyse()
select 1 from t procedure analyse() for update
set password for a = old_password('x')
set statement a = 1 for if 1 then select 1; end if
show explain format = 'json' for 5
create procedure p () begin declare r row type of d.t; end
create procedure p (a type of d.t.b, out c row type of d.t) begin end
create procedure p () begin declare c cursor (a int) for select 1; for r in c(1) do select 1; end for; open c (1); end
execute s using default
prepare s from concat('a', ?)
create table t (a varchar(5) compressed = zlib not null)
alter table t drop period if exists for p, add period if not exists for q (a, b)
flush binary logs delete_domain_id = ()
create database d character set = default collate = default
alter database d character set default
create table t (a timestamp(6) as row start not null)
insert into t values (1) on duplicate key update a = 1 returning b
create procedure p () begin fetch group next row; end
show plugins soname where name = 'x'
set names utf8 collate default
show relaylog 'c' events
create table t (a int) engine = innodb, with system versioning
alter table t with system versioning
create or replace server s foreign data wrapper x options (host 'h')
