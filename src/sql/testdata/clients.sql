-- What clients, drivers and tools send by themselves.
select @@version_comment limit 1
SELECT DATABASE()
select $$
SET NAMES utf8mb4
SET autocommit=0
SET SESSION wait_timeout = 28800
SET sql_mode=(SELECT REPLACE(@@sql_mode,'ONLY_FULL_GROUP_BY',''))
SET @@session.autocommit = ON
SET character_set_results = NULL
SET NAMES latin1 COLLATE latin1_swedish_ci
/* mysql-connector-java-8.0.28 (Revision: 7ff2161da3899f379fb3171b6538b191b1c5c7e2) */SELECT  @@session.auto_increment_increment AS auto_increment_increment, @@character_set_client AS character_set_client, @@character_set_connection AS character_set_connection, @@character_set_results AS character_set_results, @@character_set_server AS character_set_server, @@collation_server AS collation_server, @@collation_connection AS collation_connection, @@init_connect AS init_connect, @@interactive_timeout AS interactive_timeout, @@license AS license, @@lower_case_table_names AS lower_case_table_names, @@max_allowed_packet AS max_allowed_packet, @@net_write_timeout AS net_write_timeout, @@performance_schema AS performance_schema, @@sql_mode AS sql_mode, @@system_time_zone AS system_time_zone, @@time_zone AS time_zone, @@transaction_isolation AS transaction_isolation, @@wait_timeout AS wait_timeout
SELECT @@session.transaction_read_only
SET SESSION TRANSACTION READ ONLY
set session transaction isolation level repeatable read, read write
SHOW VARIABLES WHERE `variable_name` IN ('sql_mode', 'max_allowed_packet')
SHOW FULL TABLES FROM `test` LIKE 'a\_b%'
SHOW KEYS FROM `t` FROM `db`
SHOW FULL COLUMNS FROM `db`.`t`
SHOW SESSION VARIABLES LIKE 'lower_case_table_names'
SHOW STATUS LIKE 'Ssl_cipher'
SELECT table_name, table_comment FROM information_schema.tables WHERE table_schema = 'd' AND table_type = 'BASE TABLE' ORDER BY table_name
SELECT c.column_name, c.column_type, c.column_default, c.column_key, c.extra, c.column_comment, c.collation_name FROM information_schema.columns c WHERE c.table_schema = DATABASE() AND c.table_name = 't' ORDER BY c.ordinal_position
SELECT TABLE_SCHEMA AS TABLE_CAT, NULL AS TABLE_SCHEM, TABLE_NAME, CASE WHEN TABLE_TYPE='BASE TABLE' THEN CASE WHEN TABLE_SCHEMA = 'mysql' OR TABLE_SCHEMA = 'performance_schema' THEN 'SYSTEM TABLE' ELSE 'TABLE' END WHEN TABLE_TYPE='TEMPORARY' THEN 'LOCAL_TEMPORARY' ELSE TABLE_TYPE END AS TABLE_TYPE, TABLE_COMMENT AS REMARKS FROM INFORMATION_SCHEMA.TABLES HAVING TABLE_TYPE IN ('TABLE','VIEW',null,null,null) ORDER BY TABLE_TYPE, TABLE_SCHEMA, TABLE_NAME
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */
/*!40101 SET NAMES utf8 */
/*!50503 SET NAMES utf8mb4 */
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */
/*!40103 SET TIME_ZONE='+00:00' */
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */
DROP TABLE IF EXISTS `t1`
/*!40101 SET @saved_cs_client     = @@character_set_client */
CREATE TABLE `t1` ( `id` int(11) NOT NULL AUTO_INCREMENT, `name` varchar(255) DEFAULT NULL, `created` timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(), `data` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`data`)), PRIMARY KEY (`id`), KEY `name` (`name`) ) ENGINE=InnoDB AUTO_INCREMENT=4 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci
CREATE TABLE `t2` ( `id` int NOT NULL, `g` varchar(10) GENERATED ALWAYS AS (concat(`id`,_utf8mb4'x')) VIRTUAL, `e` enum('a','b') COLLATE utf8mb4_bin NOT NULL DEFAULT 'a', `d` decimal(10,2) NOT NULL DEFAULT '0.00', `b` bit(1) DEFAULT b'0', `t` datetime(6) DEFAULT NULL, CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `t1` (`id`) ON DELETE CASCADE ON UPDATE CASCADE ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*!50100 PARTITION BY HASH (`id`) PARTITIONS 4 */
LOCK TABLES `t1` WRITE
/*!40000 ALTER TABLE `t1` DISABLE KEYS */
INSERT INTO `t1` VALUES (1,'a\'b\"c\\d','2020-01-01 00:00:00','{\"a\": 1}'),(2,NULL,'2020-01-02 00:00:00',NULL),(3,_binary 'abc\0def','2020-01-03 00:00:00','[]')
/*!40000 ALTER TABLE `t1` ENABLE KEYS */
UNLOCK TABLES
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER `tr` BEFORE INSERT ON `t1` FOR EACH ROW BEGIN IF NEW.name IS NULL THEN SET NEW.name = 'x'; END IF; END */
/*!50001 CREATE ALGORITHM=UNDEFINED */ /*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */ /*!50001 VIEW `v` AS select `t1`.`id` AS `id` from `t1` */
/*!50001 CREATE VIEW `v2` AS SELECT 1 AS `a`, 1 AS `b`*/
CREATE DATABASE /*!32312 IF NOT EXISTS*/ `d` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci */
/*!40101 SET SQL_MODE=@OLD_SQL_MODE */
SELECT /*!40001 SQL_NO_CACHE */ * FROM `t1`
/*!40100 SET @@SQL_MODE='' */
FLUSH /*!40101 LOCAL */ TABLES
START TRANSACTION /*!40100 WITH CONSISTENT SNAPSHOT */
/*M!100616 SET @OLD_NOTE_VERBOSITY=@@NOTE_VERBOSITY, NOTE_VERBOSITY=0 */
SELECT LOGFILE_GROUP_NAME, FILE_NAME, TOTAL_EXTENTS, INITIAL_SIZE, ENGINE, EXTRA FROM INFORMATION_SCHEMA.FILES WHERE ENGINE = 'ndbcluster' AND FILE_TYPE = 'UNDO LOG' GROUP BY LOGFILE_GROUP_NAME, FILE_NAME, ENGINE, TOTAL_EXTENTS, INITIAL_SIZE ORDER BY LOGFILE_GROUP_NAME
CREATE TABLE sbtest1( id INTEGER NOT NULL AUTO_INCREMENT, k INTEGER DEFAULT '0' NOT NULL, c CHAR(120) DEFAULT '' NOT NULL, pad CHAR(60) DEFAULT '' NOT NULL, PRIMARY KEY (id) ) /*! ENGINE = innodb */
SELECT c FROM sbtest1 WHERE id=?
SELECT c FROM sbtest1 WHERE id BETWEEN ? AND ?
SELECT SUM(k) FROM sbtest1 WHERE id BETWEEN ? AND ?
SELECT DISTINCT c FROM sbtest1 WHERE id BETWEEN ? AND ? ORDER BY c
UPDATE sbtest1 SET k=k+1 WHERE id=?
INSERT INTO sbtest1 (id, k, c, pad) VALUES (?, ?, ?, ?)
DELETE FROM sbtest1 WHERE id=?
CREATE INDEX k_1 ON sbtest1(k)
SELECT SQL_CALC_FOUND_ROWS wp_posts.ID FROM wp_posts WHERE 1=1 AND wp_posts.post_type = 'post' AND ((wp_posts.post_status = 'publish')) ORDER BY wp_posts.post_date DESC LIMIT 0, 10
SELECT FOUND_ROWS()
SELECT option_value FROM wp_options WHERE option_name = 'siteurl' LIMIT 1
INSERT INTO `wp_options` (`option_name`, `option_value`, `autoload`) VALUES ('a', 'b', 'yes') ON DUPLICATE KEY UPDATE `option_name` = VALUES(`option_name`), `option_value` = VALUES(`option_value`), `autoload` = VALUES(`autoload`)
SELECT t.*, tt.* FROM wp_terms AS t INNER JOIN wp_term_taxonomy AS tt ON t.term_id = tt.term_id WHERE tt.taxonomy IN ('category') AND tt.count > 0 ORDER BY t.name ASC
SELECT `users`.* FROM `users` WHERE `users`.`id` = 1 LIMIT 1
SELECT 1 AS one FROM `users` WHERE `users`.`email` = BINARY 'a@b.c' LIMIT 1
SELECT COUNT(*) FROM (SELECT 1 AS one FROM `posts` WHERE `posts`.`user_id` = 5 LIMIT 10 OFFSET 0) subquery_for_count
select this_.id as id1_0_0_, this_.name as name2_0_0_ from customer this_ left outer join orders orders2_ on this_.id=orders2_.customer_id where this_.name like ? escape '!' order by this_.id asc limit ? for update
select nextval(`hibernate_sequence`)
select * from `migrations` order by `batch` asc, `migration` asc
insert into `jobs` (`queue`, `attempts`, `reserved_at`) values ('default', 0, null)
select exists(select * from `users` where `email` = 'x') as `exists`
SELECT (1) AS `a` FROM `auth_user` WHERE `auth_user`.`username` = 'admin' LIMIT 1
INSERT INTO `django_migrations` (`app`, `name`, `applied`) VALUES ('a', 'b', '2020-01-01 00:00:00.000000') RETURNING `django_migrations`.`id`
ALTER TABLE `a` ADD CONSTRAINT `a_b_c_fk` FOREIGN KEY (`b_id`) REFERENCES `b` (`id`)
CREATE TABLE `django_session` (`session_key` varchar(40) NOT NULL PRIMARY KEY, `session_data` longtext NOT NULL, `expire_date` datetime(6) NOT NULL)
select l_returnflag, l_linestatus, sum(l_quantity) as sum_qty, sum(l_extendedprice * (1 - l_discount)) as sum_disc_price, avg(l_quantity) as avg_qty, count(*) as count_order from lineitem where l_shipdate <= date '1998-12-01' - interval '90' day group by l_returnflag, l_linestatus order by l_returnflag, l_linestatus
select s_acctbal, s_name, n_name, p_partkey from part, supplier, partsupp, nation, region where p_partkey = ps_partkey and s_suppkey = ps_suppkey and p_size = 15 and p_type like '%BRASS' and ps_supplycost = ( select min(ps_supplycost) from partsupp, supplier, nation, region where p_partkey = ps_partkey and r_name = 'EUROPE' ) order by s_acctbal desc, n_name limit 100
select o_year, sum(case when nation = 'BRAZIL' then volume else 0 end) / sum(volume) as mkt_share from ( select extract(year from o_orderdate) as o_year, l_extendedprice * (1 - l_discount) as volume, n2.n_name as nation from part, lineitem, orders, nation n2 where o_orderdate between date '1995-01-01' and date '1996-12-31' ) as all_nations group by o_year order by o_year
select c_count, count(*) as custdist from ( select c_custkey, count(o_orderkey) as c_count from customer left outer join orders on c_custkey = o_custkey and o_comment not like '%special%requests%' group by c_custkey ) as c_orders group by c_count order by custdist desc, c_count desc
with revenue as ( select l_suppkey as supplier_no, sum(l_extendedprice * (1 - l_discount)) as total_revenue from lineitem where l_shipdate >= date '1996-01-01' and l_shipdate < date '1996-01-01' + interval '3' month group by l_suppkey ) select s_suppkey, total_revenue from supplier, revenue where s_suppkey = supplier_no and total_revenue = ( select max(total_revenue) from revenue ) order by s_suppkey
select cntrycode, count(*) as numcust from ( select substring(c_phone from 1 for 2) as cntrycode, c_acctbal from customer where substring(c_phone from 1 for 2) in ('13', '31') and not exists ( select * from orders where o_custkey = c_custkey ) ) as custsale group by cntrycode order by cntrycode
select channel, item, return_ratio, rank() over (order by return_ratio) as return_rank from (select 'web' as channel, ws_item_sk as item, cast(sum(coalesce(wr_return_quantity, 0)) as decimal(15,4)) / cast(sum(coalesce(ws_quantity, 0)) as decimal(15,4)) as return_ratio from web_sales left join web_returns on ws_order_number = wr_order_number group by ws_item_sk) in_web
insert into customer (customer_id, email) values (1, 'alice@domain.com'), (2, 'bob@domain.com')
select order_id, customer_id, sku, price from corder where customer_id = 1
CREATE USER 'repl'@'%' IDENTIFIED BY 'x'
GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%'
CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=3306, MASTER_USER='repl', MASTER_PASSWORD='x', MASTER_USE_GTID=slave_pos
SET GLOBAL gtid_slave_pos = '0-1-2'
SELECT MASTER_GTID_WAIT('0-1-2', 5)
SELECT BINLOG_GTID_POS('a.000001', 4)
SHOW STATUS LIKE 'binlog_snapshot_%'
SET @@global.rpl_semi_sync_master_enabled = ON
SET GLOBAL read_only = 1
KILL QUERY 42
SELECT GET_LOCK('a', 10), RELEASE_LOCK('a'), IS_FREE_LOCK('a')
XA START 'kt','commerce',1
SELECT SLEEP(0.1), BENCHMARK(10, MD5('a'))
SELECT * FROM performance_schema.events_statements_summary_by_digest ORDER BY sum_timer_wait DESC LIMIT 10
SELECT a.*, b.c AS 'quoted alias', (SELECT COUNT(*) FROM d WHERE d.a_id = a.id) AS "n" FROM a, b WHERE a.id = b.a_id AND b.x IN (SELECT x FROM e) AND (a.y, a.z) NOT IN ((1, 2), (3, 4)) GROUP BY a.id WITH ROLLUP HAVING n > 1 AND SUM(b.v) < 100 ORDER BY NULL LIMIT 10
