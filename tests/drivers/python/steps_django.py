"""Django on mysqlclient: its migrations with all of its own applications, inspectdb, models, transactions."""

import contextlib
import datetime
import decimal
import importlib
import io
import pathlib
import re
import sys
import tempfile
import textwrap

import django
from django.conf import settings as django_settings

import transcript

MODELS = """
from django.db import models

class Author(models.Model):
    name = models.CharField(max_length=80, db_index=True)
    born = models.DateField(null=True)

class Book(models.Model):
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name='books', db_constraint=False)
    title = models.CharField(max_length=200)
    price = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    rating = models.FloatField(null=True)
    published = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(default=1)
    available = models.BooleanField(default=True)
    details = models.JSONField(default=dict)
    cover = models.BinaryField(null=True)
    length = models.DurationField(null=True)
    code = models.UUIDField(null=True)
    address = models.GenericIPAddressField(null=True)
    tags = models.ManyToManyField('Tag')

class Tag(models.Model):
    word = models.CharField(max_length=40)
"""


def configured(settings):
    """Django may be configured once in a process."""
    if django_settings.configured:
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kintsugi-django-"))
    (folder / "library" / "migrations").mkdir(parents=True)
    (folder / "library" / "__init__.py").write_text("")
    (folder / "library" / "migrations" / "__init__.py").write_text("")
    (folder / "library" / "models.py").write_text(textwrap.dedent(MODELS))
    sys.path.insert(0, str(folder))
    django_settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.admin", "django.contrib.messages", "library"],
        DATABASES={"default": {
            "ENGINE": "django.db.backends.mysql", "HOST": settings["host"], "PORT": settings["port"], "USER": settings["user"],
            "PASSWORD": settings["password"], "NAME": settings["database"], "OPTIONS": {"charset": "utf8mb4", "isolation_level": "read committed"}}},
        USE_TZ=True, TIME_ZONE="UTC", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", SECRET_KEY="of a test", SILENCED_SYSTEM_CHECKS=["admin.E403", "admin.E409", "admin.E410", "admin.E406"])
    django.setup()


def command(*words, **options):
    from django.core.management import call_command

    out = io.StringIO()
    call_command(*words, stdout=out, verbosity=1, no_color=True, **options)
    return re.sub(r"/\S*/kintsugi-django-\w+", "", out.getvalue())


def error_of(function):
    from django.db import Error

    try:
        return {"no error": function()}
    except Error as error:
        return {type(error).__name__: [str(each) for each in error.args]}


def connect(settings, say):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select database(), current_user(), @@tx_isolation, @@autocommit")
        say("who", cursor.fetchall())
    say("server", [connection.mysql_version, connection.mysql_is_mariadb, connection.sql_mode, sorted(connection.mysql_server_data)])
    names = ("supports_json_field", "has_select_for_update_skip_locked", "supports_table_check_constraints", "is_sql_auto_is_null_enabled", "uses_savepoints")
    say("features", {name: getattr(connection.features, name) for name in names})


def text(settings, say):
    from django.db import connection

    with connection.cursor() as cursor:
        for name, sql in settings["material"]["queries"].items():
            cursor.execute(sql)
            say(name, [list(column) for column in cursor.description] + list(cursor.fetchall()))


def migrations(settings, say):
    say("made", command("makemigrations", "library").split("\n")[1:])
    say("before", command("showmigrations", "--plan"))
    say("migrate", command("migrate"))
    say("again", command("migrate"))
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("library_book", "library_author", "library_book_tags", "auth_user", "django_content_type", "auth_permission"):
            cursor.execute(f"show create table {table}")
            say(table, re.sub(r" AUTO_INCREMENT=\d+", "", re.sub(r"_[0-9a-f]{8}_", "_H_", cursor.fetchone()[1])))

    folder = pathlib.Path(sys.modules["library"].__file__).parent / "migrations"
    (folder / "0002_more.py").write_text(textwrap.dedent("""
        from django.db import migrations, models

        def fill(apps, schema_editor):
            Tag = apps.get_model("library", "Tag")
            Tag.objects.bulk_create([Tag(word=f"w{n}") for n in range(20)])
            Tag.objects.update(weight=2)

        class Migration(migrations.Migration):
            dependencies = [("library", "0001_initial")]
            operations = [
                migrations.AddField("Tag", "weight", models.IntegerField(default=1)),
                migrations.AlterField("Tag", "word", models.CharField(max_length=100, null=True)),
                migrations.RunPython(fill, migrations.RunPython.noop),
                migrations.AddIndex("Tag", models.Index(fields=["word", "weight"], name="by_word")),
                migrations.RenameField("Author", "born", "birthday"),
                migrations.AddConstraint("Book", models.CheckConstraint(check=models.Q(pages__gt=0), name="has_pages")),
                migrations.CreateModel("Shelf", fields=[("id", models.BigAutoField(primary_key=True)), ("room", models.CharField(max_length=9))]),
                migrations.RenameModel("Shelf", "Rack"),
            ]
        """))
    importlib.invalidate_caches()
    say("second", command("migrate"))
    with connection.cursor() as cursor:
        for table in ("library_tag", "library_rack", "library_book"):
            cursor.execute(f"show create table {table}")
            say(table, re.sub(r" AUTO_INCREMENT=\d+", "", cursor.fetchone()[1]))
        cursor.execute("select count(*), sum(weight) from library_tag")
        say("filled", cursor.fetchall())
    say("back", command("migrate", "library", "0001"))
    say("plan", command("showmigrations", "library"))


def introspection(settings, say):
    from django.db import connection

    for table in ("person", "purchase", "every_type", "library_book"):
        say(table, [line for line in command("inspectdb", table).splitlines() if line.strip()])
        if table == "every_type":  # of which it reads a row, and refuses a TIME over 24 hours
            continue
        with connection.cursor() as cursor:
            constraints = connection.introspection.get_constraints(cursor, table)
            say(f"{table}: constraints", {re.sub(r"_[0-9a-f]{8}", "_H", name): value for name, value in constraints.items()})
            say(f"{table}: sequences", connection.introspection.get_sequences(cursor, table))
    with connection.cursor() as cursor:
        say("tables", sorted(connection.introspection.get_table_list(cursor)))


def models(settings, say):
    from django.db.models import Avg, Count, F, Max, Prefetch, Q, Sum
    from django.utils import timezone

    library = importlib.import_module("library.models")
    Author, Book, Tag = library.Author, library.Book, library.Tag
    moment = datetime.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=timezone.utc)
    authors = [Author.objects.create(name=f"author {n}", born=datetime.date(1900 + n, 1, 1)) for n in range(4)]
    say("ids", [author.pk > 0 for author in authors])
    for number, author in enumerate(authors):
        Book.objects.bulk_create([Book(author=author, title=f"book {number}.{n}", price=decimal.Decimal(n) / 4, rating=n / 3, published=moment, pages=n + 1,
                                       details={"n": n, "金": [None]}, cover=b"\0\xff", length=datetime.timedelta(hours=n), address="10.0.0.1") for n in range(number * 2)])
    tags = [Tag.objects.create(word=word) for word in ("x", "y", "z")]
    for n, book in enumerate(Book.objects.order_by("title")):
        book.tags.set(tags[: n % 4])
    values = [field.name for field in Book._meta.fields if field.name not in ("id", "author")]
    say("values", list(Book.objects.order_by("title").values(*values)[:4]))
    say("related", [(book.title, book.author.name) for book in Book.objects.select_related("author").order_by("title")])
    say("prefetched", [(author.name, [(book.title, sorted(tag.word for tag in book.tags.all())) for book in author.books.all()])
                       for author in Author.objects.prefetch_related(Prefetch("books", Book.objects.order_by("title")), "books__tags").order_by("name")])
    say("annotated", list(Author.objects.annotate(n=Count("books"), total=Sum("books__price"), best=Max("books__rating")).order_by("name").values_list("name", "n", "total", "best")))
    say("aggregate", Book.objects.aggregate(Avg("price"), Count("id"), Max("published")))
    say("tags", list(Tag.objects.annotate(n=Count("book")).order_by("word").values_list("word", "n")))
    say("filtered", list(Book.objects.filter(Q(author__name__endswith="2") | Q(pages__gte=5), available=True).exclude(title__contains="3.1").order_by("title").values_list("title", flat=True)))
    say("json", list(Book.objects.filter(details__n=2).order_by("title").values_list("title", flat=True)))
    say("dates", list(Book.objects.datetimes("published", "day")))
    say("updated", Book.objects.filter(author=authors[2]).update(price=F("price") + 1))
    say("many updated", Book.objects.bulk_update([Book(pk=book.pk, title=book.title + "!") for book in Book.objects.filter(author=authors[1])], ["title"]))
    say("made or found", [Author.objects.get_or_create(name="author 1")[1], Author.objects.get_or_create(name="author 9")[1], Author.objects.update_or_create(name="author 9", defaults={"born": None})[1]])
    say("in order", list(Book.objects.order_by("-price", "title").values_list("title", "price")[2:6]))
    say("iterated", sum(1 for _ in Book.objects.iterator(chunk_size=3)))
    say("union", list(Author.objects.filter(name="author 1").values_list("name").union(Author.objects.filter(name="author 2").values_list("name")).order_by("name")))
    say("subquery", Book.objects.filter(author__in=Author.objects.filter(born__year__gt=1901)).count())
    say("ignored", len(Author.objects.bulk_create([Author(pk=authors[0].pk, name="again"), Author(name="new")], ignore_conflicts=True)))
    say("deleted", authors[3].delete())
    from django.contrib.auth.models import Permission, User

    user = User.objects.create_user("ada", "ada@example.com", "secret")
    user.user_permissions.set(Permission.objects.filter(codename__startswith="add_"))
    say("permissions", sorted(user.get_all_permissions()))
    say("deleted", user.delete())
    for model in (Book, Author, Tag):
        model.objects.all().delete()


def transactions(settings, say):
    from django.db import connection, transaction

    def labels():
        with connection.cursor() as cursor:
            cursor.execute("select id, label from counter where id between 1000 and 1999 order by id")
            return cursor.fetchall()

    def insert(number):
        with connection.cursor() as cursor:
            cursor.execute("insert into counter values (%s, %s)", (number, f"l{number}"))

    with contextlib.suppress(KeyError), transaction.atomic():
        insert(1000)
        raise KeyError
    say("rolled back", labels())
    with transaction.atomic():
        insert(1001)
        with contextlib.suppress(KeyError), transaction.atomic():
            insert(1002)
            raise KeyError
        insert(1003)
    say("nested", labels())
    with connection.cursor() as cursor:
        cursor.execute("delete from counter where id between 1000 and 1999")


def errors(settings, say):
    from django.db import connection

    for name, sql in settings["material"]["errors"].items():
        if sql:
            with connection.cursor() as cursor:
                say(name, error_of(lambda: cursor.execute(sql)))


STEPS = (connect, text, transactions, errors, migrations, models, introspection)


def after_configuring(function):
    def run(settings, say):
        configured(settings)
        function(settings, say)

    return run


if __name__ == "__main__":
    sys.exit(transcript.main({function.__name__: after_configuring(function) for function in STEPS}))
