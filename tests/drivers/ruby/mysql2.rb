# Ruby's mysql2: steps told as lines of JSON. usage: mysql2.rb SETTINGS (a file; see ../drivers.py)
require 'bigdecimal'
require 'digest'
require 'json'
require 'mysql2'
require 'tempfile'

SETTINGS = JSON.parse(File.read(ARGV[0]))
MATERIAL = JSON.parse(File.read(SETTINGS['material']))
LONG = 'select count(*) from number a, number b, number c where c.id <= 3 and a.id + b.id + c.id > 0'
LABELS = 'select id, label from counter where id between 1000 and 1999 order by id'
SUMS = 'select person_id, count(*), sum(amount), count(note) from purchase where person_id >= 100 group by person_id order by 1'
$stdout.sync = true

def plain(value)
  case value
  when nil, true, false then value
  when String
    return "#{value.bytesize} bytes, sha256 #{Digest::SHA256.hexdigest(value)}" if value.bytesize > 1000
    text = value.dup.force_encoding('UTF-8')
    text.valid_encoding? ? "#{value.encoding} #{text}" : { 'bytes' => value.unpack1('H*') }
  when Array then value.map { |each| plain(each) }
  when Hash then value.to_h { |key, each| [key.to_s, plain(each)] }
  when Time then "time #{value.strftime('%F %T.%6N %z')}"
  when BigDecimal then "decimal #{value.to_s('F')}"
  else "#{value.class} #{value}"
  end
end

def line(fields) = puts(JSON.generate({ 'step' => $step, **fields }))
def say(what, value) = line('what' => what, 'saw' => plain(value))

def open(**options)
  Mysql2::Client.new(host: SETTINGS['host'], port: SETTINGS['port'], username: SETTINGS['user'], password: SETTINGS['password'],
                     database: SETTINGS['database'], encoding: 'utf8mb4', **options)
end

def with(**options)
  client = open(**options)
  yield client
ensure
  client&.close
end

def error_of
  { 'no error' => yield }
rescue Mysql2::Error => e
  [e.class.name, e.error_number, e.sql_state, e.message]
end

def ask(client, sql, **options) = client.query(sql, **options)&.to_a
def affected(client, sql) = (client.query(sql); client.affected_rows)

STEPS = {
  'connect' => lambda {
    with do |client|
      say 'server', client.server_info
      say 'who', ask(client, 'select database(), current_user()')
      say 'thread', client.thread_id == client.query('select connection_id() as id').first['id']
      say 'ping', client.ping
      client.select_db('information_schema')
      say 'other', ask(client, 'select lower(database())')
      say 'unknown', error_of { client.select_db('nowhere') }
    end
    with(database: nil) { |client| say 'no database', error_of { ask(client, 'select * from person') } }
  },
  'tls' => lambda {
    with(sslca: SETTINGS['ca'], sslverify: true) do |client|
      say 'cipher', !client.ssl_cipher.to_s.empty?
      say 'query', ask(client, MATERIAL['queries']['scatter'])
    end
  },
  'refused' => lambda {
    { password: 'wrong', username: 'nobody', database: 'nowhere' }.each { |name, wrong| say name, error_of { open(**{ name => wrong }) } }
  },
  'text' => lambda {
    with do |client|
      MATERIAL['queries'].each { |name, sql| say name, ask(client, sql) }
      MATERIAL['strings'].each { |text| say 'string', ask(client, "select '#{client.escape(text)}' as s, hex('#{client.escape(text)}') as h") }
      say 'symbols', ask(client, 'select * from person order by id', symbolize_keys: true)
      say 'arrays', ask(client, 'select * from person order by id', as: :array)
      say 'without casts', ask(client, 'select * from every_type where id = 2', cast: false)
    end
  },
  'prepared' => lambda {
    with do |client|
      MATERIAL['queries'].each { |name, sql| say name, client.prepare(sql).execute.to_a }
      statement = client.prepare('select id, name, ? as given, hex(?) as h from person where id = ?')
      [7, -2**62, 2**63, 1.5, BigDecimal('12.30'), "it's \\ 金", "\0\xff".b, true, nil, Date.new(2026, 1, 2), Time.utc(2026, 1, 2, 3, 4, 5, 678)].each_with_index do |value, i|
        say 'given', statement.execute(value, value, i % 5 + 1).to_a
      end
      say 'parameters', [statement.param_count, statement.field_count, statement.fields]
      statement.close
      say 'syntax', error_of { client.prepare('selec ?') }
      say 'unknown table', error_of { client.prepare('select * from nothing_here where id = ?') }
      insert = client.prepare('insert into purchase values (?, ?, ?, ?)')
      insert.execute(75, 1, '1.5', nil)
      say 'inserted', insert.affected_rows
      say 'duplicate', error_of { insert.execute(75, 1, '1.5', nil) }
      say 'deleted', affected(client, 'delete from purchase where person_id = 75')
    end
  },
  'batch' => lambda {
    with do |client|
      client.query('begin')
      statement = client.prepare('insert into purchase (person_id, id, amount, note) values (?, ?, ?, ?)')
      200.times { |i| statement.execute(100 + i % 7, i, i / 4.0, i % 5 == 0 ? nil : "note #{i}") }
      say 'sums', ask(client, SUMS)
      client.query('rollback')
      say 'left', ask(client, SUMS)
    end
  },
  'multi_statements' => lambda {
    with(flags: Mysql2::Client::MULTI_STATEMENTS) do |client|
      say 'first', ask(client, 'select 1; select name from person where id = 2; update purchase set note = note where person_id = 1; select id from person order by id')
      while client.next_result
        result = client.store_result
        say 'next', result ? result.to_a : client.affected_rows
      end
      say 'first', ask(client, 'select 1; select * from nothing_here; select 3')
      say 'error', error_of { client.next_result }
      client.abandon_results!
      say 'after', ask(client, 'select 5')
    end
    with { |client| say 'not allowed', error_of { ask(client, 'select 1; select 2') } }
  },
  'streaming' => lambda {
    with do |client|
      count = sum = 0
      client.query('select id, square from number order by id', stream: true, cache_rows: false).each { |row| count += 1; sum += row['square'] }
      say 'all', [count, sum]
      client.query('select id from number', stream: true, cache_rows: false).each { |row| break if row }
      say 'left', error_of { ask(client, 'select 1') }.class
    end
    with { |client| say 'prepared', client.prepare('select id from number where id > ?').execute(10, stream: true, cache_rows: false).each.count }
  },
  'large_values' => lambda {
    with do |client|
      client.query('begin')
      [(1 << 24) - 1, 1 << 24, (1 << 24) + 5, 20 << 20].each_with_index do |size, i|
        content = ("kintsugi\0\xff".b * (size / 10 + 1))[0, size]
        client.prepare('insert into body (id, bytes) values (?, ?)').execute(i, content)
        say 'back', client.prepare('select length(bytes), bytes from body where id = ?').execute(i).to_a
      end
      say 'all', ask(client, 'select id, bytes from body order by id')
      client.query('rollback')
    end
  },
  'types' => lambda {
    with do |client|
      say 'text', ask(client, MATERIAL['types'][1])
      names = client.query(MATERIAL['types'][1]).fields
      names.each do |name| # column by column: the driver refuses a TIME over 24 hours
        say "prepared #{name}", begin
          client.prepare("select id, `#{name}` as v from every_type order by id").execute.to_a
        rescue ArgumentError => e
          e.message
        end
      end
      say 'booleans', ask(client, MATERIAL['types'][1], cast_booleans: true)
    end
  },
  'metadata' => lambda {
    with do |client|
      MATERIAL['queries'].merge('types' => MATERIAL['types'][1]).each do |name, sql|
        result = client.query(sql)
        say name, [result.fields, result.respond_to?(:field_types) ? result.field_types : nil, result.count]
        say "#{name}, prepared", client.prepare(sql).fields
      end
    end
  },
  'time_zones' => lambda {
    with do |client|
      ['+00:00', '+03:00', '-05:30'].each do |zone|
        client.query("set time_zone = '#{zone}'")
        client.query('begin')
        client.prepare('insert into moment values (?, ?, ?)').execute(5, Time.utc(2026, 6, 1, 12, 0, 0, 123_000), Time.utc(2026, 6, 1, 12, 0, 0, 123_456))
        %i[utc local].each { |each| say zone, ask(client, 'select *, unix_timestamp(at) from moment where id = 5', database_timezone: :utc, application_timezone: each) }
        client.query('rollback')
      end
    end
  },
  'charsets' => lambda {
    %w[utf8mb4 latin1 utf8 gbk].each do |charset|
      with(encoding: charset) do |client|
        say charset, ask(client, 'select @@character_set_client, @@collation_connection')
        say 'words', client.query('select id, loose, west from word order by id').to_a.map { |row| row.transform_values { |each| each.is_a?(String) ? [each.encoding, each.b.unpack1('H*')] : each } }
      end
    end
  },
  'transactions' => lambda {
    with do |one|
      with do |other|
        one.query('begin')
        one.query("insert into counter values (1000, 'a'), (1001, 'b')")
        say 'own', ask(one, LABELS)
        say 'not yet', ask(other, LABELS)
        one.query('savepoint s')
        one.query('delete from counter where id = 1000')
        one.query('rollback to s')
        one.query('commit')
        say 'committed', ask(other, LABELS)
        say 'deleted', affected(other, 'delete from counter where id between 1000 and 1999')
      end
    end
  },
  'errors' => lambda {
    with do |client|
      MATERIAL['errors'].each do |name, sql|
        say name, error_of { ask(client, sql) }
        say "#{name}, prepared", error_of { client.prepare(sql).execute.to_a }
      end
    end
  },
  'locks' => lambda {
    with do |one|
      with do |other|
        one.query('begin')
        one.query('update person set age = 1 where id = 1')
        other.query('set innodb_lock_wait_timeout = 1')
        say 'lock wait', error_of { ask(other, 'update person set age = 2 where id = 1') }
        one.query('rollback')
        other.query(LONG, async: true)
        sleep 0.02 until one.query('show processlist').any? { |row| row['Id'] == other.thread_id && row['Info'].to_s.include?('number c') }
        one.query("kill query #{other.thread_id}")
        say 'killed', error_of { other.async_result.to_a }
        say 'afterwards', ask(other, 'select 7')
      end
    end
  },
  'insert_ids' => lambda {
    with do |client|
      client.query("insert into counter (label) values ('one')")
      first = client.last_id
      say 'is last_insert_id()', client.query('select last_insert_id() as id').first['id'] == first
      statement = client.prepare('insert into counter (label) values (?), (?)')
      statement.execute('m1', 'm2')
      say 'grows', statement.last_id > first
      client.query("insert into counter values (50000, 'chosen')")
      say 'chosen', client.last_id
      client.query('delete from counter')
    end
  },
  'affected_rows' => lambda {
    { 'found' => {}, 'changed' => { flags: ['-FOUND_ROWS'] } }.each do |name, options|
      with(**options) do |client|
        client.query('begin')
        ['update person set email = email where id = 1', 'update person set age = 30', 'update person set age = 31 where id in (1, 2, 77)',
         "insert into purchase values (9, 1, 1, 'x'), (1, 2, 5, 'y') on duplicate key update amount = 78", "replace into purchase values (1, 1, 1, 'x')",
         'delete from purchase where amount > 50'].each { |sql| say "#{name} #{sql}", [affected(client, sql), client.query_info_string] }
        client.query('rollback')
      end
    end
  },
  'warnings' => lambda {
    with do |client|
      client.query('begin')
      MATERIAL['warnings'].each do |name, sql|
        client.query(sql)
        count = client.warning_count
        say name, [count, count.zero? ? [] : ask(client, 'show warnings', as: :array)]
      end
      client.query('rollback')
    end
  },
  'reconnect' => lambda {
    with do |other|
      client = open(reconnect: true)
      number = client.thread_id
      other.query("kill #{number}")
      lost = error_of { ask(client, 'select 1') }
      say 'lost or connected again', lost.is_a?(Hash) || [2006, 2013, 1927].include?(lost[1])
      say 'again', ask(client, 'select 1, database()')
      say 'another', client.thread_id != number
    end
  },
  'load_data' => lambda {
    Tempfile.create('kintsugi') do |file|
      1000.times { |i| file.puts "#{300 + i % 3},#{i},#{i}.5,line #{i}" }
      file.flush
      with(local_infile: true) do |client|
        client.query('begin')
        say 'loaded', [affected(client, MATERIAL['load_data'].sub('{file}', file.path)), client.query_info_string]
        say 'sums', ask(client, SUMS)
        client.query('rollback')
      end
    end
  },
  'procedures' => lambda {
    with(flags: Mysql2::Client::MULTI_STATEMENTS) do |client|
      say 'call', ask(client, 'call totals(1, @total)')
      while client.next_result
        result = client.store_result
        say 'next', result&.to_a
      end
      say 'out', ask(client, 'select @total')
    end
  }
}.freeze

(SETTINGS['steps'] || STEPS.keys).each do |step|
  $step = step
  begin
    STEPS.fetch(step).call
    line('done' => true)
  rescue StandardError => e
    line('crashed' => "#{e.class}: #{e.message}", 'trace' => e.backtrace.first(5))
  end
end
