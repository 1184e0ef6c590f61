/* A cursor through the C client library: rows come in prefetched pieces while other statements run.
 * usage: cursor PORT PASSWORD; prints what it has seen, exits with 1 and a message at the first thing that is not so. */
#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(int ok, const char *what, const char *error) {
  if (ok) return;
  fprintf(stderr, "%s: %s\n", what, error);
  exit(1);
}

static MYSQL_STMT *open_cursor(MYSQL *connection, const char *sql, unsigned long prefetch) {
  MYSQL_STMT *statement = mysql_stmt_init(connection);
  must(mysql_stmt_prepare(statement, sql, strlen(sql)) == 0, sql, mysql_stmt_error(statement));
  unsigned long type = CURSOR_TYPE_READ_ONLY;
  mysql_stmt_attr_set(statement, STMT_ATTR_CURSOR_TYPE, &type);
  mysql_stmt_attr_set(statement, STMT_ATTR_PREFETCH_ROWS, &prefetch);
  must(mysql_stmt_execute(statement) == 0, sql, mysql_stmt_error(statement));
  return statement;
}

/* Rows and the sum of their first column. */
static void read_all(MYSQL *connection, MYSQL_STMT *statement, int between, long long *rows, long long *sum) {
  long long number = 0;
  MYSQL_BIND bind;
  memset(&bind, 0, sizeof bind);
  bind.buffer_type = MYSQL_TYPE_LONGLONG;
  bind.buffer = &number;
  must(mysql_stmt_bind_result(statement, &bind) == 0, "bind", mysql_stmt_error(statement));
  *rows = *sum = 0;
  for (;;) {
    const int got = mysql_stmt_fetch(statement);
    if (got == MYSQL_NO_DATA) break;
    must(got == 0, "fetch", mysql_stmt_error(statement));
    ++*rows;
    *sum += number;
    if (between && *rows % 1000 == 0) {
      must(mysql_query(connection, "do 1") == 0, "a statement between two fetches", mysql_error(connection));
    }
  }
}

int main(int argc, char **argv) {
  must(argc == 3, "usage", "cursor PORT PASSWORD");
  MYSQL *connection = mysql_init(NULL);
  must(mysql_real_connect(connection, "127.0.0.1", "user", argv[2], "customer", (unsigned)atoi(argv[1]), NULL, 0) != NULL,
       "connect", mysql_error(connection));
  long long rows, sum;

  MYSQL_STMT *all = open_cursor(connection, "select id from numbers", 100);
  MYSQL_STMT *few = open_cursor(connection, "select id from numbers where id in (1, 2, 3)", 1);
  must(mysql_query(connection, "begin") == 0 && mysql_query(connection, "delete from numbers where id = 1") == 0 &&
           mysql_query(connection, "commit") == 0,
       "a transaction while cursors are open", mysql_error(connection));
  read_all(connection, all, 1, &rows, &sum);
  printf("all %lld %lld\n", rows, sum);
  read_all(connection, few, 0, &rows, &sum);
  printf("few %lld %lld\n", rows, sum);
  mysql_stmt_close(few);

  must(mysql_stmt_execute(all) == 0, "execute again", mysql_stmt_error(all));
  must(mysql_stmt_reset(all) == 0, "reset", mysql_stmt_error(all));
  must(mysql_stmt_execute(all) == 0, "execute after a reset", mysql_stmt_error(all));
  read_all(connection, all, 0, &rows, &sum);
  printf("again %lld %lld\n", rows, sum);
  mysql_stmt_close(all);
  mysql_close(connection);
  return 0;
}
