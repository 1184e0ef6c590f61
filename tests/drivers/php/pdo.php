<?php
// PDO, with statements emulated and prepared on the server.
declare(strict_types=1);
require __DIR__ . '/transcript.php';

function open(array $options = [], array $settings_of = []): PDO {
  global $settings;
  $where = $settings_of + $settings;
  $dsn = "mysql:host={$where['host']};port={$where['port']};charset=" . ($where['charset'] ?? 'utf8mb4') . ($where['database'] ? ";dbname={$where['database']}" : '');
  return new PDO($dsn, $where['user'], $where['password'], $options + [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
}

function error_of(callable $body): mixed {
  try {
    return ['no error' => $body()];
  } catch (PDOException $error) {
    return [$error->getCode(), $error->errorInfo, $error->getMessage()];
  }
}

function rows(PDO $connection, string $sql, array $values = []): mixed {
  $statement = $connection->prepare($sql);
  $statement->execute($values);
  return $statement->columnCount() ? $statement->fetchAll(PDO::FETCH_NUM) : $statement->rowCount();
}

function all_results(PDOStatement $statement): array {
  $seen = [];
  do $seen[] = $statement->columnCount() ? $statement->fetchAll(PDO::FETCH_ASSOC) : $statement->rowCount();
  while ($statement->nextRowset());
  return $seen;
}

const WAYS = ['emulated' => [PDO::ATTR_EMULATE_PREPARES => true], 'prepared' => [PDO::ATTR_EMULATE_PREPARES => false]];

run_steps([
  'connect' => function () {
    $connection = open();
    say('server', $connection->getAttribute(PDO::ATTR_SERVER_VERSION));
    say('who', rows($connection, 'select database(), current_user()'));
    say('no database', error_of(fn() => rows(open([], ['database' => '']), 'select * from person')));
  },
  'tls' => function () {
    global $settings, $material;
    $connection = open([PDO::MYSQL_ATTR_SSL_CA => $settings['ca']]);
    say('cipher', strlen($connection->query("show status like 'Ssl_cipher'")->fetchColumn(1)) > 0);
    say('query', rows($connection, $material['queries']['scatter']));
  },
  'refused' => function () {
    foreach ([['password' => 'wrong'], ['user' => 'nobody'], ['database' => 'nowhere']] as $wrong) say(key($wrong), error_of(fn() => open([], $wrong)));
  },
  'text' => function () {
    global $material;
    $connection = open();
    foreach ($material['queries'] as $name => $sql) say($name, $connection->query($sql)->fetchAll(PDO::FETCH_ASSOC));
    foreach ($material['strings'] as $string) say('string', $connection->query('select ' . $connection->quote($string) . ', hex(' . $connection->quote($string) . ')')->fetch(PDO::FETCH_NUM));
  },
  'prepared' => function () {
    global $material;
    foreach (WAYS as $way => $options) {
      $connection = open($options);
      foreach ($material['queries'] as $name => $sql) say("$way $name", rows($connection, $sql));
      $statement = $connection->prepare('select id, name, :given as given, hex(:again) as h from person where id = :id');
      foreach ([[7, PDO::PARAM_INT], ['1.5', PDO::PARAM_STR], ["it's \\ 金", PDO::PARAM_STR], [null, PDO::PARAM_NULL], ["\0\xff'", PDO::PARAM_LOB], [true, PDO::PARAM_BOOL]] as $i => [$value, $type]) {
        $statement->bindValue('given', $value, $type);
        $statement->bindValue('again', $value, $type);
        $statement->bindValue('id', $i % 5 + 1, PDO::PARAM_INT);
        $statement->execute();
        say("$way given", $statement->fetchAll(PDO::FETCH_ASSOC));
      }
      say("$way syntax", error_of(fn() => rows($connection, 'selec ?', [1])));
      say("$way insert", rows($connection, 'insert into purchase values (?, ?, ?, ?)', [74, 1, '1.5', null]));
      say("$way duplicate", error_of(fn() => rows($connection, 'insert into purchase values (?, ?, ?, ?)', [74, 1, '1.5', null])));
      say("$way delete", rows($connection, 'delete from purchase where person_id = ?', [74]));
    }
  },
  'batch' => function () {
    foreach (WAYS as $way => $options) {
      $connection = open($options);
      $connection->beginTransaction();
      $statement = $connection->prepare('insert into purchase (person_id, id, amount, note) values (?, ?, ?, ?)');
      for ($i = 0; $i < 200; ++$i) $statement->execute([100 + $i % 7, $i, $i / 4, $i % 5 ? "note $i" : null]);
      say($way, rows($connection, SUMS));
      $connection->rollBack();
    }
  },
  'multi_statements' => function () {
    $connection = open();
    say('sets', all_results($connection->query('select 1; select name from person where id = 2; update purchase set note = note where person_id = 1; select id from person order by id')));
    say('error', error_of(fn() => all_results($connection->query('select 1; select * from nothing_here; select 3'))));
    say('not allowed', error_of(fn() => rows(open([PDO::MYSQL_ATTR_MULTI_STATEMENTS => false]), 'select 1; select 2')));
  },
  'streaming' => function () {
    foreach (WAYS as $way => $options) {
      $connection = open($options + [PDO::MYSQL_ATTR_USE_BUFFERED_QUERY => false]);
      $statement = $connection->prepare('select id, square from number order by id');
      $statement->execute();
      $count = $sum = 0;
      foreach ($statement as $row) { ++$count; $sum += $row['square']; }
      say($way, [$count, $sum]);
      $statement->execute();
      $statement->fetch();
      say("$way, while rows are unread", error_of(fn() => $connection->query('select 1')->fetchAll()));
      $statement->closeCursor();
      say("$way, after", rows($connection, 'select 2'));
    }
  },
  'large_values' => function () {
    foreach (WAYS as $way => $options) {
      $connection = open($options);
      $connection->beginTransaction();
      foreach ([(1 << 24) - 1, 1 << 24, 20 << 20] as $i => $size) {
        rows($connection, 'insert into body (id, bytes) values (?, ?)', [$i, substr(str_repeat("kintsugi\0\xff", intdiv($size, 10) + 1), 0, $size)]);
        say($way, rows($connection, 'select length(bytes), bytes from body where id = ?', [$i]));
      }
      $connection->rollBack();
    }
  },
  'types' => function () {
    global $material;
    foreach (WAYS as $way => $options)
      foreach (open($options)->query($material['types'][1])->fetchAll(PDO::FETCH_ASSOC) as $row) foreach ($row as $name => $value) say("$way $name", $value);
  },
  'metadata' => function () {
    global $material;
    foreach (WAYS as $way => $options) {
      $connection = open($options);
      foreach ($material['queries'] + ['types' => $material['types'][1]] as $name => $sql) {
        $statement = $connection->query($sql);
        for ($i = 0; $i < $statement->columnCount(); ++$i) say("$way $name", $statement->getColumnMeta($i));
      }
    }
  },
  'charsets' => function () {
    foreach (['latin1', 'utf8mb4', 'gbk'] as $charset) {
      $connection = open([], ['charset' => $charset]);
      say($charset, rows($connection, 'select @@character_set_client, @@collation_connection'));
      say('words', rows($connection, 'select id, loose, west from word order by id'));
    }
  },
  'transactions' => function () {
    $one = open();
    $other = open([PDO::ATTR_AUTOCOMMIT => 0]);
    $one->beginTransaction();
    rows($one, "insert into counter values (1000, 'a'), (1001, 'b')");
    say('own', [$one->inTransaction(), rows($one, LABELS)]);
    say('not yet', rows($other, LABELS));
    $one->commit();
    say('its own snapshot', rows($other, LABELS));
    rows($other, 'commit');
    say('committed', rows($other, LABELS));
    rows($other, 'delete from counter where id between 1000 and 1999');
    say('not yet deleted', count(rows($one, LABELS)));
    rows($other, 'commit');
    say('deleted', rows($one, LABELS));
  },
  'errors' => function () {
    global $material;
    foreach (WAYS as $way => $options) {
      $connection = open($options);
      foreach ($material['errors'] as $name => $sql) if ($sql !== '') say("$way $name", error_of(fn() => rows($connection, $sql)));
    }
  },
  'insert_ids' => function () {
    $connection = open();
    rows($connection, "insert into counter (label) values ('one')");
    $first = $connection->lastInsertId();
    say('is last_insert_id()', (string) rows($connection, 'select last_insert_id()')[0][0] === $first);
    rows($connection, "insert into counter values (50000, 'chosen')");
    say('chosen', $connection->lastInsertId());
    rows($connection, 'delete from counter');
  },
  'affected_rows' => function () {
    foreach (['changed' => false, 'found' => true] as $name => $found) {
      $connection = open([PDO::MYSQL_ATTR_FOUND_ROWS => $found]);
      $connection->beginTransaction();
      foreach (WRITES as $sql) say("$name $sql", [$connection->exec($sql)]);
      $connection->rollBack();
    }
  },
  'pools' => function () {
    $connection = open([PDO::ATTR_PERSISTENT => true]);
    rows($connection, 'set @mine = 3');
    $number = rows($connection, 'select connection_id()');
    unset($connection);
    $again = open([PDO::ATTR_PERSISTENT => true]);
    say('persistent', [rows($again, 'select connection_id()') === $number, rows($again, 'select @mine')]);
  },
  'load_data' => function () {
    global $material;
    $connection = open([PDO::MYSQL_ATTR_LOCAL_INFILE => true]);
    $connection->beginTransaction();
    $file = csv_file();
    say('loaded', error_of(fn() => $connection->exec(str_replace('{file}', $file, $material['load_data']))));
    say('sums', rows($connection, SUMS));
    $connection->rollBack();
    unlink($file);
  },
  'procedures' => function () {
    foreach (WAYS as $way => $options) {
      $connection = open($options);
      $statement = $connection->prepare('call totals(?, @total)');
      $statement->execute([1]);
      say($way, all_results($statement));
      $statement->closeCursor();
      say("$way out", rows($connection, 'select @total'));
    }
  },
]);
