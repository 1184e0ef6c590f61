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
