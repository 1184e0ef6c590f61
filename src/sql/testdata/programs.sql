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
