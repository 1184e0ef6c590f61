create table t (id int primary key)
CREATE TABLE IF NOT EXISTS db.t (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT 'x' COMMENT 'c', PRIMARY KEY (id), UNIQUE KEY u (name(10) DESC), KEY k USING BTREE (name, id), FULLTEXT KEY f (name), CONSTRAINT fk FOREIGN KEY (id) REFERENCES o (id) ON DELETE CASCADE ON UPDATE SET NULL, CHECK (id > 0)) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci COMMENT='t' ROW_FORMAT=DYNAMIC
create table t (a int, b int as (a + 1) stored, c int generated always as (a*2) virtual not null, d timestamp(6) default current_timestamp(6) on update current_timestamp(6), e decimal(10,2) unsigned zerofill, f enum('a','b') not null default 'a', g set('x','y'), h json, i geometry, j bit(3) default b'101', k double precision, l year, m binary(16), n varbinary(10), o tinytext, p boolean, q char(3) binary)
create table t like u
create table t (like u)
create temporary table t select 1
create table t (a int) ignore as select 1 as a
create or replace table t (a int) as select 1
create table t (a int) partition by range (a) (partition p0 values less than (10), partition p1 values less than maxvalue)
create table t (a int) partition by range columns (a, b) (partition p0 values less than (10, maxvalue) engine = innodb comment = 'x')
create table t (a int) partition by list (a) subpartition by hash (b) subpartitions 2 (partition p0 values in (1, 2), partition p1 values in (3))
create table t (a int) partition by key algorithm = 2 (a) partitions 3
create table t (a int) partition by linear key () partitions 3
create table t (a int, period for p (b, c)) with system versioning
create table t (x int, s timestamp(6) generated always as row start, e timestamp(6) generated always as row end, period for system_time (s, e)) with system versioning partition by system_time interval 1 month (partition p0 history, partition pn current)
create table t (a int check (a > 1), b int constraint c check (b > 2) not enforced, c int default (uuid()))
create table t (a int, key ((a + 1)), key k (a) comment 'x' invisible, primary key (a) using hash)
alter table t add column a int first, add b int after a, drop column c, drop d, modify e varchar(10) not null, change f g int, rename column h to i, add index k (a), add unique (b), drop index k, drop primary key, add primary key (a), rename to u, engine = innodb, default charset utf8mb4, convert to character set utf8mb4 collate utf8mb4_bin
alter table t add (a int, b int, key (a)), algorithm = inplace, lock = none
alter table t add constraint c foreign key (a) references b (c), drop foreign key c, drop constraint d, drop check e, alter check e not enforced
alter table t alter a set default 5, alter column b drop default, alter index k invisible, rename index a to b, order by a, b desc
alter table t add partition (partition p values less than (5))
alter table t drop partition p0
alter table t drop partition if exists p0, p1
alter table t add partition partitions 3
alter table t truncate partition p0, p1
alter table t reorganize partition p0 into (partition a values less than (1), partition b values less than (2))
alter table t exchange partition p with table u without validation
alter table t coalesce partition 2
alter table t remove partitioning
alter table t partition by hash (a)
alter table t disable keys, force
alter table t discard tablespace
alter table t import tablespace
alter online ignore table if exists t wait 5 add column if not exists a int
alter table t
alter table t analyze partition all
alter table t add system versioning
alter table t check partition p0 quick
alter table t rebuild partition p0, p1
drop table a, b.c
drop table if exists t cascade
drop temporary table t
drop view if exists v, w
drop index i on t algorithm = inplace
drop database if exists d
drop trigger if exists t
drop procedure p
drop function if exists db.f
drop event e
drop sequence if exists s
drop user a@b, 'c'@'%'
drop role r
rename table a to b, c to d.e
rename user a@b to c@d
truncate t
truncate table t
create index i on t (a, b(10), c desc) using btree comment 'x'
create unique index i using hash on t (a) algorithm = inplace lock = none
create fulltext index i on t (a)
create or replace index if not exists i on t ((a + 1))
create view v as select 1
create or replace algorithm = merge definer = a@b sql security invoker view v (a, b) as select 1, 2 with local check option
create definer = current_user view v as select 1 union select 2
alter view v as select 2
create database d default character set utf8mb4 collate utf8mb4_bin
create schema if not exists d
alter database d character set = utf8mb4
create sequence s start with 1 increment by 2 minvalue 1 maxvalue 100 cache 10 cycle
create or replace sequence s increment -1 nocache engine=innodb
alter sequence if exists s restart with 5
create server s foreign data wrapper mysql options (host 'x')
create tablespace ts add datafile 'x.ibd'
alter table t add spatial index (g), add fulltext ft (a) with parser ngram, add constraint primary key (a)
