// The steps that mysql2 and mariadb share. A driver gives an object with
//   connect(settings, options)   a connection
//   query(connection, sql, values), execute(…)   both [rows or result, columns]
//   columns(columns)   what it tells of them
//   stream(connection, sql)   an async iterable of rows
//   pool(settings, options), reset(connection), changeUser(connection, settings), batched(connection, sql, rows): affected rows in all
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from './transcript.mjs';

export async function errorOf(promise) {
  try {
    return { 'no error': await promise };
  } catch (error) {
    if (error.errno === undefined) throw error;
    return { errno: error.errno, code: error.code, sqlState: error.sqlState, message: (error.sqlMessage ?? error.message).replace(/conn:-?\d+/, 'conn:N') };
  }
}

const codesOf = async promise => {
  const { errno, code, fatal } = await promise.then(() => ({ errno: 'none' }), error => error);
  return { errno, code, fatal };
};

export async function withConnection(driver, settings, options, use) {
  const connection = await driver.connect(settings, options);
  try {
    return await use(connection);
  } finally {
    await connection.end().catch(() => connection.destroy());
  }
}

async function waits(driver, connection, number) {
  for (let tries = 0; tries < 1000; ++tries) {
    const rows = await ask(driver, connection, 'show processlist');
    if (rows.some(row => Number(row.Id) === number && String(row.Info).includes('number c'))) return;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error('the statement that is to be killed was never seen');
}

const ask = async (driver, connection, sql, values) => (await driver.query(connection, sql, values))[0];

export function common(driver) {
  const asking = connection => (sql, values) => ask(driver, connection, sql, values);
  const open = (settings, options, use) => withConnection(driver, settings, options, connection => use(asking(connection), connection));

  return {
    async connect(settings, say) {
      await open(settings, {}, async (query, connection) => {
        say('who', await query("select database(), current_user(), user() like 'app@%' as mine"));
        const [{ id }] = await query('select connection_id() as id');
        say('thread', Number(id) === connection.threadId);
        say('ping', await connection.ping());
        say('use', await query('use information_schema'));
        say('other database', await query('select lower(database()) as db'));
      });
      await open(settings, { database: undefined }, async query => {
        say('none', await query('select database() as db'));
        say('no database', await errorOf(query('select * from person')));
      });
    },

    async tls(settings, say) {
      const ssl = { ca: readFileSync(settings.ca), rejectUnauthorized: true };
      await open(settings, { ssl }, async query => {
        say('cipher', (await query("show status like 'Ssl_cipher'"))[0].Value.length > 0);
        say('query', await query(settings.material.queries.scatter));
      });
      await open(settings, { ssl, compress: true }, async query => say('compressed', (await query("select repeat('x', 3000000) as body, id from person where id = 5"))[0].body.length));
      await open(settings, {}, async query => say('without', await query("show status like 'Ssl_cipher'")));
    },

    async refused(settings, say) {
      say('wrong password', await errorOf(driver.connect(settings, { password: 'wrong' })));
      say('no password', await errorOf(driver.connect(settings, { password: '' })));
      say('unknown user', await errorOf(driver.connect(settings, { user: 'nobody' })));
      say('unknown database', await errorOf(driver.connect(settings, { database: 'nowhere' })));
    },

    async text(settings, say) {
      await open(settings, {}, async query => {
        for (const [name, sql] of Object.entries(settings.material.queries)) say(name, await query(sql));
        for (const string of settings.material.strings) say('string', await query('select ? as s, length(?) as n, hex(?) as h', [string, string, string]));
        say('values', await query('select ? as a, ? as b, ? as c, ? as d, ? as e, ? as f', [1, -1.5, null, true, Buffer.from([0, 255, 39]), new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678))]));
        say('big', await query('select ? as a', [2n ** 64n - 1n]));
        say('in', await query('select name from person where id in (?) order by id', [[1, 3, 5]]));
      });
      await open(settings, { namedPlaceholders: true }, async query =>
        say('named', await query('select name from person where id = :id and age > :age', { id: 1, age: 3 })));
      await open(settings, { rowsAsArray: true }, async query => say('arrays', await query('select * from person order by id')));
      await open(settings, { nestTables: '_' }, async query => say('nested', await query('select p.*, u.id from person p join purchase u on p.id = u.person_id order by p.id, u.id limit 2')));
    },

    async prepared(settings, say) {
      await open(settings, {}, async (query, connection) => {
        const execute = async (sql, values) => (await driver.execute(connection, sql, values))[0];
        for (const [name, sql] of Object.entries(settings.material.queries)) say(name, await execute(sql));
        for (const id of [1, 4, 99, 1]) say('by id', await execute('select id, name, age from person where id = ?', [id]));
        for (const value of [1, -1.5, null, 'text', '金缮', Buffer.from([0, 255]), new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)), 2n ** 63n])
          say('value', await execute('select ? as value, hex(?) as h', [value, value]));
        say('in', await execute('select name from person where id in (?, ?) and name like ? order by id', [1, 5, '%e']));
        say('limit', await execute('select id from number order by id limit ? offset ?', ['3', '10']));
        say('join', await execute('select p.name, u.amount from person p join purchase u on u.person_id = p.id where p.id = ? and u.amount > ? order by u.id', [1, 0.01]));
        say('insert', await execute('insert into purchase values (?, ?, ?, ?)', [70, 1, '1.50', 'prepared']));
        say('update', await execute('update purchase set note = ? where person_id = ?', ['changed', 70]));
        say('row', await execute('select * from purchase where person_id = ?', [70]));
        say('delete', await execute('delete from purchase where person_id = ?', [70]));
        say('syntax', await errorOf(execute('selec ?', [1])));
        say('unknown table', await errorOf(execute('select * from nothing_here where id = ?', [1])));
        say('duplicate', await errorOf(execute('insert into person (id, name) values (?, ?)', [1, 'again'])));
        for (let number = 0; number < 50; ++number) await execute(`select ${number} + ? as n`, [number]);
        say('many statements', await execute('select 49 + ? as n', [1]));
      });
    },

    async batch(settings, say) {
      await open(settings, {}, async (query, connection) => {
        await query('start transaction');
        const rows = Array.from({ length: 500 }, (_, n) => [100 + (n % 7), n, n / 4, n % 5 ? `note ${n}` : null]);
        say('affected', await driver.batched(connection, 'insert into purchase (person_id, id, amount, note) values', rows));
        say('sums', await query('select person_id, count(*) as n, sum(amount) as total, count(note) as notes from purchase where person_id >= 100 group by person_id order by 1'));
        say('again', await errorOf(driver.batched(connection, 'insert into purchase (person_id, id, amount, note) values', [[200, 1, 1, null], [100, 0, 1, null]])));
        await query('rollback');
        say('left', await query('select count(*) as n from purchase where person_id >= 100'));
      });
    },

    async multi_statements(settings, say) {
      await open(settings, { multipleStatements: true }, async query => {
        say('sets', await query('select 1 as one; select name from person where id = 2; update purchase set note = note where person_id = 1; select id from person order by id'));
        say('error in the middle', await errorOf(query('select 1; select * from nothing_here; select 3')));
        say('after', await query('select 5 as five'));
        say('values', await query('select ? as a; select ? as b', [1, 'x']));
      });
      await open(settings, {}, async query => say('not allowed', await errorOf(query('select 1; select 2'))));
    },

    async streaming(settings, say) {
      await open(settings, {}, async (query, connection) => {
        let count = 0, sum = 0;
        for await (const row of driver.stream(connection, 'select id, square from number order by id')) { ++count; sum += Number(row.square); }
        say('all', [count, sum]);
        say('afterwards', await query('select count(*) as n from number'));
      });
      const connection = await driver.connect(settings, {});
      count: { let seen = 0; for await (const row of driver.stream(connection, 'select id from number')) { if (row && ++seen === 50) break; } say('some', seen); }
      connection.destroy();
      await open(settings, {}, async query => say('another', await query('select 1 as one')));
    },

    async large_values(settings, say) {
      await open(settings, { maxAllowedPacket: 64 << 20 }, async (query, connection) => {
        await query('start transaction');
        for (const [number, size] of [(1 << 24) - 1, 1 << 24, (1 << 24) + 5, 20 << 20].entries()) {
          const content = Buffer.alloc(size, 'kintsugi\0\xff', 'latin1');
          if (number % 2) await driver.query(connection, 'insert into body (id, bytes) values (?, ?)', [number, content]);
          else await driver.execute(connection, 'insert into body (id, bytes) values (?, ?)', [number, content]);
          const [[row]] = await driver.execute(connection, 'select length(bytes) as n, bytes from body where id = ?', [number]);
          say('back', [row.n, sha256(row.bytes), row.bytes.equals(content)]);
        }
        say('rows', (await query('select id, bytes, bytes as again from body order by id')).map(row => [row.id, row.bytes.length + row.again.length]));
        await query('rollback');
      });
    },

    async types(settings, say) {
      for (const options of [{}, driver.exactTypes]) {
        await open(settings, options, async (query, connection) => {
          const all = settings.material.types[1];
          for (const [how, rows] of [['text', await query(all)], ['prepared', (await driver.execute(connection, all))[0]]])
            for (const row of rows) for (const [name, value] of Object.entries(row)) say(`${how} ${row.id} ${name}`, value);
        });
      }
    },

    async metadata(settings, say) {
      await open(settings, {}, async (query, connection) => {
        const queries = { ...settings.material.queries, types: settings.material.types[1], show: 'show tables', columns: 'show full columns from person' };
        for (const [name, sql] of Object.entries(queries)) {
          say(name, driver.columns((await driver.query(connection, sql))[1]));
          say(`${name}, prepared`, driver.columns((await driver.execute(connection, sql))[1]));
        }
      });
    },

    async time_zones(settings, say) {
      for (const timezone of ['Z', '+03:00', '-05:30']) {
        await open(settings, { timezone }, async (query, connection) => {
          await query(`set time_zone = '${timezone === 'Z' ? '+00:00' : timezone}'`);
          await query('delete from moment');
          const when = new Date(Date.UTC(2026, 5, 1, 12, 0, 0, 123));
          await query('insert into moment values (?, ?, ?)', [1, when, when]);
          await driver.execute(connection, 'insert into moment values (?, ?, ?)', [2, when, when]);
          say(timezone, await query('select *, unix_timestamp(at) as seconds from moment order by id'));
          say('prepared', (await driver.execute(connection, 'select * from moment order by id'))[0]);
          await query('delete from moment');
        });
      }
      await open(settings, { dateStrings: true }, async query => say('strings', await query('select day, moment6, stamp from every_type order by id')));
    },

    async charsets(settings, say) {
      for (const charset of driver.charsets) {
        await open(settings, { charset }, async query => {
          say(charset, await query('select @@character_set_client, @@character_set_results, @@collation_connection'));
          say('words', await query('select id, loose, west, hex(west) as h from word order by id'));
          say('found', await query('select id from word where loose = ? order by id', ['école']));
          say('hex', await query('select hex(?) as h', ['é😀']));
        });
      }
    },

    async transactions(settings, say) {
      await open(settings, {}, async (query, one) => open(settings, {}, async other => {
        const labels = ask => ask('select id, label from counter where id between 1000 and 1999 order by id');
        await one.beginTransaction();
        await query("insert into counter values (1000, 'a'), (1001, 'b'), (1002, 'c')");
        say('own', await labels(query));
        say('not yet', await labels(other));
        await one.rollback();
        say('rolled back', await labels(query));
        await query('set autocommit = 0');
        await query("insert into counter values (1000, 'a')");
        await query('savepoint s');
        await query("insert into counter values (1001, 'b')");
        await query('rollback to s');
        await one.commit();
        say('committed', await labels(other));
        say('duplicate', await errorOf(query("insert into counter values (1003, 'd'), (1000, 'x')")));
        say('of the failed statement', await labels(query));
        await query('delete from counter where id between 1000 and 1999');
        await one.commit();
        await query('start transaction read only');
        say('read only', await errorOf(query("insert into counter values (1004, 'e')")));
        await one.rollback();
      }));
    },

    async isolation(settings, say) {
      await open(settings, {}, async (query, one) => open(settings, {}, async other => {
        const amount = 'select amount from purchase where person_id = 2';
        for (const level of ['read committed', 'repeatable read']) {
          await query(`set session transaction isolation level ${level}`);
          await one.beginTransaction();
          say(level, [await query('select @@tx_isolation as level'), await query(amount)]);
          await other('update purchase set amount = amount + 1 where person_id = 2');
          say('meanwhile', await query(amount));
          await one.commit();
          say('after', await query(amount));
        }
        await other('update purchase set amount = amount - 2 where person_id = 2');
      }));
    },

    async errors(settings, say) {
      await open(settings, {}, async (query, connection) => {
        for (const [name, sql] of Object.entries(settings.material.errors)) {
          say(name, await errorOf(query(sql)));
          say(`${name}, prepared`, await errorOf(driver.execute(connection, sql)));
        }
        say('still there', await query('select 1 as one'));
      });
    },

    async locks(settings, say) {
      await open(settings, {}, async (query, one) => open(settings, {}, async (other, second) => {
        await one.beginTransaction();
        await query('update person set age = 1 where id = 1');
        await other('set innodb_lock_wait_timeout = 1');
        say('lock wait', await errorOf(other('update person set age = 2 where id = 1')));
        await one.rollback();
        const [{ id }] = await other('select connection_id() as id');
        const slow = errorOf(other('select count(*) from number a, number b, number c where c.id <= 3 and a.id + b.id + c.id > 0'));
        await waits(driver, one, Number(id));
        await query(`kill query ${id}`);
        say('killed', await slow);
        say('afterwards', await other('select 7 as seven'));
      }));
    },

    async insert_ids(settings, say) {
      await open(settings, {}, async (query, connection) => {
        const one = await query("insert into counter (label) values ('one')");
        const [row] = await query('select last_insert_id() as id');
        say('is last_insert_id()', Number(row.id) === Number(one.insertId));
        const many = await query("insert into counter (label) values ('m1'), ('m2'), ('m3')");
        say('of many: the first', [many.affectedRows, Number(many.insertId) > Number(one.insertId)]);
        const [prepared] = await driver.execute(connection, 'insert into counter (label) values (?)', ['p']);
        say('prepared', Number(prepared.insertId) >= Number(many.insertId) + 3);
        say('chosen', await query("insert into counter values (50000, 'chosen')"));
        say('update', await query('update counter set id = last_insert_id(id) where id = 50000'));
        await query('delete from counter');
      });
    },

    async affected_rows(settings, say) {
      for (const [name, flags] of Object.entries(driver.rowsOptions)) {
        await open(settings, flags, async query => {
          await query('start transaction');
          for (const sql of ['update person set email = email where id = 1', 'update person set age = 30', 'update person set age = 31 where id in (1, 2, 77)',
            "insert into purchase values (9, 1, 1, 'x'), (1, 2, 5, 'y') on duplicate key update amount = 78", "replace into purchase values (1, 1, 1, 'x')",
            "insert ignore into purchase values (1, 1, 1, 'x'), (1, 9, 1, 'x')", 'delete from purchase where amount > 50', 'do 1'])
            say(`${name}: ${sql}`, await query(sql));
          await query('rollback');
        });
      }
    },

    async warnings(settings, say) {
      await open(settings, {}, async (query, connection) => {
        await query('start transaction');
        for (const [name, sql] of Object.entries(settings.material.warnings)) {
          const [answer] = await driver.query(connection, sql);
          say(name, [answer.warningStatus, await query('show warnings')]);
        }
        await query('rollback');
      });
    },

    async pools(settings, say) {
      const pool = driver.pool(settings, { connectionLimit: 6 });
      const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => pool.query('select name from person where id = ?', [(n % 5) + 1])));
      say('pooled', answers.length);
      await Promise.all(Array.from({ length: 20 }, async (_, n) => {
        const connection = await pool.getConnection();
        await connection.beginTransaction();
        await connection.query('insert into purchase values (?, ?, 1, null)', [500 + n, n]);
        await (n % 2 ? connection.commit() : connection.rollback());
        connection.release();
      }));
      await pool.end();
      await open(settings, {}, async (query, connection) => {
        say('committed', await query('select count(*) as n from purchase where person_id between 500 and 519'));
        await query('delete from purchase where person_id between 500 and 519');
        await query("set @mine = 1, time_zone = '+01:00'");
        await query('create temporary table only_mine (id int primary key)');
        say('set', await query('select @mine, @@time_zone, (select count(*) from only_mine) as n'));
        await driver.reset(connection, settings);
        say('after a reset', await query('select @mine, @@time_zone, database() as db'));
        say('temporary table', await errorOf(query('select * from only_mine')));
        await query('set @mine = 2');
        await driver.changeUser(connection, settings);
        say('after a change of user', await query('select @mine, database() as db, current_user() as who'));
        say('prepared', (await driver.execute(connection, 'select name from person where id = ?', [1]))[0]);
      });
    },

    async reconnect(settings, say) {
      await open(settings, {}, async other => {
        const connection = await driver.connect(settings, {});
        connection.on?.('error', () => {});
        await other(`kill ${connection.threadId}`);
        const lost = await codesOf(driver.query(connection, 'select 1'));
        say('lost', lost.fatal === true);
        connection.destroy();
        const pool = driver.pool(settings, { connectionLimit: 1 });
        const pooled = await pool.getConnection();
        const number = pooled.threadId;
        pooled.release();
        await other(`kill ${number}`);
        for (let tries = 0; ; ++tries) {
          const found = await pool.query('select 1 as one').then(() => true, error => (tries < 5 ? false : Promise.reject(error)));
          if (found) break;
        }
        say('the pool goes on', true);
        await pool.end();
      });
    },

    async load_data(settings, say) {
      const folder = mkdtempSync(join(tmpdir(), 'kintsugi-'));
      const file = join(folder, 'rows.csv');
      writeFileSync(file, Array.from({ length: 1000 }, (_, n) => `${300 + (n % 3)},${n},${n}.5,line ${n}\n`).join('') + '1,1,5,duplicate\n');
      await open(settings, driver.localFiles(file), async (query, connection) => {
        await query('start transaction');
        say('loaded', (await driver.load(connection, settings.material.load_data.replace('{file}', file), file)));
        say('sums', await query('select person_id, count(*) as n, sum(amount) as total from purchase where person_id >= 300 group by person_id order by 1'));
        await query('rollback');
      });
      rmSync(folder, { recursive: true });
    },

    async procedures(settings, say) {
      await open(settings, {}, async (query, connection) => {
        say('sets', await query('call totals(1, @total)'));
        say('out', await query('select @total'));
        say('prepared', (await driver.execute(connection, 'call totals(?, @total)', [2]))[0]);
        say('out', await query('select @total'));
        say('wrong count', await errorOf(query('call totals(1)')));
      });
    },
  };
}
