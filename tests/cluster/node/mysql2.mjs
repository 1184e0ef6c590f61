// mysql2 as its users use it: text and prepared, pool, transaction, stream, TLS, compression, change of user.
import assert from 'node:assert/strict';
import mysql from 'mysql2/promise';
import callbacks from 'mysql2';

const [port, password] = process.argv.slice(2);
const options = { host: '127.0.0.1', port: Number(port), user: 'user', password, database: 'customer' };
const emails = rows => rows.map(row => row.email.toString());

const connection = await mysql.createConnection(options);
let [rows] = await connection.query('select email from customer where customer_id = ?', [1]);
assert.deepEqual(emails(rows), ['alice@domain.com']);
for (const id of [2, 4, 4]) {
  [rows] = await connection.execute('select customer_id, email from customer where customer_id = ?', [id]);
  assert.equal(rows[0].customer_id, id);
}
[rows] = await connection.execute('select customer_id from customer');
assert.deepEqual(rows.map(row => row.customer_id).sort(), [1, 2, 3, 4, 5]);

await connection.beginTransaction();
const [inserted] = await connection.execute('insert into corder (customer_id, sku, price) values (?, ?, ?)', [4, 'SKU-1001', 7]);
assert.equal(inserted.affectedRows, 1);
assert.ok(inserted.insertId > 0);
await connection.rollback();
[rows] = await connection.execute('select count(*) as n from corder where customer_id = ? and price = ?', [4, 7]);
assert.equal(rows[0].n, 0);

await connection.changeUser({ user: 'myuser1', password: 'myuser1-password', database: 'customer' });
[rows] = await connection.query('select current_user() as who');
assert.equal(rows[0].who, 'myuser1@%');
await connection.ping();
await connection.reset?.();
await assert.rejects(connection.query('select * frm customer'), { errno: 1064, sqlState: '42000' });
await connection.end();

const secure = await mysql.createConnection({ ...options, ssl: { rejectUnauthorized: false }, compress: true });
[rows] = await secure.query("select repeat('x', 3000000) as body from customer where customer_id = 5");
assert.equal(rows[0].body.length, 3000000);
await secure.end();

const pool = mysql.createPool({ ...options, connectionLimit: 8 });
const answers = await Promise.all(
  Array.from({ length: 200 }, (_, i) => pool.execute('select email from customer where customer_id = ?', [(i % 5) + 1])));
assert.equal(answers.length, 200);
assert.ok(answers.every(([found]) => found.length === 1));
await pool.end();

const plain = callbacks.createConnection({ ...options, database: 'commerce' });
let streamed = 0;
for await (const row of plain.query('select seq from seq_1_to_20000').stream()) streamed += row.seq > 0 ? 1 : 0;
assert.equal(streamed, 20000);
plain.end();
