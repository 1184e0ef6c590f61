-- What only Kintsugi takes.
create table t (id bigint, customer_id bigint, primary key (id)) shard by xxhash(customer_id)
create table t (id bigint primary key) reference
create table t (id bigint primary key) /*!kintsugi shard by hash(id) */
create table t (id bigint primary key) engine=innodb shard by (id) partition by hash(id) partitions 4
alter table t shard by hash(id)
show keyspaces
show vitess_shards
show tablets like 'x'
use customer:-80@replica
use customer@replica
vexplain select 1
vexplain plan select 1
vexplain all select 1
use `customer/-80`
use customer/80-
/*kintsugi a=b */ select 1
select /*kintsugi x */ 1
create table t (a int) /*!kintsugi reference */ engine = innodb
create table t (a int) shard by unicode_loose_md5(a, b) as select 1
alter table t reference
alter table t add column a int, shard by xxhash(a)
show shards
show vschema
show kintsugi tablets
show kintsugi shards like 'customer/%'
show kintsugi keyspaces
show kintsugi vschema
show kintsugi processes
show kintsugi transactions like '6b08%'
show kintsugi queries
show kintsugi queries like '%customer%' order by total_ms desc, calls limit 10
flush kintsugi queries
show vschema tables
show vschema vindexes
show vschema vindexes on customer.corder
create database orders shards 4
create database if not exists orders character set utf8mb4 shards 2
alter vschema add table product
alter vschema drop table commerce.product
alter vschema create vindex customer.h using xxhash
alter vschema create vindex m using numeric_static_map with json = '{"1": 2}', fallback_type = xxhash, n = 5
alter vschema drop vindex customer.h
alter vschema add sequence commerce.seq
alter vschema drop sequence seq
alter vschema on customer add vindex h (id)
alter vschema on customer.customer add vindex h (a, `b c`) using multicol with column_count = 2
alter vschema on customer drop vindex h
alter vschema on customer add auto_increment id using commerce.seq
alter vschema on customer drop auto_increment
create table t (id bigint primary key, e int, unique key e (e)) shard by hash(id) global unique (e)
create table t (id bigint primary key, e int unique) /*!kintsugi shard by (id) global unique (e) */
alter vschema on t add vindex l (e, f) using lookup_unique with owner=t, table=x, from='e,f', to=keyspace_id
alter vschema on t add vindex l (e, f) using lookup_unique with owner=t, table=x, from='e,f', to=`limit`
create table t (id bigint primary key) reference from commerce.country
create table t (a int) /*!kintsugi reference from `commerce`.`t` */
alter table t reference from t2
alter table t add global unique (e, `f g`)
alter table customer.t drop global unique (e)
