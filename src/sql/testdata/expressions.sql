-- What expressions are made of, one thing a line.
select 1, -1, +1, - -1, --1, -(-1), - + - 1, ~1, ~ -1, -~1, !1, !!1, ! ! 1, not 1, not not 1, not !1, !(not 1)
select 1.
select 1e5
select 1E5
select 1.e5
select .5e-3
select 1e+5
select 007
select X'1F'
select 0b01
select b'01'
select 18446744073709551616
select 'a''b'
select '\0\b\n\r\t\Z\\\%\_'
select 'a' "b" 'c'
select N'a'
select n'a'
select _utf8mb4'a'
select _latin1 'a'
select _binary'a'
select _utf8mb4 x'41'
select _binary 0x41
select _latin1 b'01'
select TRUE
select Null
select time '10:00'
select timestamp '2020-01-01'
select date'2020-01-01'
select {t '10:00'}
select {ts '2020-01-01'}
select {fn now()}
select {x 1}
select @a
select @a.b
select @`a b`
select @'a'
select @"a"
select @$
select @a$
select @1
select @@a
select @@global.a
select @@session.a
select @@local.a
select @@persist.a
select @@a.b
select @@global.a.b
select @@`a`
select @@global.`a`
select @a := 1
select @a := @b := 1
select (@a := 1) + 1
select @a := 1 or 2
select a
select t.a
select d.t.a
select `a`
select t.`a`
select `d`.`t`.`a`
select t.*, d.t.*, `t`.*, count(*) from t
select a or b
select a || b
select a xor b
select a and b
select a && b
select not a
select ! a
select a or b and c
select (a or b) and c
select a and b or c
select a xor b or c
select a or b xor c
select a xor b and c
select not a or b
select not (a or b)
select not a and not b
select a = b
select a <=> b
select a <> b
select a != b
select a < b
select a <= b
select a > b
select a >= b
select a = b = c
select a = (b = c)
select (a = b) = c
select a is null
select a is not null
select a is true
select a is not true
select a is false
select a is unknown
select a is not unknown
select a is null is null
select (a is true) is false
select not a is null
select a in (1)
select a in (1, 2)
select a not in (1, 2)
select a in (select 1)
select a not in (select 1)
select (a, b) in ((1, 2), (3, 4))
select (a, b) in (select 1, 2)
select row(a, b) in (row(1, 2))
select a in ((select 1))
select a in ((select 1), 2)
select a in ((select 1) union (select 2))
select a in (b = c)
select a in (b or c, not d)
select a between 1 and 2
select a not between 1 and 2
select a between b and c and d
select a between (b and c) and d
select a between b + 1 and c between d and e
select not a between b and c
select a like b
select a not like b
select a like b escape 'c'
select a like b escape ?
select a like concat('a', b)
select a like b collate utf8mb4_bin
select (a like b) like c
select a like (b like c)
select a like b or c
select a regexp b
select a not regexp b
select a rlike b
select a not rlike b
select a regexp b and c
select a sounds like b
select a | b
select a & b
select a << b
select a >> b
select a + b
select a - b
select a * b
select a / b
select a div b
select a % b
select a mod b
select a ^ b
select a | b & c
select (a | b) & c
select a & b << c
select a << b + c
select a + b * c
select (a + b) * c
select a * b ^ c
select (a * b) ^ c
select a - b - c
select a - (b - c)
select a / b / c
select a / (b / c)
select a % b % c
select a ^ b ^ c
select a ^ (b ^ c)
select -a
select +a
select ~a
select -a ^ b
select -(a ^ b)
select -a collate x
select (-a) collate x
select - a.b
select -@a
select -(select 1)
select -f(a)
select -(a, b)
select -null
select -'a'
select -x'41'
select -?
select binary a
select binary a = b
select binary (a = b)
select binary -a
select -binary a
select binary binary a
select binary 'a' collate x
select a collate utf8mb4_bin
select a collate 'utf8mb4_bin'
select 'a' collate utf8mb4_bin
select (a || b) collate x
select a collate x collate y
select a + interval 1 day
select a - interval 1 day
select interval 1 day + a
select a + interval (1 + 1) hour
select a + interval '1:1' minute_second
select a + interval -1 month
select a + interval a.b year_month
select a - interval ? second_microsecond
select a + interval 1 day + interval 2 hour
select interval 1 day + interval 1 hour + a
select interval 1 day + a + b
select (interval 1 day + a) + b
select interval 1 day + (a + b)
select interval 1 day + a * b
select (interval 1 day + a) * b
select -(interval 1 day + a)
select interval 1 day + a = b
select a = interval 1 day + b
select a or interval 1 day + b
select a + interval 1 microsecond
select a + interval 1 second
select a + interval 1 minute
select a + interval 1 hour
select a + interval 1 week
select a + interval 1 quarter
select a + interval 1 year
select a + interval 1 sql_tsi_day
select a + interval '1' minute_microsecond
select a + interval 1 hour_microsecond
select a + interval 1 hour_second
select a + interval 1 hour_minute
select a + interval 1 day_microsecond
select a + interval 1 day_second
select a + interval 1 day_minute
select a + interval 1 day_hour
select exists (select 1)
select not exists (select 1)
select exists ((select 1))
select exists (select 1) = 1
select (select 1)
select ((select 1))
select (select 1) + (select 2)
select (select 1 union select 2)
select ((select 1) union (select 2))
select (select 1 limit 1)
select (1)
select ((1))
select (1, 2)
select (1, (2, 3))
select row(1, 2)
select row(1, 2) = (1, 2)
select (a, b) = any (select 1, 2)
select (select 1, 2) = (1, 2)
select a = any (select 1)
select a > all (select 1)
select a <> some (select 1)
select a = all (select 1) = b
select a = (b = any (select 1))
select case when a then b end
select case a when b then c end
select case a when b then c when d then e else f end
select case when a or b then c else d or e end
select case case a when 1 then 2 end when 3 then 4 end
select case (a) when (b) then (c) end
select f(a)
select f(a, b)
select d.f(a)
select d.f()
select `f`(a)
select `d`.`f`(a)
select f (a)
select f(f(f(a)))
select if(a, b, c)
select ifnull(a, b)
select nullif(a, b)
select coalesce(a)
select left(a, 1)
select right(a, 1)
select repeat(a, 1)
select replace(a, b, c)
select insert(a, 1, 2, b)
select mod(a, b)
select truncate(a, 1)
select char(65)
select char(65, 66 using utf8mb4)
select char(65 using binary)
select convert(a using 'latin1')
select convert(a, char)
select convert(a, char(5))
select convert(a, unsigned integer)
select convert(a, signed int)
select convert(a, decimal(5, 2))
select convert(a, binary(5))
select convert(a, date)
select convert(a, time(3))
select convert(a, datetime(6))
select convert(a, nchar(5))
select convert(a, double)
select convert(a, float)
select cast(a as char character set latin1)
select cast(a as char(5) charset utf8mb4)
select cast(a as char binary)
select cast(a as char(5) ascii)
select cast(a as char unicode)
select cast(a as char byte)
select cast(a as nchar)
select cast(a as character(5))
select cast(a as signed integer)
select cast(a as unsigned)
select cast(a as unsigned int)
select cast(a as decimal)
select cast(a as decimal(5))
select cast(a as decimal(5, 2))
select cast(a as dec(5, 2))
select cast(a as binary)
select cast(a as binary(5))
select cast(a as time)
select cast(a as time(6))
select cast(a as datetime)
select cast(a as point)
select cast(a as linestring)
select cast(a as geometrycollection)
select extract(day_hour from a)
select extract(sql_tsi_day from a)
select trim(leading from a)
select trim(trailing 'x' from a)
select trim('x' from a)
select trim('x' || 'y' from a)
select substring(a, 1)
select substring(a, 1, 2)
select substring(a from 1)
select substr(a, 1)
select substr(a from 1 for 2)
select mid(a, 1, 2)
select substring_index(a, 'x', 1)
select position('a' in b)
select position(a in b = c)
select locate(a, b)
select locate(a, b, 1)
select instr(a, b)
select weight_string(a as char(5))
select weight_string(a as binary(5))
select sysdate(3)
select curtime(3)
select current_time
select current_time()
select current_timestamp()
select localtime(3)
select localtimestamp
select localtimestamp(6)
select utc_time
select utc_time(3)
select utc_timestamp
select utc_timestamp(6)
select adddate(a, 1)
select adddate(a, interval 1 day)
select subdate(a, 1)
select subdate(a, interval 1 day)
select date_add(a, interval 1 day)
select date_sub(a, interval 1 day)
select date_add(a, interval 1 + 1 day)
select addtime(a, b)
select timestampadd(day, 1, a)
select timestampadd(sql_tsi_month, 1, a)
select timestampdiff(microsecond, a, b)
select get_format(date, 'eur')
select get_format(datetime, 'iso')
select get_format(time, 'usa')
select get_format(timestamp, 'jis')
select timestamp(a, b)
select week(a, 1)
select format(a, 2)
select format(a, 2, 'de_DE')
select old_password(a)
select encrypt(a)
select point(1, 2)
select rownum()
select sformat('x', a)
select chr(65)
select nvl(a, b)
select decode(a, b, c)
select default(a)
select default(t.a)
select geometrycollection()
select linestring(a, b)
select polygon(a)
select multipoint(a)
select match(a) against ('x')
select match (a, b) against ('x' in boolean mode)
select match (a) against ('x' in natural language mode)
select match (a) against ('x' in natural language mode with query expansion)
select match (a) against ('x' with query expansion)
select match (t.a) against (@a)
select match (a) against (concat('a', b))
select json_value(a, '$.b')
select json_extract(a, '$.b')
select json_object('a', 1)
select json_array()
select json_query(a, '$')
select json_exists(a, '$')
select nextval(s)
select lastval(d.s)
select setval(s, 5)
select setval(s, 5, true, 1)
select s.nextval
select s.currval
select ?
select ? + ?
select f(?)
select (?, ?)
select ? in (?, ?)
select ? between ? and ?
select case ? when ? then ? else ? end
select interval ? day + ?
select a 'b'
select a "b"
select a b
select a as 'b'
select a as `b`
select a as 'b c'
select 'a' 'b' as c
select 1 a
select 1 as `select`
select a.b.c d
select count(*) count
select now() now
select date 'x' date
select /*+ max_execution_time(5) */ a, /* c */ b -- c
select 1 /* a /* b */ + 1
select 1 # c
select a.1b
select 1b.a
select a.`1`
select `1`
select a.2e5
select 1e from 1t
select a from t where a is not null and (b or c) and d in (1, 2) or not e <=> null group by a having count(*) > 1 order by 2
select std(a), stddev(a), stddev_pop(a), stddev_samp(a), var_pop(a), var_samp(a), variance(a), bit_and(a), bit_or(a), bit_xor(a), count(distinct a, b, c), sum(distinct a), group_concat(a, b), json_arrayagg(a), json_objectagg(a, b) from t
select date_format(a, '%Y') = '2020'
select md5('a')
select sha2('a', 256)
select inet_aton('1.1.1.1')
select st_geomfromtext('point(1 1)')
select st_distance(a, b)
select (a = b) is null
select a = (b is null)
select a < b < c
select (a < b) = (c < d)
select a in (1) = b
select a = b in (1)
select (a in (1)) in (2)
select a like b = c
select a between 1 and 2 = b
select a && b || c
select a || b && c
select !a = b
select !(a = b)
select not a = b
select (not a) = b
select not (a = b)
select !a is null
select not a in (1)
select !a in (1)
select not a like b
select -a in (1)
select a + b in (1)
select a | b in (1)
select a = b or c = d and e = f
select current_role
select current_role()
select user() = 'a'
select get_lock('a', 5)
select sleep(1)
select benchmark(5, 1)
select load_file('x')
select name_const('a', 5)
select `a``b`
select `a"b`
select `a.b`
select `a b` from `c d`.`e f` `g h`
select a from t order by a asc
select c + 1
select 4
select a.b from a.b a
