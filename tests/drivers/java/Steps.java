import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.*;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.zip.CRC32;

/** MariaDB Connector/J: steps told as lines of JSON. usage: Steps SETTINGS (a file of lines, see ../drivers.py). */
public class Steps {
  interface Step { void run() throws Exception; }
  interface Body { Object run() throws Exception; }

  static final Map<String, String> settings = new LinkedHashMap<>();
  static final Map<String, Map<String, String>> material = new LinkedHashMap<>();
  static final List<String> wanted = new ArrayList<>();
  static String step;

  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\' || c < 0x20 || c >= 0x7f) out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    return out.append('"').toString();
  }

  static String plain(Object value) {
    if (value == null) return "null";
    if (value instanceof byte[] bytes) {
      CRC32 sum = new CRC32();
      sum.update(bytes);
      return bytes.length > 500 ? "bytes: " + bytes.length + " long, crc " + sum.getValue() : "bytes: " + new BigInteger(1, bytes).toString(16) + " of " + bytes.length;
    }
    if (value instanceof int[] numbers) return Arrays.toString(numbers);
    if (value instanceof Blob blob) { try { return "blob " + plain(blob.getBytes(1, (int) blob.length())); } catch (SQLException error) { return error.toString(); } }
    String text = value.toString();
    if (text.length() > 1000) text = text.length() + " long, hash " + text.hashCode();
    return value.getClass().getSimpleName() + ": " + text;
  }

  static void line(String key, String text) { System.out.println("{\"step\":" + quoted(step) + "," + key + quoted(text) + "}"); }
  static void say(String what, Object value) { line("\"what\":" + quoted(what) + ",\"saw\":", plain(value)); }

  static String errorOf(Body body) throws Exception {
    try {
      return "no error: " + plain(body.run());
    } catch (SQLException error) {
      return error.getClass().getSimpleName() + " " + error.getErrorCode() + " " + error.getSQLState() + " " + error.getMessage().replaceAll("\\(conn=\\d+\\)", "(conn=N)").replaceAll("\\(port=\\d+\\)", "(port=N)");
    }
  }

  static Connection open(String... options) throws SQLException {
    Properties properties = new Properties();
    properties.put("user", settings.get("user"));
    properties.put("password", settings.get("password"));
    String database = settings.get("database");
    for (String option : options) {
      String[] parts = option.split("=", 2);
      if (parts[0].equals("database")) database = parts[1];
      else properties.put(parts[0], parts[1]);
    }
    return DriverManager.getConnection("jdbc:mariadb://" + settings.get("host") + ":" + settings.get("port") + "/" + database, properties);
  }

  static void rows(String what, ResultSet result) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    while (result.next()) {
      StringBuilder row = new StringBuilder();
      for (int i = 1; i <= columns; ++i) {
        Object value;
        try { value = result.getObject(i); } catch (SQLException error) { value = error; }
        row.append(i > 1 ? " | " : "").append(plain(value));
      }
      line("\"what\":" + quoted(what) + ",\"row\":", row.toString());
    }
  }

  static void ask(Connection connection, String what, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean isRows = statement.execute(sql);
      for (;;) {
        if (isRows) rows(what, statement.getResultSet());
        else if (statement.getUpdateCount() == -1) return;
        else say(what, statement.getUpdateCount());
        isRows = statement.getMoreResults();
      }
    }
  }

  static void quietly(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) { statement.execute(sql); }
  }

  static Object one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getObject(1);
    }
  }

  static final Map<String, Step> STEPS = new LinkedHashMap<>();

  static {
    STEPS.put("connect", () -> {
      try (Connection connection = open()) {
        DatabaseMetaData about = connection.getMetaData();
        say("product", about.getDatabaseProductName() + " " + about.getDatabaseProductVersion());
        say("catalog", connection.getCatalog());
        say("valid", connection.isValid(5));
        ask(connection, "who", "select database(), current_user()");
        connection.setCatalog("information_schema");
        ask(connection, "other", "select lower(database())");
        say("unknown", errorOf(() -> { connection.setCatalog("nowhere"); return null; }));
      }
      try (Connection connection = open("database=")) {
        say("no database", errorOf(() -> one(connection, "select id from person")));
      }
    });
    STEPS.put("tls", () -> {
      try (Connection connection = open("useSsl=true", "serverSslCert=" + settings.get("ca"))) {
        say("cipher", one(connection, "show status like 'Ssl_cipher'"));
        ask(connection, "query", "select id, name from person order by id");
      }
      try (Connection connection = open("useCompression=true")) { say("compressed", one(connection, "select repeat('x', 3000000) from person where id = 1")); }
    });
    STEPS.put("refused", () -> {
      say("password", errorOf(() -> open("password=wrong")));
      say("user", errorOf(() -> open("user=nobody")));
      say("database", errorOf(() -> open("database=nowhere")));
    });
    STEPS.put("text", () -> {
      try (Connection connection = open()) {
        for (Map.Entry<String, String> query : material.get("queries").entrySet()) ask(connection, query.getKey(), query.getValue());
      }
    });
    STEPS.put("prepared", () -> {
      for (String mode : new String[] {"useServerPrepStmts=true", "useServerPrepStmts=false"}) {
        try (Connection connection = open(mode)) {
          for (Map.Entry<String, String> query : material.get("queries").entrySet()) {
            try (PreparedStatement statement = connection.prepareStatement(query.getValue()); ResultSet result = statement.executeQuery()) { rows(query.getKey(), result); }
          }
          try (PreparedStatement statement = connection.prepareStatement("select id, name, ? as given, hex(?) as h from person where id = ?")) {
            Object[] values = {7, 8L, 1.5, new BigDecimal("12.30"), "it's \\ 金", new byte[] {0, -1, 39}, true, null, Date.valueOf("2026-01-02"),
              Timestamp.valueOf("2026-01-02 03:04:05.000678"), Time.valueOf("10:11:12"), java.time.LocalDate.of(2026, 1, 2)};
            for (int i = 0; i < values.length; ++i) {
              statement.setObject(1, values[i]);
              statement.setObject(2, values[i]);
              statement.setLong(3, i % 5 + 1);
              try (ResultSet result = statement.executeQuery()) { rows("given " + i, result); }
            }
            say("parameters", statement.getParameterMetaData().getParameterCount());
          }
          say("syntax", errorOf(() -> { try (PreparedStatement statement = connection.prepareStatement("selec ?")) { statement.setInt(1, 1); return statement.execute(); } }));
          say("unknown", errorOf(() -> { try (PreparedStatement statement = connection.prepareStatement("select * from nothing_here where id = ?")) { statement.setInt(1, 1); return statement.execute(); } }));
          try (PreparedStatement statement = connection.prepareStatement("insert into purchase values (?, ?, ?, ?)")) {
            statement.setLong(1, 71);
            statement.setLong(2, 1);
            statement.setBigDecimal(3, new BigDecimal("1.50"));
            statement.setNull(4, Types.VARCHAR);
            say("insert", statement.executeUpdate());
            say("duplicate", errorOf(statement::executeUpdate));
          }
          ask(connection, "row", "select * from purchase where person_id = 71");
          ask(connection, "delete", "delete from purchase where person_id = 71");
        }
      }
    });
    STEPS.put("batch", () -> {
      for (String mode : new String[] {"useBulkStmts=true", "useBulkStmts=false", "rewriteBatchedStatements=true", "useServerPrepStmts=true"}) {
        try (Connection connection = open(mode)) {
          connection.setAutoCommit(false);
          try (PreparedStatement statement = connection.prepareStatement("insert into purchase (person_id, id, amount, note) values (?, ?, ?, ?)")) {
            for (int i = 0; i < 500; ++i) {
              statement.setLong(1, 100 + i % 7);
              statement.setInt(2, i);
              statement.setBigDecimal(3, BigDecimal.valueOf(i));
              statement.setString(4, i % 5 == 0 ? null : "note " + i);
              statement.addBatch();
            }
            say(mode, Arrays.stream(statement.executeBatch()).boxed().distinct().toList());
          }
          ask(connection, "sums", "select person_id, count(*), sum(amount), count(note) from purchase where person_id >= 100 group by person_id order by 1");
          try (Statement statement = connection.createStatement()) {
            statement.addBatch("update purchase set amount = 1 where person_id = 100");
            statement.addBatch("delete from purchase where person_id = 101");
            statement.addBatch("insert into purchase values (100, 5000, 1, null)");
            say("statements", statement.executeBatch());
          }
          try (PreparedStatement statement = connection.prepareStatement("update purchase set amount = ? where person_id = ? and id = ?")) {
            for (int i = 0; i < 20; ++i) { statement.setInt(1, i); statement.setLong(2, 100 + i % 7); statement.setInt(3, i); statement.addBatch(); }
            say("updates", Arrays.stream(statement.executeBatch()).boxed().distinct().toList());
          }
          connection.rollback();
        }
      }
    });
    STEPS.put("multi_statements", () -> {
      try (Connection connection = open("allowMultiQueries=true")) {
        ask(connection, "sets", "select 1; select name from person where id = 2; update purchase set note = note where person_id = 1; select id from person order by id");
        say("error", errorOf(() -> { ask(connection, "sets", "select 1; select * from nothing_here; select 3"); return null; }));
        ask(connection, "after", "select 5");
      }
      try (Connection connection = open()) { say("not allowed", errorOf(() -> one(connection, "select 1; select 2"))); }
    });
    STEPS.put("streaming", () -> {
      for (String mode : new String[] {"useServerPrepStmts=false", "useServerPrepStmts=true"}) {
        try (Connection connection = open(mode); PreparedStatement statement = connection.prepareStatement("select id, square from number where id > ? order by id")) {
          statement.setFetchSize(100);
          statement.setInt(1, 10);
          long rows = 0, sum = 0;
          try (ResultSet result = statement.executeQuery()) { while (result.next()) { ++rows; sum += result.getLong(2); } }
          say(mode, rows + " " + sum);
          try (ResultSet result = statement.executeQuery()) { for (int i = 0; i < 150; ++i) result.next(); say("left", result.getInt(1)); }
          ask(connection, "after", "select count(*) from number");
          statement.setMaxRows(7);
          try (ResultSet result = statement.executeQuery()) { rows = 0; while (result.next()) ++rows; }
          say("max rows", rows);
        }
      }
    });
    STEPS.put("large_values", () -> {
      byte[] content = new byte[20 << 20];
      for (int i = 0; i < content.length; ++i) content[i] = (byte) (i * 31);
      for (String mode : new String[] {"useServerPrepStmts=false", "useServerPrepStmts=true"}) {
        try (Connection connection = open(mode)) {
          connection.setAutoCommit(false);
          try (PreparedStatement statement = connection.prepareStatement("insert into body (id, bytes) values (?, ?)")) {
            int[] sizes = {(1 << 24) - 1, 1 << 24, 20 << 20};
            for (int i = 0; i < sizes.length; ++i) {
              statement.setInt(1, i);
              if (i == 2) statement.setBinaryStream(2, new ByteArrayInputStream(content));
              else statement.setBytes(2, Arrays.copyOf(content, sizes[i]));
              statement.executeUpdate();
            }
          }
          try (PreparedStatement statement = connection.prepareStatement("select id, length(bytes), bytes from body order by id"); ResultSet result = statement.executeQuery()) { rows(mode, result); }
          connection.rollback();
        }
      }
    });
    STEPS.put("types", () -> {
      for (String mode : new String[] {"useServerPrepStmts=false", "useServerPrepStmts=true", "yearIsDateType=false", "tinyInt1isBit=false"}) {
        try (Connection connection = open(mode); PreparedStatement statement = connection.prepareStatement("select * from every_type order by id"); ResultSet result = statement.executeQuery()) {
          ResultSetMetaData columns = result.getMetaData();
          while (result.next()) {
            for (int i = 1; i <= columns.getColumnCount(); ++i) {
              final int column = i;
              say(mode + " " + columns.getColumnLabel(i), errorOf(() -> plain(result.getObject(column)) + " as text " + result.getString(column) + " null " + result.wasNull()));
            }
          }
        }
      }
    });
    STEPS.put("metadata", () -> {
      Map<String, String> queries = new LinkedHashMap<>(material.get("queries"));
      queries.put("types", "select * from every_type order by id");
      for (String mode : new String[] {"useServerPrepStmts=false", "useServerPrepStmts=true"}) {
        try (Connection connection = open(mode)) {
          for (Map.Entry<String, String> query : queries.entrySet()) {
            try (PreparedStatement statement = connection.prepareStatement(query.getValue()); ResultSet result = statement.executeQuery()) {
              ResultSetMetaData columns = result.getMetaData();
              for (int i = 1; i <= columns.getColumnCount(); ++i) {
                say(query.getKey(), columns.getColumnLabel(i) + "|" + columns.getColumnName(i) + "|" + columns.getTableName(i) + "|" + columns.getCatalogName(i) + " " + columns.getColumnTypeName(i) + " "
                    + columns.getColumnClassName(i) + " " + columns.getPrecision(i) + "," + columns.getScale(i) + " size " + columns.getColumnDisplaySize(i) + " null " + columns.isNullable(i)
                    + " auto " + columns.isAutoIncrement(i) + " signed " + columns.isSigned(i));
              }
            }
          }
        }
      }
    });
    STEPS.put("introspection", () -> {
      try (Connection connection = open()) {
        DatabaseMetaData about = connection.getMetaData();
        String database = settings.get("database");
        rows("tables", about.getTables(database, null, "%", new String[] {"TABLE", "VIEW"}));
        rows("columns", about.getColumns(database, null, "every_type", "%"));
        rows("primary keys", about.getPrimaryKeys(database, null, "purchase"));
        rows("imported keys", about.getImportedKeys(database, null, "purchase"));
        rows("procedures", about.getProcedures(database, null, "%"));
        rows("procedure columns", about.getProcedureColumns(database, null, "totals", "%"));
        rows("type info", about.getTypeInfo());
        try (ResultSet indexes = about.getIndexInfo(database, null, "every_type", false, true)) {
          while (indexes.next()) say("index", indexes.getString("INDEX_NAME") + " " + indexes.getString("COLUMN_NAME") + " " + indexes.getBoolean("NON_UNIQUE") + " " + indexes.getShort("ORDINAL_POSITION"));
        }
      }
    });
    STEPS.put("time_zones", () -> {
      for (String zone : new String[] {"+00:00", "+03:00", "-05:30"}) {
        for (String mode : new String[] {"useServerPrepStmts=false", "useServerPrepStmts=true"}) {
          try (Connection connection = open(mode, "serverTimezone=GMT" + zone, "sessionVariables=time_zone='" + zone + "'")) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement("insert into moment values (?, ?, ?)")) {
              statement.setInt(1, 9);
              statement.setTimestamp(2, new Timestamp(1790000000123L));
              statement.setTimestamp(3, new Timestamp(1790000000123L));
              statement.executeUpdate();
            }
            ask(connection, zone, "select at, wall, unix_timestamp(at), @@time_zone from moment where id = 9");
            connection.rollback();
          }
        }
      }
    });
    STEPS.put("charsets", () -> {
      try (Connection connection = open()) {
        ask(connection, "words", "select *, hex(west), hex(loose) from word order by id");
        try (PreparedStatement statement = connection.prepareStatement("select id from word where loose = ? or exact = ? order by id")) {
          for (String word : new String[] {"école", "STRASSE", "😀"}) {
            statement.setString(1, word);
            statement.setString(2, word);
            try (ResultSet result = statement.executeQuery()) { rows(word, result); }
          }
        }
        ask(connection, "variables", "select @@character_set_client, @@character_set_results, @@collation_connection");
      }
    });
    STEPS.put("transactions", () -> {
      String labels = "select id, label from counter where id between 1000 and 1999 order by id";
      try (Connection one = open(); Connection other = open()) {
        one.setAutoCommit(false);
        quietly(one, "insert into counter values (1000, 'a')");
        Savepoint savepoint = one.setSavepoint("s");
        quietly(one, "insert into counter values (1001, 'b'), (1002, 'c')");
        ask(one, "own", labels);
        ask(other, "not yet", labels);
        one.rollback(savepoint);
        one.commit();
        ask(other, "committed", labels);
        say("duplicate", errorOf(() -> one(one, "insert into counter values (1003, 'd'), (1000, 'x')")));
        one.rollback();
        quietly(one, "delete from counter where id between 1000 and 1999");
        one.commit();
        one.setReadOnly(true);
        say("read only", errorOf(() -> { quietly(one, "insert into counter values (1004, 'e')"); return null; }));
        one.rollback();
        one.setReadOnly(false);
        one.setAutoCommit(true);
        ask(other, "at the end", labels);
        quietly(one, "delete from counter where id between 1000 and 1999");
      }
    });
    STEPS.put("isolation", () -> {
      try (Connection one = open(); Connection other = open()) {
        for (int level : new int[] {Connection.TRANSACTION_READ_UNCOMMITTED, Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE}) {
          one.setTransactionIsolation(level);
          say("level", one.getTransactionIsolation());
          one.setAutoCommit(false);
          ask(one, "before", "select amount from purchase where person_id = 2");
          if (level != Connection.TRANSACTION_SERIALIZABLE) quietly(other, "update purchase set amount = amount + 1 where person_id = 2");
          ask(one, "meanwhile", "select amount from purchase where person_id = 2");
          one.setAutoCommit(true);
        }
        quietly(other, "update purchase set amount = amount - 3 where person_id = 2");
      }
    });
    STEPS.put("errors", () -> {
      try (Connection connection = open()) {
        for (Map.Entry<String, String> error : material.get("errors").entrySet()) {
          say(error.getKey(), errorOf(() -> { quietly(connection, error.getValue()); return null; }));
        }
      }
    });
    STEPS.put("locks", () -> {
      try (Connection one = open(); Connection other = open()) {
        one.setAutoCommit(false);
        quietly(one, "update person set age = 1 where id = 1");
        quietly(other, "set innodb_lock_wait_timeout = 1");
        say("lock wait", errorOf(() -> { quietly(other, "update person set age = 2 where id = 1"); return null; }));
        one.rollback();
        try (Statement statement = other.createStatement()) {
          statement.setQueryTimeout(1);
          say("timeout", errorOf(() -> statement.executeQuery("select count(*) from number a, number b, number c where c.id <= 3 and a.id + b.id + c.id > 0")));
        }
        ask(other, "afterwards", "select 7");
        try (Statement statement = other.createStatement()) {
          Thread thread = new Thread(() -> {
            try {
              for (int tries = 0; tries < 1000; ++tries) {
                try (Statement look = one.createStatement(); ResultSet seen = look.executeQuery("show processlist")) {
                  boolean runs = false;
                  while (seen.next()) runs |= String.valueOf(seen.getString("Info")).contains("number c") && !String.valueOf(seen.getString("Info")).contains("processlist");
                  if (runs) { statement.cancel(); return; }
                }
                Thread.sleep(20);
              }
            } catch (SQLException | InterruptedException error) { throw new RuntimeException(error); }
          });
          thread.start();
          say("cancelled", errorOf(() -> statement.executeQuery("select count(*) from number a, number b, number c where c.id <= 3 and a.id + b.id + c.id > 0")));
          thread.join();
        }
        ask(other, "afterwards", "select 8");
      }
    });
    STEPS.put("insert_ids", () -> {
      try (Connection connection = open(); Statement statement = connection.createStatement()) {
        say("one", statement.executeUpdate("insert into counter (label) values ('one')", Statement.RETURN_GENERATED_KEYS));
        ResultSet keys = statement.getGeneratedKeys();
        keys.next();
        long first = keys.getLong(1);
        say("is last_insert_id()", ((Number) one(connection, "select last_insert_id()")).longValue() == first);
        statement.executeUpdate("insert into counter (label) values ('m1'), ('m2'), ('m3')", Statement.RETURN_GENERATED_KEYS);
        keys = statement.getGeneratedKeys();
        List<Long> ids = new ArrayList<>();
        while (keys.next()) ids.add(keys.getLong(1) - first > 0 ? 1L : 0L);
        say("many", ids);
        try (PreparedStatement prepared = connection.prepareStatement("insert into counter (label) values (?)", Statement.RETURN_GENERATED_KEYS)) {
          for (int i = 0; i < 3; ++i) { prepared.setString(1, "p" + i); prepared.addBatch(); }
          prepared.executeBatch();
          int count = 0;
          try (ResultSet made = prepared.getGeneratedKeys()) { while (made.next()) ++count; }
          say("of a batch", count);
        }
        quietly(connection, "delete from counter");
      }
    });
    STEPS.put("affected_rows", () -> {
      for (String mode : new String[] {"useAffectedRows=true", "useAffectedRows=false"}) {
        try (Connection connection = open(mode)) {
          connection.setAutoCommit(false);
          for (String sql : new String[] {"update person set email = email where id = 1", "update person set age = 30", "update person set age = 31 where id in (1, 2, 77)",
              "insert into purchase values (9, 1, 1, 'x'), (1, 2, 5, 'y') on duplicate key update amount = 78", "replace into purchase values (1, 1, 1, 'x')", "delete from purchase where amount > 50"}) {
            try (Statement statement = connection.createStatement()) { say(mode + " " + sql, statement.executeUpdate(sql)); }
          }
          try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE); ResultSet result = statement.executeQuery("select id, name, age from person where id = 5")) {
            result.next();
            result.updateString(2, "Eva");
            result.updateRow();
            say("updatable", result.getString(2));
          }
          ask(connection, "updated", "select name from person where id = 5");
          connection.rollback();
        }
      }
    });
    STEPS.put("warnings", () -> {
      try (Connection connection = open(); Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        for (Map.Entry<String, String> warning : material.get("warnings").entrySet()) {
          statement.execute(warning.getValue());
          for (SQLWarning seen = statement.getWarnings(); seen != null; seen = seen.getNextWarning())
            say(warning.getKey(), seen.getErrorCode() + " " + seen.getSQLState() + " " + seen.getMessage().replaceAll("\\(conn=\\d+\\)", ""));
          say(warning.getKey(), "end");
        }
        connection.rollback();
      }
    });
    STEPS.put("pools", () -> {
      String url = "jdbc:mariadb://" + settings.get("host") + ":" + settings.get("port") + "/" + settings.get("database") + "?pool=true&maxPoolSize=2&useResetConnection=true";
      for (int i = 0; i < 12; ++i) {
        try (Connection connection = DriverManager.getConnection(url, settings.get("user"), settings.get("password"))) {
          ask(connection, "clean", "select @mine, @@time_zone, database()");
          say("temporary", errorOf(() -> one(connection, "select count(*) from only_mine")));
          quietly(connection, "set @mine = 1, time_zone = '+01:00'");
          quietly(connection, "create temporary table only_mine (id int primary key)");
          connection.setAutoCommit(false);
          quietly(connection, "insert into counter values (3000, 'left open')");
        }
      }
      try (Connection connection = open()) { ask(connection, "left", "select count(*) from counter where id = 3000"); }
    });
    STEPS.put("reconnect", () -> {
      try (Connection other = open()) {
        Connection connection = open();
        quietly(other, "kill " + one(connection, "select connection_id()"));
        try { quietly(connection, "select 1"); say("lost", false); } catch (SQLException error) { say("lost", error.getSQLState().startsWith("08") || error.getErrorCode() == 1927); }
        say("valid", connection.isValid(1));
        try (Connection again = open()) { say("again", again.isValid(1)); }
      }
    });
    STEPS.put("load_data", () -> {
      Path file = Files.createTempFile("kintsugi", ".csv");
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 1000; ++i) lines.append(300 + i % 3).append(',').append(i).append(',').append(i).append(".5,line ").append(i).append('\n');
      Files.writeString(file, lines.append("1,1,5,duplicate\n"));
      try (Connection connection = open("allowLocalInfile=true")) {
        connection.setAutoCommit(false);
        String sql = "load data local infile '" + file + "' into table purchase fields terminated by ',' (person_id, id, amount, note)";
        try (Statement statement = connection.createStatement()) { say("loaded", statement.executeUpdate(sql)); }
        ask(connection, "sums", "select person_id, count(*), sum(amount) from purchase where person_id >= 300 group by person_id order by 1");
        connection.rollback();
      } finally { Files.delete(file); }
    });
    STEPS.put("procedures", () -> {
      try (Connection connection = open()) {
        ask(connection, "call", "call totals(1, @total)");
        ask(connection, "total", "select @total");
        say("wrong count", errorOf(() -> { quietly(connection, "call totals(1)"); return null; }));
      }
      for (String mode : new String[] {"useServerPrepStmts=false", "useServerPrepStmts=true"}) {
        try (Connection connection = open(mode)) {
          for (long each = 1; each <= 2; ++each) {
            final long person = each;
            say("registered out", errorOf(() -> {
              try (CallableStatement call = connection.prepareCall("{call totals(?, ?)}")) {
                call.setLong(1, person);
                call.registerOutParameter(2, Types.DECIMAL);
                call.execute();
                return call.getBigDecimal(2);
              }
            }));
          }
        }
      }
    });
  }

  public static void main(String[] arguments) throws Exception {
    System.setOut(new java.io.PrintStream(System.out, true, StandardCharsets.UTF_8));
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      String[] parts = line.split("\t", 3);
      if (parts[0].equals("step")) wanted.add(parts[1]);
      else if (parts.length == 3) material.computeIfAbsent(parts[0], key -> new LinkedHashMap<>()).put(parts[1], parts[2]);
      else settings.put(parts[0], parts[1]);
    }
    for (String each : wanted) {
      step = each;
      try {
        STEPS.get(each).run();
        System.out.println("{\"step\":" + quoted(step) + ",\"done\":true}");
      } catch (Exception error) {
        line("\"crashed\":", error.toString());
        error.printStackTrace();
      }
    }
    System.exit(0);
  }
}
