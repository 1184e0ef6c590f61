create trigger tr before insert on t for each row set new.a = 1
create definer = a@b trigger tr after update on t for each row follows other begin declare x int default 1; if new.a > 1 then set x = 2; elseif new.a = 0 then set x = 3; else set x = 4; end if; insert into l values (x); end
create procedure p (in a int, out b varchar(10), inout c json) comment 'x' language sql not deterministic reads sql data sql security invoker begin end
create procedure p () begin declare done int default false; declare cur cursor for select a from t; declare continue handler for not found set done = true; open cur; l: loop fetch cur into x, y; if done then leave l; end if; iterate l; end loop l; close cur; end
create function f (a int) returns varchar(10) charset utf8mb4 deterministic return concat(a, 'x')
create function f returns string soname 'f.so'
create aggregate function f returns integer soname 'f.so'
create procedure p () begin while a < 1 do set a = a + 1; end while; repeat set a = 1; until a > 2 end repeat; case a when 1 then select 1; else begin end; end case; case when a then do 1; end case; end
create procedure p () for i in 1..10 do select i; end for
create procedure p () for r in (select 1) do select r.a; end for
alter procedure p comment 'y'
alter function f sql security definer
create event e on schedule every 1 day starts '2020-01-01' ends '2021-01-01' on completion preserve disable comment 'x' do delete from t
create event e on schedule at now() + interval 1 hour do begin end
alter event e on schedule every 2 hour rename to f enable
alter event e disable on slave
begin not atomic declare x int; set x = 1; end
create procedure p () begin end
create procedure if not exists d.p (a int, in b varchar(5), out c int, inout d int unsigned) begin end
create definer = a@b procedure p () comment 'x' language sql deterministic contains sql sql security invoker select 1
create procedure p () no sql not deterministic reads sql data modifies sql data begin end
create procedure p (a varchar(5) character set utf8mb4 collate utf8mb4_bin) begin end
create function f () returns int return 1
create function f (a int) returns varchar(5) charset utf8mb4 collate utf8mb4_bin deterministic return a
create function if not exists f () returns int begin return 1; end
alter procedure p comment 'x' sql security definer
alter function f no sql
alter procedure p language sql
create definer = a trigger if not exists d.tr after update on d.t for each row follows x begin end
create event e on schedule at '2020-01-01' do select 1
create event e on schedule at now() + interval 1 day on completion preserve do select 1
create event if not exists d.e on schedule every 1 day starts now() ends now() + interval 1 month on completion not preserve enable comment 'x' do begin end
create event e on schedule every '1:1' hour_minute disable do select 1
create event e on schedule every 1 day disable on slave do select 1
create event e on schedule every 1 day disable on replica do select 1
create event e on schedule every a.b quarter do select 1
alter event e enable
alter event e disable
alter event e rename to d.f
alter event e on schedule every 1 day
alter event e on completion preserve rename to f disable on slave comment 'x' do select 1
alter event e comment 'x'
create procedure p () begin declare a int; declare b, c varchar(5) default 'x'; declare d condition for sqlstate '45000'; declare e condition for 1051; declare f cursor for select 1; declare continue handler for sqlexception begin end; end
create procedure p () begin declare a varchar(5) character set latin1 collate latin1_bin default 'x'; end
create procedure p () begin declare a int default (select 1); end
create procedure p () begin declare c cursor for select 1 for update; open c; fetch c into a; fetch from c into a, b; fetch next from c into a; close c; end
create procedure p () begin declare exit handler for sqlstate '42000', sqlstate value '42001', 1051, c, sqlwarning, not found, sqlexception set a = 1; end
create procedure p () begin declare c condition for sqlstate value '45000'; end
create procedure p () begin if a then select 1; end if; if a then select 1; elseif b then select 2; elseif c then select 3; else select 4; end if; end
create procedure p () begin case a when 1 then select 1; when 2 then select 2; else select 3; end case; case when a then begin end; end case; end
create procedure p () begin loop leave x; end loop; end
create procedure p () x: begin leave x; end x
create procedure p () begin l: loop iterate l; end loop l; w: while a do set a = 1; end while w; r: repeat set a = 1; until a end repeat r; end
create procedure p () begin b: begin end b; b: begin end; end
create procedure p () begin return 1; end
create procedure p () begin declare continue handler for not found begin end; select a into b from t; end
create procedure p () begin start transaction; commit; rollback; savepoint s; end
create procedure p () begin set a = 1, b = 2; call q(); insert into t values (1); end
create procedure p () begin get diagnostics condition 1 a = message_text; signal sqlstate '45000'; resignal; end
create procedure p () begin create table t (a int); drop table t; alter table t add a int; create view v as select 1; truncate t; end
create procedure p () begin lock tables t read; unlock tables; end
create procedure p () begin show tables; explain select 1; analyze table t; flush tables; end
create procedure p () begin use d; end
create procedure p () create definer = a@b procedure q () select 1
create definer = a@b procedure p () begin create view v as select 1; end
create definer = a@b trigger tr before insert on t for each row follows x begin create trigger u before insert on t for each row set @a = 1; end
create procedure p () begin open c; close c; fetch c into a; end
create procedure p () begin declare a, b int; begin declare c int; end; end
