// mysql2
import { createReadStream } from 'node:fs';
import mysql from 'mysql2/promise';
import { common } from './common.mjs';
import { main } from './transcript.mjs';

const options = settings => ({ host: settings.host, port: settings.port, user: settings.user, password: settings.password, database: settings.database });

await main(common({
  connect: (settings, { maxAllowedPacket, ...more }) => mysql.createConnection({ ...options(settings), ...more }),
  query: (connection, sql, values) => connection.query(sql, values),
  execute: (connection, sql, values) => connection.execute(sql, values),
  columns: columns => (columns ?? []).map(({ name, type, columnType, flags, columnLength, decimals, table, orgTable, orgName, schema, encoding }) =>
    ({ name, type, columnType, flags, columnLength, decimals, table, orgTable, orgName, schema, encoding })),
  stream: (connection, sql) => connection.connection.query(sql).stream(),
  batched: async (connection, sql, rows) => (await connection.query(`${sql} ?`, [rows]))[0].affectedRows,
  pool: (settings, more) => mysql.createPool({ ...options(settings), ...more }),
  reset: (connection, settings) => connection.changeUser({ user: settings.user, password: settings.password, database: settings.database }),
  changeUser: (connection, settings) => connection.changeUser({ user: settings.user, password: settings.password, database: settings.database }),
  exactTypes: { supportBigNumbers: true, bigNumberStrings: true, dateStrings: true, decimalNumbers: false },
  charsets: ['utf8mb4', 'latin1', 'UTF8_GENERAL_CI', 'UTF8MB4_UNICODE_CI', 'gbk'],
  rowsOptions: { found: {}, changed: { flags: ['-FOUND_ROWS'] } },
  localFiles: file => ({ infileStreamFactory: () => createReadStream(file) }),
  load: async (connection, sql, file) => (await connection.query({ sql, infileStreamFactory: () => createReadStream(file) }))[0],
}));
