-- Made by generate.py.
select 1
select a from t where a = 1 or b in (1, 1)
select 0
select a from t where a = 0 or b in (0, 0)
select 18446744073709551615
select a from t where a = 18446744073709551615 or b in (18446744073709551615, 18446744073709551615)
select 1.5
select a from t where a = 1.5 or b in (1.5, 1.5)
select .5
select a from t where a = .5 or b in (.5, .5)
select 1e10
select a from t where a = 1e10 or b in (1e10, 1e10)
select 1.5e-3
select a from t where a = 1.5e-3 or b in (1.5e-3, 1.5e-3)
select 1E+5
select a from t where a = 1E+5 or b in (1E+5, 1E+5)
select 0x1F
select a from t where a = 0x1F or b in (0x1F, 0x1F)
select x'1f'
select a from t where a = x'1f' or b in (x'1f', x'1f')
select X'AB'
select a from t where a = X'AB' or b in (X'AB', X'AB')
select 0b101
select a from t where a = 0b101 or b in (0b101, 0b101)
select b'1'
select a from t where a = b'1' or b in (b'1', b'1')
select B'01'
select a from t where a = B'01' or b in (B'01', B'01')
select 'a'
select a from t where a = 'a' or b in ('a', 'a')
select "a"
select a from t where a = "a" or b in ("a", "a")
select 'it''s'
select a from t where a = 'it''s' or b in ('it''s', 'it''s')
select 'a\'b'
select a from t where a = 'a\'b' or b in ('a\'b', 'a\'b')
select 'a\\b'
select a from t where a = 'a\\b' or b in ('a\\b', 'a\\b')
select 'a\nb\t\0\Z'
select a from t where a = 'a\nb\t\0\Z' or b in ('a\nb\t\0\Z', 'a\nb\t\0\Z')
select '100\%'
select a from t where a = '100\%' or b in ('100\%', '100\%')
select 'a' 'b'
select a from t where a = 'a' 'b' or b in ('a' 'b', 'a' 'b')
select 'a' "b"
select a from t where a = 'a' "b" or b in ('a' "b", 'a' "b")
select ''
select a from t where a = '' or b in ('', '')
select n'x'
select a from t where a = n'x' or b in (n'x', n'x')
select N'x'
select a from t where a = N'x' or b in (N'x', N'x')
select _utf8mb4'x'
select a from t where a = _utf8mb4'x' or b in (_utf8mb4'x', _utf8mb4'x')
select _latin1 'x'
select a from t where a = _latin1 'x' or b in (_latin1 'x', _latin1 'x')
select _binary x'41'
select a from t where a = _binary x'41' or b in (_binary x'41', _binary x'41')
select _utf8mb4 0x41
select a from t where a = _utf8mb4 0x41 or b in (_utf8mb4 0x41, _utf8mb4 0x41)
select null
select a from t where a = null or b in (null, null)
select true
select a from t where a = true or b in (true, true)
select false
select a from t where a = false or b in (false, false)
select \N
select a from t where a = \N or b in (\N, \N)
select date '2020-01-01'
select a from t where a = date '2020-01-01' or b in (date '2020-01-01', date '2020-01-01')
select time '10:00:00'
select a from t where a = time '10:00:00' or b in (time '10:00:00', time '10:00:00')
select timestamp '2020-01-01 10:00:00'
select a from t where a = timestamp '2020-01-01 10:00:00' or b in (timestamp '2020-01-01 10:00:00', timestamp '2020-01-01 10:00:00')
select {d '2020-01-01'}
select a from t where a = {d '2020-01-01'} or b in ({d '2020-01-01'}, {d '2020-01-01'})
select {t '10:00:00'}
select a from t where a = {t '10:00:00'} or b in ({t '10:00:00'}, {t '10:00:00'})
select {ts '2020-01-01 10:00:00'}
select a from t where a = {ts '2020-01-01 10:00:00'} or b in ({ts '2020-01-01 10:00:00'}, {ts '2020-01-01 10:00:00'})
select '☃'
select a from t where a = '☃' or b in ('☃', '☃')
select 'a"b'
select a from t where a = 'a"b' or b in ('a"b', 'a"b')
select "a'b"
select a from t where a = "a'b" or b in ("a'b", "a'b")
select "a""b"
select a from t where a = "a""b" or b in ("a""b", "a""b")
select abs(a)
select a from t where abs(a) > 1 order by b
select acos(a)
select a from t where acos(a) > 1 order by b
select adddate(a,1)
select a from t where adddate(a,1) > 1 order by b
select adddate(a,interval 1 day)
select a from t where adddate(a,interval 1 day) > 1 order by b
select addtime(a,b)
select a from t where addtime(a,b) > 1 order by b
select aes_encrypt(a,b)
select a from t where aes_encrypt(a,b) > 1 order by b
select ascii(a)
select a from t where ascii(a) > 1 order by b
select asin(a)
select a from t where asin(a) > 1 order by b
select atan(a,b)
select a from t where atan(a,b) > 1 order by b
select avg(a)
select a from t where avg(a) > 1 order by b
select avg(distinct a)
select a from t where avg(distinct a) > 1 order by b
select benchmark(1,a)
select a from t where benchmark(1,a) > 1 order by b
select bin(a)
select a from t where bin(a) > 1 order by b
select bit_and(a)
select a from t where bit_and(a) > 1 order by b
select bit_count(a)
select a from t where bit_count(a) > 1 order by b
select bit_length(a)
select a from t where bit_length(a) > 1 order by b
select bit_or(a)
select a from t where bit_or(a) > 1 order by b
select bit_xor(a)
select a from t where bit_xor(a) > 1 order by b
select cast(a as signed)
select a from t where cast(a as signed) > 1 order by b
select cast(a as unsigned integer)
select a from t where cast(a as unsigned integer) > 1 order by b
select cast(a as char)
select a from t where cast(a as char) > 1 order by b
select cast(a as char(5))
select a from t where cast(a as char(5)) > 1 order by b
select cast(a as char charset latin1)
select a from t where cast(a as char charset latin1) > 1 order by b
select cast(a as decimal(5,2))
select a from t where cast(a as decimal(5,2)) > 1 order by b
select cast(a as binary(3))
select a from t where cast(a as binary(3)) > 1 order by b
select cast(a as date)
select a from t where cast(a as date) > 1 order by b
select cast(a as time(3))
select a from t where cast(a as time(3)) > 1 order by b
select cast(a as datetime(6))
select a from t where cast(a as datetime(6)) > 1 order by b
select cast(a as double)
select a from t where cast(a as double) > 1 order by b
select cast(a as float)
select a from t where cast(a as float) > 1 order by b
select ceil(a)
select a from t where ceil(a) > 1 order by b
select ceiling(a)
select a from t where ceiling(a) > 1 order by b
select char(77,78)
select a from t where char(77,78) > 1 order by b
select char(77 using utf8mb4)
select a from t where char(77 using utf8mb4) > 1 order by b
select char_length(a)
select a from t where char_length(a) > 1 order by b
select charset(a)
select a from t where charset(a) > 1 order by b
select coalesce(a,b,c)
select a from t where coalesce(a,b,c) > 1 order by b
select coercibility(a)
select a from t where coercibility(a) > 1 order by b
select collation(a)
select a from t where collation(a) > 1 order by b
select concat(a,b)
select a from t where concat(a,b) > 1 order by b
select concat_ws(',',a,b)
select a from t where concat_ws(',',a,b) > 1 order by b
select connection_id()
select a from t where connection_id() > 1 order by b
select conv(a,16,10)
select a from t where conv(a,16,10) > 1 order by b
select convert(a,signed)
select a from t where convert(a,signed) > 1 order by b
select convert(a using utf8mb4)
select a from t where convert(a using utf8mb4) > 1 order by b
select convert_tz(a,b,c)
select a from t where convert_tz(a,b,c) > 1 order by b
select cos(a)
select a from t where cos(a) > 1 order by b
select cot(a)
select a from t where cot(a) > 1 order by b
select count(*)
select a from t where count(*) > 1 order by b
select count(a)
select a from t where count(a) > 1 order by b
select count(distinct a,b)
select a from t where count(distinct a,b) > 1 order by b
select crc32(a)
select a from t where crc32(a) > 1 order by b
select curdate()
select a from t where curdate() > 1 order by b
select current_date
select a from t where current_date > 1 order by b
select current_date()
select a from t where current_date() > 1 order by b
select current_time(3)
select a from t where current_time(3) > 1 order by b
select current_timestamp
select a from t where current_timestamp > 1 order by b
select current_timestamp(6)
select a from t where current_timestamp(6) > 1 order by b
select current_user
select a from t where current_user > 1 order by b
select current_user()
select a from t where current_user() > 1 order by b
select curtime()
select a from t where curtime() > 1 order by b
select database()
select a from t where database() > 1 order by b
select date(a)
select a from t where date(a) > 1 order by b
select date_add(a,interval 1 month)
select a from t where date_add(a,interval 1 month) > 1 order by b
select date_format(a,'%Y')
select a from t where date_format(a,'%Y') > 1 order by b
select date_sub(a,interval '1:1' minute_second)
select a from t where date_sub(a,interval '1:1' minute_second) > 1 order by b
select datediff(a,b)
select a from t where datediff(a,b) > 1 order by b
select day(a)
select a from t where day(a) > 1 order by b
select dayname(a)
select a from t where dayname(a) > 1 order by b
select dayofmonth(a)
select a from t where dayofmonth(a) > 1 order by b
select dayofweek(a)
select a from t where dayofweek(a) > 1 order by b
select dayofyear(a)
select a from t where dayofyear(a) > 1 order by b
select degrees(a)
select a from t where degrees(a) > 1 order by b
select elt(a,b,c)
select a from t where elt(a,b,c) > 1 order by b
select exp(a)
select a from t where exp(a) > 1 order by b
select export_set(a,b,c)
select a from t where export_set(a,b,c) > 1 order by b
select extract(year from a)
select a from t where extract(year from a) > 1 order by b
select extract(day_microsecond from a)
select a from t where extract(day_microsecond from a) > 1 order by b
select extractvalue(a,b)
select a from t where extractvalue(a,b) > 1 order by b
select field(a,b,c)
select a from t where field(a,b,c) > 1 order by b
select find_in_set(a,b)
select a from t where find_in_set(a,b) > 1 order by b
select floor(a)
select a from t where floor(a) > 1 order by b
select format(a,2)
select a from t where format(a,2) > 1 order by b
select format(a,2,'de_DE')
select a from t where format(a,2,'de_DE') > 1 order by b
select found_rows()
select a from t where found_rows() > 1 order by b
select from_base64(a)
select a from t where from_base64(a) > 1 order by b
select from_days(a)
select a from t where from_days(a) > 1 order by b
select from_unixtime(a)
select a from t where from_unixtime(a) > 1 order by b
select get_format(date,'usa')
select a from t where get_format(date,'usa') > 1 order by b
select get_lock(a,1)
select a from t where get_lock(a,1) > 1 order by b
select greatest(a,b)
select a from t where greatest(a,b) > 1 order by b
select group_concat(a)
select a from t where group_concat(a) > 1 order by b
select group_concat(distinct a order by b)
select a from t where group_concat(distinct a order by b) > 1 order by b
select group_concat(a,b order by a desc,b separator ';')
select a from t where group_concat(a,b order by a desc,b separator ';') > 1 order by b
select hex(a)
select a from t where hex(a) > 1 order by b
select hour(a)
select a from t where hour(a) > 1 order by b
select if(a,b,c)
select a from t where if(a,b,c) > 1 order by b
select ifnull(a,b)
select a from t where ifnull(a,b) > 1 order by b
select inet_aton(a)
select a from t where inet_aton(a) > 1 order by b
select inet6_ntoa(a)
select a from t where inet6_ntoa(a) > 1 order by b
select insert(a,1,2,b)
select a from t where insert(a,1,2,b) > 1 order by b
select instr(a,b)
select a from t where instr(a,b) > 1 order by b
select interval(a,b,c)
select a from t where interval(a,b,c) > 1 order by b
select is_free_lock(a)
select a from t where is_free_lock(a) > 1 order by b
select isnull(a)
select a from t where isnull(a) > 1 order by b
select json_array(a,b)
select a from t where json_array(a,b) > 1 order by b
select json_contains(a,b)
select a from t where json_contains(a,b) > 1 order by b
select json_extract(a,'$.x')
select a from t where json_extract(a,'$.x') > 1 order by b
select json_object('a',1)
select a from t where json_object('a',1) > 1 order by b
select json_unquote(a)
select a from t where json_unquote(a) > 1 order by b
select json_value(a,'$.x')
select a from t where json_value(a,'$.x') > 1 order by b
select last_day(a)
select a from t where last_day(a) > 1 order by b
select last_insert_id()
select a from t where last_insert_id() > 1 order by b
select last_insert_id(5)
select a from t where last_insert_id(5) > 1 order by b
select lcase(a)
select a from t where lcase(a) > 1 order by b
select least(a,b)
select a from t where least(a,b) > 1 order by b
select left(a,2)
select a from t where left(a,2) > 1 order by b
select length(a)
select a from t where length(a) > 1 order by b
select ln(a)
select a from t where ln(a) > 1 order by b
select load_file(a)
select a from t where load_file(a) > 1 order by b
select localtime
select a from t where localtime > 1 order by b
select localtime()
select a from t where localtime() > 1 order by b
select localtimestamp(3)
select a from t where localtimestamp(3) > 1 order by b
select locate(a,b)
select a from t where locate(a,b) > 1 order by b
select locate(a,b,2)
select a from t where locate(a,b,2) > 1 order by b
select log(a)
select a from t where log(a) > 1 order by b
select log(a,b)
select a from t where log(a,b) > 1 order by b
select log10(a)
select a from t where log10(a) > 1 order by b
select log2(a)
select a from t where log2(a) > 1 order by b
select lower(a)
select a from t where lower(a) > 1 order by b
select lpad(a,5,'x')
select a from t where lpad(a,5,'x') > 1 order by b
select ltrim(a)
select a from t where ltrim(a) > 1 order by b
select make_set(a,b,c)
select a from t where make_set(a,b,c) > 1 order by b
select makedate(a,1)
select a from t where makedate(a,1) > 1 order by b
select maketime(a,b,c)
select a from t where maketime(a,b,c) > 1 order by b
select max(a)
select a from t where max(a) > 1 order by b
select max(distinct a)
select a from t where max(distinct a) > 1 order by b
select md5(a)
select a from t where md5(a) > 1 order by b
select microsecond(a)
select a from t where microsecond(a) > 1 order by b
select mid(a,1,2)
select a from t where mid(a,1,2) > 1 order by b
select mid(a from 1 for 2)
select a from t where mid(a from 1 for 2) > 1 order by b
select min(a)
select a from t where min(a) > 1 order by b
select minute(a)
select a from t where minute(a) > 1 order by b
select mod(a,b)
select a from t where mod(a,b) > 1 order by b
select month(a)
select a from t where month(a) > 1 order by b
select monthname(a)
select a from t where monthname(a) > 1 order by b
select now()
select a from t where now() > 1 order by b
select now(6)
select a from t where now(6) > 1 order by b
select nullif(a,b)
select a from t where nullif(a,b) > 1 order by b
select oct(a)
select a from t where oct(a) > 1 order by b
select octet_length(a)
select a from t where octet_length(a) > 1 order by b
select ord(a)
select a from t where ord(a) > 1 order by b
select period_add(a,b)
select a from t where period_add(a,b) > 1 order by b
select pi()
select a from t where pi() > 1 order by b
select position(a in b)
select a from t where position(a in b) > 1 order by b
select pow(a,b)
select a from t where pow(a,b) > 1 order by b
select power(a,b)
select a from t where power(a,b) > 1 order by b
select quarter(a)
select a from t where quarter(a) > 1 order by b
select quote(a)
select a from t where quote(a) > 1 order by b
select radians(a)
select a from t where radians(a) > 1 order by b
select rand()
select a from t where rand() > 1 order by b
select rand(5)
select a from t where rand(5) > 1 order by b
select release_lock(a)
select a from t where release_lock(a) > 1 order by b
select repeat(a,3)
select a from t where repeat(a,3) > 1 order by b
select replace(a,b,c)
select a from t where replace(a,b,c) > 1 order by b
select reverse(a)
select a from t where reverse(a) > 1 order by b
select right(a,2)
select a from t where right(a,2) > 1 order by b
select round(a)
select a from t where round(a) > 1 order by b
select round(a,2)
select a from t where round(a,2) > 1 order by b
select row_count()
select a from t where row_count() > 1 order by b
select rpad(a,5,'x')
select a from t where rpad(a,5,'x') > 1 order by b
select rtrim(a)
select a from t where rtrim(a) > 1 order by b
select schema()
select a from t where schema() > 1 order by b
select sec_to_time(a)
select a from t where sec_to_time(a) > 1 order by b
select second(a)
select a from t where second(a) > 1 order by b
select session_user()
select a from t where session_user() > 1 order by b
select sha1(a)
select a from t where sha1(a) > 1 order by b
select sha2(a,256)
select a from t where sha2(a,256) > 1 order by b
select sign(a)
select a from t where sign(a) > 1 order by b
select sin(a)
select a from t where sin(a) > 1 order by b
select sleep(0)
select a from t where sleep(0) > 1 order by b
select soundex(a)
select a from t where soundex(a) > 1 order by b
select space(3)
select a from t where space(3) > 1 order by b
select sqrt(a)
select a from t where sqrt(a) > 1 order by b
select std(a)
select a from t where std(a) > 1 order by b
select stddev(a)
select a from t where stddev(a) > 1 order by b
select str_to_date(a,'%Y')
select a from t where str_to_date(a,'%Y') > 1 order by b
select strcmp(a,b)
select a from t where strcmp(a,b) > 1 order by b
select subdate(a,interval 1 week)
select a from t where subdate(a,interval 1 week) > 1 order by b
select substr(a,1)
select a from t where substr(a,1) > 1 order by b
select substr(a from 2)
select a from t where substr(a from 2) > 1 order by b
select substring(a,1,2)
select a from t where substring(a,1,2) > 1 order by b
select substring(a from 1 for 2)
select a from t where substring(a from 1 for 2) > 1 order by b
select substring_index(a,'.',1)
select a from t where substring_index(a,'.',1) > 1 order by b
select subtime(a,b)
select a from t where subtime(a,b) > 1 order by b
select sum(a)
select a from t where sum(a) > 1 order by b
select sum(distinct a)
select a from t where sum(distinct a) > 1 order by b
select sysdate()
select a from t where sysdate() > 1 order by b
select system_user()
select a from t where system_user() > 1 order by b
select tan(a)
select a from t where tan(a) > 1 order by b
select time(a)
select a from t where time(a) > 1 order by b
select time_format(a,'%H')
select a from t where time_format(a,'%H') > 1 order by b
select time_to_sec(a)
select a from t where time_to_sec(a) > 1 order by b
select timediff(a,b)
select a from t where timediff(a,b) > 1 order by b
select timestamp(a)
select a from t where timestamp(a) > 1 order by b
select timestamp(a,b)
select a from t where timestamp(a,b) > 1 order by b
select timestampadd(minute,1,a)
select a from t where timestampadd(minute,1,a) > 1 order by b
select timestampadd(sql_tsi_hour,1,a)
select a from t where timestampadd(sql_tsi_hour,1,a) > 1 order by b
select timestampdiff(year,a,b)
select a from t where timestampdiff(year,a,b) > 1 order by b
select to_base64(a)
select a from t where to_base64(a) > 1 order by b
select to_days(a)
select a from t where to_days(a) > 1 order by b
select to_seconds(a)
select a from t where to_seconds(a) > 1 order by b
select trim(a)
select a from t where trim(a) > 1 order by b
select trim(b from a)
select a from t where trim(b from a) > 1 order by b
select trim(both from a)
select a from t where trim(both from a) > 1 order by b
select trim(leading 'x' from a)
select a from t where trim(leading 'x' from a) > 1 order by b
select trim(trailing from a)
select a from t where trim(trailing from a) > 1 order by b
select trim(both 'x' from a)
select a from t where trim(both 'x' from a) > 1 order by b
select truncate(a,2)
select a from t where truncate(a,2) > 1 order by b
select ucase(a)
select a from t where ucase(a) > 1 order by b
select unhex(a)
select a from t where unhex(a) > 1 order by b
select unix_timestamp()
select a from t where unix_timestamp() > 1 order by b
select unix_timestamp(a)
select a from t where unix_timestamp(a) > 1 order by b
select updatexml(a,b,c)
select a from t where updatexml(a,b,c) > 1 order by b
select upper(a)
select a from t where upper(a) > 1 order by b
select user()
select a from t where user() > 1 order by b
select utc_date
select a from t where utc_date > 1 order by b
select utc_date()
select a from t where utc_date() > 1 order by b
select utc_time()
select a from t where utc_time() > 1 order by b
select utc_timestamp(3)
select a from t where utc_timestamp(3) > 1 order by b
select uuid()
select a from t where uuid() > 1 order by b
select uuid_short()
select a from t where uuid_short() > 1 order by b
select var_pop(a)
select a from t where var_pop(a) > 1 order by b
select variance(a)
select a from t where variance(a) > 1 order by b
select version()
select a from t where version() > 1 order by b
select week(a)
select a from t where week(a) > 1 order by b
select week(a,1)
select a from t where week(a,1) > 1 order by b
select weekday(a)
select a from t where weekday(a) > 1 order by b
select weekofyear(a)
select a from t where weekofyear(a) > 1 order by b
select weight_string(a)
select a from t where weight_string(a) > 1 order by b
select weight_string(a as char(3))
select a from t where weight_string(a as char(3)) > 1 order by b
select weight_string(a as binary(3))
select a from t where weight_string(a as binary(3)) > 1 order by b
select year(a)
select a from t where year(a) > 1 order by b
select yearweek(a)
select a from t where yearweek(a) > 1 order by b
select db.f(a,b)
select a from t where db.f(a,b) > 1 order by b
select f()
select a from t where f() > 1 order by b
select `my func`(1)
select a from t where `my func`(1) > 1 order by b
select row_number() over () from t
select row_number() over (order by b) from t
select row_number() over (partition by a) from t
select row_number() over (partition by a, b order by c desc, d) from t
select row_number() over (order by b rows unbounded preceding) from t
select row_number() over (order by b rows between 1 preceding and 2 following) from t
select row_number() over (order by b range between current row and unbounded following) from t
select row_number() over w from t window w as (partition by a)
select row_number() over (w order by b) from t window w as (partition by a)
select rank() over () from t
select rank() over (order by b) from t
select rank() over (partition by a) from t
select rank() over (partition by a, b order by c desc, d) from t
select rank() over (order by b rows unbounded preceding) from t
select rank() over (order by b rows between 1 preceding and 2 following) from t
select rank() over (order by b range between current row and unbounded following) from t
select rank() over w from t window w as (partition by a)
select rank() over (w order by b) from t window w as (partition by a)
select dense_rank() over () from t
select dense_rank() over (order by b) from t
select dense_rank() over (partition by a) from t
select dense_rank() over (partition by a, b order by c desc, d) from t
select dense_rank() over (order by b rows unbounded preceding) from t
select dense_rank() over (order by b rows between 1 preceding and 2 following) from t
select dense_rank() over (order by b range between current row and unbounded following) from t
select dense_rank() over w from t window w as (partition by a)
select dense_rank() over (w order by b) from t window w as (partition by a)
select percent_rank() over () from t
select percent_rank() over (order by b) from t
select percent_rank() over (partition by a) from t
select percent_rank() over (partition by a, b order by c desc, d) from t
select percent_rank() over (order by b rows unbounded preceding) from t
select percent_rank() over (order by b rows between 1 preceding and 2 following) from t
select percent_rank() over (order by b range between current row and unbounded following) from t
select percent_rank() over w from t window w as (partition by a)
select percent_rank() over (w order by b) from t window w as (partition by a)
select cume_dist() over () from t
select cume_dist() over (order by b) from t
select cume_dist() over (partition by a) from t
select cume_dist() over (partition by a, b order by c desc, d) from t
select cume_dist() over (order by b rows unbounded preceding) from t
select cume_dist() over (order by b rows between 1 preceding and 2 following) from t
select cume_dist() over (order by b range between current row and unbounded following) from t
select cume_dist() over w from t window w as (partition by a)
select cume_dist() over (w order by b) from t window w as (partition by a)
select ntile(4) over () from t
select ntile(4) over (order by b) from t
select ntile(4) over (partition by a) from t
select ntile(4) over (partition by a, b order by c desc, d) from t
select ntile(4) over (order by b rows unbounded preceding) from t
select ntile(4) over (order by b rows between 1 preceding and 2 following) from t
select ntile(4) over (order by b range between current row and unbounded following) from t
select ntile(4) over w from t window w as (partition by a)
select ntile(4) over (w order by b) from t window w as (partition by a)
select lag(a) over () from t
select lag(a) over (order by b) from t
select lag(a) over (partition by a) from t
select lag(a) over (partition by a, b order by c desc, d) from t
select lag(a) over (order by b rows unbounded preceding) from t
select lag(a) over (order by b rows between 1 preceding and 2 following) from t
select lag(a) over (order by b range between current row and unbounded following) from t
select lag(a) over w from t window w as (partition by a)
select lag(a) over (w order by b) from t window w as (partition by a)
select lag(a, 2) over () from t
select lag(a, 2) over (order by b) from t
select lag(a, 2) over (partition by a) from t
select lag(a, 2) over (partition by a, b order by c desc, d) from t
select lag(a, 2) over (order by b rows unbounded preceding) from t
select lag(a, 2) over (order by b rows between 1 preceding and 2 following) from t
select lag(a, 2) over (order by b range between current row and unbounded following) from t
select lag(a, 2) over w from t window w as (partition by a)
select lag(a, 2) over (w order by b) from t window w as (partition by a)
select lead(a, 1) over () from t
select lead(a, 1) over (order by b) from t
select lead(a, 1) over (partition by a) from t
select lead(a, 1) over (partition by a, b order by c desc, d) from t
select lead(a, 1) over (order by b rows unbounded preceding) from t
select lead(a, 1) over (order by b rows between 1 preceding and 2 following) from t
select lead(a, 1) over (order by b range between current row and unbounded following) from t
select lead(a, 1) over w from t window w as (partition by a)
select lead(a, 1) over (w order by b) from t window w as (partition by a)
select first_value(a) over () from t
select first_value(a) over (order by b) from t
select first_value(a) over (partition by a) from t
select first_value(a) over (partition by a, b order by c desc, d) from t
select first_value(a) over (order by b rows unbounded preceding) from t
select first_value(a) over (order by b rows between 1 preceding and 2 following) from t
select first_value(a) over (order by b range between current row and unbounded following) from t
select first_value(a) over w from t window w as (partition by a)
select first_value(a) over (w order by b) from t window w as (partition by a)
select last_value(a) over () from t
select last_value(a) over (order by b) from t
select last_value(a) over (partition by a) from t
select last_value(a) over (partition by a, b order by c desc, d) from t
select last_value(a) over (order by b rows unbounded preceding) from t
select last_value(a) over (order by b rows between 1 preceding and 2 following) from t
select last_value(a) over (order by b range between current row and unbounded following) from t
select last_value(a) over w from t window w as (partition by a)
select last_value(a) over (w order by b) from t window w as (partition by a)
select nth_value(a, 2) over () from t
select nth_value(a, 2) over (order by b) from t
select nth_value(a, 2) over (partition by a) from t
select nth_value(a, 2) over (partition by a, b order by c desc, d) from t
select nth_value(a, 2) over (order by b rows unbounded preceding) from t
select nth_value(a, 2) over (order by b rows between 1 preceding and 2 following) from t
select nth_value(a, 2) over (order by b range between current row and unbounded following) from t
select nth_value(a, 2) over w from t window w as (partition by a)
select nth_value(a, 2) over (w order by b) from t window w as (partition by a)
select sum(a) over () from t
select sum(a) over (order by b) from t
select sum(a) over (partition by a) from t
select sum(a) over (partition by a, b order by c desc, d) from t
select sum(a) over (order by b rows unbounded preceding) from t
select sum(a) over (order by b rows between 1 preceding and 2 following) from t
select sum(a) over (order by b range between current row and unbounded following) from t
select sum(a) over w from t window w as (partition by a)
select sum(a) over (w order by b) from t window w as (partition by a)
select count(*) over () from t
select count(*) over (order by b) from t
select count(*) over (partition by a) from t
select count(*) over (partition by a, b order by c desc, d) from t
select count(*) over (order by b rows unbounded preceding) from t
select count(*) over (order by b rows between 1 preceding and 2 following) from t
select count(*) over (order by b range between current row and unbounded following) from t
select count(*) over w from t window w as (partition by a)
select count(*) over (w order by b) from t window w as (partition by a)
select avg(a) over () from t
select avg(a) over (order by b) from t
select avg(a) over (partition by a) from t
select avg(a) over (partition by a, b order by c desc, d) from t
select avg(a) over (order by b rows unbounded preceding) from t
select avg(a) over (order by b rows between 1 preceding and 2 following) from t
select avg(a) over (order by b range between current row and unbounded following) from t
select avg(a) over w from t window w as (partition by a)
select avg(a) over (w order by b) from t window w as (partition by a)
select max(a) over () from t
select max(a) over (order by b) from t
select max(a) over (partition by a) from t
select max(a) over (partition by a, b order by c desc, d) from t
select max(a) over (order by b rows unbounded preceding) from t
select max(a) over (order by b rows between 1 preceding and 2 following) from t
select max(a) over (order by b range between current row and unbounded following) from t
select max(a) over w from t window w as (partition by a)
select max(a) over (w order by b) from t window w as (partition by a)
