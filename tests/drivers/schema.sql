-- What every driver's program finds, on the plain server and in the sharded keyspace. Statements end with a semicolon at the end of a line.
create table person (
  id bigint not null auto_increment primary key, name varchar(80) not null, email varchar(100) default 'none', age tinyint unsigned,
  created timestamp not null default '2026-01-02 03:04:05');

insert into person (id, name, email, age) values (1, 'Alice', 'alice@example.com', 30), (2, 'Bob', null, 40), (3, '金缮 🏺', 'k@example.com', 255),
  (4, 'O''Neil \\ "q"', '', 0), (5, 'Eve', 'eve@example.com', 25);

create table purchase (
  person_id bigint not null, id bigint not null, amount decimal(12,2) not null, note varchar(50), primary key (person_id, id));

insert into purchase values (1, 1, 10.50, 'first'), (1, 2, 0.05, null), (2, 1, 99999.99, 'large'), (3, 1, -1.00, 'back');

create table number (id int not null primary key, square bigint not null, word varchar(20) not null);

create table body (id bigint not null primary key, bytes longblob, letters longtext);

create table word (id int not null primary key, loose varchar(30) collate utf8mb4_general_ci, exact varchar(30) collate utf8mb4_bin,
  west varchar(30) character set latin1);

insert into word values (1, 'straße', 'straße', 'straße'), (2, 'ÉCOLE', 'ÉCOLE', 'ÉCOLE'), (3, 'école', 'école', 'école'), (4, '😀', '😀', '?');

create table moment (id int not null primary key, at timestamp(3) null, wall datetime(6));

create table counter (id bigint not null auto_increment primary key, label varchar(30));

create table small (id int not null primary key, tiny tinyint, short varchar(5), day date);

create table every_type (
  id int not null primary key,
  tiny tinyint, utiny tinyint unsigned, small smallint, usmall smallint unsigned, medium mediumint, umedium mediumint unsigned,
  normal int, unormal int unsigned, big bigint, ubig bigint unsigned, yes boolean, digits int(6) zerofill,
  exact decimal(30,10), whole decimal(65,0), single float, twice double, onebit bit(1), bits bit(13), manybits bit(64),
  day date, clock time, clock6 time(6), moment datetime, moment3 datetime(3), moment6 datetime(6), stamp timestamp null, stamp6 timestamp(6) null,
  born year, fixed char(10), loose varchar(100), west varchar(20) character set latin1,
  fixedbytes binary(4), varyingbytes varbinary(20), tinyb tinyblob, blobb blob, mediumb mediumblob, longb longblob,
  tinyt tinytext, textt text, mediumt mediumtext, longt longtext, kind enum('a','b','ü'), marks set('x','y','z'),
  doc json, place point, shape geometry, unique key (id, normal), key (loose)
);

insert into every_type values (
  1, -128, 0, -32768, 0, -8388608, 0, -2147483648, 0, -9223372036854775808, 0, false, 0, -0.0000000001,
  -99999999999999999999999999999999999999999999999999999999999999999, -1.5, -1.7976931348623157e308, b'0', b'0', b'0',
  '1000-01-01', '-838:59:59', '-838:59:59', '1000-01-01 00:00:00', '1000-01-01 00:00:00', '1000-01-01 00:00:00', '1970-01-01 00:00:01',
  '1970-01-01 00:00:01', 1901, '', '', '', '', '', '', '', '', '', '', '', '', '', 'a', '', '{}', point(0, 0), point(1, 2));

insert into every_type values (
  2, 127, 255, 32767, 65535, 8388607, 16777215, 2147483647, 4294967295, 9223372036854775807, 18446744073709551615, true, 4711,
  12345678901234567890.0123456789, 99999999999999999999999999999999999999999999999999999999999999999, 1.25, 1.7976931348623157e308,
  b'1', b'1010101010101', 0xffffffffffffffff, '9999-12-31', '838:59:59', '12:34:56.789012', '9999-12-31 23:59:59',
  '2026-11-26 01:02:03.004', '2026-11-26 01:02:03.000004', '2026-03-29 01:30:00', '2038-01-19 03:14:07.999999', 2155, 'fixed', 'välue 金', 'Größe',
  x'00ff00ff', x'0001feff', x'00', x'ff00', 'mb', x'e98791', 'tiny', 'text', 'medium', '🏺', 'ü', 'x,z',
  '{"a": [1, 2.5, null, "金"]}', point(1.5, -2.5), st_geomfromtext('polygon((0 0, 4 0, 4 4, 0 4, 0 0))'));

insert into every_type (id) values (3);

insert into every_type (id, twice, single, exact, clock6, moment6, day, doc) values
  (4, 0.1, 3.14159, 0.5, '00:00:00.000001', '2000-02-29 00:00:00.5', '2000-02-29', '[]'),
  (5, 1e-10, 16777216, 100, '100:00:00', '1969-12-31 23:59:59.999999', '1969-12-31', '"text"');

create procedure totals(in who bigint, out total decimal(12,2)) begin select id, amount from purchase where person_id = who order by id; select sum(amount) into total from purchase where person_id = who; select 'end' as mark; end;

create view rich as select p.id, p.name, u.amount from person p join purchase u on u.person_id = p.id where u.amount > 1;
