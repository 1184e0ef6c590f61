-- Made by generate.py.
select * from a join b on a.x = b.x join c on c.x = b.x
select * from a join (b join c on c.x = b.x) on a.x = b.x
select * from a join b join c
select * from a join b join c on a.x = c.x
select * from a join b on a.x = b.x inner join c on c.x = b.x
select * from a join (b inner join c on c.x = b.x) on a.x = b.x
select * from a join b inner join c
select * from a join b inner join c on a.x = c.x
select * from a join b on a.x = b.x cross join c
select * from a join (b cross join c) on a.x = b.x
select * from a join b cross join c
select * from a join b cross join c on a.x = c.x
select * from a join b on a.x = b.x left join c on c.x = b.x
select * from a join (b left join c on c.x = b.x) on a.x = b.x
select * from a join b on a.x = b.x right join c on c.x = b.x
select * from a join (b right join c on c.x = b.x) on a.x = b.x
select * from a join b on a.x = b.x left outer join c on c.x = b.x
select * from a join (b left outer join c on c.x = b.x) on a.x = b.x
select * from a join b on a.x = b.x right outer join c on c.x = b.x
select * from a join (b right outer join c on c.x = b.x) on a.x = b.x
select * from a join b on a.x = b.x straight_join c on c.x = b.x
select * from a join (b straight_join c on c.x = b.x) on a.x = b.x
select * from a join b straight_join c
select * from a join b straight_join c on a.x = c.x
select * from a inner join b on a.x = b.x join c on c.x = b.x
select * from a inner join (b join c on c.x = b.x) on a.x = b.x
select * from a inner join b join c
select * from a inner join b join c on a.x = c.x
select * from a inner join b on a.x = b.x inner join c on c.x = b.x
select * from a inner join (b inner join c on c.x = b.x) on a.x = b.x
select * from a inner join b inner join c
select * from a inner join b inner join c on a.x = c.x
select * from a inner join b on a.x = b.x cross join c
select * from a inner join (b cross join c) on a.x = b.x
select * from a inner join b cross join c
select * from a inner join b cross join c on a.x = c.x
select * from a inner join b on a.x = b.x left join c on c.x = b.x
select * from a inner join (b left join c on c.x = b.x) on a.x = b.x
select * from a inner join b on a.x = b.x right join c on c.x = b.x
select * from a inner join (b right join c on c.x = b.x) on a.x = b.x
select * from a inner join b on a.x = b.x left outer join c on c.x = b.x
select * from a inner join (b left outer join c on c.x = b.x) on a.x = b.x
select * from a inner join b on a.x = b.x right outer join c on c.x = b.x
select * from a inner join (b right outer join c on c.x = b.x) on a.x = b.x
select * from a inner join b on a.x = b.x straight_join c on c.x = b.x
select * from a inner join (b straight_join c on c.x = b.x) on a.x = b.x
select * from a inner join b straight_join c
select * from a inner join b straight_join c on a.x = c.x
select * from a cross join b join c on c.x = b.x
select * from a cross join (b join c on c.x = b.x)
select * from a cross join b join c
select * from a cross join b join c on a.x = c.x
select * from a cross join b inner join c on c.x = b.x
select * from a cross join (b inner join c on c.x = b.x)
select * from a cross join b inner join c
select * from a cross join b inner join c on a.x = c.x
select * from a cross join b cross join c
select * from a cross join (b cross join c)
select * from a cross join b cross join c on a.x = c.x
select * from a cross join b left join c on c.x = b.x
select * from a cross join (b left join c on c.x = b.x)
select * from a cross join b right join c on c.x = b.x
select * from a cross join (b right join c on c.x = b.x)
select * from a cross join b left outer join c on c.x = b.x
select * from a cross join (b left outer join c on c.x = b.x)
select * from a cross join b right outer join c on c.x = b.x
select * from a cross join (b right outer join c on c.x = b.x)
select * from a cross join b straight_join c on c.x = b.x
select * from a cross join (b straight_join c on c.x = b.x)
select * from a cross join b straight_join c
select * from a cross join b straight_join c on a.x = c.x
select * from a left join b on a.x = b.x join c on c.x = b.x
select * from a left join (b join c on c.x = b.x) on a.x = b.x
select * from a left join b on a.x = b.x inner join c on c.x = b.x
select * from a left join (b inner join c on c.x = b.x) on a.x = b.x
select * from a left join b on a.x = b.x cross join c
select * from a left join (b cross join c) on a.x = b.x
select * from a left join b on a.x = b.x left join c on c.x = b.x
select * from a left join (b left join c on c.x = b.x) on a.x = b.x
select * from a left join b on a.x = b.x right join c on c.x = b.x
select * from a left join (b right join c on c.x = b.x) on a.x = b.x
select * from a left join b on a.x = b.x left outer join c on c.x = b.x
select * from a left join (b left outer join c on c.x = b.x) on a.x = b.x
select * from a left join b on a.x = b.x right outer join c on c.x = b.x
select * from a left join (b right outer join c on c.x = b.x) on a.x = b.x
select * from a left join b on a.x = b.x straight_join c on c.x = b.x
select * from a left join (b straight_join c on c.x = b.x) on a.x = b.x
select * from a right join b on a.x = b.x join c on c.x = b.x
select * from a right join (b join c on c.x = b.x) on a.x = b.x
select * from a right join b on a.x = b.x inner join c on c.x = b.x
select * from a right join (b inner join c on c.x = b.x) on a.x = b.x
select * from a right join b on a.x = b.x cross join c
select * from a right join (b cross join c) on a.x = b.x
select * from a right join b on a.x = b.x left join c on c.x = b.x
select * from a right join (b left join c on c.x = b.x) on a.x = b.x
select * from a right join b on a.x = b.x right join c on c.x = b.x
select * from a right join (b right join c on c.x = b.x) on a.x = b.x
select * from a right join b on a.x = b.x left outer join c on c.x = b.x
select * from a right join (b left outer join c on c.x = b.x) on a.x = b.x
select * from a right join b on a.x = b.x right outer join c on c.x = b.x
select * from a right join (b right outer join c on c.x = b.x) on a.x = b.x
select * from a right join b on a.x = b.x straight_join c on c.x = b.x
select * from a right join (b straight_join c on c.x = b.x) on a.x = b.x
select * from a left outer join b on a.x = b.x join c on c.x = b.x
select * from a left outer join (b join c on c.x = b.x) on a.x = b.x
select * from a left outer join b on a.x = b.x inner join c on c.x = b.x
select * from a left outer join (b inner join c on c.x = b.x) on a.x = b.x
select * from a left outer join b on a.x = b.x cross join c
select * from a left outer join (b cross join c) on a.x = b.x
select * from a left outer join b on a.x = b.x left join c on c.x = b.x
select * from a left outer join (b left join c on c.x = b.x) on a.x = b.x
select * from a left outer join b on a.x = b.x right join c on c.x = b.x
select * from a left outer join (b right join c on c.x = b.x) on a.x = b.x
select * from a left outer join b on a.x = b.x left outer join c on c.x = b.x
select * from a left outer join (b left outer join c on c.x = b.x) on a.x = b.x
select * from a left outer join b on a.x = b.x right outer join c on c.x = b.x
select * from a left outer join (b right outer join c on c.x = b.x) on a.x = b.x
select * from a left outer join b on a.x = b.x straight_join c on c.x = b.x
select * from a left outer join (b straight_join c on c.x = b.x) on a.x = b.x
select * from a right outer join b on a.x = b.x join c on c.x = b.x
select * from a right outer join (b join c on c.x = b.x) on a.x = b.x
select * from a right outer join b on a.x = b.x inner join c on c.x = b.x
select * from a right outer join (b inner join c on c.x = b.x) on a.x = b.x
select * from a right outer join b on a.x = b.x cross join c
select * from a right outer join (b cross join c) on a.x = b.x
select * from a right outer join b on a.x = b.x left join c on c.x = b.x
select * from a right outer join (b left join c on c.x = b.x) on a.x = b.x
select * from a right outer join b on a.x = b.x right join c on c.x = b.x
select * from a right outer join (b right join c on c.x = b.x) on a.x = b.x
select * from a right outer join b on a.x = b.x left outer join c on c.x = b.x
select * from a right outer join (b left outer join c on c.x = b.x) on a.x = b.x
select * from a right outer join b on a.x = b.x right outer join c on c.x = b.x
select * from a right outer join (b right outer join c on c.x = b.x) on a.x = b.x
select * from a right outer join b on a.x = b.x straight_join c on c.x = b.x
select * from a right outer join (b straight_join c on c.x = b.x) on a.x = b.x
select * from a straight_join b on a.x = b.x join c on c.x = b.x
select * from a straight_join (b join c on c.x = b.x) on a.x = b.x
select * from a straight_join b join c
select * from a straight_join b join c on a.x = c.x
select * from a straight_join b on a.x = b.x inner join c on c.x = b.x
select * from a straight_join (b inner join c on c.x = b.x) on a.x = b.x
select * from a straight_join b inner join c
select * from a straight_join b inner join c on a.x = c.x
select * from a straight_join b on a.x = b.x cross join c
select * from a straight_join (b cross join c) on a.x = b.x
select * from a straight_join b cross join c
select * from a straight_join b cross join c on a.x = c.x
select * from a straight_join b on a.x = b.x left join c on c.x = b.x
select * from a straight_join (b left join c on c.x = b.x) on a.x = b.x
select * from a straight_join b on a.x = b.x right join c on c.x = b.x
select * from a straight_join (b right join c on c.x = b.x) on a.x = b.x
select * from a straight_join b on a.x = b.x left outer join c on c.x = b.x
select * from a straight_join (b left outer join c on c.x = b.x) on a.x = b.x
select * from a straight_join b on a.x = b.x right outer join c on c.x = b.x
select * from a straight_join (b right outer join c on c.x = b.x) on a.x = b.x
select * from a straight_join b on a.x = b.x straight_join c on c.x = b.x
select * from a straight_join (b straight_join c on c.x = b.x) on a.x = b.x
select * from a straight_join b straight_join c
select * from a straight_join b straight_join c on a.x = c.x
select * from a natural join b
select * from a natural join b natural join c
select * from a join b using (x, y) join c using (z)
select * from a natural inner join b
select * from a natural inner join b natural inner join c
select * from a inner join b using (x, y) inner join c using (z)
select * from a natural left join b
select * from a natural left join b natural left join c
select * from a left join b using (x, y) left join c using (z)
select * from a natural right join b
select * from a natural right join b natural right join c
select * from a right join b using (x, y) right join c using (z)
select * from a natural left outer join b
select * from a natural left outer join b natural left outer join c
select * from a left outer join b using (x, y) left outer join c using (z)
(select a from t ) union (select b from u)
select a from t union (select b from u ) order by 1 limit 3
select * from (select a from t ) as d union select 1
(select a from t ) union all (select b from u)
select a from t union all (select b from u ) order by 1 limit 3
select * from (select a from t ) as d union all select 1
(select a from t ) union distinct (select b from u)
select a from t union distinct (select b from u ) order by 1 limit 3
select * from (select a from t ) as d union distinct select 1
(select a from t ) except (select b from u)
select a from t except (select b from u ) order by 1 limit 3
select * from (select a from t ) as d except select 1
(select a from t ) intersect (select b from u)
select a from t intersect (select b from u ) order by 1 limit 3
select * from (select a from t ) as d intersect select 1
(select a from t ) except all (select b from u)
select a from t except all (select b from u ) order by 1 limit 3
select * from (select a from t ) as d except all select 1
(select a from t ) intersect all (select b from u)
select a from t intersect all (select b from u ) order by 1 limit 3
select * from (select a from t ) as d intersect all select 1
(select a from t where a = 1) union (select b from u)
select a from t union (select b from u where a = 1) order by 1 limit 3
select * from (select a from t where a = 1) as d union select 1
(select a from t where a = 1) union all (select b from u)
select a from t union all (select b from u where a = 1) order by 1 limit 3
select * from (select a from t where a = 1) as d union all select 1
(select a from t where a = 1) union distinct (select b from u)
select a from t union distinct (select b from u where a = 1) order by 1 limit 3
select * from (select a from t where a = 1) as d union distinct select 1
(select a from t where a = 1) except (select b from u)
select a from t except (select b from u where a = 1) order by 1 limit 3
select * from (select a from t where a = 1) as d except select 1
(select a from t where a = 1) intersect (select b from u)
select a from t intersect (select b from u where a = 1) order by 1 limit 3
select * from (select a from t where a = 1) as d intersect select 1
(select a from t where a = 1) except all (select b from u)
select a from t except all (select b from u where a = 1) order by 1 limit 3
select * from (select a from t where a = 1) as d except all select 1
(select a from t where a = 1) intersect all (select b from u)
select a from t intersect all (select b from u where a = 1) order by 1 limit 3
select * from (select a from t where a = 1) as d intersect all select 1
(select a from t group by a) union (select b from u)
select a from t union (select b from u group by a) order by 1 limit 3
select * from (select a from t group by a) as d union select 1
(select a from t group by a) union all (select b from u)
select a from t union all (select b from u group by a) order by 1 limit 3
select * from (select a from t group by a) as d union all select 1
(select a from t group by a) union distinct (select b from u)
select a from t union distinct (select b from u group by a) order by 1 limit 3
select * from (select a from t group by a) as d union distinct select 1
(select a from t group by a) except (select b from u)
select a from t except (select b from u group by a) order by 1 limit 3
select * from (select a from t group by a) as d except select 1
(select a from t group by a) intersect (select b from u)
select a from t intersect (select b from u group by a) order by 1 limit 3
select * from (select a from t group by a) as d intersect select 1
(select a from t group by a) except all (select b from u)
select a from t except all (select b from u group by a) order by 1 limit 3
select * from (select a from t group by a) as d except all select 1
(select a from t group by a) intersect all (select b from u)
select a from t intersect all (select b from u group by a) order by 1 limit 3
select * from (select a from t group by a) as d intersect all select 1
(select a from t group by a, b having count(*) > 1) union (select b from u)
select a from t union (select b from u group by a, b having count(*) > 1) order by 1 limit 3
select * from (select a from t group by a, b having count(*) > 1) as d union select 1
(select a from t group by a, b having count(*) > 1) union all (select b from u)
select a from t union all (select b from u group by a, b having count(*) > 1) order by 1 limit 3
select * from (select a from t group by a, b having count(*) > 1) as d union all select 1
(select a from t group by a, b having count(*) > 1) union distinct (select b from u)
select a from t union distinct (select b from u group by a, b having count(*) > 1) order by 1 limit 3
select * from (select a from t group by a, b having count(*) > 1) as d union distinct select 1
(select a from t group by a, b having count(*) > 1) except (select b from u)
select a from t except (select b from u group by a, b having count(*) > 1) order by 1 limit 3
select * from (select a from t group by a, b having count(*) > 1) as d except select 1
(select a from t group by a, b having count(*) > 1) intersect (select b from u)
select a from t intersect (select b from u group by a, b having count(*) > 1) order by 1 limit 3
select * from (select a from t group by a, b having count(*) > 1) as d intersect select 1
(select a from t group by a, b having count(*) > 1) except all (select b from u)
select a from t except all (select b from u group by a, b having count(*) > 1) order by 1 limit 3
select * from (select a from t group by a, b having count(*) > 1) as d except all select 1
(select a from t group by a, b having count(*) > 1) intersect all (select b from u)
select a from t intersect all (select b from u group by a, b having count(*) > 1) order by 1 limit 3
select * from (select a from t group by a, b having count(*) > 1) as d intersect all select 1
(select a from t group by a with rollup) union (select b from u)
select a from t union (select b from u group by a with rollup) order by 1 limit 3
select * from (select a from t group by a with rollup) as d union select 1
(select a from t group by a with rollup) union all (select b from u)
select a from t union all (select b from u group by a with rollup) order by 1 limit 3
select * from (select a from t group by a with rollup) as d union all select 1
(select a from t group by a with rollup) union distinct (select b from u)
select a from t union distinct (select b from u group by a with rollup) order by 1 limit 3
select * from (select a from t group by a with rollup) as d union distinct select 1
(select a from t group by a with rollup) except (select b from u)
select a from t except (select b from u group by a with rollup) order by 1 limit 3
select * from (select a from t group by a with rollup) as d except select 1
(select a from t group by a with rollup) intersect (select b from u)
select a from t intersect (select b from u group by a with rollup) order by 1 limit 3
select * from (select a from t group by a with rollup) as d intersect select 1
(select a from t group by a with rollup) except all (select b from u)
select a from t except all (select b from u group by a with rollup) order by 1 limit 3
select * from (select a from t group by a with rollup) as d except all select 1
(select a from t group by a with rollup) intersect all (select b from u)
select a from t intersect all (select b from u group by a with rollup) order by 1 limit 3
select * from (select a from t group by a with rollup) as d intersect all select 1
(select a from t order by a desc) union (select b from u)
select a from t union (select b from u order by a desc) order by 1 limit 3
select * from (select a from t order by a desc) as d union select 1
(select a from t order by a desc) union all (select b from u)
select a from t union all (select b from u order by a desc) order by 1 limit 3
select * from (select a from t order by a desc) as d union all select 1
(select a from t order by a desc) union distinct (select b from u)
select a from t union distinct (select b from u order by a desc) order by 1 limit 3
select * from (select a from t order by a desc) as d union distinct select 1
(select a from t order by a desc) except (select b from u)
select a from t except (select b from u order by a desc) order by 1 limit 3
select * from (select a from t order by a desc) as d except select 1
(select a from t order by a desc) intersect (select b from u)
select a from t intersect (select b from u order by a desc) order by 1 limit 3
select * from (select a from t order by a desc) as d intersect select 1
(select a from t order by a desc) except all (select b from u)
select a from t except all (select b from u order by a desc) order by 1 limit 3
select * from (select a from t order by a desc) as d except all select 1
(select a from t order by a desc) intersect all (select b from u)
select a from t intersect all (select b from u order by a desc) order by 1 limit 3
select * from (select a from t order by a desc) as d intersect all select 1
(select a from t limit 5) union (select b from u)
select a from t union (select b from u limit 5) order by 1 limit 3
select * from (select a from t limit 5) as d union select 1
(select a from t limit 5) union all (select b from u)
select a from t union all (select b from u limit 5) order by 1 limit 3
select * from (select a from t limit 5) as d union all select 1
(select a from t limit 5) union distinct (select b from u)
select a from t union distinct (select b from u limit 5) order by 1 limit 3
select * from (select a from t limit 5) as d union distinct select 1
(select a from t limit 5) except (select b from u)
select a from t except (select b from u limit 5) order by 1 limit 3
select * from (select a from t limit 5) as d except select 1
(select a from t limit 5) intersect (select b from u)
select a from t intersect (select b from u limit 5) order by 1 limit 3
select * from (select a from t limit 5) as d intersect select 1
(select a from t limit 5) except all (select b from u)
select a from t except all (select b from u limit 5) order by 1 limit 3
select * from (select a from t limit 5) as d except all select 1
(select a from t limit 5) intersect all (select b from u)
select a from t intersect all (select b from u limit 5) order by 1 limit 3
select * from (select a from t limit 5) as d intersect all select 1
(select a from t limit 5, 10) union (select b from u)
select a from t union (select b from u limit 5, 10) order by 1 limit 3
select * from (select a from t limit 5, 10) as d union select 1
(select a from t limit 5, 10) union all (select b from u)
select a from t union all (select b from u limit 5, 10) order by 1 limit 3
select * from (select a from t limit 5, 10) as d union all select 1
(select a from t limit 5, 10) union distinct (select b from u)
select a from t union distinct (select b from u limit 5, 10) order by 1 limit 3
select * from (select a from t limit 5, 10) as d union distinct select 1
(select a from t limit 5, 10) except (select b from u)
select a from t except (select b from u limit 5, 10) order by 1 limit 3
select * from (select a from t limit 5, 10) as d except select 1
(select a from t limit 5, 10) intersect (select b from u)
select a from t intersect (select b from u limit 5, 10) order by 1 limit 3
select * from (select a from t limit 5, 10) as d intersect select 1
(select a from t limit 5, 10) except all (select b from u)
select a from t except all (select b from u limit 5, 10) order by 1 limit 3
select * from (select a from t limit 5, 10) as d except all select 1
(select a from t limit 5, 10) intersect all (select b from u)
select a from t intersect all (select b from u limit 5, 10) order by 1 limit 3
select * from (select a from t limit 5, 10) as d intersect all select 1
(select a from t limit 10 offset 5) union (select b from u)
select a from t union (select b from u limit 10 offset 5) order by 1 limit 3
select * from (select a from t limit 10 offset 5) as d union select 1
(select a from t limit 10 offset 5) union all (select b from u)
select a from t union all (select b from u limit 10 offset 5) order by 1 limit 3
select * from (select a from t limit 10 offset 5) as d union all select 1
(select a from t limit 10 offset 5) union distinct (select b from u)
select a from t union distinct (select b from u limit 10 offset 5) order by 1 limit 3
select * from (select a from t limit 10 offset 5) as d union distinct select 1
(select a from t limit 10 offset 5) except (select b from u)
select a from t except (select b from u limit 10 offset 5) order by 1 limit 3
select * from (select a from t limit 10 offset 5) as d except select 1
(select a from t limit 10 offset 5) intersect (select b from u)
select a from t intersect (select b from u limit 10 offset 5) order by 1 limit 3
select * from (select a from t limit 10 offset 5) as d intersect select 1
(select a from t limit 10 offset 5) except all (select b from u)
select a from t except all (select b from u limit 10 offset 5) order by 1 limit 3
select * from (select a from t limit 10 offset 5) as d except all select 1
(select a from t limit 10 offset 5) intersect all (select b from u)
select a from t intersect all (select b from u limit 10 offset 5) order by 1 limit 3
select * from (select a from t limit 10 offset 5) as d intersect all select 1
(select a from t order by 1 limit 1) union (select b from u)
select a from t union (select b from u order by 1 limit 1) order by 1 limit 3
select * from (select a from t order by 1 limit 1) as d union select 1
(select a from t order by 1 limit 1) union all (select b from u)
select a from t union all (select b from u order by 1 limit 1) order by 1 limit 3
select * from (select a from t order by 1 limit 1) as d union all select 1
(select a from t order by 1 limit 1) union distinct (select b from u)
select a from t union distinct (select b from u order by 1 limit 1) order by 1 limit 3
select * from (select a from t order by 1 limit 1) as d union distinct select 1
(select a from t order by 1 limit 1) except (select b from u)
select a from t except (select b from u order by 1 limit 1) order by 1 limit 3
select * from (select a from t order by 1 limit 1) as d except select 1
(select a from t order by 1 limit 1) intersect (select b from u)
select a from t intersect (select b from u order by 1 limit 1) order by 1 limit 3
select * from (select a from t order by 1 limit 1) as d intersect select 1
(select a from t order by 1 limit 1) except all (select b from u)
select a from t except all (select b from u order by 1 limit 1) order by 1 limit 3
select * from (select a from t order by 1 limit 1) as d except all select 1
(select a from t order by 1 limit 1) intersect all (select b from u)
select a from t intersect all (select b from u order by 1 limit 1) order by 1 limit 3
select * from (select a from t order by 1 limit 1) as d intersect all select 1
(select a from t for update) union (select b from u)
select a from t union (select b from u for update) order by 1 limit 3
select * from (select a from t for update) as d union select 1
(select a from t for update) union all (select b from u)
select a from t union all (select b from u for update) order by 1 limit 3
select * from (select a from t for update) as d union all select 1
(select a from t for update) union distinct (select b from u)
select a from t union distinct (select b from u for update) order by 1 limit 3
select * from (select a from t for update) as d union distinct select 1
(select a from t for update) except (select b from u)
select a from t except (select b from u for update) order by 1 limit 3
select * from (select a from t for update) as d except select 1
(select a from t for update) intersect (select b from u)
select a from t intersect (select b from u for update) order by 1 limit 3
select * from (select a from t for update) as d intersect select 1
(select a from t for update) except all (select b from u)
select a from t except all (select b from u for update) order by 1 limit 3
select * from (select a from t for update) as d except all select 1
(select a from t for update) intersect all (select b from u)
select a from t intersect all (select b from u for update) order by 1 limit 3
select * from (select a from t for update) as d intersect all select 1
(select a from t lock in share mode) union (select b from u)
select a from t union (select b from u lock in share mode) order by 1 limit 3
select * from (select a from t lock in share mode) as d union select 1
(select a from t lock in share mode) union all (select b from u)
select a from t union all (select b from u lock in share mode) order by 1 limit 3
select * from (select a from t lock in share mode) as d union all select 1
(select a from t lock in share mode) union distinct (select b from u)
select a from t union distinct (select b from u lock in share mode) order by 1 limit 3
select * from (select a from t lock in share mode) as d union distinct select 1
(select a from t lock in share mode) except (select b from u)
select a from t except (select b from u lock in share mode) order by 1 limit 3
select * from (select a from t lock in share mode) as d except select 1
(select a from t lock in share mode) intersect (select b from u)
select a from t intersect (select b from u lock in share mode) order by 1 limit 3
select * from (select a from t lock in share mode) as d intersect select 1
(select a from t lock in share mode) except all (select b from u)
select a from t except all (select b from u lock in share mode) order by 1 limit 3
select * from (select a from t lock in share mode) as d except all select 1
(select a from t lock in share mode) intersect all (select b from u)
select a from t intersect all (select b from u lock in share mode) order by 1 limit 3
select * from (select a from t lock in share mode) as d intersect all select 1
(select a from t where a = 1 for update) union (select b from u)
select a from t union (select b from u where a = 1 for update) order by 1 limit 3
select * from (select a from t where a = 1 for update) as d union select 1
(select a from t where a = 1 for update) union all (select b from u)
select a from t union all (select b from u where a = 1 for update) order by 1 limit 3
select * from (select a from t where a = 1 for update) as d union all select 1
(select a from t where a = 1 for update) union distinct (select b from u)
select a from t union distinct (select b from u where a = 1 for update) order by 1 limit 3
select * from (select a from t where a = 1 for update) as d union distinct select 1
(select a from t where a = 1 for update) except (select b from u)
select a from t except (select b from u where a = 1 for update) order by 1 limit 3
select * from (select a from t where a = 1 for update) as d except select 1
(select a from t where a = 1 for update) intersect (select b from u)
select a from t intersect (select b from u where a = 1 for update) order by 1 limit 3
select * from (select a from t where a = 1 for update) as d intersect select 1
(select a from t where a = 1 for update) except all (select b from u)
select a from t except all (select b from u where a = 1 for update) order by 1 limit 3
select * from (select a from t where a = 1 for update) as d except all select 1
(select a from t where a = 1 for update) intersect all (select b from u)
select a from t intersect all (select b from u where a = 1 for update) order by 1 limit 3
select * from (select a from t where a = 1 for update) as d intersect all select 1
(select a from t where exists (select 1)) union (select b from u)
select a from t union (select b from u where exists (select 1)) order by 1 limit 3
select * from (select a from t where exists (select 1)) as d union select 1
(select a from t where exists (select 1)) union all (select b from u)
select a from t union all (select b from u where exists (select 1)) order by 1 limit 3
select * from (select a from t where exists (select 1)) as d union all select 1
(select a from t where exists (select 1)) union distinct (select b from u)
select a from t union distinct (select b from u where exists (select 1)) order by 1 limit 3
select * from (select a from t where exists (select 1)) as d union distinct select 1
(select a from t where exists (select 1)) except (select b from u)
select a from t except (select b from u where exists (select 1)) order by 1 limit 3
select * from (select a from t where exists (select 1)) as d except select 1
(select a from t where exists (select 1)) intersect (select b from u)
select a from t intersect (select b from u where exists (select 1)) order by 1 limit 3
select * from (select a from t where exists (select 1)) as d intersect select 1
(select a from t where exists (select 1)) except all (select b from u)
select a from t except all (select b from u where exists (select 1)) order by 1 limit 3
select * from (select a from t where exists (select 1)) as d except all select 1
(select a from t where exists (select 1)) intersect all (select b from u)
select a from t intersect all (select b from u where exists (select 1)) order by 1 limit 3
select * from (select a from t where exists (select 1)) as d intersect all select 1
(select a from t having a > 1) union (select b from u)
select a from t union (select b from u having a > 1) order by 1 limit 3
select * from (select a from t having a > 1) as d union select 1
(select a from t having a > 1) union all (select b from u)
select a from t union all (select b from u having a > 1) order by 1 limit 3
select * from (select a from t having a > 1) as d union all select 1
(select a from t having a > 1) union distinct (select b from u)
select a from t union distinct (select b from u having a > 1) order by 1 limit 3
select * from (select a from t having a > 1) as d union distinct select 1
(select a from t having a > 1) except (select b from u)
select a from t except (select b from u having a > 1) order by 1 limit 3
select * from (select a from t having a > 1) as d except select 1
(select a from t having a > 1) intersect (select b from u)
select a from t intersect (select b from u having a > 1) order by 1 limit 3
select * from (select a from t having a > 1) as d intersect select 1
(select a from t having a > 1) except all (select b from u)
select a from t except all (select b from u having a > 1) order by 1 limit 3
select * from (select a from t having a > 1) as d except all select 1
(select a from t having a > 1) intersect all (select b from u)
select a from t intersect all (select b from u having a > 1) order by 1 limit 3
select * from (select a from t having a > 1) as d intersect all select 1
select 1 union select 2 union select 3
(select 1 union select 2) union select 3 limit 1
select 1 union (select 2 union select 3)
select 1 union select 2 union all select 3
(select 1 union select 2) union all select 3 limit 1
select 1 union (select 2 union all select 3)
select 1 union select 2 union distinct select 3
(select 1 union select 2) union distinct select 3 limit 1
select 1 union (select 2 union distinct select 3)
select 1 union select 2 except select 3
(select 1 union select 2) except select 3 limit 1
select 1 union (select 2 except select 3)
select 1 union select 2 intersect select 3
(select 1 union select 2) intersect select 3 limit 1
select 1 union (select 2 intersect select 3)
select 1 union select 2 except all select 3
(select 1 union select 2) except all select 3 limit 1
select 1 union (select 2 except all select 3)
select 1 union select 2 intersect all select 3
(select 1 union select 2) intersect all select 3 limit 1
select 1 union (select 2 intersect all select 3)
select 1 union all select 2 union select 3
(select 1 union all select 2) union select 3 limit 1
select 1 union all (select 2 union select 3)
select 1 union all select 2 union all select 3
(select 1 union all select 2) union all select 3 limit 1
select 1 union all (select 2 union all select 3)
select 1 union all select 2 union distinct select 3
(select 1 union all select 2) union distinct select 3 limit 1
select 1 union all (select 2 union distinct select 3)
select 1 union all select 2 except select 3
(select 1 union all select 2) except select 3 limit 1
select 1 union all (select 2 except select 3)
select 1 union all select 2 intersect select 3
(select 1 union all select 2) intersect select 3 limit 1
select 1 union all (select 2 intersect select 3)
select 1 union all select 2 except all select 3
(select 1 union all select 2) except all select 3 limit 1
select 1 union all (select 2 except all select 3)
select 1 union all select 2 intersect all select 3
(select 1 union all select 2) intersect all select 3 limit 1
select 1 union all (select 2 intersect all select 3)
select 1 union distinct select 2 union select 3
(select 1 union distinct select 2) union select 3 limit 1
select 1 union distinct (select 2 union select 3)
select 1 union distinct select 2 union all select 3
(select 1 union distinct select 2) union all select 3 limit 1
select 1 union distinct (select 2 union all select 3)
select 1 union distinct select 2 union distinct select 3
(select 1 union distinct select 2) union distinct select 3 limit 1
select 1 union distinct (select 2 union distinct select 3)
select 1 union distinct select 2 except select 3
(select 1 union distinct select 2) except select 3 limit 1
select 1 union distinct (select 2 except select 3)
select 1 union distinct select 2 intersect select 3
(select 1 union distinct select 2) intersect select 3 limit 1
select 1 union distinct (select 2 intersect select 3)
select 1 union distinct select 2 except all select 3
(select 1 union distinct select 2) except all select 3 limit 1
select 1 union distinct (select 2 except all select 3)
select 1 union distinct select 2 intersect all select 3
(select 1 union distinct select 2) intersect all select 3 limit 1
select 1 union distinct (select 2 intersect all select 3)
select 1 except select 2 union select 3
(select 1 except select 2) union select 3 limit 1
select 1 except (select 2 union select 3)
select 1 except select 2 union all select 3
(select 1 except select 2) union all select 3 limit 1
select 1 except (select 2 union all select 3)
select 1 except select 2 union distinct select 3
(select 1 except select 2) union distinct select 3 limit 1
select 1 except (select 2 union distinct select 3)
select 1 except select 2 except select 3
(select 1 except select 2) except select 3 limit 1
select 1 except (select 2 except select 3)
select 1 except select 2 intersect select 3
(select 1 except select 2) intersect select 3 limit 1
select 1 except (select 2 intersect select 3)
select 1 except select 2 except all select 3
(select 1 except select 2) except all select 3 limit 1
select 1 except (select 2 except all select 3)
select 1 except select 2 intersect all select 3
(select 1 except select 2) intersect all select 3 limit 1
select 1 except (select 2 intersect all select 3)
select 1 intersect select 2 union select 3
(select 1 intersect select 2) union select 3 limit 1
select 1 intersect (select 2 union select 3)
select 1 intersect select 2 union all select 3
(select 1 intersect select 2) union all select 3 limit 1
select 1 intersect (select 2 union all select 3)
select 1 intersect select 2 union distinct select 3
(select 1 intersect select 2) union distinct select 3 limit 1
select 1 intersect (select 2 union distinct select 3)
select 1 intersect select 2 except select 3
(select 1 intersect select 2) except select 3 limit 1
select 1 intersect (select 2 except select 3)
select 1 intersect select 2 intersect select 3
(select 1 intersect select 2) intersect select 3 limit 1
select 1 intersect (select 2 intersect select 3)
select 1 intersect select 2 except all select 3
(select 1 intersect select 2) except all select 3 limit 1
select 1 intersect (select 2 except all select 3)
select 1 intersect select 2 intersect all select 3
(select 1 intersect select 2) intersect all select 3 limit 1
select 1 intersect (select 2 intersect all select 3)
select 1 except all select 2 union select 3
(select 1 except all select 2) union select 3 limit 1
select 1 except all (select 2 union select 3)
select 1 except all select 2 union all select 3
(select 1 except all select 2) union all select 3 limit 1
select 1 except all (select 2 union all select 3)
select 1 except all select 2 union distinct select 3
(select 1 except all select 2) union distinct select 3 limit 1
select 1 except all (select 2 union distinct select 3)
select 1 except all select 2 except select 3
(select 1 except all select 2) except select 3 limit 1
select 1 except all (select 2 except select 3)
select 1 except all select 2 intersect select 3
(select 1 except all select 2) intersect select 3 limit 1
select 1 except all (select 2 intersect select 3)
select 1 except all select 2 except all select 3
(select 1 except all select 2) except all select 3 limit 1
select 1 except all (select 2 except all select 3)
select 1 except all select 2 intersect all select 3
(select 1 except all select 2) intersect all select 3 limit 1
select 1 except all (select 2 intersect all select 3)
select 1 intersect all select 2 union select 3
(select 1 intersect all select 2) union select 3 limit 1
select 1 intersect all (select 2 union select 3)
select 1 intersect all select 2 union all select 3
(select 1 intersect all select 2) union all select 3 limit 1
select 1 intersect all (select 2 union all select 3)
select 1 intersect all select 2 union distinct select 3
(select 1 intersect all select 2) union distinct select 3 limit 1
select 1 intersect all (select 2 union distinct select 3)
select 1 intersect all select 2 except select 3
(select 1 intersect all select 2) except select 3 limit 1
select 1 intersect all (select 2 except select 3)
select 1 intersect all select 2 intersect select 3
(select 1 intersect all select 2) intersect select 3 limit 1
select 1 intersect all (select 2 intersect select 3)
select 1 intersect all select 2 except all select 3
(select 1 intersect all select 2) except all select 3 limit 1
select 1 intersect all (select 2 except all select 3)
select 1 intersect all select 2 intersect all select 3
(select 1 intersect all select 2) intersect all select 3 limit 1
select 1 intersect all (select 2 intersect all select 3)
select a from t 
select distinct a from t 
select all a from t 
select sql_calc_found_rows a from t 
select high_priority a from t 
select straight_join a from t 
select sql_no_cache a from t 
with c as (select 1) select a from t 
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t 
insert into u select a from t 
create view v as select a from t 
select (select a from t ) + 1, b in (select a from t )
select a from t where a = 1
select distinct a from t where a = 1
select all a from t where a = 1
select sql_calc_found_rows a from t where a = 1
select high_priority a from t where a = 1
select straight_join a from t where a = 1
select sql_no_cache a from t where a = 1
with c as (select 1) select a from t where a = 1
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t where a = 1
insert into u select a from t where a = 1
create view v as select a from t where a = 1
select (select a from t where a = 1) + 1, b in (select a from t where a = 1)
select a from t group by a
select distinct a from t group by a
select all a from t group by a
select sql_calc_found_rows a from t group by a
select high_priority a from t group by a
select straight_join a from t group by a
select sql_no_cache a from t group by a
with c as (select 1) select a from t group by a
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t group by a
insert into u select a from t group by a
create view v as select a from t group by a
select (select a from t group by a) + 1, b in (select a from t group by a)
select a from t group by a, b having count(*) > 1
select distinct a from t group by a, b having count(*) > 1
select all a from t group by a, b having count(*) > 1
select sql_calc_found_rows a from t group by a, b having count(*) > 1
select high_priority a from t group by a, b having count(*) > 1
select straight_join a from t group by a, b having count(*) > 1
select sql_no_cache a from t group by a, b having count(*) > 1
with c as (select 1) select a from t group by a, b having count(*) > 1
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t group by a, b having count(*) > 1
insert into u select a from t group by a, b having count(*) > 1
create view v as select a from t group by a, b having count(*) > 1
select (select a from t group by a, b having count(*) > 1) + 1, b in (select a from t group by a, b having count(*) > 1)
select a from t group by a with rollup
select distinct a from t group by a with rollup
select all a from t group by a with rollup
select sql_calc_found_rows a from t group by a with rollup
select high_priority a from t group by a with rollup
select straight_join a from t group by a with rollup
select sql_no_cache a from t group by a with rollup
with c as (select 1) select a from t group by a with rollup
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t group by a with rollup
insert into u select a from t group by a with rollup
create view v as select a from t group by a with rollup
select (select a from t group by a with rollup) + 1, b in (select a from t group by a with rollup)
select a from t order by a desc
select distinct a from t order by a desc
select all a from t order by a desc
select sql_calc_found_rows a from t order by a desc
select high_priority a from t order by a desc
select straight_join a from t order by a desc
select sql_no_cache a from t order by a desc
with c as (select 1) select a from t order by a desc
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t order by a desc
insert into u select a from t order by a desc
create view v as select a from t order by a desc
select (select a from t order by a desc) + 1, b in (select a from t order by a desc)
select a from t limit 5
select distinct a from t limit 5
select all a from t limit 5
select sql_calc_found_rows a from t limit 5
select high_priority a from t limit 5
select straight_join a from t limit 5
select sql_no_cache a from t limit 5
with c as (select 1) select a from t limit 5
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t limit 5
insert into u select a from t limit 5
create view v as select a from t limit 5
select (select a from t limit 5) + 1, b in (select a from t limit 5)
select a from t limit 5, 10
select distinct a from t limit 5, 10
select all a from t limit 5, 10
select sql_calc_found_rows a from t limit 5, 10
select high_priority a from t limit 5, 10
select straight_join a from t limit 5, 10
select sql_no_cache a from t limit 5, 10
with c as (select 1) select a from t limit 5, 10
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t limit 5, 10
insert into u select a from t limit 5, 10
create view v as select a from t limit 5, 10
select (select a from t limit 5, 10) + 1, b in (select a from t limit 5, 10)
select a from t limit 10 offset 5
select distinct a from t limit 10 offset 5
select all a from t limit 10 offset 5
select sql_calc_found_rows a from t limit 10 offset 5
select high_priority a from t limit 10 offset 5
select straight_join a from t limit 10 offset 5
select sql_no_cache a from t limit 10 offset 5
with c as (select 1) select a from t limit 10 offset 5
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t limit 10 offset 5
insert into u select a from t limit 10 offset 5
create view v as select a from t limit 10 offset 5
select (select a from t limit 10 offset 5) + 1, b in (select a from t limit 10 offset 5)
select a from t order by 1 limit 1
select distinct a from t order by 1 limit 1
select all a from t order by 1 limit 1
select sql_calc_found_rows a from t order by 1 limit 1
select high_priority a from t order by 1 limit 1
select straight_join a from t order by 1 limit 1
select sql_no_cache a from t order by 1 limit 1
with c as (select 1) select a from t order by 1 limit 1
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t order by 1 limit 1
insert into u select a from t order by 1 limit 1
create view v as select a from t order by 1 limit 1
select (select a from t order by 1 limit 1) + 1, b in (select a from t order by 1 limit 1)
select a from t for update
select distinct a from t for update
select all a from t for update
select sql_calc_found_rows a from t for update
select high_priority a from t for update
select straight_join a from t for update
select sql_no_cache a from t for update
with c as (select 1) select a from t for update
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t for update
insert into u select a from t for update
create view v as select a from t for update
select (select a from t for update) + 1, b in (select a from t for update)
select a from t lock in share mode
select distinct a from t lock in share mode
select all a from t lock in share mode
select sql_calc_found_rows a from t lock in share mode
select high_priority a from t lock in share mode
select straight_join a from t lock in share mode
select sql_no_cache a from t lock in share mode
with c as (select 1) select a from t lock in share mode
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t lock in share mode
insert into u select a from t lock in share mode
create view v as select a from t lock in share mode
select (select a from t lock in share mode) + 1, b in (select a from t lock in share mode)
select a from t where a = 1 for update
select distinct a from t where a = 1 for update
select all a from t where a = 1 for update
select sql_calc_found_rows a from t where a = 1 for update
select high_priority a from t where a = 1 for update
select straight_join a from t where a = 1 for update
select sql_no_cache a from t where a = 1 for update
with c as (select 1) select a from t where a = 1 for update
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t where a = 1 for update
insert into u select a from t where a = 1 for update
create view v as select a from t where a = 1 for update
select (select a from t where a = 1 for update) + 1, b in (select a from t where a = 1 for update)
select a from t where exists (select 1)
select distinct a from t where exists (select 1)
select all a from t where exists (select 1)
select sql_calc_found_rows a from t where exists (select 1)
select high_priority a from t where exists (select 1)
select straight_join a from t where exists (select 1)
select sql_no_cache a from t where exists (select 1)
with c as (select 1) select a from t where exists (select 1)
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t where exists (select 1)
insert into u select a from t where exists (select 1)
create view v as select a from t where exists (select 1)
select (select a from t where exists (select 1)) + 1, b in (select a from t where exists (select 1))
select a from t having a > 1
select distinct a from t having a > 1
select all a from t having a > 1
select sql_calc_found_rows a from t having a > 1
select high_priority a from t having a > 1
select straight_join a from t having a > 1
select sql_no_cache a from t having a > 1
with c as (select 1) select a from t having a > 1
with recursive c (n) as (select 1 union all select n + 1 from c where n < 5) select a from t having a > 1
insert into u select a from t having a > 1
create view v as select a from t having a > 1
select (select a from t having a > 1) + 1, b in (select a from t having a > 1)
select * from t use index (i) where a = 1
select * from t use index (i) join u force index (k) on 1
select * from t use index () where a = 1
select * from t use index () join u force index (k) on 1
select * from t use key (primary) where a = 1
select * from t use key (primary) join u force index (k) on 1
select * from t force index (i, j) where a = 1
select * from t force index (i, j) join u force index (k) on 1
select * from t ignore key for join (i) where a = 1
select * from t ignore key for join (i) join u force index (k) on 1
select * from t use index for order by (i) ignore index for group by (j) where a = 1
select * from t use index for order by (i) ignore index for group by (j) join u force index (k) on 1
select * from t as x use index (i) where a = 1
select * from t as x use index (i) join u force index (k) on 1
