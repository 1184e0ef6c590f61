/* The C client library: steps told as lines of JSON. usage: libmariadb SETTINGS (a file; see ../drivers.py) */
#define _GNU_SOURCE
#include <mysql.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transcript.h"

static MYSQL *open_with(const struct settings *settings, const char *password, const char *database, unsigned long flags, void (*more)(MYSQL *, const struct settings *)) {
  MYSQL *connection = mysql_init(NULL);
  mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (more) more(connection, settings);
  if (!mysql_real_connect(connection, settings->host, settings->user, password, database, settings->port, NULL, flags)) {
    say_error("connect", mysql_errno(connection), mysql_sqlstate(connection), mysql_error(connection));
    mysql_close(connection);
    return NULL;
  }
  return connection;
}

static MYSQL *open_plain(const struct settings *settings) { return open_with(settings, settings->password, settings->database, 0, NULL); }

static void say_error_of(const char *what, MYSQL *connection) {
  say_error(what, mysql_errno(connection), mysql_sqlstate(connection), mysql_error(connection));
}

static void say_statement_error(const char *what, MYSQL_STMT *statement) {
  say_error(what, mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement), mysql_stmt_error(statement));
}

static void say_columns(const char *what, MYSQL_RES *result) {
  for (unsigned i = 0; i < mysql_num_fields(result); ++i) {
    const MYSQL_FIELD *field = mysql_fetch_field_direct(result, i);
    say(what, "column %s|%s|%s|%s|%s type %d flags %u charset %u length %lu decimals %u", field->name, field->org_name, field->table, field->org_table, field->db,
        (int)field->type, field->flags, field->charsetnr, field->length, field->decimals);
  }
}

static void say_rows(const char *what, MYSQL_RES *result) {
  MYSQL_ROW row;
  while ((row = mysql_fetch_row(result))) {
    const unsigned long *lengths = mysql_fetch_lengths(result);
    for (unsigned i = 0; i < mysql_num_fields(result); ++i) say_bytes(what, row[i], row[i] ? lengths[i] : 0);
  }
}

/* Every result of a text that may have several statements. */
static void ask(MYSQL *connection, const char *what, const char *sql) {
  if (mysql_query(connection, sql)) {
    say_error_of(what, connection);
    return;
  }
  for (;;) {
    MYSQL_RES *result = mysql_store_result(connection);
    if (result) {
      say_rows(what, result);
      mysql_free_result(result);
    } else if (mysql_field_count(connection)) {
      say_error_of(what, connection);
    } else {
      say(what, "affected %lld, info %s", (long long)mysql_affected_rows(connection), mysql_info(connection) ? mysql_info(connection) : "none");
    }
    say(what, "warnings %u, in transaction %d", mysql_warning_count(connection), (connection->server_status & SERVER_STATUS_IN_TRANS) != 0);
    const int next = mysql_next_result(connection);
    if (next < 0) return;
    if (next > 0) {
      say_error_of(what, connection);
      return;
    }
  }
}

static void quietly(MYSQL *connection, const char *sql) {
  if (mysql_query(connection, sql)) crash("%s: %s", sql, mysql_error(connection));
  MYSQL_RES *result = mysql_store_result(connection);
  if (result) mysql_free_result(result);
}

static void step_connect(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  say("version", "%s %lu", mysql_get_server_info(connection), mysql_get_server_version(connection));
  say("protocol", "%u, character set %s", mysql_get_proto_info(connection), mysql_character_set_name(connection));
  ask(connection, "who", "select database(), current_user(), user() like 'app@%'");
  say("select_db", "%d", mysql_select_db(connection, "information_schema"));
  ask(connection, "other", "select lower(database())");
  say("select_db", "%d", mysql_select_db(connection, "nowhere"));
  say_error_of("unknown database", connection);
  say("ping", "%d", mysql_ping(connection));
  mysql_close(connection);
  connection = open_with(settings, settings->password, NULL, 0, NULL);
  ask(connection, "none", "select database()");
  ask(connection, "no database", "select * from person");
  mysql_close(connection);
}

static void with_tls(MYSQL *connection, const struct settings *settings) {
  my_bool verify = 1;
  mysql_ssl_set(connection, NULL, NULL, settings->ca, NULL, NULL);
  mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
}

static void with_compression(MYSQL *connection, const struct settings *settings) {
  with_tls(connection, settings);
  mysql_options(connection, MYSQL_OPT_COMPRESS, NULL);
}

static void step_tls(const struct settings *settings) {
  MYSQL *connection = open_with(settings, settings->password, settings->database, 0, with_tls);
  say("cipher", "%d", mysql_get_ssl_cipher(connection) != NULL);
  ask(connection, "query", "select id, name from person order by id");
  mysql_close(connection);
  connection = open_with(settings, settings->password, settings->database, 0, with_compression);
  ask(connection, "compressed", "select id, repeat('x', 3000000) from person where id = 1");
  mysql_close(connection);
}

static void step_refused(const struct settings *settings) {
  open_with(settings, "wrong", settings->database, 0, NULL);
  open_with(settings, "", settings->database, 0, NULL);
  open_with(settings, settings->password, "nowhere", 0, NULL);
}

static void step_text(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  for (unsigned i = 0; i < settings->query_count; ++i) ask(connection, settings->queries[i].name, settings->queries[i].sql);
  char escaped[200], sql[300];
  mysql_real_escape_string(connection, escaped, "it's \"a\" \\ \0 \x1a \r\n", 16);
  snprintf(sql, sizeof sql, "select '%s', hex('%s')", escaped, escaped);
  ask(connection, "escaped", sql);
  mysql_close(connection);
}

static MYSQL_STMT *prepare(MYSQL *connection, const char *sql) {
  MYSQL_STMT *statement = mysql_stmt_init(connection);
  if (mysql_stmt_prepare(statement, sql, strlen(sql)) == 0) return statement;
  say_statement_error(sql, statement);
  mysql_stmt_close(statement);
  return NULL;
}

/* All columns as texts, as the library converts them from the binary protocol. */
static void say_statement_rows(const char *what, MYSQL_STMT *statement) {
  MYSQL_RES *columns = mysql_stmt_result_metadata(statement);
  if (!columns) {
    say(what, "affected %lld, id above 0: %d", (long long)mysql_stmt_affected_rows(statement), mysql_stmt_insert_id(statement) > 0);
    return;
  }
  const unsigned count = mysql_num_fields(columns);
  MYSQL_BIND *binds = calloc(count, sizeof *binds);
  unsigned long *lengths = calloc(count, sizeof *lengths);
  my_bool *nulls = calloc(count, sizeof *nulls);
  enum { kRoom = 4096 };
  char *room = calloc(count, kRoom);
  for (unsigned i = 0; i < count; ++i) {
    binds[i].buffer_type = MYSQL_TYPE_STRING;
    binds[i].buffer = room + (size_t)i * kRoom;
    binds[i].buffer_length = kRoom;
    binds[i].length = &lengths[i];
    binds[i].is_null = &nulls[i];
  }
  mysql_stmt_bind_result(statement, binds);
  int got;
  while ((got = mysql_stmt_fetch(statement)) == 0 || got == MYSQL_DATA_TRUNCATED) {
    for (unsigned i = 0; i < count; ++i) say_bytes(what, nulls[i] ? NULL : room + (size_t)i * kRoom, lengths[i] < kRoom ? lengths[i] : kRoom);
  }
  if (got != MYSQL_NO_DATA) say_statement_error(what, statement);
  free(binds);
  free(lengths);
  free(nulls);
  free(room);
  mysql_free_result(columns);
  mysql_stmt_free_result(statement);
}

static void run_prepared(MYSQL *connection, const char *what, const char *sql) {
  MYSQL_STMT *statement = prepare(connection, sql);
  if (!statement) return;
  if (mysql_stmt_execute(statement)) say_statement_error(what, statement);
  else say_statement_rows(what, statement);
  mysql_stmt_close(statement);
}

static void step_prepared(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  for (unsigned i = 0; i < settings->query_count; ++i) run_prepared(connection, settings->queries[i].name, settings->queries[i].sql);
  MYSQL_STMT *statement = prepare(connection, "select id, name, ? as given from person where id = ?");
  say("parameters", "%lu, columns %u", mysql_stmt_param_count(statement), mysql_stmt_field_count(statement));
  MYSQL_BIND binds[2];
  memset(binds, 0, sizeof binds);
  long long id = 0;
  double ratio = 0.25;
  unsigned long length = 3;
  MYSQL_TIME when = {.year = 2026, .month = 1, .day = 2, .hour = 3, .minute = 4, .second = 5, .second_part = 678, .time_type = MYSQL_TIMESTAMP_DATETIME};
  binds[1].buffer_type = MYSQL_TYPE_LONGLONG;
  binds[1].buffer = &id;
  const struct { enum enum_field_types type; void *value; } given[] = {
      {MYSQL_TYPE_LONGLONG, &id}, {MYSQL_TYPE_DOUBLE, &ratio}, {MYSQL_TYPE_STRING, "abc"}, {MYSQL_TYPE_BLOB, "\0\xff'"}, {MYSQL_TYPE_DATETIME, &when},
      {MYSQL_TYPE_DATE, &when}, {MYSQL_TYPE_NULL, NULL}, {MYSQL_TYPE_NEWDECIMAL, "1.5"}};
  for (unsigned i = 0; i < sizeof given / sizeof *given; ++i) {
    id = i % 5 + 1;
    binds[0].buffer_type = given[i].type;
    binds[0].buffer = given[i].value;
    binds[0].length = &length;
    binds[0].buffer_length = length;
    mysql_stmt_bind_param(statement, binds);
    if (mysql_stmt_execute(statement)) say_statement_error("given", statement);
    else say_statement_rows("given", statement);
  }
  mysql_stmt_close(statement);
  prepare(connection, "selec ?");
  prepare(connection, "select * from nothing_here where id = ?");
  run_prepared(connection, "duplicate", "insert into person (id, name) values (1, 'again')");
  mysql_close(connection);
}

static void bulk(MYSQL *connection, const char *name, const char *sql, MYSQL_BIND *binds, unsigned rows) {
  MYSQL_STMT *statement = prepare(connection, sql);
  mysql_stmt_attr_set(statement, STMT_ATTR_ARRAY_SIZE, &rows);
  mysql_stmt_bind_param(statement, binds);
  if (mysql_stmt_execute(statement)) say_statement_error(name, statement);
  else say(name, "affected %lld", (long long)mysql_stmt_affected_rows(statement));
  mysql_stmt_close(statement);
}

static void step_batch(const struct settings *settings) {
  /* MariaDB's bulk execution: one packet with an array of values for each parameter. */
  MYSQL *connection = open_plain(settings);
  quietly(connection, "begin");
  enum { kRows = 500, kMany = 22000 };
  static long long person[kMany], id[kMany];
  static char indicators[kMany];
  static char *notes[kMany], room[kMany][20];
  static unsigned long lengths[kMany];
  for (int i = 0; i < kMany; ++i) {
    person[i] = 100 + i % 7;
    id[i] = i;
    lengths[i] = (unsigned long)sprintf(room[i], "note %d", i);
    notes[i] = room[i];
    indicators[i] = i % 5 == 0 ? STMT_INDICATOR_NULL : STMT_INDICATOR_NONE;
  }
  MYSQL_BIND binds[3];
  memset(binds, 0, sizeof binds);
  binds[0].buffer_type = MYSQL_TYPE_LONGLONG;
  binds[0].buffer = person;
  binds[1].buffer_type = MYSQL_TYPE_LONGLONG;
  binds[1].buffer = id;
  binds[2].buffer_type = MYSQL_TYPE_STRING;
  binds[2].buffer = notes;
  binds[2].length = lengths;
  binds[2].u.indicator = indicators;
  bulk(connection, "insert", "insert into purchase (person_id, id, amount, note) values (?, ?, 1.25, ?)", binds, kRows);
  ask(connection, "sums", "select person_id, count(*), sum(amount), count(note) from purchase where person_id >= 100 group by person_id order by 1");
  for (int i = 0; i < kRows; ++i) indicators[i] = i % 3 == 0 ? STMT_INDICATOR_DEFAULT : STMT_INDICATOR_NONE;
  bulk(connection, "again", "insert into purchase (person_id, id, amount, note) values (?, ?, 1, ?) on duplicate key update amount = amount + 1, note = values(note)", binds, kRows);
  ask(connection, "sums", "select person_id, count(*), sum(amount), count(note) from purchase where person_id >= 100 group by person_id order by 1");
  MYSQL_BIND keys[2] = {binds[0], binds[1]};
  bulk(connection, "update", "update purchase set amount = amount + 0.5 where person_id = ? and id = ?", keys, 20);
  bulk(connection, "delete", "delete from purchase where person_id = ? and id = ?", keys, 10);
  ask(connection, "sums", "select person_id, count(*), sum(amount), count(note) from purchase where person_id >= 100 group by person_id order by 1");
  quietly(connection, "rollback");
  /* More values than a statement may have parameters. */
  bulk(connection, "many", "insert into purchase (person_id, id, amount, note) values (?, ?, 1.25, ?)", binds, kMany);
  ask(connection, "sums", "select person_id, count(*), sum(amount), count(note) from purchase where person_id >= 100 group by person_id order by 1");
  quietly(connection, "delete from purchase where person_id >= 100");
  /* One row of many that cannot be, each in another's place: an INSERT leaves none of them. */
  person[15] = person[8];
  id[15] = id[8];
  bulk(connection, "insert fails", "insert into purchase (person_id, id, amount, note) values (?, ?, 1.25, ?)", binds, kRows);
  ask(connection, "none", "select count(*) from purchase where person_id >= 100");
  bulk(connection, "select", "select * from purchase where person_id = ? and id = ?", keys, 2);
  mysql_close(connection);
}

static void step_multi_statements(const struct settings *settings) {
  MYSQL *connection = open_with(settings, settings->password, settings->database, CLIENT_MULTI_STATEMENTS, NULL);
  ask(connection, "sets", "select 1; select name from person where id = 2; update purchase set note = note where person_id = 1; select id from person order by id");
  ask(connection, "error", "select 1; select * from nothing_here; select 3");
  ask(connection, "after", "select 5;");
  mysql_set_server_option(connection, MYSQL_OPTION_MULTI_STATEMENTS_OFF);
  ask(connection, "off", "select 1; select 2");
  mysql_set_server_option(connection, MYSQL_OPTION_MULTI_STATEMENTS_ON);
  ask(connection, "on", "select 1; select 2");
  mysql_close(connection);
  connection = open_plain(settings);
  ask(connection, "not allowed", "select 1; select 2");
  mysql_close(connection);
}

static MYSQL_STMT *open_cursor(MYSQL *connection, const char *sql, unsigned long prefetch) {
  MYSQL_STMT *statement = prepare(connection, sql);
  unsigned long type = CURSOR_TYPE_READ_ONLY;
  mysql_stmt_attr_set(statement, STMT_ATTR_CURSOR_TYPE, &type);
  mysql_stmt_attr_set(statement, STMT_ATTR_PREFETCH_ROWS, &prefetch);
  if (mysql_stmt_execute(statement)) say_statement_error(sql, statement);
  return statement;
}

/* Rows and the sum of their first column; `between` the fetches other statements run. */
static void read_all(MYSQL *connection, const char *what, MYSQL_STMT *statement, int between) {
  long long number = 0, rows = 0, sum = 0;
  MYSQL_BIND bind;
  memset(&bind, 0, sizeof bind);
  bind.buffer_type = MYSQL_TYPE_LONGLONG;
  bind.buffer = &number;
  mysql_stmt_bind_result(statement, &bind);
  int got;
  while ((got = mysql_stmt_fetch(statement)) == 0) {
    ++rows;
    sum += number;
    if (between && rows % 1000 == 0) quietly(connection, "do 1");
  }
  if (got != MYSQL_NO_DATA) say_statement_error(what, statement);
  say(what, "%lld rows, sum %lld", rows, sum);
}

static void step_streaming(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  mysql_query(connection, "select id from number");
  MYSQL_RES *result = mysql_use_result(connection);
  unsigned rows = 0;
  while (mysql_fetch_row(result)) ++rows;
  say("unbuffered", "%u", rows);
  mysql_free_result(result);
  mysql_query(connection, "select id from number");
  result = mysql_use_result(connection);
  mysql_fetch_row(result);
  if (mysql_query(connection, "select 1")) say_error_of("while rows are unread", connection);
  mysql_free_result(result);
  ask(connection, "after", "select 1");

  MYSQL_STMT *all = open_cursor(connection, "select id from number", 100);
  MYSQL_STMT *few = open_cursor(connection, "select id from number where id in (1, 2, 3)", 1);
  quietly(connection, "begin");
  quietly(connection, "delete from number where id = 1"); /* the cursors were opened before */
  read_all(connection, "all", all, 1);
  read_all(connection, "few", few, 0);
  mysql_stmt_close(few);
  mysql_stmt_execute(all);
  say("reset", "%d", mysql_stmt_reset(all));
  mysql_stmt_execute(all);
  read_all(connection, "again", all, 0);
  mysql_stmt_close(all);
  quietly(connection, "rollback");
  mysql_close(connection);
}

static void step_large_values(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  quietly(connection, "begin");
  enum { kPiece = 1 << 20, kPieces = 20 };
  char *piece = malloc(kPiece);
  for (int i = 0; i < kPiece; ++i) piece[i] = (char)(i * 31);
  MYSQL_STMT *statement = prepare(connection, "insert into body (id, bytes) values (1, ?)");
  MYSQL_BIND bind;
  memset(&bind, 0, sizeof bind);
  bind.buffer_type = MYSQL_TYPE_LONG_BLOB;
  mysql_stmt_bind_param(statement, &bind);
  for (int i = 0; i < kPieces; ++i) mysql_stmt_send_long_data(statement, 0, piece, kPiece);
  if (mysql_stmt_execute(statement)) say_statement_error("long data", statement);
  mysql_stmt_close(statement);
  ask(connection, "stored", "select id, length(bytes), md5(bytes) from body");
  ask(connection, "text", "insert into body (id, letters) values (2, repeat('x', 16777217))");
  ask(connection, "back", "select letters from body where id = 2");
  ask(connection, "all", "select bytes, letters, bytes from body order by id");
  free(piece);
  quietly(connection, "rollback");
  mysql_close(connection);
}

static void step_types(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  ask(connection, "text", "select * from every_type order by id");
  run_prepared(connection, "prepared", "select * from every_type order by id");
  mysql_close(connection);
}

static void step_metadata(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  for (unsigned i = 0; i <= settings->query_count; ++i) {
    const char *sql = i < settings->query_count ? settings->queries[i].sql : "select * from every_type order by id";
    const char *what = i < settings->query_count ? settings->queries[i].name : "types";
    if (mysql_query(connection, sql)) crash("%s: %s", sql, mysql_error(connection));
    MYSQL_RES *result = mysql_store_result(connection);
    say_columns(what, result);
    mysql_free_result(result);
    MYSQL_STMT *statement = prepare(connection, sql);
    result = mysql_stmt_result_metadata(statement);
    say_columns(what, result);
    mysql_free_result(result);
    mysql_stmt_close(statement);
  }
  MYSQL_RES *fields = mysql_list_fields(connection, "every_type", "%");
  if (!fields) say_error_of("list_fields", connection);
  else {
    say_columns("list_fields", fields);
    mysql_free_result(fields);
  }
  mysql_close(connection);
}

static void step_charsets(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  const char *sets[] = {"latin1", "utf8mb3", "gbk", "utf8mb4"};
  for (int i = 0; i < 4; ++i) {
    say("set", "%d", mysql_set_character_set(connection, sets[i]));
    ask(connection, sets[i], "select @@character_set_client, @@character_set_results, id, loose, west from word order by id");
  }
  mysql_close(connection);
}

static void step_transactions(const struct settings *settings) {
  MYSQL *one = open_plain(settings), *other = open_plain(settings);
  const char *labels = "select id, label from counter where id between 1000 and 1999 order by id";
  mysql_autocommit(one, 0);
  ask(one, "insert", "insert into counter values (1000, 'a'), (1001, 'b'), (1002, 'c')");
  ask(one, "own", labels);
  ask(other, "not yet", labels);
  say("rollback", "%d", mysql_rollback(one));
  ask(one, "insert", "insert into counter values (1000, 'a'), (1001, 'b')");
  say("commit", "%d", mysql_commit(one));
  ask(other, "committed", labels);
  ask(one, "delete", "delete from counter where id between 1000 and 1999");
  mysql_commit(one);
  mysql_autocommit(one, 1);
  ask(one, "status", "begin");
  ask(one, "status", "select 1");
  ask(one, "status", "commit");
  mysql_close(one);
  mysql_close(other);
}

static void step_errors(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  for (unsigned i = 0; i < settings->error_count; ++i) ask(connection, settings->errors[i].name, settings->errors[i].sql);
  mysql_close(connection);
}

static void step_insert_ids(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  quietly(connection, "insert into counter (label) values ('one')");
  const unsigned long long first = mysql_insert_id(connection);
  quietly(connection, "insert into counter (label) values ('m1'), ('m2')");
  say("ids", "%d %d", first > 0, mysql_insert_id(connection) > first);
  quietly(connection, "insert into counter values (50000, 'chosen')");
  say("chosen", "%llu", (unsigned long long)mysql_insert_id(connection));
  quietly(connection, "update counter set id = last_insert_id(id) where id = 50000");
  say("given", "%llu", (unsigned long long)mysql_insert_id(connection));
  quietly(connection, "select 1");
  say("select", "%llu", (unsigned long long)mysql_insert_id(connection));
  quietly(connection, "delete from counter");
  mysql_close(connection);
}

static void step_affected_rows(const struct settings *settings) {
  const char *statements[] = {"begin", "update person set email = email where id = 1", "update person set age = 30", "update person set age = 31 where id in (1, 2, 77)",
                              "insert into purchase values (9, 1, 1, 'x'), (1, 2, 5, 'y') on duplicate key update amount = 78",
                              "replace into purchase values (1, 1, 1, 'x')", "insert ignore into purchase values (1, 1, 1, 'x'), (1, 9, 1, 'x')",
                              "delete from purchase where amount > 50", "rollback"};
  for (int found = 0; found < 2; ++found) {
    MYSQL *connection = open_with(settings, settings->password, settings->database, found ? CLIENT_FOUND_ROWS : 0, NULL);
    for (unsigned i = 0; i < sizeof statements / sizeof *statements; ++i) ask(connection, found ? "found" : "changed", statements[i]);
    mysql_close(connection);
  }
}

static void step_warnings(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  quietly(connection, "begin");
  for (unsigned i = 0; i < settings->warning_count; ++i) {
    ask(connection, settings->warnings[i].name, settings->warnings[i].sql);
    ask(connection, "show warnings", "show warnings");
  }
  quietly(connection, "rollback");
  mysql_close(connection);
}

static void step_pools(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  for (int change = 0; change < 2; ++change) {
    quietly(connection, "set @mine = 1, time_zone = '+01:00'");
    quietly(connection, "create temporary table only_mine (id int primary key)");
    quietly(connection, "begin");
    quietly(connection, "insert into counter values (3000, 'left open')");
    MYSQL_STMT *statement = prepare(connection, "select 1");
    say("reset", "%d", change ? mysql_change_user(connection, settings->user, settings->password, settings->database) : mysql_reset_connection(connection));
    ask(connection, "after", "select @mine, @@time_zone, database(), (select count(*) from counter where id = 3000)");
    ask(connection, "temporary", "select * from only_mine");
    if (mysql_stmt_execute(statement)) say("statement", "is gone");
    mysql_stmt_close(statement);
  }
  say("wrong", "%d", mysql_change_user(connection, settings->user, "wrong", NULL));
  say_error_of("wrong", connection);
  mysql_close(connection);
}

static void step_load_data(const struct settings *settings) {
  MYSQL *connection = open_with(settings, settings->password, settings->database, CLIENT_LOCAL_FILES, NULL);
  char file[] = "/tmp/kintsugi-XXXXXX", sql[400];
  FILE *out = fdopen(mkstemp(file), "w");
  for (int i = 0; i < 1000; ++i) fprintf(out, "%d,%d,%d.5,line %d\n", 300 + i % 3, i, i, i);
  fprintf(out, "1,1,5,duplicate\n");
  fclose(out);
  quietly(connection, "begin");
  snprintf(sql, sizeof sql, "load data local infile '%s' into table purchase fields terminated by ',' (person_id, id, amount, note)", file);
  ask(connection, "loaded", sql);
  ask(connection, "sums", "select person_id, count(*), sum(amount) from purchase where person_id >= 300 group by person_id order by 1");
  quietly(connection, "rollback");
  remove(file);
  mysql_close(connection);
}

static void step_procedures(const struct settings *settings) {
  MYSQL *connection = open_plain(settings);
  ask(connection, "call", "call totals(1, @total)");
  ask(connection, "out", "select @total");
  MYSQL_STMT *statement = prepare(connection, "call totals(2, @total)");
  if (mysql_stmt_execute(statement)) say_statement_error("prepared", statement);
  else
    do say_statement_rows("prepared", statement);
    while (mysql_stmt_next_result(statement) == 0);
  mysql_stmt_close(statement);
  mysql_close(connection);
}

static const struct step kSteps[] = {
    {"connect", step_connect},           {"tls", step_tls},           {"refused", step_refused},           {"text", step_text},
    {"prepared", step_prepared},         {"batch", step_batch},       {"multi_statements", step_multi_statements}, {"streaming", step_streaming},
    {"large_values", step_large_values}, {"types", step_types},       {"metadata", step_metadata},         {"charsets", step_charsets},
    {"transactions", step_transactions}, {"errors", step_errors},     {"insert_ids", step_insert_ids},     {"affected_rows", step_affected_rows},
    {"warnings", step_warnings},         {"pools", step_pools},       {"load_data", step_load_data},       {"procedures", step_procedures}};

int main(int argc, char **argv) { return run_steps(argc, argv, kSteps, sizeof kSteps / sizeof *kSteps); }
