// mariadb
import mariadb from 'mariadb';
import { common } from './common.mjs';
import { main } from './transcript.mjs';

const options = settings => ({
  host: settings.host, port: settings.port, user: settings.user, password: settings.password, database: settings.database });

await main(common({
  connect: (settings, { maxAllowedPacket, ...more }) => mariadb.createConnection({ ...options(settings), ...(maxAllowedPacket && { maxAllowedPacket }), ...more }),
  query: async (connection, sql, values) => answered(await connection.query({ sql, metaAsArray: true }, values)),
  execute: async (connection, sql, values) => answered(await connection.execute({ sql, metaAsArray: true }, values)),
  columns: columns => (columns ?? []).map(column => ({
    name: column.name(), table: column.table(), orgTable: column.orgTable(), orgName: column.orgName(), schema: column.db(), type: column.type,
    columnType: column.columnType, flags: column.flags, length: column.columnLength, scale: column.scale })),
  stream: (connection, sql) => connection.queryStream(sql),
  batched: async (connection, sql, rows) => {
    const results = [await connection.batch(`${sql} (?, ?, ?, ?)`, rows)].flat();
    return results.reduce((sum, each) => sum + each.affectedRows, 0);
  },
  pool: (settings, more) => mariadb.createPool({ ...options(settings), ...more }),
  reset: connection => connection.reset(),
  changeUser: (connection, settings) => connection.changeUser({ user: settings.user, password: settings.password, database: settings.database }),
  exactTypes: { bigIntAsNumber: true, decimalAsNumber: true, insertIdAsNumber: true, dateStrings: true, checkNumberRange: false },
  charsets: ['utf8mb4', 'latin1', 'utf8'],
  rowsOptions: { found: {}, changed: { foundRows: false } },
  localFiles: () => ({ permitLocalInfile: true }),
  load: async (connection, sql) => answered(await connection.query({ sql, metaAsArray: true }))[0],
}));

// With metaAsArray, rows come as [rows, columns], those of several statements as [results, columns of each]; what has no rows comes alone.
function answered(answer) {
  const isColumn = each => typeof each?.name === 'function';
  if (!Array.isArray(answer) || answer.length !== 2 || !Array.isArray(answer[1])) return [answer, []];
  if (answer[1].every(isColumn)) return answer;
  return answer[1].some(each => Array.isArray(each) && each.every(isColumn)) ? [answer[0], []] : [answer, []];
}
