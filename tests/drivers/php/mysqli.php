<?php
// mysqli
declare(strict_types=1);
require __DIR__ . '/transcript.php';

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);

function open(array $options = []): mysqli {
  global $settings;
  $options += $settings;
  $connection = mysqli_init();
  foreach ($options['set'] ?? [] as $option => $value) $connection->options($option, $value);
  if (isset($options['tls'])) $connection->ssl_set(null, null, $settings['ca'], null, null);
  $connection->real_connect($options['host'], $options['user'], $options['password'], $options['database'], $options['port'], null, $options['flags'] ?? 0);
  if (!isset($options['charset'])) $connection->set_charset('utf8mb4');
  return $connection;
}

function error_of(callable $body): mixed {
  try {
    return ['no error' => $body()];
  } catch (mysqli_sql_exception $error) {
    return [$error->getCode(), $error->getSqlState(), $error->getMessage()];
  }
}

function rows(mysqli $connection, string $sql, array $values = null): mixed {
  $result = $values === null ? $connection->query($sql) : $connection->execute_query($sql, $values);
  return is_bool($result) ? $connection->affected_rows : $result->fetch_all(MYSQLI_ASSOC);
}

function all_results(mysqli $connection, string $sql): array {
  $seen = [];
  $connection->multi_query($sql);
  do {
    $result = $connection->store_result();
    $seen[] = $result ? $result->fetch_all() : [$connection->affected_rows, $connection->info];
  } while ($connection->next_result());
  return $seen;
}

const LONG = 'select count(*) from number a, number b, number c where c.id <= 3 and a.id + b.id + c.id > 0';

run_steps([
  'connect' => function () {
    $connection = open();
    say('server', [$connection->server_info, $connection->server_version, $connection->protocol_version, $connection->character_set_name()]);
    say('who', rows($connection, 'select database(), current_user()'));
    say('thread', $connection->thread_id === (int) $connection->query('select connection_id()')->fetch_row()[0]);
    $connection->select_db('information_schema');
    say('other', rows($connection, 'select lower(database())'));
    say('unknown', error_of(fn() => $connection->select_db('nowhere')));
    say('no database', error_of(fn() => rows(open(['database' => '']), 'select * from person')));
  },
  'tls' => function () {
    global $material;
    $connection = open(['tls' => true, 'flags' => MYSQLI_CLIENT_SSL]);
    say('cipher', strlen($connection->query("show status like 'Ssl_cipher'")->fetch_row()[1]) > 0);
    say('query', rows($connection, $material['queries']['scatter']));
    say('compressed', rows(open(['flags' => MYSQLI_CLIENT_COMPRESS]), "select repeat('x', 3000000) from person where id = 1"));
  },
  'refused' => function () {
    foreach ([['password' => 'wrong'], ['user' => 'nobody'], ['database' => 'nowhere']] as $wrong) say(key($wrong), error_of(fn() => open($wrong)));
  },
  'text' => function () {
    global $material;
    $connection = open();
    foreach ($material['queries'] as $name => $sql) say($name, rows($connection, $sql));
    foreach ($material['strings'] as $string) {
      $escaped = $connection->real_escape_string($string);
      say('string', $connection->query("select '$escaped', hex('$escaped')")->fetch_row());
    }
    $native = open(['set' => [MYSQLI_OPT_INT_AND_FLOAT_NATIVE => 1]]);
    say('native', rows($native, 'select * from every_type where id = 2'));
  },
  'prepared' => function () {
    global $material;
    $connection = open();
    foreach ($material['queries'] as $name => $sql) say($name, rows($connection, $sql, []));
    $statement = $connection->prepare('select id, name, ? as given, hex(?) as h from person where id = ?');
    foreach ([['i', 7], ['d', 1.5], ['s', "it's \\ 金"], ['s', null], ['s', "\0\xff'"]] as $i => [$type, $value]) {
      $id = $i + 1;
      $statement->bind_param("{$type}{$type}i", $value, $value, $id);
      $statement->execute();
      say('given', $statement->get_result()->fetch_all(MYSQLI_ASSOC));
    }
    $statement->close();
    $statement = $connection->prepare('select id, name from person where id > ? order by id');
    $statement->execute([2]);
    $statement->store_result();
    $statement->bind_result($id, $name);
    while ($statement->fetch()) say('bound', [$id, $name]);
    say('rows', $statement->num_rows);
    say('syntax', error_of(fn() => $connection->prepare('selec ?')));
    say('unknown table', error_of(fn() => $connection->prepare('select * from nothing_here where id = ?')));
    say('insert', rows($connection, 'insert into purchase values (?, ?, ?, ?)', [73, 1, '1.5', null]));
    say('duplicate', error_of(fn() => rows($connection, 'insert into purchase values (?, ?, ?, ?)', [73, 1, '1.5', null])));
    say('delete', rows($connection, 'delete from purchase where person_id = ?', [73]));
  },
  'batch' => function () {
    $connection = open();
    $connection->begin_transaction();
    $statement = $connection->prepare('insert into purchase (person_id, id, amount, note) values (?, ?, ?, ?)');
    for ($i = 0; $i < 200; ++$i) $statement->execute([100 + $i % 7, $i, $i / 4, $i % 5 ? "note $i" : null]);
    say('sums', rows($connection, SUMS));
    $connection->rollback();
    say('left', rows($connection, SUMS));
  },
  'multi_statements' => function () {
    $connection = open();
    say('sets', all_results($connection, 'select 1; select name from person where id = 2; update purchase set note = note where person_id = 1; select id from person order by id'));
    say('error', error_of(fn() => all_results($connection, 'select 1; select * from nothing_here; select 3')));
    say('after', rows($connection, 'select 5'));
    say('not by query()', error_of(fn() => rows($connection, 'select 1; select 2')));
  },
  'streaming' => function () {
    $connection = open();
    $result = $connection->query('select id, square from number order by id', MYSQLI_USE_RESULT);
    $sum = $count = 0;
    foreach ($result as $row) { ++$count; $sum += $row['square']; }
    say('all', [$count, $sum]);
    $result = $connection->query('select id from number', MYSQLI_USE_RESULT);
    $result->fetch_row();
    say('while rows are unread', error_of(fn() => $connection->query('select 1')));
    $result->free();
    say('after', rows($connection, 'select count(*) from number'));
    $statement = $connection->prepare('select id from number where id > ? order by id');
    $statement->attr_set(MYSQLI_STMT_ATTR_CURSOR_TYPE, MYSQLI_CURSOR_TYPE_READ_ONLY);
    $statement->execute([10]);
    $statement->bind_result($id);
    for ($i = 0; $i < 500; ++$i) $statement->fetch();
    say('while a cursor is open', [$id, rows($connection, 'select 2 as two')]);
    while ($statement->fetch()) ++$i;
    say('all by cursor', [$i, $id]);
    $statement->close();
  },
  'large_values' => function () {
    $connection = open();
    $connection->begin_transaction();
    foreach ([(1 << 24) - 1, 1 << 24, (1 << 24) + 5, 20 << 20] as $i => $size) {
      $content = substr(str_repeat("kintsugi\0\xff", intdiv($size, 10) + 1), 0, $size);
      $statement = $connection->prepare('insert into body (id, bytes) values (?, ?)');
      $none = null;
      $statement->bind_param('ib', $i, $none);
      foreach (str_split($content, 1 << 20) as $piece) $statement->send_long_data(1, $piece);
      $statement->execute();
      say('back', rows($connection, 'select length(bytes), bytes from body where id = ?', [$i]));
    }
    say('all', rows($connection, 'select id, bytes from body order by id'));
    $connection->rollback();
  },
  'types' => function () {
    global $material;
    $connection = open();
    foreach (['text' => null, 'prepared' => []] as $how => $values)
      foreach (rows($connection, $material['types'][1], $values) as $row) foreach ($row as $name => $value) say("$how {$row['id']} $name", $value);
  },
  'metadata' => function () {
    global $material;
    $connection = open();
    foreach ($material['queries'] + ['types' => $material['types'][1]] as $name => $sql) {
      foreach ($connection->query($sql)->fetch_fields() as $field) say($name, $field);
      $statement = $connection->prepare($sql);
      say("$name, prepared", [$statement->field_count, $statement->param_count]);
      foreach ($statement->result_metadata()->fetch_fields() as $field) say("$name, prepared", $field);
    }
  },
  'time_zones' => function () {
    $connection = open();
    foreach (['+00:00', '+03:00', '-05:30'] as $zone) {
      rows($connection, "set time_zone = '$zone'");
      $connection->begin_transaction();
      rows($connection, "insert into moment values (6, '2026-06-01 12:00:00.123', '2026-06-01 12:00:00.123456')");
      say($zone, rows($connection, 'select *, unix_timestamp(at) from moment where id = ?', [6]));
      $connection->rollback();
    }
  },
  'charsets' => function () {
    foreach (['latin1', 'utf8mb4', 'gbk'] as $charset) {
      $connection = open(['charset' => $charset]);
      $connection->set_charset($charset);
      say($charset, [(array) $connection->get_charset(), rows($connection, 'select @@character_set_client, @@collation_connection')]);
      say('words', rows($connection, 'select id, loose, west from word order by id'));
    }
  },
  'transactions' => function () {
    $one = open();
    $other = open();
    $one->autocommit(false);
    rows($one, "insert into counter values (1000, 'a')");
    $one->savepoint('s');
    rows($one, "insert into counter values (1001, 'b'), (1002, 'c')");
    say('own', rows($one, LABELS));
    say('not yet', rows($other, LABELS));
    rows($one, 'rollback to s');
    $one->commit();
    say('committed', rows($other, LABELS));
    rows($one, 'delete from counter where id between 1000 and 1999');
    $one->commit();
    $one->autocommit(true);
    $one->begin_transaction(MYSQLI_TRANS_START_READ_ONLY);
    say('read only', error_of(fn() => rows($one, "insert into counter values (1004, 'e')")));
    $one->rollback();
    $one->begin_transaction(MYSQLI_TRANS_START_WITH_CONSISTENT_SNAPSHOT);
    say('snapshot', rows($one, LABELS));
    $one->commit(MYSQLI_TRANS_COR_AND_CHAIN);
    say('chained', rows($one, 'select @@in_transaction'));
    $one->rollback(MYSQLI_TRANS_COR_AND_NO_CHAIN);
  },
  'errors' => function () {
    global $material;
    $connection = open();
    foreach ($material['errors'] as $name => $sql) if ($sql !== '') say($name, error_of(fn() => rows($connection, $sql)));
  },
  'locks' => function () {
    $one = open();
    $other = open();
    $one->begin_transaction();
    rows($one, 'update person set age = 1 where id = 1');
    rows($other, 'set innodb_lock_wait_timeout = 1');
    say('lock wait', error_of(fn() => rows($other, 'update person set age = 2 where id = 1')));
    $one->rollback();
    $other->query(LONG, MYSQLI_ASYNC);
    do {
      $runs = array_filter(rows($one, 'show processlist'), fn($row) => (int) $row['Id'] === $other->thread_id && str_contains((string) $row['Info'], 'number c'));
    } while (!$runs);
    rows($one, "kill query {$other->thread_id}");
    say('killed', error_of(fn() => $other->reap_async_query()));
    say('afterwards', rows($other, 'select 7'));
  },
  'insert_ids' => function () {
    $connection = open();
    rows($connection, "insert into counter (label) values ('one')");
    $first = $connection->insert_id;
    say('is last_insert_id()', (int) $connection->query('select last_insert_id()')->fetch_row()[0] === $first);
    rows($connection, 'insert into counter (label) values (?), (?)', ['m1', 'm2']);
    say('grows', $connection->insert_id > $first);
    rows($connection, "insert into counter values (50000, 'chosen')");
    say('chosen', $connection->insert_id);
    rows($connection, 'delete from counter');
  },
  'affected_rows' => function () {
    foreach (['changed' => 0, 'found' => MYSQLI_CLIENT_FOUND_ROWS] as $name => $flags) {
      $connection = open(['flags' => $flags]);
      $connection->begin_transaction();
      foreach (WRITES as $sql) say("$name $sql", [rows($connection, $sql), $connection->info]);
      $connection->rollback();
    }
  },
  'warnings' => function () {
    global $material;
    $connection = open();
    $connection->begin_transaction();
    foreach ($material['warnings'] as $name => $sql) {
      rows($connection, $sql);
      say("$name: count", $connection->warning_count);
      say($name, $connection->warning_count ? array_map(fn($row) => $row, $connection->query('show warnings')->fetch_all()) : []);
    }
    $connection->rollback();
  },
  'pools' => function () {
    global $settings;
    $connection = open();
    rows($connection, "set @mine = 1, time_zone = '+01:00'");
    rows($connection, 'create temporary table only_mine (id int primary key)');
    $connection->begin_transaction();
    rows($connection, "insert into counter values (3000, 'left open')");
    say('change of user', $connection->change_user($settings['user'], $settings['password'], $settings['database']));
    say('after', rows($connection, 'select @mine, @@time_zone, database(), (select count(*) from counter where id = 3000)'));
    say('temporary', error_of(fn() => rows($connection, 'select * from only_mine')));
    say('wrong', error_of(fn() => $connection->change_user($settings['user'], 'wrong', null)));
    $persistent = open(['host' => 'p:' . $settings['host']]);
    $number = $persistent->thread_id;
    rows($persistent, 'set @mine = 2');
    $persistent->close();
    $again = open(['host' => 'p:' . $settings['host']]);
    say('persistent', [$again->thread_id === $number, rows($again, 'select @mine')]);
  },
  'reconnect' => function () {
    $other = open();
    $connection = open();
    rows($other, "kill {$connection->thread_id}");
    try {
      rows($connection, 'select 1');
      say('lost', false);
    } catch (mysqli_sql_exception $error) {
      say('lost', in_array($error->getCode(), [2006, 2013, 1927], true));
    }
    say('again', rows(open(), 'select 1'));
  },
  'load_data' => function () {
    global $material;
    $connection = open(['set' => [MYSQLI_OPT_LOCAL_INFILE => 1]]);
    $connection->begin_transaction();
    $file = csv_file();
    say('loaded', error_of(fn() => [rows($connection, str_replace('{file}', $file, $material['load_data'])), $connection->info]));
    say('sums', rows($connection, SUMS));
    $connection->rollback();
    unlink($file);
  },
  'procedures' => function () {
    $connection = open();
    say('call', all_results($connection, 'call totals(1, @total)'));
    say('out', rows($connection, 'select @total'));
    $statement = $connection->prepare('call totals(?, @total)');
    $statement->execute([2]);
    do {
      $result = $statement->get_result();
      if ($result) say('prepared', $result->fetch_all());
    } while ($statement->next_result());
    say('out', rows($connection, 'select @total'));
  },
]);
