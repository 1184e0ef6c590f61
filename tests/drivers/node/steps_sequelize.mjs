// Sequelize, on mysql2: models, migrations by sync and the query interface, introspection, transactions, its pool.
import { DataTypes, Op, QueryTypes, Sequelize, Transaction } from 'sequelize';
import { main } from './transcript.mjs';

const open = async (settings, options, use) => {
  const sequelize = new Sequelize(settings.database, settings.user, settings.password, {
    host: settings.host, port: settings.port, dialect: 'mysql', logging: false, pool: { max: 5 }, ...options });
  try {
    return await use(sequelize);
  } finally {
    await sequelize.close();
  }
};

const errorOf = promise => promise.then(value => ({ 'no error': value }), error => ({
  name: error.name, fields: error.fields, errno: error.original?.errno, sqlState: error.original?.sqlState, message: error.original?.sqlMessage ?? error.message }));

const readings = sequelize => sequelize.define('reading', {
  id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
  sensor: { type: DataTypes.STRING(40), allowNull: false },
  value: DataTypes.DECIMAL(10, 3), ratio: DataTypes.DOUBLE, good: { type: DataTypes.BOOLEAN, defaultValue: true },
  taken: DataTypes.DATE(6), day: DataTypes.DATEONLY, clock: DataTypes.TIME, details: DataTypes.JSON, raw: DataTypes.BLOB('long'),
  kind: DataTypes.ENUM('a', 'b'), code: DataTypes.UUID, long: DataTypes.TEXT('medium'), small: DataTypes.INTEGER.UNSIGNED,
}, { indexes: [{ fields: ['sensor', 'day'], name: 'by_sensor' }] });

const parts = sequelize => {
  const Whole = sequelize.define('whole', { id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true }, name: DataTypes.STRING }, { timestamps: false });
  const Part = sequelize.define('part', { whole_id: { type: DataTypes.BIGINT, primaryKey: true }, id: { type: DataTypes.BIGINT, primaryKey: true }, name: DataTypes.STRING }, { timestamps: false });
  Whole.hasMany(Part, { foreignKey: 'whole_id', constraints: false });
  Part.belongsTo(Whole, { foreignKey: 'whole_id', constraints: false });
  return { Whole, Part };
};

await main({
  connect: (settings, say) => open(settings, {}, async sequelize => {
    await sequelize.authenticate();
    say('version', await sequelize.databaseVersion());
    say('who', await sequelize.query('select database() as db, current_user() as who', { type: QueryTypes.SELECT }));
  }),

  refused: async (settings, say) => {
    for (const wrong of [{ password: 'wrong' }, { user: 'nobody' }, { database: 'nowhere' }])
      await open({ ...settings, ...wrong }, {}, async sequelize => say(Object.keys(wrong)[0], await errorOf(sequelize.authenticate())));
  },

  text: (settings, say) => open(settings, {}, async sequelize => {
    for (const [name, sql] of Object.entries(settings.material.queries)) say(name, await sequelize.query(sql, { type: QueryTypes.SELECT }));
    say('replaced', await sequelize.query('select name from person where id in (:ids) and name <> :name order by id', { replacements: { ids: [1, 3, 5], name: "O'Neil" }, type: QueryTypes.SELECT }));
    for (const string of settings.material.strings) say('string', await sequelize.query('select :s as s, hex(:s) as h', { replacements: { s: string }, type: QueryTypes.SELECT }));
  }),

  prepared: (settings, say) => open(settings, {}, async sequelize => {
    for (const id of [1, 3, 99]) say('bound', await sequelize.query('select id, name from person where id = $id', { bind: { id }, type: QueryTypes.SELECT }));
  }),

  errors: (settings, say) => open(settings, {}, async sequelize => {
    for (const [name, sql] of Object.entries(settings.material.errors)) if (sql) say(name, await errorOf(sequelize.query(sql)));
  }),

  migrations: (settings, say) => open(settings, {}, async sequelize => {
    const Reading = readings(sequelize);
    await sequelize.getQueryInterface().dropTable('readings');
    await Reading.sync();
    await Reading.sync();
    const show = async () => say('made', (await sequelize.query('show create table readings', { type: QueryTypes.SELECT }))[0]['Create Table'].replace(/ AUTO_INCREMENT=\d+/, ''));
    await show();
    const changes = sequelize.getQueryInterface();
    await changes.addColumn('readings', 'added', { type: DataTypes.STRING(20), allowNull: false, defaultValue: 'new' });
    await changes.changeColumn('readings', 'sensor', { type: DataTypes.STRING(100), allowNull: false });
    await changes.renameColumn('readings', 'ratio', 'share');
    await changes.addIndex('readings', ['kind'], { name: 'by_kind' });
    await show();
    await changes.removeIndex('readings', 'by_kind');
    await changes.removeColumn('readings', 'added');
    await changes.renameTable('readings', 'measures');
    say('tables', (await changes.showAllTables()).includes('measures'));
    await changes.renameTable('measures', 'readings');
    await changes.renameColumn('readings', 'share', 'ratio');
    await show();
    await Reading.sync({ alter: true });
    await show();
    await Reading.sync({ force: true });
    await Reading.drop();
  }),

  introspection: (settings, say) => open(settings, {}, async sequelize => {
    const changes = sequelize.getQueryInterface();
    say('tables', (await changes.showAllTables()).sort());
    for (const table of ['person', 'every_type', 'purchase']) {
      say(table, await changes.describeTable(table));
      say(`${table}: indexes`, await changes.showIndex(table));
      say(`${table}: constraints`, await changes.showConstraint(table));
      say(`${table}: foreign keys`, await changes.getForeignKeyReferencesForTable(table));
    }
    say('exists', [await changes.tableExists('person'), await changes.tableExists('nothing_here')]);
  }),

  models: (settings, say) => open(settings, {}, async sequelize => {
    const Reading = readings(sequelize);
    await Reading.sync({ force: true });
    const seen = row => { const { id, createdAt, updatedAt, ...rest } = row.toJSON(); return rest; };
    const one = await Reading.create({ sensor: 'α', value: '12.345', ratio: 0.1, taken: new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)), day: '2026-02-03',
      clock: '12:34:56', details: { a: [1, null, '金'] }, raw: Buffer.from([0, 255]), kind: 'b', code: '6ba7b810-9dad-11d1-80b4-00c04fd430c8', long: 'x'.repeat(70000), small: 4294967295 });
    say('has an id', Number(one.id) > 0);
    say('found', seen(await Reading.findByPk(one.id)));
    say('many', (await Reading.bulkCreate(Array.from({ length: 50 }, (_, n) => ({ sensor: `s${n % 5}`, value: n, kind: n % 2 ? 'a' : 'b', day: '2026-03-01' })))).length);
    say('counted', await Reading.count({ where: { sensor: { [Op.like]: 's%' } } }));
    say('grouped', await Reading.findAll({ attributes: ['sensor', [sequelize.fn('count', sequelize.col('id')), 'n'], [sequelize.fn('sum', sequelize.col('value')), 'total']], group: ['sensor'], order: ['sensor'], raw: true }));
    const page = await Reading.findAndCountAll({ where: { value: { [Op.between]: [10, 20] } }, order: [['value', 'DESC']], limit: 3, offset: 1 });
    say('page', [page.count, page.rows.map(seen)]);
    say('updated', await Reading.update({ good: false }, { where: { sensor: 's1' } }));
    say('incremented', seen(await (await one.increment('small', { by: -1 })).reload()));
    say('deleted', await Reading.destroy({ where: { sensor: { [Op.in]: ['s1', 's2'] } } }));
    say('max', [await Reading.max('value'), await Reading.min('value'), await Reading.sum('value')]);
    say('found or made', (await Reading.findOrCreate({ where: { sensor: 'new' }, defaults: { value: 1 } }))[1]);
    say('upserted', (await Reading.upsert({ id: one.id, sensor: 'β' }))[1]);
    say('null', await errorOf(Reading.create({ sensor: null }, { validate: false })));
    await Reading.drop();

    const { Whole, Part } = parts(sequelize);
    await Whole.sync({ force: true });
    await Part.sync({ force: true });
    const made = [];
    for (const name of ['first', 'second', 'third']) made.push(await Whole.create({ name }));
    for (const [n, whole] of made.entries()) await Part.bulkCreate(Array.from({ length: n }, (_, id) => ({ whole_id: whole.id, id, name: `part ${id}` })));
    const strip = rows => rows.map(row => [row.name, (row.parts ?? []).map(part => part.name)]);
    say('included', strip(await Whole.findAll({ include: Part, order: ['id', [Part, 'id', 'ASC']] })));
    say('separate', strip(await Whole.findAll({ include: { model: Part, separate: true, order: ['id'] }, order: ['id'] })));
    say('only with parts', strip(await Whole.findAll({ include: { model: Part, required: true, where: { id: 1 } }, order: ['id'] })));
    await Part.drop();
    await Whole.drop();
  }),

  transactions: (settings, say) => open(settings, {}, async sequelize => {
    const labels = options => sequelize.query('select label from counter where id between 1000 and 1999 order by id', { type: QueryTypes.SELECT, ...options });
    const insert = (id, transaction) => sequelize.query('insert into counter values (:id, :label)', { replacements: { id, label: `l${id}` }, transaction });
    say('rolled back', await errorOf(sequelize.transaction(async transaction => {
      await insert(1000, transaction);
      say('inside', await labels({ transaction }));
      say('outside', await labels());
      throw new Error('on purpose');
    })));
    await sequelize.transaction({ isolationLevel: Transaction.ISOLATION_LEVELS.READ_COMMITTED }, async transaction => {
      await insert(1001, transaction);
      const inner = await sequelize.transaction({ transaction });
      await insert(1002, inner);
      await inner.rollback();
      await insert(1003, transaction);
    });
    say('committed', await labels());
    await sequelize.query('delete from counter where id between 1000 and 1999');
  }),

  pools: (settings, say) => open(settings, { pool: { max: 4 } }, async sequelize => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => sequelize.query('select name from person where id = :id', { replacements: { id: (n % 5) + 1 }, type: QueryTypes.SELECT })));
    say('answers', answers.length && answers.every(rows => rows.length === 1));
  }),
});
