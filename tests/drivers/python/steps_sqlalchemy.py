"""SQLAlchemy on PyMySQL: the core, reflection, tables made from metadata, objects in sessions."""

import contextlib
import datetime
import decimal
import enum
import re
import sys

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import mysql

import transcript


def engine(settings, **options):
    where = sa.engine.URL.create(
        "mysql+pymysql", settings["user"], options.pop("password", settings["password"]), settings["host"], settings["port"],
        options.pop("database", settings["database"]), {"charset": "utf8mb4"})
    return sa.create_engine(where, future=True, **options)


@contextlib.contextmanager
def connected(settings, **options):
    made = engine(settings, **options)
    try:
        with made.connect() as connection:
            yield connection
    finally:
        made.dispose()


def error_of(function):
    try:
        return {"no error": function()}
    except sa.exc.DBAPIError as error:
        return [type(error).__name__, list(error.orig.args), error.connection_invalidated]


def rows(connection, sql, **values):
    return [tuple(row) for row in connection.execute(sa.text(sql), values)]


def connect(settings, say):
    with connected(settings) as connection:
        say("who", rows(connection, "select database(), current_user()"))
        say("version", connection.dialect.server_version_info)
        say("is mariadb", connection.dialect.is_mariadb)
        say("default schema", connection.dialect.default_schema_name)
        say("isolation", connection.get_isolation_level())


def tls(settings, say):
    with connected(settings, connect_args={"ssl": {"ca": settings["ca"]}}) as connection:
        say("cipher", len(rows(connection, "show status like 'Ssl_cipher'")[0][1]) > 0)


def refused(settings, say):
    for wrong in ({"password": "wrong"}, {"database": "nowhere"}):
        say(str(wrong), error_of(lambda: engine(settings, **wrong).connect()))


def text(settings, say):
    with connected(settings) as connection:
        for name, sql in settings["material"]["queries"].items():
            result = connection.execute(sa.text(sql.replace(":", "\\:")))
            say(name, [list(result.keys()), [tuple(row) for row in result]])
        for string in settings["material"]["strings"]:
            say("string", rows(connection, "select :s, hex(:s)", s=string))
        say("expanding", [tuple(row) for row in connection.execute(sa.text("select name from person where id in :ids order by id").bindparams(
            sa.bindparam("ids", expanding=True)), {"ids": [1, 3, 5]})])


def batch(settings, say):
    with connected(settings) as connection:
        purchase = sa.Table("purchase", sa.MetaData(), autoload_with=connection)
        values = [{"person_id": 100 + n % 7, "id": n, "amount": decimal.Decimal(n) / 4, "note": f"note {n}"} for n in range(300)]
        say("inserted", connection.execute(purchase.insert(), values).rowcount)
        total = sa.select(purchase.c.person_id, sa.func.count(), sa.func.sum(purchase.c.amount)).where(purchase.c.person_id >= 100)
        say("sums", [tuple(row) for row in connection.execute(total.group_by(purchase.c.person_id).order_by(purchase.c.person_id))])
        upsert = mysql.insert(purchase).values(person_id=100, id=0, amount=5)
        say("upserted", connection.execute(upsert.on_duplicate_key_update(amount=upsert.inserted.amount + 1)).rowcount)
        say("deleted", connection.execute(purchase.delete().where(purchase.c.person_id == 101)).rowcount)
        connection.rollback()


def streaming(settings, say):
    with connected(settings) as connection:
        result = connection.execution_options(stream_results=True, max_row_buffer=100).execute(sa.text("select id, square from number order by id"))
        count = total = 0
        for part in result.partitions(1000):
            count, total = count + len(part), total + sum(row.square for row in part)
        say("all", [count, total])
        result = connection.execute(sa.text("select id from number"))
        result.fetchmany(10)
        result.close()
        say("after", rows(connection, "select 1"))


def types(settings, say):
    with connected(settings) as connection:
        table = sa.Table("every_type", sa.MetaData(), autoload_with=connection)
        for row in connection.execute(sa.select(*(column for column in table.c if column.name not in ("place", "shape"))).order_by(table.c.id)):
            for name, value in row._mapping.items():
                say(f"{row.id} {name}", value)


def metadata(settings, say):
    with connected(settings) as connection:
        for name, sql in settings["material"]["queries"].items():
            result = connection.execute(sa.text(sql.replace(":", "\\:")))
            say(name, [list(column) for column in result.cursor.description])


def transactions(settings, say):
    labels = "select id, label from counter where id between 1000 and 1999 order by id"
    made = engine(settings)
    with made.connect() as other:
        with made.connect() as one:
            rows_of = [rows(one, labels)]
            one.execute(sa.text("insert into counter values (1000, 'a')"))
            nested = one.begin_nested()
            one.execute(sa.text("insert into counter values (1001, 'b')"))
            nested.rollback()
            say("own", rows_of + rows(one, labels))
            say("not yet", rows(other, labels))
            other.rollback()
            one.commit()
        say("committed", rows(other, labels))
        other.execute(sa.text("delete from counter where id between 1000 and 1999"))
        other.commit()
    for level in ("READ COMMITTED", "SERIALIZABLE", "AUTOCOMMIT"):
        with made.connect().execution_options(isolation_level=level) as connection:
            say(level, [connection.get_isolation_level(), rows(connection, "select @@autocommit")])
    made.dispose()


def errors(settings, say):
    with connected(settings) as connection:
        for name, sql in settings["material"]["errors"].items():
            if sql:
                say(name, error_of(lambda: connection.execute(sa.text(sql.replace(":", "\\:"))).rowcount))
                connection.rollback()


def insert_ids(settings, say):
    with connected(settings) as connection:
        counter = sa.Table("counter", sa.MetaData(), autoload_with=connection)
        keys = [connection.execute(counter.insert().values(label=f"l{n}")).inserted_primary_key[0] for n in range(3)]
        say("grow", keys == sorted(keys) and len(set(keys)) == 3)
        say("rows", [tuple(row) for row in connection.execute(sa.select(counter.c.label).where(counter.c.id.in_(keys)).order_by(counter.c.id))])
        connection.rollback()


def pools(settings, say):
    made = engine(settings, pool_size=2, max_overflow=0, pool_pre_ping=True, pool_reset_on_return="rollback")
    with made.connect() as connection:
        connection.execute(sa.text("insert into counter values (3000, 'left open')"))
        number = rows(connection, "select connection_id()")[0][0]
    with made.connect() as connection:
        say("rolled back", rows(connection, "select count(*) from counter where id = 3000"))
        say("the same", rows(connection, "select connection_id()")[0][0] == number)
    with connected(settings) as other:
        other.execute(sa.text(f"kill {number}"))
    with made.connect() as connection:
        say("after a ping", rows(connection, "select 1"))
        say("another", rows(connection, "select connection_id()")[0][0] != number)
    made.dispose()


class Kind(enum.Enum):
    a = 1
    b = 2


def tables():
    meta = sa.MetaData()
    sa.Table(
        "reading", meta, sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("sensor", sa.String(40), nullable=False, index=True),
        sa.Column("value", sa.Numeric(10, 3)), sa.Column("ratio", sa.Float), sa.Column("good", sa.Boolean, default=True), sa.Column("taken", sa.DateTime),
        sa.Column("day", sa.Date), sa.Column("clock", sa.Time), sa.Column("details", sa.JSON), sa.Column("raw", sa.LargeBinary),
        sa.Column("kind", sa.Enum(Kind)), sa.Column("long", sa.Text), sa.Column("stamp", mysql.TIMESTAMP(fsp=6)), sa.Column("marks", mysql.SET("x", "y")),
        sa.UniqueConstraint("id", "sensor", name="one_sensor"), sa.CheckConstraint("value > -1000", name="not_cold"), comment="readings")
    return meta


def migrations(settings, say):
    meta = tables()
    with connected(settings) as connection:
        meta.drop_all(connection)
        meta.create_all(connection)
        meta.create_all(connection)
        say("made", rows(connection, "show create table reading")[0][1])
        connection.execute(sa.text("alter table reading add column added varchar(20) not null default 'new', modify sensor varchar(100) not null"))
        sa.Index("by_kind", meta.tables["reading"].c.kind).create(connection)
        say("changed", rows(connection, "show create table reading")[0][1])
        meta.drop_all(connection)
        say("gone", sa.inspect(connection).has_table("reading"))


def introspection(settings, say):
    with connected(settings) as connection:
        seen = sa.inspect(connection)
        say("tables", sorted(seen.get_table_names()))
        say("views", [seen.get_view_names(), re.sub("DEFINER=`[^`]*`", "DEFINER=…", seen.get_view_definition("rich"))])  # the gate made it
        say("schemas", settings["database"] in seen.get_schema_names())
        for table in ("person", "purchase", "every_type"):
            for column in seen.get_columns(table):
                say(f"{table}.{column['name']}", {**column, "type": repr(column["type"])})
            say(table, [seen.get_pk_constraint(table), seen.get_indexes(table), seen.get_foreign_keys(table), seen.get_unique_constraints(table),
                        seen.get_check_constraints(table), seen.get_table_comment(table), seen.get_table_options(table).keys()])


Base = orm.declarative_base()


class Whole(Base):
    __tablename__ = "whole"
    id = sa.Column(sa.BigInteger, primary_key=True)
    name = sa.Column(sa.String(40))
    parts = orm.relationship("Part", back_populates="whole", cascade="all, delete-orphan", order_by="Part.number")


class Part(Base):
    __tablename__ = "part"
    whole_id = sa.Column(sa.BigInteger, sa.ForeignKey("whole.id"), primary_key=True)
    number = sa.Column(sa.Integer, primary_key=True)
    weight = sa.Column(sa.Numeric(8, 2))
    made = sa.Column(sa.DateTime)
    whole = orm.relationship(Whole, back_populates="parts")


def models(settings, say):
    made = engine(settings)
    Base.metadata.drop_all(made)
    Base.metadata.create_all(made)
    with orm.Session(made, future=True) as session:
        for n in range(4):
            session.add(Whole(name=f"whole {n}", parts=[Part(number=i, weight=decimal.Decimal(i) / 4, made=datetime.datetime(2026, 1, 2, 3)) for i in range(n)]))
        session.commit()
        for strategy in (orm.joinedload, orm.selectinload, orm.subqueryload, orm.lazyload):
            found = session.execute(sa.select(Whole).options(strategy(Whole.parts)).order_by(Whole.name)).unique().scalars().all()
            say(strategy.__name__, [(whole.name, [(part.number, part.weight, part.made) for part in whole.parts]) for whole in found])
            session.expire_all()
        first = session.execute(sa.select(Whole).order_by(Whole.id).limit(1)).scalar_one()
        first.name = "changed"
        first.parts.append(Part(number=9, weight=1))
        session.flush()
        say("flushed", session.execute(sa.select(Part.weight).where(Part.whole_id == first.id)).all())
        session.rollback()
        say("rolled back", [first.name, len(first.parts)])
        say("summed", [tuple(row) for row in session.execute(sa.select(Whole.name, sa.func.sum(Part.weight)).join(Part).group_by(Whole.name).order_by(Whole.name))])
        say("exists", session.execute(sa.select(sa.func.count()).select_from(Whole).where(~Whole.parts.any())).scalar())
        say("locked", len(session.execute(sa.select(Whole).with_for_update()).all()))
        last = session.execute(sa.select(Whole).order_by(Whole.id.desc()).limit(1)).scalar_one()
        session.delete(last)
        session.commit()
        say("deleted", session.execute(sa.select(sa.func.count()).select_from(Part)).scalar())
        session.execute(sa.update(Whole).where(Whole.name.like("whole%")).values(name=sa.func.concat(Whole.name, "!")), execution_options={"synchronize_session": False})
        session.commit()
        say("updated", [row[0] for row in session.execute(sa.select(Whole.name).order_by(Whole.name))])
        session.add(Part(whole_id=10**12, number=1))
        say("orphan", error_of(session.commit)[0])
        session.rollback()
    Base.metadata.drop_all(made)
    made.dispose()


if __name__ == "__main__":
    sys.exit(transcript.main({function.__name__: function for function in (
        connect, tls, refused, text, batch, streaming, types, metadata, transactions, errors, insert_ids, pools, migrations, introspection, models)}))
