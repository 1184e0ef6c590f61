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
