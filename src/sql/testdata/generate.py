#!/usr/bin/env python3
"""Writes generated_*.sql beside it: statements made systematically, where writing them by hand would miss some.

Run it after a change of the grammar's words or of the lists below; then check_corpus.py, which asks real servers.
"""
import itertools
import pathlib

HERE = pathlib.Path(__file__).parent

# Binary operators from the loosest to the tightest, as the manual lists them.
BINARY = ["or", "||", "xor", "and", "&&", "=", "<=>", "<>", "!=", "<", "<=", ">", ">=", "like", "not like", "regexp",
          "not regexp", "rlike", "|", "&", "<<", ">>", "+", "-", "*", "/", "div", "%", "mod", "^"]
PREDICATES = [f"{op} b" for op in BINARY] + [
    "is null", "is not null", "is true", "is not false", "is unknown", "in (1, b)", "not in (select 1)",
    "between b and c", "not between 1 and c", "sounds like b", "collate utf8mb4_bin", "like b escape '!'",
    "+ interval 1 day", "- interval b hour_minute"]
PREFIXES = ["", "not ", "- ", "+ ", "~", "!", "binary ", "not not ", "- - ", "- ~"]


def expressions():
    for left, right in itertools.product(BINARY, BINARY):
        yield f"select a {left} b {right} c, (a {left} b) {right} c, a {left} (b {right} c)"
    for prefix, predicate in itertools.product(PREFIXES, PREDICATES):
        yield f"select {prefix}a {predicate}, {prefix}(a {predicate}), ({prefix}a) {predicate}"
    for prefix, op in itertools.product(PREFIXES[1:], BINARY):
        yield f"select a {op} ({prefix}b)"
    for one, two in itertools.product(PREDICATES[-13:], PREDICATES[-13:]):
        yield f"select (a {one}) {two}"


LITERALS = ["1", "0", "18446744073709551615", "1.5", ".5", "1e10", "1.5e-3", "1E+5", "0x1F", "x'1f'", "X'AB'", "0b101",
            "b'1'", "B'01'", "'a'", "\"a\"", "'it''s'", "'a\\'b'", "'a\\\\b'", "'a\\nb\\t\\0\\Z'", "'100\\%'", "'a' 'b'",
            "'a' \"b\"", "''", "n'x'", "N'x'", "_utf8mb4'x'", "_latin1 'x'", "_binary x'41'", "_utf8mb4 0x41", "null", "true",
            "false", "\\N", "date '2020-01-01'", "time '10:00:00'", "timestamp '2020-01-01 10:00:00'", "{d '2020-01-01'}",
            "{t '10:00:00'}", "{ts '2020-01-01 10:00:00'}", "'\N{SNOWMAN}'", "'a\"b'", "\"a'b\"", "\"a\"\"b\""]
FUNCTIONS = """abs(a) acos(a) adddate(a,1) adddate(a,interval|1|day) addtime(a,b) aes_encrypt(a,b) ascii(a) asin(a) atan(a,b)
avg(a) avg(distinct|a) benchmark(1,a) bin(a) bit_and(a) bit_count(a) bit_length(a) bit_or(a) bit_xor(a) cast(a|as|signed)
cast(a|as|unsigned|integer) cast(a|as|char) cast(a|as|char(5)) cast(a|as|char|charset|latin1) cast(a|as|decimal(5,2))
cast(a|as|binary(3)) cast(a|as|date) cast(a|as|time(3)) cast(a|as|datetime(6)) cast(a|as|double) cast(a|as|float) ceil(a)
ceiling(a) char(77,78) char(77|using|utf8mb4) char_length(a) charset(a) coalesce(a,b,c) coercibility(a) collation(a)
concat(a,b) concat_ws(',',a,b) connection_id() conv(a,16,10) convert(a,signed) convert(a|using|utf8mb4) convert_tz(a,b,c) cos(a)
cot(a) count(*) count(a) count(distinct|a,b) crc32(a) curdate() current_date current_date() current_time(3) current_timestamp
current_timestamp(6) current_user current_user() curtime() database() date(a) date_add(a,interval|1|month)
date_format(a,'%Y') date_sub(a,interval|'1:1'|minute_second) datediff(a,b) day(a) dayname(a) dayofmonth(a) dayofweek(a)
dayofyear(a) degrees(a) elt(a,b,c) exp(a) export_set(a,b,c) extract(year|from|a) extract(day_microsecond|from|a)
extractvalue(a,b) field(a,b,c) find_in_set(a,b) floor(a) format(a,2) format(a,2,'de_DE') found_rows() from_base64(a) from_days(a)
from_unixtime(a) get_format(date,'usa') get_lock(a,1) greatest(a,b) group_concat(a) group_concat(distinct|a|order|by|b)
group_concat(a,b|order|by|a|desc,b|separator|';') hex(a) hour(a) if(a,b,c) ifnull(a,b) inet_aton(a) inet6_ntoa(a)
insert(a,1,2,b) instr(a,b) interval(a,b,c) is_free_lock(a) isnull(a) json_array(a,b) json_contains(a,b) json_extract(a,'$.x')
json_object('a',1) json_unquote(a) json_value(a,'$.x') last_day(a) last_insert_id() last_insert_id(5) lcase(a) least(a,b) left(a,2)
length(a) ln(a) load_file(a) localtime localtime() localtimestamp(3) locate(a,b) locate(a,b,2) log(a) log(a,b) log10(a) log2(a)
lower(a) lpad(a,5,'x') ltrim(a) make_set(a,b,c) makedate(a,1) maketime(a,b,c) max(a) max(distinct|a) md5(a) microsecond(a)
mid(a,1,2) mid(a|from|1|for|2) min(a) minute(a) mod(a,b) month(a) monthname(a) now() now(6) nullif(a,b) oct(a) octet_length(a) ord(a)
period_add(a,b) pi() position(a|in|b) pow(a,b) power(a,b) quarter(a) quote(a) radians(a) rand() rand(5) release_lock(a)
repeat(a,3) replace(a,b,c) reverse(a) right(a,2) round(a) round(a,2) row_count() rpad(a,5,'x') rtrim(a) schema() sec_to_time(a)
second(a) session_user() sha1(a) sha2(a,256) sign(a) sin(a) sleep(0) soundex(a) space(3) sqrt(a) std(a) stddev(a)
str_to_date(a,'%Y') strcmp(a,b) subdate(a,interval|1|week) substr(a,1) substr(a|from|2) substring(a,1,2) substring(a|from|1|for|2)
substring_index(a,'.',1) subtime(a,b) sum(a) sum(distinct|a) sysdate() system_user() tan(a) time(a) time_format(a,'%H')
time_to_sec(a) timediff(a,b) timestamp(a) timestamp(a,b) timestampadd(minute,1,a) timestampadd(sql_tsi_hour,1,a)
timestampdiff(year,a,b) to_base64(a) to_days(a) to_seconds(a) trim(a) trim(b|from|a) trim(both|from|a) trim(leading|'x'|from|a)
trim(trailing|from|a) trim(both|'x'|from|a) truncate(a,2) ucase(a) unhex(a) unix_timestamp() unix_timestamp(a) updatexml(a,b,c)
upper(a) user() utc_date utc_date() utc_time() utc_timestamp(3) uuid() uuid_short() var_pop(a) variance(a) version() week(a)
week(a,1) weekday(a) weekofyear(a) weight_string(a) weight_string(a|as|char(3)) weight_string(a|as|binary(3)) year(a)
yearweek(a) db.f(a,b) f() `my|func`(1)""".split()
WINDOWS = ["row_number()", "rank()", "dense_rank()", "percent_rank()", "cume_dist()", "ntile(4)", "lag(a)", "lag(a, 2)",
           "lead(a, 1)", "first_value(a)", "last_value(a)", "nth_value(a, 2)", "sum(a)", "count(*)", "avg(a)", "max(a)"]
OVERS = ["()", "(order by b)", "(partition by a)", "(partition by a, b order by c desc, d)",
         "(order by b rows unbounded preceding)", "(order by b rows between 1 preceding and 2 following)",
         "(order by b range between current row and unbounded following)", "w", "(w order by b)"]


def functions():
    for literal in LITERALS:
        yield f"select {literal}"
        yield f"select a from t where a = {literal} or b in ({literal}, {literal})"
    for function in FUNCTIONS:
        yield "select " + function.replace("|", " ")
        yield "select a from t where " + function.replace("|", " ") + " > 1 order by b"
    for function, over in itertools.product(WINDOWS, OVERS):
        yield f"select {function} over {over} from t" + (" window w as (partition by a)" if "w" in over.split("(")[-1].split() or over == "w" else "")


TYPES = """bit bit(8) tinyint tinyint(4) bool boolean smallint mediumint int int(11) integer bigint bigint(20)|unsigned int|unsigned|zerofill
decimal decimal(10) decimal(10,2) dec(5) numeric(6,3) fixed(4,1) float float(7,3) float(24) double double(10,2)
double|precision real float4 float8 int1 int2 int3 int4 int8 middleint date time time(3) datetime datetime(6) timestamp timestamp(3)
year char char(10) character(5) varchar(20) character|varying(20) char|varying(20) national|char(5) nchar(5) national|varchar(5)
nvarchar(5) binary binary(8) varbinary(8) tinyblob blob blob(100) mediumblob longblob long|varbinary tinytext text text(50)
mediumtext longtext long|varchar long enum('a','b') set('x','y') json geometry point linestring polygon
char(3)|character|set|latin1 varchar(3)|charset|utf8mb4|collate|utf8mb4_bin text|character|set|utf8mb4 enum('a')|charset|latin1
char(3)|binary text|binary serial""".split()
ATTRIBUTES = ["", "not null", "null", "default null", "comment 'c'", "not null comment 'it''s'", "unique", "unique key",
              "primary key", "key", "check (a is not null)", "constraint c check (a > 1)", "references o (id)",
              "references o (id) on delete cascade on update set null", "references o"]
DEFAULTS = ["default 1", "default -1", "default 1.5", "default 'x'", "default (1 + 2)", "default (uuid())", "default b'1'",
            "default x'41'", "default true", "default current_timestamp", "default now()",
            "default current_timestamp(3) on update current_timestamp(3)", "auto_increment", "auto_increment primary key",
            "as (b + 1)", "as (b + 1) virtual", "generated always as (b + 1) stored", "as (concat(b, 'x')) stored unique"]
TABLE_OPTIONS = ["engine = innodb", "engine innodb", "auto_increment = 5", "avg_row_length = 10", "default charset = utf8mb4",
                 "default character set utf8mb4", "charset utf8mb4", "collate utf8mb4_bin", "default collate = utf8mb4_bin",
                 "checksum = 1", "comment = 'c'", "comment 'c'", "data directory = '/d'", "index directory = '/i'",
                 "delay_key_write = 1", "insert_method = last", "key_block_size = 8", "max_rows = 5", "min_rows = 5",
                 "pack_keys = default", "password = 'x'", "row_format = dynamic", "row_format compressed",
                 "stats_auto_recalc = 1", "stats_persistent = default", "union = (a, b)", "union = ()",
                 "engine = innodb default charset = utf8mb4 comment = 'x'", "engine = innodb, auto_increment = 3"]
PARTITIONS = ["hash (a)", "hash (a) partitions 4", "linear hash (year(a)) partitions 2", "key (a)", "key ()",
              "linear key (a, b) partitions 3", "range (a) (partition p0 values less than (1))",
              "range (to_days(a)) (partition p0 values less than (1), partition p1 values less than maxvalue)",
              "range columns (a, b) (partition p0 values less than (1, 'x'), partition p1 values less than (maxvalue, maxvalue))",
              "list (a) (partition p0 values in (1, 2), partition p1 values in (null))",
              "list columns (a, b) (partition p0 values in ((1, 2), (3, 4)))",
              "range (a) subpartition by hash (b) subpartitions 2 (partition p0 values less than (5))",
              "range (a) subpartition by key (b) (partition p0 values less than (5) (subpartition s0, subpartition s1))",
              "range (a) (partition p0 values less than (1) engine = innodb comment = 'x' data directory = '/d' max_rows = 5)"]
KEYS = ["primary key (a)", "constraint primary key (a)", "primary key using btree (a, b)", "key (a)", "index (a)", "key k (a, b)",
        "key k (a(10))", "key k (a desc, b asc)", "unique (a)", "unique key u (a)", "unique index u (a)",
        "constraint c unique (a)", "constraint c unique key u (a, b)", "fulltext (a)", "fulltext key f (a)",
        "fulltext index f (a, b)", "spatial key s (a)", "foreign key (a) references o (b)",
        "constraint fk foreign key (a) references db.o (b) on delete restrict",
        "foreign key fk (a, b) references o (c, d) on update no action on delete set null",
        "check (a > 1)", "constraint c check (a > 1)", "key k (a) using btree", "key k (a) key_block_size = 5",
        "key k (a) comment 'x'", "key k using hash (a)"]


def definitions():
    for type_, attribute in itertools.product(TYPES, ATTRIBUTES):
        if type_ == "serial" and attribute in ("null", "default null"):
            continue
        yield f"create table t (a {type_.replace('|', ' ')} {attribute}".rstrip() + ")"
    for default in DEFAULTS:
        yield f"create table t (a int {default}, b int)"
        yield f"alter table t add column c int {default} after b, modify a int {default} first, change b d int {default}"
    for option in TABLE_OPTIONS:
        yield f"create table t (a int) {option}"
        yield f"alter table t {option}"
    for partition in PARTITIONS:
        yield f"create table t (a int, b int) partition by {partition}"
        yield f"alter table t partition by {partition}"
    for key in KEYS:
        yield f"create table t (a int, b int, {key})"
        yield f"alter table t add {key}"
    for prefix, exists in itertools.product(["create table", "create temporary table"], ["", "if not exists "]):
        yield f"{prefix} {exists}t like u"
        yield f"{prefix} {exists}t (a int)"
        yield f"{prefix} {exists}t select 1 as a"
        yield f"{prefix} {exists}t (a int) engine = innodb as select * from u"
        yield f"{prefix} {exists}t (a int) replace select * from u"


JOINS = ["join", "inner join", "cross join", "left join", "right join", "left outer join", "right outer join", "straight_join"]
CLAUSES = ["", "where a = 1", "group by a", "group by a, b having count(*) > 1", "group by a with rollup", "order by a desc",
           "limit 5", "limit 5, 10", "limit 10 offset 5", "order by 1 limit 1", "for update", "lock in share mode",
           "where a = 1 for update", "where exists (select 1)", "having a > 1"]
SETS = ["union", "union all", "union distinct", "except", "intersect", "except all", "intersect all"]


def queries():
    for one, two in itertools.product(JOINS, JOINS):
        on = lambda j: "" if j == "cross join" else " on a.x = b.x"
        yield f"select * from a {one} b{on(one)} {two} c{on(two).replace('a.x', 'c.x')}"
        yield f"select * from a {one} (b {two} c{on(two).replace('a.x', 'c.x')}){on(one)}"
        if "left" not in one + two and "right" not in one + two:
            yield f"select * from a {one} b {two} c"
            yield f"select * from a {one} b {two} c on a.x = c.x"
    for join in ["join", "inner join", "left join", "right join", "left outer join"]:
        yield f"select * from a natural {join} b"
        yield f"select * from a natural {join} b natural {join} c"
        yield f"select * from a {join} b using (x, y) {join} c using (z)"
    for one, two in itertools.product(CLAUSES, SETS):
        yield f"(select a from t {one}) {two} (select b from u)"
        yield f"select a from t {two} (select b from u {one}) order by 1 limit 3"
        yield f"select * from (select a from t {one}) as d {two} select 1"
    for one, two in itertools.product(SETS, SETS):
        yield f"select 1 {one} select 2 {two} select 3"
        yield f"(select 1 {one} select 2) {two} select 3 limit 1"
        yield f"select 1 {one} (select 2 {two} select 3)"
    for clause in CLAUSES:
        for head in ["select a", "select distinct a", "select all a", "select sql_calc_found_rows a", "select high_priority a",
                     "select straight_join a", "select sql_no_cache a", "with c as (select 1) select a",
                     "with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a"]:
            yield f"{head} from t {clause}"
        yield f"insert into u select a from t {clause}"
        yield f"create view v as select a from t {clause}"
        yield f"select (select a from t {clause}) + 1, b in (select a from t {clause})"
    for hint in ["use index (i)", "use index ()", "use key (primary)", "force index (i, j)", "ignore key for join (i)",
                 "use index for order by (i) ignore index for group by (j)", "as x use index (i)"]:
        yield f"select * from t {hint} where a = 1"
        yield f"select * from t {hint} join u force index (k) on 1"


VALUES = ["values (1)", "value (1)", "values (1, 2), (3, 4)", "values ()", "values (default, null)", "select 1", "(select 1)",
          "select * from u", "set a = 1", "set a = 1, t.b = default"]
DUPLICATES = ["", "on duplicate key update a = 1", "on duplicate key update a = values(a), b = b + 1"]


def changes():
    for words, values, duplicate in itertools.product(
            ["insert into t", "insert t", "insert ignore into db.t", "insert low_priority into t", "insert high_priority into t",
             "insert into t partition (p0, p1)"], VALUES, DUPLICATES):
        yield f"{words} {values} {duplicate}".rstrip()
    for words, values in itertools.product(["replace into t", "replace t", "replace low_priority into t"], VALUES):
        yield f"{words} {values}"
    for columns, values in itertools.product(["(a)", "(a, b)", "()", "(t.a)"], VALUES[:8]):
        yield f"insert into t {columns} {values}"
    for tables in ["t", "t as x", "db.t", "low_priority t", "ignore t", "t join u on t.a = u.a", "t, u", "t left join u using (a)"]:
        for rest in ["set a = 1", "set a = a + 1, b = default", "set t.a = 1 where b = 2"]:
            yield f"update {tables} {rest}"
    for rest in ["where a = 1 limit 5", "order by b limit 1", "where a in (select 1)"]:
        yield f"update t set a = 1 {rest}"
        yield f"delete from t {rest}"
    for head in ["delete from t", "delete low_priority from t", "delete quick from t", "delete ignore from db.t",
                 "delete t from t join u", "delete t, u from t join u on t.a = u.a", "delete db.t from db.t join u",
                 "delete from t using t join u on 1", "delete from t, u using t join u", "delete t.* from t, u",
                 "delete from t partition (p0)"]:
        for rest in ["", "where a = 1", "where a = 1 or b is null"]:
            yield f"{head} {rest}".rstrip()


def names():
    """Each word that is not reserved, where a name may stand; each reserved one quoted."""
    for line in (HERE.parent / "grammar" / "keywords.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        word, use = line.split()[:2]
        quoted = use in ("reserved", "function", "spaced_function") or line.endswith("quoted")
        name = f"`{word}`" if quoted else word
        yield f"select {name}, t.{word} as {name}, {name}.{word} from {name} where {name} = 1 order by {name}"
        yield f"create table {name} ({name} int, key {name} ({name}))"
        yield f"insert into {name} ({name}) values (1)"
        yield f"update {name} set {name} = 1, {name}.{word} = 2"


for name, make in {"expressions": expressions, "functions": functions, "definitions": definitions, "queries": queries,
                   "changes": changes, "names": names}.items():
    path = HERE / f"generated_{name}.sql"
    path.write_text(f"-- Made by generate.py.\n" + "\n".join(dict.fromkeys(make())) + "\n")
