-- MySQL 8 alone.
select * from t for update of t nowait
select * from t, u for share of t skip locked for update of u
select * from t join lateral (select * from u where u.a = t.a) as d on true
select * from t, lateral (select t.a + 1) as d (x)
table t
table t order by a limit 5
table t union table u
values row(1, 'a'), row(2, 'b') order by column_0 desc limit 1
values row(1) union select 2
select * from (values row(1, 2), row(3, 4)) as v (a, b)
insert into t values row(1, 2), row(3, 4)
insert into t table u
insert into t (a, b) values (1, 2) as new on duplicate key update b = new.b
insert into t (a, b) values (1, 2) as new (m, n) on duplicate key update b = m + n
insert into t set a = 1 as new on duplicate key update a = new.a + 1
insert into t select * from u on duplicate key update a = u.a
create table t (a int, b json, index i ((cast(b->'$.x' as unsigned array))))
create table t (a int, index ((a + 1)), index ((abs(a)) desc))
create table t (a int invisible, b int visible, index i (a) invisible)
create table t (a int check (a > 1) not enforced, constraint c check (a < 5) enforced)
create table t (a point srid 4326 not null, spatial index (a))
create table t (a int) secondary_engine = rapid
create table t (a int column_format fixed storage disk)
create table t (a int engine_attribute = '{}')
create table t (a int) encryption = 'Y'
create table t (a varchar(5) default (concat('a', 'b')), b json default (json_array()))
alter table t alter index i visible
alter table t rename column a to b
alter table t alter check c not enforced
alter table t drop check c
alter table t add column a int, algorithm = instant
alter table t alter column a set visible
create view v as table t
select json_table.a from json_table('[]', '$[*]' columns (a int path '$' null on empty error on error)) as json_table
select * from t, json_table(t.doc, '$.items[*]' columns (n for ordinality, id int path '$.id', has int exists path '$.x', nested path '$.tags[*]' columns (tag varchar(10) path '$'))) as jt
select json_value(a, '$.x' returning decimal(10,2) default 0 on empty error on error)
select json_value(a, '$.x' returning char(10) charset utf8mb4 null on error)
select a->'$.b', a->>'$.b', t.a->'$[0]' from t
select 17 member of ('[23, "abc", 17]')
select a member of (t.b) from t
select cast(a as json), cast(a as year), cast(a as point), cast(a as float), cast(a as real)
select cast(a at time zone '+00:00' as datetime(2))
select cast(a at time zone interval '+00:00' as datetime)
select regexp_like(a, 'x', 'i'), regexp_replace(a, 'b', 'c'), regexp_instr(a, 'b')
select grouping(a), grouping(a, b) from t group by a, b with rollup
select first_value(a) respect nulls over w, last_value(a) over w, nth_value(a, 2) from first over w from t window w as (order by b), x as (w rows unbounded preceding)
select lag(a, 1, 0) over (partition by b order by c), lead(a, ?) over (order by b)
select sum(a) over (order by b range between interval 1 day preceding and interval 1 day following) from t
select json_arrayagg(a), json_objectagg(a, b), json_arrayagg(a) over () from t
select count(distinct a, b), any_value(a), bit_count(a), uuid_to_bin(uuid()), bin_to_uuid(a)
select /*+ no_index_merge(t i1, i2) max_execution_time(1000) */ * from t
select /*+ set_var(sort_buffer_size = 16M) */ 1
insert /*+ no_bnl() */ into t select * from u
update /*+ no_icp(t) */ t set a = 1
delete /*+ bka(t) */ from t
with c as (select 1 as a) update t, c set t.a = c.a
with c as (select 1 as a) delete from t where a in (select a from c)
delete from t as x where x.a = 1
delete x from t as x
select 1 except select 2 intersect select 3
(select 1 intersect select 2) union all (select 3 except all select 4)
select * from ((select 1) union (select 2)) as d
select ((select 1) union (select 2) limit 1)
(((select 1)))
((select 1 limit 1) limit 2)
(select 1 order by 1 limit 2) order by 1 limit 1
explain format = tree select 1
explain analyze select * from t
explain for connection 4
set persist max_connections = 100, persist_only a = 1
set @@persist.max_connections = 100
set resource group g
set role all except r
set default role r to u
set password for u to random
set password = 'x' replace 'y' retain current password
alter user u discard old password
create user u identified with caching_sha2_password by 'x' and identified with 'ldap'
create user u identified with caching_sha2_password by 'x' password expire never password reuse interval 5 day password require current optional account lock attribute '{}'
create role r, 'a'@'b'
grant r to u with admin option
grant select on d.* to u as v with role all except r
revoke if exists select on d.* from u ignore unknown user
show grants for u using r, s
show replica status for channel 'c'
show binary log status
show create user u
show extended columns from t
show extended index from t
change replication source to source_host = 'h', source_auto_position = 1 for channel 'c'
change replication filter replicate_do_db = (a, b)
start replica io_thread until source_log_file = 'x', source_log_pos = 4
stop replica for channel 'c'
reset replica all
reset persist if exists a
reset binary logs and gtids
install component 'file://a', 'file://b'
uninstall component 'file://a'
clone instance from 'u'@'h':3306 identified by 'x'
create undo tablespace u add datafile 'x.ibu'
alter undo tablespace u set inactive
create resource group g type = system vcpu = 0-3
create spatial reference system 4120 name 'x' definition 'y'
lock instance for backup
alter instance reload tls
restart
import table from '/tmp/x.sdi'
analyze table t drop histogram on a, b
purge binary logs before now()
alter database d read only = 1
select @@global.a, @@session.b, @@persist.c
kill 5
select row(1, 2) = row(1, 2), (1, 2) <=> (3, 4)
select st_astext(point(1, 2)), st_distance_sphere(a, b)
select null is unknown, a is not unknown
select _utf8mb4'a' collate utf8mb4_0900_ai_ci, _binary x'00ff'
create procedure p () sql security invoker begin declare exit handler for sqlexception begin get stacked diagnostics condition 1 @a = message_text; resignal; end; start transaction; commit; end
create function f (a int) returns json deterministic no sql return json_object('a', a)
