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
create table t (a int) autoextend_size = 4M
create table t (a int) autoextend_size 4194304
create table t (a int) tablespace = ts
create table t (a int) secondary_engine = null
create table t (a int) engine_attribute '{}' secondary_engine_attribute = '{}'
create table t (a int) start transaction
create table t (a int, b int generated always as (a + 1) virtual not null)
create table t (a int, b int generated always as (a + 1) stored not null primary key)
create table t (a int constraint check (a > 1))
create table t (a int check (a > 1) not enforced check (a > 2))
create table t (a int, constraint check (a > 1) not enforced)
create table t (a int, index i (a) engine_attribute = '{}' secondary_engine_attribute '{}')
create table t (a int, index i ((lower(a))), unique u ((a + b), c))
create table t (a json, index i ((cast(a->'$.x' as char(10) array))))
create table t (a int) as table u
create table t as values row(1, 2)
create table t (a int signed, b bigint signed unsigned, c int(5) zerofill signed)
create table t (a point not null srid 4326)
create table t (a int column_format default storage memory, b int column_format dynamic)
create table t (a int engine_attribute '{}' secondary_engine_attribute '{}')
create table t (a int not secondary)
alter table t add constraint c check (a > 1) not enforced
alter table t alter a set visible
alter table t alter column a set invisible
alter table t alter index i invisible
alter table t alter check c enforced
alter table t alter constraint c not enforced
alter table t alter constraint c enforced
alter table t with validation
alter table t without validation
alter table t add a int, without validation
alter table t secondary_load
alter table t secondary_unload
alter table t secondary_load partition (p0, p1)
alter table t tablespace = ts
alter table t discard partition p, q tablespace
alter table t discard partition all tablespace
alter table t import partition p tablespace
alter table t exchange partition p with table u with validation
alter table t exchange partition p with table db.u without validation
create index i on t ((a + b) desc, (lower(c)))
create index i on t (a) invisible
drop index i on t algorithm = inplace lock none
drop tablespace ts
drop tablespace ts engine = innodb
drop undo tablespace ts
drop logfile group g engine ndb
drop resource group g force
drop spatial reference system if exists 4326
create database d charset latin1 collate latin1_bin encryption 'Y'
create database d default encryption = 'N'
alter database d encryption = 'Y'
alter database d read only = default
alter database d read only 0 collate utf8mb4_bin
create tablespace ts add datafile 'x.ibd' file_block_size = 8192 encryption = 'Y' engine = innodb
create undo tablespace ts add datafile 'x.ibu' engine innodb
create tablespace ts add datafile 'x' use logfile group g extent_size = 1M initial_size 5M autoextend_size 1M max_size 10M nodegroup 1 wait comment 'x' engine ndb
alter tablespace ts add datafile 'x' initial_size 5 wait engine ndb
alter tablespace ts drop datafile 'x' engine = ndb
alter tablespace ts rename to u
alter tablespace ts autoextend_size = 4M
alter tablespace ts encryption = 'N' engine = innodb
alter undo tablespace ts set active
create logfile group g add undofile 'x' initial_size 5M undo_buffer_size 8M redo_buffer_size 1M nodegroup 1 wait comment 'x' engine ndb
alter logfile group g add undofile 'x' initial_size = 5 wait engine = ndb
create resource group g type = user vcpu = 0-3, 5 thread_priority = 5 enable
create resource group g type system vcpu 1 thread_priority -5 disable
alter resource group g vcpu = 3 thread_priority = 1 enable force
create spatial reference system if not exists 4120 name 'x' definition 'y' organization 'o' identified by 5 description 'd'
create or replace spatial reference system 4120 name 'x'
select a from t for share
select a from t for share of t nowait for update of u skip locked
values row(1), row(2) union all select 3
values row(1, default)
table t union select 1
table t order by a limit 1 offset 2
table d.t into outfile '/x'
table t for update
(table t)
with c as (select 1) values row(1)
with c as (select 1) table c
with c as (values row(1)) select * from c
(with c as (select 1) select * from c) union (with d as (select 2) select * from d)
with c as (select 1) update t join c set a = 1
with c as (select 1) delete t from t join c
select * from (select 1) as d (a, b)
select * from (values row(1, 2)) as d
select * from (values row(1, 2)) as d (a, b)
select * from (table t) as d
select * from lateral (select 1) as d
select * from a left join lateral (select a.x) as d on true
select sum(a) over (order by b range between interval 1 day preceding and interval '1:1' hour_minute following) from t
select sum(a) over (order by b rows between ? preceding and ? following) from t
select sum(a) over (order by b groups between 1 preceding and current row) from t
select lag(a) over w, lag(a, 1) over w, lag(a, 1, 0) over w, lead(a, 2, b) over w from t window w as (order by a)
select lag(a) respect nulls over w, lead(a, 1) ignore nulls over w from t window w as (order by a)
select first_value(a) over w, last_value(a) respect nulls over w, nth_value(a, 2) over w from t window w as (order by a)
select nth_value(a, 2) from first over w, nth_value(a, 1) from last ignore nulls over w from t window w as (order by a)
select st_collect(a), st_collect(distinct a) from t
insert into t (a) table u on duplicate key update a = 1
insert into t values row(1), row(2)
insert into t (a) values (1) as n (m) on duplicate key update a = m
insert into t values (1) as n
insert into t set a = 1 as n (m) on duplicate key update a = m
insert into t (a) select * from (values row(1)) as n on duplicate key update a = n.a
replace into t table u
replace into t values row(1)
delete from t x where x.a = 1
do sleep(1), a, release_lock('x') as b
import table from 'a.sdi', 'b.sdi'
xa recover convert xid
set persist a = 1, persist_only b = 2
set password for current_user() = 'x' replace 'y' retain current password
set password = 'x' retain current password
set password to random
set password for a@b to random replace 'x' retain current password
set role default
set role all
set role all except a, b@c
set role a, 'b'@'c'
set role current_role
set default role none to a
set default role all to a, b
set default role a, b to c@d
set resource group g for 5, 6
show extended full tables from d like 'x'
show extended full columns from t from d like 'x'
show grants for a@b using c, d
explain format = json into @a select 1
explain into @a select 1
explain into @a format = json select 1
explain for schema d select 1
explain for database d select 1
explain format = json for schema d select 1
explain table t
explain analyze table t
flush optimizer_costs
reset binary logs and gtids to 5
reset persist
reset persist `a`
analyze table t update histogram on a with 5 buckets manual update
analyze table t update histogram on a using data '{}'
analyze table t drop histogram on a
clone local data directory '/x'
clone instance from u@h:3306 identified by 'x' data directory = '/x' require no ssl
install component 'file://x', 'y'
install component 'x' set global a = 1, persist b = 2
uninstall component 'x'
alter instance reload tls for channel mysql_main no rollback on error
alter instance enable innodb redo_log
alter instance reload keyring
change replication source to source_host = 'x', privilege_checks_user = a@b, require_table_primary_key_check = stream for channel 'c'
change replication filter replicate_do_db = (a, b), replicate_wild_do_table = ('a.%') for channel 'c'
change replication filter replicate_rewrite_db = ((a, b))
start replica until sql_after_mts_gaps for channel 'c'
start replica user = 'u' password = 'p' default_auth = 'a' plugin_dir = 'd'
start group_replication user = 'u', password = 'p'
stop group_replication
get stacked diagnostics condition 1 @a = returned_sqlstate
create user a identified with 'p' by 'x'
create user a identified with p by random password
create user a identified with p by 'x' and identified with q by 'y' and identified with r as 'z'
create user a identified with p initial authentication identified by 'x'
create user a identified with p initial authentication identified by random password
create user a identified with p initial authentication identified with q as 'x'
create user a default role b, c@d
create user a password history 5
create user a password history default
create user a password reuse interval 5 day
create user a password reuse interval default
create user a password require current
create user a password require current default
create user a password require current optional
create user a failed_login_attempts 5 password_lock_time 3
create user a password_lock_time unbounded
create user a comment 'x'
create user a attribute '{}'
create user a identified by 'x' require ssl with max_user_connections 5 password expire never account lock comment 'y'
alter user a identified with p by 'x' replace 'y'
alter user a identified with p as 'x' retain current password
alter user a identified by random password replace 'x' retain current password
alter user a identified with p by random password retain current password
alter user a discard old password
alter user user() identified by 'x'
alter user user() identified by 'x' replace 'y'
alter user user() identified by random password
alter user user() discard old password
alter user a default role all
alter user a default role b, c
alter user if exists a default role all
alter user a add 2 factor identified by 'x'
alter user a add 2 factor identified with p by 'x' add 3 factor identified with q
alter user a modify 2 factor identified with p as 'x'
alter user a drop 2 factor drop 3 factor
alter user a 2 factor initiate registration
alter user a 2 factor finish registration set challenge_response as 'x'
alter user a 2 factor unregister
alter user a attribute '{}'
alter user a comment 'x'
create role if not exists a, b@c
grant create user, file, process, reload, replication client, replication slave, show databases, shutdown, super, create tablespace, create role, drop role on *.* to a
grant backup_admin, `clone_admin`, 'system_user' on *.* to a
grant a, b@c to d, e@f
grant `a`, 'b' to c
grant select on d.* to a as b
grant select on d.* to a as b with role default
grant select on d.* to a as b with role none
grant select on d.* to a as b with role all
grant select on d.* to a as b with role all except c, d
grant select on d.* to a as b with role c, d
revoke a, b from c, d
revoke if exists select on d.t from a ignore unknown user
revoke if exists a from b ignore unknown user
revoke if exists all privileges, grant option from a ignore unknown user
revoke if exists all on *.* from a ignore unknown user
revoke if exists proxy on a from b ignore unknown user
create procedure p (a int collate utf8mb4_bin) begin end
create procedure p () begin declare a int collate utf8mb4_bin; end
select @``
select exists (values row(1))
select exists (table t)
select (values row(1))
select (table t)
select a = any (values row(1))
select a < any (table t)
select convert(a, json)
select convert(a, real)
select cast(a as national char(5))
select cast(a as double precision)
select cast(a as float(5))
select cast(a as real)
select cast(a as year)
select cast(a as json)
select cast(a as unsigned array)
select cast(a as char(5) array)
select cast(a at time zone '+00:00' as datetime)
select cast(a at time zone interval '+00:00' as datetime(3))
select values(a)
select a->'$.b'
select a->>'$.b'
select t.a->'$.b'
select a->'$.b' = 1
select not a->'$.b'
select json_value(a, '$.b' returning unsigned)
select json_value(a, '$.b' returning decimal(5, 2))
select json_value(a, '$.b' null on empty)
select json_value(a, '$.b' error on error)
select json_value(a, '$.b' default 1 on empty default 'x' on error)
select json_value(a, '$.b' returning char(5) character set utf8mb4 error on empty null on error)
select json_value(a, '$.b' returning date default '2020-01-01' on empty)
select json_value(a, '$.b' default -1 on empty)
select 1 member of ('[1]')
select a member of (b)
select a member (b)
select a member of (json_array(1))
select not 1 member of (a)
select 1 member of (a) = 1
create table t (a int not null not secondary)
alter user user() 2 factor initiate registration
alter user a add 2 factor identified with p by 'x' account lock
create user a identified with p initial authentication identified by 'x' require ssl
explain into @a format = json for schema d select 1
explain format = json into @a for schema d update t set a = 1
select * from t order by a limit 1 for update of t nowait into outfile 'x'
create table t (a int) secondary_engine null
select json_value(a, '$' default +1 on error)
grant 'system_user', select on *.* to a
