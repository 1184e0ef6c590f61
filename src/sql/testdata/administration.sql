begin
begin work
start transaction
start transaction with consistent snapshot, read only
commit
commit and chain
commit work and no chain no release
rollback
rollback to savepoint s
rollback to s
savepoint s
release savepoint s
xa start 'a', 'b', 1
xa end 'a'
xa prepare 'a'
xa commit 'a' one phase
xa rollback x'41', 'b'
xa recover
xa recover format='SQL'
lock tables a read, b as c write, d low_priority write
unlock tables
set a = 1, @b = 2, @@c = 3, global d = 4, session e = default, @@global.f = on, local g = off
set names utf8mb4
set names 'utf8mb4' collate 'utf8mb4_bin'
set names default
set character set utf8
set charset binary
set transaction isolation level serializable
set session transaction isolation level read committed, read only
set global transaction read write
set password = 'x'
set password for a@b = password('x')
set role r
set role none
set role all except a, b
set default role a, b to u
set statement max_statement_time = 1 for select 1
set sql_mode = 'ANSI,STRICT_TRANS_TABLES', autocommit = 0
set autocommit := 1
set @a := 1, @b := @a + 1
set persist max_connections = 5
set time_zone = '+00:00', character_set_results = null
set cache1.key_buffer_size = 1
set resource group rg
set new.a = 5
set optimizer_switch = 'x=on', binlog_format = row, x = all
show databases
show schemas like 'a%'
show tables
show full tables from db like 'x'
show extended full columns from t from db where field = 'a'
show columns in t
show fields from db.t
show index from t
show keys from t in db
show create table db.t
show create database if not exists d
show create view v
show create user u@h
show create procedure p
show variables like 'x'
show global variables where variable_name = 'x'
show session status
show status like 'x'
show warnings
show warnings limit 1, 2
show errors
show count(*) warnings
show count(*) errors
show processlist
show full processlist
show engine innodb status
show engines
show storage engines
show grants
show grants for current_user
show grants for a@b using r
show privileges
show plugins
show character set like 'u%'
show charset
show collation where charset = 'utf8'
show profiles
show profile
show profile cpu, block io for query 2 limit 1
show procedure status like 'x'
show function status
show function code f
show master status
show binary log status
show slave status
show replica status for channel 'x'
show all slaves status
show slave hosts
show replicas
show binlog events in 'x' from 4 limit 2
show relaylog events
show binary logs
show master logs
show triggers
show full triggers from d like 'x'
show events from d
show table status from d like 'x'
show open tables
use db
use `customer/-80`
use `a b`
explain select 1
explain format = json select 1
explain extended select 1
explain partitions select 1
explain analyze select 1
explain analyze format = tree select 1
explain format = tree for connection 5
explain for connection 7
explain t
desc db.t
describe t a
describe t 'a%'
explain update t set a = 1
analyze select 1
analyze format = json select 1
explain insert into t select 1
explain (select 1) union (select 2)
kill 5
kill query 5
kill connection 5
kill hard query id 5
kill user a@b
kill connection_id()
prepare s from 'select 1'
prepare s from @a
execute s
execute s using @a, @b
execute immediate 'select 1'
execute immediate concat('a', 'b') using 1, 2
deallocate prepare s
drop prepare s
flush tables
flush tables a, b with read lock
flush tables with read lock
flush tables t for export
flush local privileges, status
flush no_write_to_binlog binary logs
flush hosts
flush logs
analyze table a, b
analyze local table a
analyze table t update histogram on a, b with 5 buckets
analyze table t persistent for all
check table t for upgrade quick
checksum table t extended
optimize no_write_to_binlog table t
repair table t quick use_frm
check view v
signal sqlstate '45000' set message_text = 'x', mysql_errno = 5
signal c
resignal
resignal set message_text = concat('a', b)
get diagnostics @a = number, b = row_count
get current diagnostics condition 1 @a = returned_sqlstate, @b = message_text
create user a
create user if not exists 'a'@'%' identified by 'x', b@localhost identified with mysql_native_password by 'y'
create user a identified via unix_socket or mysql_native_password using password('x') require ssl with max_queries_per_hour 5 account lock password expire interval 5 day
create user a identified with caching_sha2_password as '$A$005' default role r require cipher 'x' and issuer 'y' password history 5 failed_login_attempts 3 password_lock_time unbounded comment 'x'
create user a identified by random password
create user a identified by password '*ABC'
alter user if exists a identified by 'x' replace 'y' retain current password
alter user current_user() identified by 'x'
alter user a account unlock
alter user a default role none
create role r, s
create role r with admin u
grant select on *.* to a
grant select (a, b), insert on db.t to a@b, 'c'@'%' with grant option
grant all on db.* to a
grant all privileges on * to a identified by 'x'
grant execute on procedure db.p to a
grant usage on *.* to a require ssl with max_user_connections 5
grant r to u
grant r, 's'@'%' to u with admin option
grant replication slave, replication client, create temporary tables, lock tables on *.* to a
grant proxy on a@b to c@d with grant option
grant backup_admin, system_variables_admin on *.* to a
grant binlog admin, read_only admin, set user on *.* to a
revoke select on db.t from a, b
revoke all privileges, grant option from a
revoke r from u
revoke admin option for r from u
revoke if exists insert on t from a ignore unknown user
change master to master_host = 'x', master_port = 3306
change replication source to source_host = 'x'
start slave
start replica sql_thread
stop slave io_thread
stop all slaves
reset master
reset slave all
reset query cache
purge binary logs to 'x'
install plugin p soname 'x.so'
uninstall plugin p
install soname 'x'
install component 'file://x'
binlog 'abc'
cache index t in c
load index into cache t
help 'x'
shutdown
restart
clone local data directory = '/x'
lock instance for backup
unlock instance
backup stage start
alter instance rotate innodb master key
start group_replication
create or replace user a
create resource group g type = user
set default role all to u
show explain for 5
start transaction read only
start transaction read write, with consistent snapshot
commit work and chain
commit and no chain release
commit release
commit no release
rollback work and chain no release
rollback work to savepoint s
set transaction isolation level read uncommitted
set session transaction isolation level repeatable read, read only
set global transaction read write, isolation level serializable
set local transaction read only
set @@session.transaction_isolation = 'read-committed'
lock tables t read
lock table t as x read local, u write
unlock table
xa start 'a'
xa begin 'a', 'b', 5 join
xa start x'41', 0x42, 0x1 resume
xa end 'a' suspend
xa prepare 'a', 'b'
xa rollback 'a', 'b', 1
set a = 1
set a := 1, @b = 2, @@c = 3
set global a = 1, session b = 2, local c = 3, d = 4
set @@global.a = 1, @@session.b = 2, @@local.c = 3
set @@persist.a = 1, @@persist_only.b = default
set a = default, b = on, c = off, d = all, e = binary, f = row, g = system
set global default.key_buffer_size = 1
set hot.key_buffer_size = 1
set global hot.key_buffer_size = default
set @@hot.key_buffer_size = 1
set @@global.hot.key_buffer_size = 1
set new.a = 5, old.b = 6
set @a = @b := 5
set @`a b` = 1, @'c' = 2, @"d" = 3
set character set utf8mb4
set character set default
set charset 'utf8'
set char set utf8
set a = 1, names utf8
set names utf8, a = 1
set password for a = 'x'
set password for current_user = 'x'
set role `a`
set sql_mode = 'ansi', time_zone = '+00:00'
set @@a := (select 1)
show databases where `database` = 'a'
show full tables in d where 1
show columns from t
show full fields in d.t where a = 1
show indexes in t in d
show keys from t where a = 1
show create database d
show create schema if not exists d
show create table d.t
show create procedure d.p
show create function f
show create trigger tr
show create event e
show create user a@b
show create user current_user()
show function status where db = 'x'
show procedure code p
show function code d.f
show triggers in d where 1
show events
show events from d like 'x'
show table status
show table status where 1
show open tables from d like 'x'
show variables
show global variables like 'x'
show session variables where variable_name = 'x'
show local variables
show status
show global status like 'x'
show session status where 1
show local status
show warnings limit 5
show warnings limit 1, 5
show errors limit 5 offset 1
show engine innodb mutex
show engine all status
show engine 'innodb' status
show engine all logs
show character set
show charset like 'x'
show char set where charset = 'x'
show collation
show collation like 'x'
show collation where 1
show grants for a
show grants for current_user()
show grants for current_role
show grants for public
show profile all
show profile block io, context switches, cpu, ipc, memory, page faults, source, swaps for query 5 limit 1 offset 2
show replica status
show binlog events
show binlog events in 'x' from 5 limit 1, 2
show relaylog events in 'x' from 5 limit 1 for channel 'c'
show relaylog events for channel 'c'
describe t
desc d.t
explain t `a b`
explain format = 'tree' select 1
explain format = traditional select 1
explain for connection 5
explain insert into t values (1)
explain replace into t values (1)
explain delete from t
explain with c as (select 1) select * from c
explain (select 1)
use d
kill @a
kill @@a
kill (select 1)
kill '5'
flush table t, u
flush tables t with read lock
flush tables t, d.u for export
flush local tables t
flush no_write_to_binlog logs
flush binary logs
flush engine logs, error logs, general logs, slow logs
flush relay logs
flush relay logs for channel 'c'
flush user_resources
reset replica all for channel 'c'
analyze table t, d.u
analyze local table t
analyze no_write_to_binlog tables t
check table t
check table t for upgrade
check tables t, u quick fast medium extended changed
checksum table t quick
checksum tables t, u extended
optimize table t
optimize local table t, u
repair table t
repair no_write_to_binlog table t quick extended use_frm
cache index t index (i, j), u key (k) in c
cache index t partition (p0) in c
cache index t partition (all) key (i) in default
load index into cache t index (i) ignore leaves, u
load index into cache t partition (all) ignore leaves
help contents
install plugin p soname 'x'
create function f returns string soname 'x'
create aggregate function if not exists f returns integer soname 'x'
create function f returns real soname 'x'
create function f returns decimal soname 'x'
stop replica io_thread for channel 'c'
purge binary logs before '2020-01-01'
signal sqlstate '45000'
signal sqlstate value '45000' set message_text = 'x', mysql_errno = 5
signal c set class_origin = 'x', subclass_origin = 'x', constraint_catalog = 'x', constraint_schema = 'x', constraint_name = 'x', catalog_name = 'x', schema_name = 'x', table_name = 'x', column_name = 'x', cursor_name = 'x'
resignal sqlstate '45000'
resignal c set message_text = @a
resignal set mysql_errno = 5
get diagnostics @a = number
get current diagnostics @a = row_count, b = number
get diagnostics condition @n @a = message_text, b = mysql_errno, c = class_origin
get diagnostics condition n a = row_number
create user a@b, 'c'@'%'
create user if not exists a identified by 'x'
create user a identified with mysql_native_password
create user a identified with p as 'x'
create user a require ssl
create user a require none
create user a require x509
create user a require cipher 'a' and issuer 'b' and subject 'c'
create user a require subject 'a' issuer 'b' cipher 'c'
create user a with max_queries_per_hour 5 max_updates_per_hour 6 max_connections_per_hour 7 max_user_connections 8
create user a password expire
create user a password expire default
create user a password expire never
create user a password expire interval 5 day
create user a account lock
create user a account unlock password expire
create user current_user
create user ''@''
create user 'a b'@`c d`
create user a@'192.168.%/24'
create user a identified by 'x', b identified with p
alter user a identified by 'x'
alter user a, b account lock
alter user a require none with max_queries_per_hour 0 password expire
create role a
drop role a
drop user a, b@c
drop user if exists current_user()
rename user a to b
grant all on *.* to a
grant all privileges on d.* to a@b
grant select, insert, update, delete on d.t to a, b
grant select (a, b), insert (c), references (d) on t to a
grant all on * to a
grant usage on *.* to a
grant execute on procedure d.p to a
grant execute, alter routine on function d.f to a
grant select on table d.t to a
grant select on d.t to a with grant option
grant select on `d\_%`.* to a
grant alter, create, drop, index, references, trigger, lock tables, create view, show view, create routine, alter routine, event, create temporary tables on d.* to a
grant create, drop on d.* to public
grant a to b
grant a to b with admin option
grant a to current_user
grant role to b
grant proxy on a to b
grant proxy on a@b to c@d, e with grant option
grant proxy on '' to a
grant proxy on current_user to a
grant select on *.* to current_user()
revoke select on d.t from a
revoke select (a, b), insert on d.t from a, b
revoke all on d.* from a
revoke all privileges on *.* from a
revoke all privileges, grant option from a, b
revoke all, grant option from a
revoke grant option on *.* from a
revoke execute on procedure p from a
revoke a from b
revoke proxy on a from b
flush relay logs, status
kill (1 + 1)
kill hard (5)
kill query (select 1)
kill connection (5)
flush no_write_to_binlog relay logs for channel 'c'
set names 'utf8' collate 'utf8_bin'
show relaylog events in 'x' from 5 limit 1, 2 for channel 'c'
show binlog events from 5
