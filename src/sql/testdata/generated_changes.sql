-- Made by generate.py.
insert into t values (1)
insert into t values (1) on duplicate key update a = 1
insert into t values (1) on duplicate key update a = values(a), b = b + 1
insert into t value (1)
insert into t value (1) on duplicate key update a = 1
insert into t value (1) on duplicate key update a = values(a), b = b + 1
insert into t values (1, 2), (3, 4)
insert into t values (1, 2), (3, 4) on duplicate key update a = 1
insert into t values (1, 2), (3, 4) on duplicate key update a = values(a), b = b + 1
insert into t values ()
insert into t values () on duplicate key update a = 1
insert into t values () on duplicate key update a = values(a), b = b + 1
insert into t values (default, null)
insert into t values (default, null) on duplicate key update a = 1
insert into t values (default, null) on duplicate key update a = values(a), b = b + 1
insert into t select 1
insert into t select 1 on duplicate key update a = 1
insert into t select 1 on duplicate key update a = values(a), b = b + 1
insert into t (select 1)
insert into t (select 1) on duplicate key update a = 1
insert into t (select 1) on duplicate key update a = values(a), b = b + 1
insert into t select * from u
insert into t select * from u on duplicate key update a = 1
insert into t select * from u on duplicate key update a = values(a), b = b + 1
insert into t set a = 1
insert into t set a = 1 on duplicate key update a = 1
insert into t set a = 1 on duplicate key update a = values(a), b = b + 1
insert into t set a = 1, t.b = default
insert into t set a = 1, t.b = default on duplicate key update a = 1
insert into t set a = 1, t.b = default on duplicate key update a = values(a), b = b + 1
insert t values (1)
insert t values (1) on duplicate key update a = 1
insert t values (1) on duplicate key update a = values(a), b = b + 1
insert t value (1)
insert t value (1) on duplicate key update a = 1
insert t value (1) on duplicate key update a = values(a), b = b + 1
insert t values (1, 2), (3, 4)
insert t values (1, 2), (3, 4) on duplicate key update a = 1
insert t values (1, 2), (3, 4) on duplicate key update a = values(a), b = b + 1
insert t values ()
insert t values () on duplicate key update a = 1
insert t values () on duplicate key update a = values(a), b = b + 1
insert t values (default, null)
insert t values (default, null) on duplicate key update a = 1
insert t values (default, null) on duplicate key update a = values(a), b = b + 1
insert t select 1
insert t select 1 on duplicate key update a = 1
insert t select 1 on duplicate key update a = values(a), b = b + 1
insert t (select 1)
insert t (select 1) on duplicate key update a = 1
insert t (select 1) on duplicate key update a = values(a), b = b + 1
insert t select * from u
insert t select * from u on duplicate key update a = 1
insert t select * from u on duplicate key update a = values(a), b = b + 1
insert t set a = 1
insert t set a = 1 on duplicate key update a = 1
insert t set a = 1 on duplicate key update a = values(a), b = b + 1
insert t set a = 1, t.b = default
insert t set a = 1, t.b = default on duplicate key update a = 1
insert t set a = 1, t.b = default on duplicate key update a = values(a), b = b + 1
insert ignore into db.t values (1)
insert ignore into db.t values (1) on duplicate key update a = 1
insert ignore into db.t values (1) on duplicate key update a = values(a), b = b + 1
insert ignore into db.t value (1)
insert ignore into db.t value (1) on duplicate key update a = 1
insert ignore into db.t value (1) on duplicate key update a = values(a), b = b + 1
insert ignore into db.t values (1, 2), (3, 4)
insert ignore into db.t values (1, 2), (3, 4) on duplicate key update a = 1
insert ignore into db.t values (1, 2), (3, 4) on duplicate key update a = values(a), b = b + 1
insert ignore into db.t values ()
insert ignore into db.t values () on duplicate key update a = 1
insert ignore into db.t values () on duplicate key update a = values(a), b = b + 1
insert ignore into db.t values (default, null)
insert ignore into db.t values (default, null) on duplicate key update a = 1
insert ignore into db.t values (default, null) on duplicate key update a = values(a), b = b + 1
insert ignore into db.t select 1
insert ignore into db.t select 1 on duplicate key update a = 1
insert ignore into db.t select 1 on duplicate key update a = values(a), b = b + 1
insert ignore into db.t (select 1)
insert ignore into db.t (select 1) on duplicate key update a = 1
insert ignore into db.t (select 1) on duplicate key update a = values(a), b = b + 1
insert ignore into db.t select * from u
insert ignore into db.t select * from u on duplicate key update a = 1
insert ignore into db.t select * from u on duplicate key update a = values(a), b = b + 1
insert ignore into db.t set a = 1
insert ignore into db.t set a = 1 on duplicate key update a = 1
insert ignore into db.t set a = 1 on duplicate key update a = values(a), b = b + 1
insert ignore into db.t set a = 1, t.b = default
insert ignore into db.t set a = 1, t.b = default on duplicate key update a = 1
insert ignore into db.t set a = 1, t.b = default on duplicate key update a = values(a), b = b + 1
insert low_priority into t values (1)
insert low_priority into t values (1) on duplicate key update a = 1
insert low_priority into t values (1) on duplicate key update a = values(a), b = b + 1
insert low_priority into t value (1)
insert low_priority into t value (1) on duplicate key update a = 1
insert low_priority into t value (1) on duplicate key update a = values(a), b = b + 1
insert low_priority into t values (1, 2), (3, 4)
insert low_priority into t values (1, 2), (3, 4) on duplicate key update a = 1
insert low_priority into t values (1, 2), (3, 4) on duplicate key update a = values(a), b = b + 1
insert low_priority into t values ()
insert low_priority into t values () on duplicate key update a = 1
insert low_priority into t values () on duplicate key update a = values(a), b = b + 1
insert low_priority into t values (default, null)
insert low_priority into t values (default, null) on duplicate key update a = 1
insert low_priority into t values (default, null) on duplicate key update a = values(a), b = b + 1
insert low_priority into t select 1
insert low_priority into t select 1 on duplicate key update a = 1
insert low_priority into t select 1 on duplicate key update a = values(a), b = b + 1
insert low_priority into t (select 1)
insert low_priority into t (select 1) on duplicate key update a = 1
insert low_priority into t (select 1) on duplicate key update a = values(a), b = b + 1
insert low_priority into t select * from u
insert low_priority into t select * from u on duplicate key update a = 1
insert low_priority into t select * from u on duplicate key update a = values(a), b = b + 1
insert low_priority into t set a = 1
insert low_priority into t set a = 1 on duplicate key update a = 1
insert low_priority into t set a = 1 on duplicate key update a = values(a), b = b + 1
insert low_priority into t set a = 1, t.b = default
insert low_priority into t set a = 1, t.b = default on duplicate key update a = 1
insert low_priority into t set a = 1, t.b = default on duplicate key update a = values(a), b = b + 1
insert high_priority into t values (1)
insert high_priority into t values (1) on duplicate key update a = 1
insert high_priority into t values (1) on duplicate key update a = values(a), b = b + 1
insert high_priority into t value (1)
insert high_priority into t value (1) on duplicate key update a = 1
insert high_priority into t value (1) on duplicate key update a = values(a), b = b + 1
insert high_priority into t values (1, 2), (3, 4)
insert high_priority into t values (1, 2), (3, 4) on duplicate key update a = 1
insert high_priority into t values (1, 2), (3, 4) on duplicate key update a = values(a), b = b + 1
insert high_priority into t values ()
insert high_priority into t values () on duplicate key update a = 1
insert high_priority into t values () on duplicate key update a = values(a), b = b + 1
insert high_priority into t values (default, null)
insert high_priority into t values (default, null) on duplicate key update a = 1
insert high_priority into t values (default, null) on duplicate key update a = values(a), b = b + 1
insert high_priority into t select 1
insert high_priority into t select 1 on duplicate key update a = 1
insert high_priority into t select 1 on duplicate key update a = values(a), b = b + 1
insert high_priority into t (select 1)
insert high_priority into t (select 1) on duplicate key update a = 1
insert high_priority into t (select 1) on duplicate key update a = values(a), b = b + 1
insert high_priority into t select * from u
insert high_priority into t select * from u on duplicate key update a = 1
insert high_priority into t select * from u on duplicate key update a = values(a), b = b + 1
insert high_priority into t set a = 1
insert high_priority into t set a = 1 on duplicate key update a = 1
insert high_priority into t set a = 1 on duplicate key update a = values(a), b = b + 1
insert high_priority into t set a = 1, t.b = default
insert high_priority into t set a = 1, t.b = default on duplicate key update a = 1
insert high_priority into t set a = 1, t.b = default on duplicate key update a = values(a), b = b + 1
insert into t partition (p0, p1) values (1)
insert into t partition (p0, p1) values (1) on duplicate key update a = 1
insert into t partition (p0, p1) values (1) on duplicate key update a = values(a), b = b + 1
insert into t partition (p0, p1) value (1)
insert into t partition (p0, p1) value (1) on duplicate key update a = 1
insert into t partition (p0, p1) value (1) on duplicate key update a = values(a), b = b + 1
insert into t partition (p0, p1) values (1, 2), (3, 4)
insert into t partition (p0, p1) values (1, 2), (3, 4) on duplicate key update a = 1
insert into t partition (p0, p1) values (1, 2), (3, 4) on duplicate key update a = values(a), b = b + 1
insert into t partition (p0, p1) values ()
insert into t partition (p0, p1) values () on duplicate key update a = 1
insert into t partition (p0, p1) values () on duplicate key update a = values(a), b = b + 1
insert into t partition (p0, p1) values (default, null)
insert into t partition (p0, p1) values (default, null) on duplicate key update a = 1
insert into t partition (p0, p1) values (default, null) on duplicate key update a = values(a), b = b + 1
insert into t partition (p0, p1) select 1
insert into t partition (p0, p1) select 1 on duplicate key update a = 1
insert into t partition (p0, p1) select 1 on duplicate key update a = values(a), b = b + 1
insert into t partition (p0, p1) (select 1)
insert into t partition (p0, p1) (select 1) on duplicate key update a = 1
insert into t partition (p0, p1) (select 1) on duplicate key update a = values(a), b = b + 1
insert into t partition (p0, p1) select * from u
insert into t partition (p0, p1) select * from u on duplicate key update a = 1
insert into t partition (p0, p1) select * from u on duplicate key update a = values(a), b = b + 1
insert into t partition (p0, p1) set a = 1
insert into t partition (p0, p1) set a = 1 on duplicate key update a = 1
insert into t partition (p0, p1) set a = 1 on duplicate key update a = values(a), b = b + 1
insert into t partition (p0, p1) set a = 1, t.b = default
insert into t partition (p0, p1) set a = 1, t.b = default on duplicate key update a = 1
insert into t partition (p0, p1) set a = 1, t.b = default on duplicate key update a = values(a), b = b + 1
replace into t values (1)
replace into t value (1)
replace into t values (1, 2), (3, 4)
replace into t values ()
replace into t values (default, null)
replace into t select 1
replace into t (select 1)
replace into t select * from u
replace into t set a = 1
replace into t set a = 1, t.b = default
replace t values (1)
replace t value (1)
replace t values (1, 2), (3, 4)
replace t values ()
replace t values (default, null)
replace t select 1
replace t (select 1)
replace t select * from u
replace t set a = 1
replace t set a = 1, t.b = default
replace low_priority into t values (1)
replace low_priority into t value (1)
replace low_priority into t values (1, 2), (3, 4)
replace low_priority into t values ()
replace low_priority into t values (default, null)
replace low_priority into t select 1
replace low_priority into t (select 1)
replace low_priority into t select * from u
replace low_priority into t set a = 1
replace low_priority into t set a = 1, t.b = default
insert into t (a) values (1)
insert into t (a) value (1)
insert into t (a) values (1, 2), (3, 4)
insert into t (a) values ()
insert into t (a) values (default, null)
insert into t (a) select 1
insert into t (a) (select 1)
insert into t (a) select * from u
insert into t (a, b) values (1)
insert into t (a, b) value (1)
insert into t (a, b) values (1, 2), (3, 4)
insert into t (a, b) values ()
insert into t (a, b) values (default, null)
insert into t (a, b) select 1
insert into t (a, b) (select 1)
insert into t (a, b) select * from u
insert into t () values (1)
insert into t () value (1)
insert into t () values (1, 2), (3, 4)
insert into t () values ()
insert into t () values (default, null)
insert into t () select 1
insert into t () (select 1)
insert into t () select * from u
insert into t (t.a) values (1)
insert into t (t.a) value (1)
insert into t (t.a) values (1, 2), (3, 4)
insert into t (t.a) values ()
insert into t (t.a) values (default, null)
insert into t (t.a) select 1
insert into t (t.a) (select 1)
insert into t (t.a) select * from u
update t set a = 1
update t set a = a + 1, b = default
update t set t.a = 1 where b = 2
update t as x set a = 1
update t as x set a = a + 1, b = default
update t as x set t.a = 1 where b = 2
update db.t set a = 1
update db.t set a = a + 1, b = default
update db.t set t.a = 1 where b = 2
update low_priority t set a = 1
update low_priority t set a = a + 1, b = default
update low_priority t set t.a = 1 where b = 2
update ignore t set a = 1
update ignore t set a = a + 1, b = default
update ignore t set t.a = 1 where b = 2
update t join u on t.a = u.a set a = 1
update t join u on t.a = u.a set a = a + 1, b = default
update t join u on t.a = u.a set t.a = 1 where b = 2
update t, u set a = 1
update t, u set a = a + 1, b = default
update t, u set t.a = 1 where b = 2
update t left join u using (a) set a = 1
update t left join u using (a) set a = a + 1, b = default
update t left join u using (a) set t.a = 1 where b = 2
update t set a = 1 where a = 1 limit 5
delete from t where a = 1 limit 5
update t set a = 1 order by b limit 1
delete from t order by b limit 1
update t set a = 1 where a in (select 1)
delete from t where a in (select 1)
delete from t
delete from t where a = 1
delete from t where a = 1 or b is null
delete low_priority from t
delete low_priority from t where a = 1
delete low_priority from t where a = 1 or b is null
delete quick from t
delete quick from t where a = 1
delete quick from t where a = 1 or b is null
delete ignore from db.t
delete ignore from db.t where a = 1
delete ignore from db.t where a = 1 or b is null
delete t from t join u
delete t from t join u where a = 1
delete t from t join u where a = 1 or b is null
delete t, u from t join u on t.a = u.a
delete t, u from t join u on t.a = u.a where a = 1
delete t, u from t join u on t.a = u.a where a = 1 or b is null
delete db.t from db.t join u
delete db.t from db.t join u where a = 1
delete db.t from db.t join u where a = 1 or b is null
delete from t using t join u on 1
delete from t using t join u on 1 where a = 1
delete from t using t join u on 1 where a = 1 or b is null
delete from t, u using t join u
delete from t, u using t join u where a = 1
delete from t, u using t join u where a = 1 or b is null
delete t.* from t, u
delete t.* from t, u where a = 1
delete t.* from t, u where a = 1 or b is null
delete from t partition (p0)
delete from t partition (p0) where a = 1
delete from t partition (p0) where a = 1 or b is null
