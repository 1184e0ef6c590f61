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
create table t (a int, b int) auto_increment 5 avg_row_length 6 checksum 1 delay_key_write 1 max_rows 5 min_rows 1 pack_keys 1
create table t (a int) engine = innodb row_format = redundant key_block_size = 8 compression = 'zlib' encryption = 'N'
create table t (a int) connection = 'mysql://x'
create table t (a int) insert_method first
create table t (a int) stats_auto_recalc default stats_persistent 0 stats_sample_pages 10
create table t (a int) stats_sample_pages = default
create table t (a int) tablespace ts storage disk
create table t (a int) tablespace innodb_file_per_table
create table t (a int) union = (a, b) insert_method = no
create table t (a int default (a + 1))
create table t (a int not null default 0 primary key comment 'x')
create table t (a int unique key primary key)
create table t (a int, b int generated always as (a + 1) virtual unique comment 'x')
create table t (a varchar(10) character set latin1 collate latin1_bin generated always as ('x') stored)
create table t (a varchar(10) collate latin1_bin not null)
create table t (a int references b (c) match full on delete cascade on update set null)
create table t (a int, constraint primary key (a))
create table t (a int, constraint c primary key using btree (a))
create table t (a int, constraint c primary key (a) using hash comment 'x')
create table t (a int, unique index (a) visible)
create table t (a int, fulltext index f (a) with parser ngram)
create table t (a int, fulltext f (a) comment 'x' key_block_size 8)
create table t (a int, spatial (a))
create table t (a int, spatial index s (a) comment 'x')
create table t (a int, index i using btree (a asc, b desc))
create table t (a int, index i type btree (a))
create table t (a int, index i (a) using btree key_block_size = 1024 comment 'c' visible)
create table t (a int, foreign key (a) references b)
create table t (a int, foreign key i (a, b) references c (d, e) match simple on update restrict on delete set default)
create table t (a int, constraint foreign key (a) references b (c))
create table t (a int) ignore as (select 1)
create table t as with c as (select 1) select * from c
create table t with c as (select 1) select * from c
create table t (select 1)
create table t ((select 1))
create table t (select 1) union (select 2)
create table t select 1 union select 2
create table t ignore select 1
create table if not exists t like db.u
create temporary table if not exists t select 1
create table t (a int) partition by range (a) partitions 3 (partition p0 values less than (1), partition p1 values less than (2), partition p2 values less than maxvalue)
create table t (a int) partition by linear key algorithm = 1 (a) partitions 5
create table t (a int) partition by key algorithm = 2 () partitions 5
create table t (a int, b int) partition by list columns (a, b) (partition p0 values in ((1, 2), (null, 3)))
create table t (a int) partition by range columns (a) (partition p0 values less than ('2020-01-01') engine = innodb, partition p1 values less than (maxvalue) storage engine innodb)
create table t (a int) partition by hash (a) (partition p0 comment 'x' data directory '/a' index directory = '/b' max_rows 5 min_rows = 6 tablespace ts nodegroup 3, partition p1)
create table t (a int) partition by range (a) subpartition by linear hash (b) subpartitions 4 (partition p0 values less than (1))
create table t (a int) partition by range (a) subpartition by linear key (b) (partition p0 values less than (1) (subpartition s0 engine innodb comment = 'x', subpartition 's1'))
create table t (a int) partition by range (a) subpartition by key algorithm = 2 (b) (partition p0 values less than (1))
create table t (a int invisible default 5)
create table t (a datetime default current_timestamp on update current_timestamp)
create table t (a datetime(3) default now(3) on update now(3))
create table t (a timestamp null default null)
create table t (a timestamp default localtime on update localtimestamp())
create table t (a vector(3))
create table t (a vector)
create table t (a set('a', 'b') charset latin1 collate latin1_bin, b enum('x', x'41', 0x42))
create table t (a char byte, b char(5) ascii, c char(5) unicode, d text byte)
create table t (a char(5) binary ascii, b char(5) ascii binary, c char(5) binary character set latin1, d char(5) character set latin1 binary)
create table t (a nchar, b nchar(5) binary, c national character(5), d nvarchar(5), e nchar varchar(5), f national varchar(5), g national char varying(5), h nchar varying(5), i national varcharacter(5))
create table t (a varcharacter(5), b character varying(5), c char varying(6))
create table t (a double precision unsigned zerofill, b float(5) unsigned, c float unsigned, d real(5,2) unsigned, e double(5, 2))
create table t (a dec, b dec(5), c dec(5, 2) unsigned zerofill, d fixed, e numeric(5))
create table t (a bit(1), b bool, c boolean, d serial)
create table t (a int serial default value)
create table t (a bigint serial default value not null)
create table t (a year(4), b year, c year(4) unsigned)
create table t (a time, b time(0), c timestamp(0), d datetime(0))
create table t (a geometry, b point, c linestring, d polygon, e multipoint, f multilinestring, g multipolygon, h geometrycollection, i geomcollection)
create table t (a binary, b binary(5), c varbinary(5), d blob(5), e text(5), f tinyblob, g tinytext)
create table t (a mediumint(5), b middleint, c int1, d int2, e int3, f int4, g int8, h float4, i float8)
create table t (a json default '{}' check (json_valid(a)))
create table t (a text collate utf8mb4_bin, b enum('a') collate binary)
create table t (a char character set binary, b varchar(5) charset binary collate binary)
alter table t add a int
alter table t add column a int first
alter table t add a int after b, add column c int first
alter table t add column (a int, b int, key (a))
alter table t add (a int)
alter table t add index i using btree (a) comment 'x'
alter table t add fulltext index f (a) with parser p
alter table t add spatial index s (a)
alter table t add constraint primary key using btree (a)
alter table t add constraint c unique u (a)
alter table t add constraint f foreign key i (a) references b (c) on delete cascade
alter table t add primary key (a), drop primary key
alter table t alter a set default 5
alter table t alter column a set default (1 + 2)
alter table t change a b int
alter table t change column a b int not null first
alter table t modify a int
alter table t drop a
alter table t drop column a restrict
alter table t drop a cascade
alter table t drop column a, algorithm = instant
alter table t drop index i
alter table t drop foreign key f
alter table t drop constraint c
alter table t rename to u
alter table t rename as u
alter table t rename u
alter table t rename = u
alter table t rename index a to b
alter table t convert to character set utf8mb4
alter table t convert to charset utf8mb4 collate utf8mb4_bin
alter table t convert to character set default
alter table t convert to character set default collate utf8mb4_bin
alter table t default character set = utf8mb4 collate = utf8mb4_bin
alter table t character set utf8mb4
alter table t disable keys
alter table t enable keys
alter table t force
alter table t force, algorithm inplace, lock none
alter table t algorithm = default, lock = default
alter table t algorithm copy
alter table t algorithm = nocopy
alter table t lock = shared
alter table t lock exclusive
alter table t order by a, b desc
alter table t order by a asc
alter table t engine = innodb, add column a int
alter table t engine innodb comment 'x' auto_increment = 5
alter table t auto_increment 5
alter table t row_format = dynamic, key_block_size = 8
alter table t encryption = 'Y'
alter table t stats_persistent = 1
alter table t add partition no_write_to_binlog partitions 4
alter table t drop partition p, q
alter table t truncate partition p
alter table t truncate partition all
alter table t coalesce partition 3
alter table t coalesce partition no_write_to_binlog 3
alter table t reorganize partition p, q into (partition r values less than (5))
alter table t reorganize partition
alter table t reorganize partition no_write_to_binlog p into (partition q values less than (1), partition r values less than (2))
alter table t exchange partition p with table u
alter table t analyze partition p, q
alter table t analyze partition local all
alter table t check partition all for upgrade quick
alter table t optimize partition p
alter table t rebuild partition p
alter table t rebuild partition all
alter table t repair partition p quick extended use_frm
alter table t engine = innodb partition by hash (a)
alter table t add a int, add b int partition by key (a)
alter table t add a int remove partitioning
alter table t engine = innodb remove partitioning
create index i on t (a)
create unique index i using btree on t (a desc, b(5) asc)
create unique index i on t (a) using hash
create fulltext index i on t (a, b) with parser ngram comment 'x'
create spatial index i on t (a)
create index i on t (a) key_block_size = 5 comment 'x' algorithm = inplace lock = none
create index i on t (a) algorithm inplace
create index i on t (a) lock none algorithm copy
create index i type btree on t (a)
drop index i on t
drop index `primary` on t
drop table t
drop tables t, u
drop temporary table if exists t, u restrict
drop table t cascade
drop table /*!40005 if exists */ t
drop view v, w restrict
drop view if exists v cascade
drop database d
drop schema if exists d
drop trigger tr
drop trigger if exists d.tr
drop function if exists f
drop event if exists e
drop server s
drop server if exists s
drop role r, s
drop role if exists r
drop user u@h, v
drop user if exists u
rename tables a to b
rename user a to b, c@d to e@f
truncate table d.t
create or replace view v (a, b) as select 1, 2 with check option
create algorithm = merge definer = current_user sql security invoker view v as select 1 with local check option
create algorithm = undefined definer = 'a'@'b' sql security definer view d.v as select 1 with cascaded check option
create definer = r view v as select 1
create definer = current_role view v as select 1
create or replace algorithm = temptable view v as (select 1) union (select 2)
create view v as with c as (select 1) select * from c
create view v as (select 1)
alter view v as select 1
alter algorithm = merge definer = a@b sql security invoker view v (a) as select 1 with check option
alter definer = current_user() view v as select 1
create database d
create schema if not exists d default character set = utf8mb4 default collate = utf8mb4_bin
alter database d character set utf8mb4
alter schema d default collate utf8mb4_bin
alter database character set = utf8mb4
create server s foreign data wrapper mysql options (host 'h', database 'd', user 'u', password 'p', socket 's', owner 'o', port 3306)
create server s foreign data wrapper 'mysql' options (host 'h')
alter server s options (user 'x')
create table t (a int, index type (a))
create table t (a int, index `type` using btree (a))
alter table t add index i type btree (a)
create unique index i type hash on t (a)
create table t (a int) default charset = 'utf8' default collate 'utf8_bin'
