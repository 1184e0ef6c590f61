-- Made by generate.py.
select `accessible`, t.accessible as `accessible`, `accessible`.accessible from `accessible` where `accessible` = 1 order by `accessible`
create table `accessible` (`accessible` int, key `accessible` (`accessible`))
insert into `accessible` (`accessible`) values (1)
update `accessible` set `accessible` = 1, `accessible`.accessible = 2
select account, t.account as account, account.account from account where account = 1 order by account
create table account (account int, key account (account))
insert into account (account) values (1)
update account set account = 1, account.account = 2
select action, t.action as action, action.action from action where action = 1 order by action
create table action (action int, key action (action))
insert into action (action) values (1)
update action set action = 1, action.action = 2
select `add`, t.add as `add`, `add`.add from `add` where `add` = 1 order by `add`
create table `add` (`add` int, key `add` (`add`))
insert into `add` (`add`) values (1)
update `add` set `add` = 1, `add`.add = 2
select `adddate`, t.adddate as `adddate`, `adddate`.adddate from `adddate` where `adddate` = 1 order by `adddate`
create table `adddate` (`adddate` int, key `adddate` (`adddate`))
insert into `adddate` (`adddate`) values (1)
update `adddate` set `adddate` = 1, `adddate`.adddate = 2
select admin, t.admin as admin, admin.admin from admin where admin = 1 order by admin
create table admin (admin int, key admin (admin))
insert into admin (admin) values (1)
update admin set admin = 1, admin.admin = 2
select after, t.after as after, after.after from after where after = 1 order by after
create table after (after int, key after (after))
insert into after (after) values (1)
update after set after = 1, after.after = 2
select against, t.against as against, against.against from against where against = 1 order by against
create table against (against int, key against (against))
insert into against (against) values (1)
update against set against = 1, against.against = 2
select aggregate, t.aggregate as aggregate, aggregate.aggregate from aggregate where aggregate = 1 order by aggregate
create table aggregate (aggregate int, key aggregate (aggregate))
insert into aggregate (aggregate) values (1)
update aggregate set aggregate = 1, aggregate.aggregate = 2
select algorithm, t.algorithm as algorithm, algorithm.algorithm from algorithm where algorithm = 1 order by algorithm
create table algorithm (algorithm int, key algorithm (algorithm))
insert into algorithm (algorithm) values (1)
update algorithm set algorithm = 1, algorithm.algorithm = 2
select `all`, t.all as `all`, `all`.all from `all` where `all` = 1 order by `all`
create table `all` (`all` int, key `all` (`all`))
insert into `all` (`all`) values (1)
update `all` set `all` = 1, `all`.all = 2
select `alter`, t.alter as `alter`, `alter`.alter from `alter` where `alter` = 1 order by `alter`
create table `alter` (`alter` int, key `alter` (`alter`))
insert into `alter` (`alter`) values (1)
update `alter` set `alter` = 1, `alter`.alter = 2
select always, t.always as always, always.always from always where always = 1 order by always
create table always (always int, key always (always))
insert into always (always) values (1)
update always set always = 1, always.always = 2
select `analyze`, t.analyze as `analyze`, `analyze`.analyze from `analyze` where `analyze` = 1 order by `analyze`
create table `analyze` (`analyze` int, key `analyze` (`analyze`))
insert into `analyze` (`analyze`) values (1)
update `analyze` set `analyze` = 1, `analyze`.analyze = 2
select `and`, t.and as `and`, `and`.and from `and` where `and` = 1 order by `and`
create table `and` (`and` int, key `and` (`and`))
insert into `and` (`and`) values (1)
update `and` set `and` = 1, `and`.and = 2
select any, t.any as any, any.any from any where any = 1 order by any
create table any (any int, key any (any))
insert into any (any) values (1)
update any set any = 1, any.any = 2
select array, t.array as array, array.array from array where array = 1 order by array
create table array (array int, key array (array))
insert into array (array) values (1)
update array set array = 1, array.array = 2
select `as`, t.as as `as`, `as`.as from `as` where `as` = 1 order by `as`
create table `as` (`as` int, key `as` (`as`))
insert into `as` (`as`) values (1)
update `as` set `as` = 1, `as`.as = 2
select `asc`, t.asc as `asc`, `asc`.asc from `asc` where `asc` = 1 order by `asc`
create table `asc` (`asc` int, key `asc` (`asc`))
insert into `asc` (`asc`) values (1)
update `asc` set `asc` = 1, `asc`.asc = 2
select ascii, t.ascii as ascii, ascii.ascii from ascii where ascii = 1 order by ascii
create table ascii (ascii int, key ascii (ascii))
insert into ascii (ascii) values (1)
update ascii set ascii = 1, ascii.ascii = 2
select `asensitive`, t.asensitive as `asensitive`, `asensitive`.asensitive from `asensitive` where `asensitive` = 1 order by `asensitive`
create table `asensitive` (`asensitive` int, key `asensitive` (`asensitive`))
insert into `asensitive` (`asensitive`) values (1)
update `asensitive` set `asensitive` = 1, `asensitive`.asensitive = 2
select at, t.at as at, at.at from at where at = 1 order by at
create table at (at int, key at (at))
insert into at (at) values (1)
update at set at = 1, at.at = 2
select attribute, t.attribute as attribute, attribute.attribute from attribute where attribute = 1 order by attribute
create table attribute (attribute int, key attribute (attribute))
insert into attribute (attribute) values (1)
update attribute set attribute = 1, attribute.attribute = 2
select authentication, t.authentication as authentication, authentication.authentication from authentication where authentication = 1 order by authentication
create table authentication (authentication int, key authentication (authentication))
insert into authentication (authentication) values (1)
update authentication set authentication = 1, authentication.authentication = 2
select auto, t.auto as auto, auto.auto from auto where auto = 1 order by auto
create table auto (auto int, key auto (auto))
insert into auto (auto) values (1)
update auto set auto = 1, auto.auto = 2
select auto_increment, t.auto_increment as auto_increment, auto_increment.auto_increment from auto_increment where auto_increment = 1 order by auto_increment
create table auto_increment (auto_increment int, key auto_increment (auto_increment))
insert into auto_increment (auto_increment) values (1)
update auto_increment set auto_increment = 1, auto_increment.auto_increment = 2
select `avg`, t.avg as `avg`, `avg`.avg from `avg` where `avg` = 1 order by `avg`
create table `avg` (`avg` int, key `avg` (`avg`))
insert into `avg` (`avg`) values (1)
update `avg` set `avg` = 1, `avg`.avg = 2
select backup, t.backup as backup, backup.backup from backup where backup = 1 order by backup
create table backup (backup int, key backup (backup))
insert into backup (backup) values (1)
update backup set backup = 1, backup.backup = 2
select `before`, t.before as `before`, `before`.before from `before` where `before` = 1 order by `before`
create table `before` (`before` int, key `before` (`before`))
insert into `before` (`before`) values (1)
update `before` set `before` = 1, `before`.before = 2
select begin, t.begin as begin, begin.begin from begin where begin = 1 order by begin
create table begin (begin int, key begin (begin))
insert into begin (begin) values (1)
update begin set begin = 1, begin.begin = 2
select `between`, t.between as `between`, `between`.between from `between` where `between` = 1 order by `between`
create table `between` (`between` int, key `between` (`between`))
insert into `between` (`between`) values (1)
update `between` set `between` = 1, `between`.between = 2
select `bigint`, t.bigint as `bigint`, `bigint`.bigint from `bigint` where `bigint` = 1 order by `bigint`
create table `bigint` (`bigint` int, key `bigint` (`bigint`))
insert into `bigint` (`bigint`) values (1)
update `bigint` set `bigint` = 1, `bigint`.bigint = 2
select `binary`, t.binary as `binary`, `binary`.binary from `binary` where `binary` = 1 order by `binary`
create table `binary` (`binary` int, key `binary` (`binary`))
insert into `binary` (`binary`) values (1)
update `binary` set `binary` = 1, `binary`.binary = 2
select binlog, t.binlog as binlog, binlog.binlog from binlog where binlog = 1 order by binlog
create table binlog (binlog int, key binlog (binlog))
insert into binlog (binlog) values (1)
update binlog set binlog = 1, binlog.binlog = 2
select bit, t.bit as bit, bit.bit from bit where bit = 1 order by bit
create table bit (bit int, key bit (bit))
insert into bit (bit) values (1)
update bit set bit = 1, bit.bit = 2
select `bit_and`, t.bit_and as `bit_and`, `bit_and`.bit_and from `bit_and` where `bit_and` = 1 order by `bit_and`
create table `bit_and` (`bit_and` int, key `bit_and` (`bit_and`))
insert into `bit_and` (`bit_and`) values (1)
update `bit_and` set `bit_and` = 1, `bit_and`.bit_and = 2
select `bit_or`, t.bit_or as `bit_or`, `bit_or`.bit_or from `bit_or` where `bit_or` = 1 order by `bit_or`
create table `bit_or` (`bit_or` int, key `bit_or` (`bit_or`))
insert into `bit_or` (`bit_or`) values (1)
update `bit_or` set `bit_or` = 1, `bit_or`.bit_or = 2
select `bit_xor`, t.bit_xor as `bit_xor`, `bit_xor`.bit_xor from `bit_xor` where `bit_xor` = 1 order by `bit_xor`
create table `bit_xor` (`bit_xor` int, key `bit_xor` (`bit_xor`))
insert into `bit_xor` (`bit_xor`) values (1)
update `bit_xor` set `bit_xor` = 1, `bit_xor`.bit_xor = 2
select `blob`, t.blob as `blob`, `blob`.blob from `blob` where `blob` = 1 order by `blob`
create table `blob` (`blob` int, key `blob` (`blob`))
insert into `blob` (`blob`) values (1)
update `blob` set `blob` = 1, `blob`.blob = 2
select block, t.block as block, block.block from block where block = 1 order by block
create table block (block int, key block (block))
insert into block (block) values (1)
update block set block = 1, block.block = 2
select bool, t.bool as bool, bool.bool from bool where bool = 1 order by bool
create table bool (bool int, key bool (bool))
insert into bool (bool) values (1)
update bool set bool = 1, bool.bool = 2
select boolean, t.boolean as boolean, boolean.boolean from boolean where boolean = 1 order by boolean
create table boolean (boolean int, key boolean (boolean))
insert into boolean (boolean) values (1)
update boolean set boolean = 1, boolean.boolean = 2
select `both`, t.both as `both`, `both`.both from `both` where `both` = 1 order by `both`
create table `both` (`both` int, key `both` (`both`))
insert into `both` (`both`) values (1)
update `both` set `both` = 1, `both`.both = 2
select `by`, t.by as `by`, `by`.by from `by` where `by` = 1 order by `by`
create table `by` (`by` int, key `by` (`by`))
insert into `by` (`by`) values (1)
update `by` set `by` = 1, `by`.by = 2
select byte, t.byte as byte, byte.byte from byte where byte = 1 order by byte
create table byte (byte int, key byte (byte))
insert into byte (byte) values (1)
update byte set byte = 1, byte.byte = 2
select cache, t.cache as cache, cache.cache from cache where cache = 1 order by cache
create table cache (cache int, key cache (cache))
insert into cache (cache) values (1)
update cache set cache = 1, cache.cache = 2
select `call`, t.call as `call`, `call`.call from `call` where `call` = 1 order by `call`
create table `call` (`call` int, key `call` (`call`))
insert into `call` (`call`) values (1)
update `call` set `call` = 1, `call`.call = 2
select `cascade`, t.cascade as `cascade`, `cascade`.cascade from `cascade` where `cascade` = 1 order by `cascade`
create table `cascade` (`cascade` int, key `cascade` (`cascade`))
insert into `cascade` (`cascade`) values (1)
update `cascade` set `cascade` = 1, `cascade`.cascade = 2
select cascaded, t.cascaded as cascaded, cascaded.cascaded from cascaded where cascaded = 1 order by cascaded
create table cascaded (cascaded int, key cascaded (cascaded))
insert into cascaded (cascaded) values (1)
update cascaded set cascaded = 1, cascaded.cascaded = 2
select `case`, t.case as `case`, `case`.case from `case` where `case` = 1 order by `case`
create table `case` (`case` int, key `case` (`case`))
insert into `case` (`case`) values (1)
update `case` set `case` = 1, `case`.case = 2
select `cast`, t.cast as `cast`, `cast`.cast from `cast` where `cast` = 1 order by `cast`
create table `cast` (`cast` int, key `cast` (`cast`))
insert into `cast` (`cast`) values (1)
update `cast` set `cast` = 1, `cast`.cast = 2
select chain, t.chain as chain, chain.chain from chain where chain = 1 order by chain
create table chain (chain int, key chain (chain))
insert into chain (chain) values (1)
update chain set chain = 1, chain.chain = 2
select challenge_response, t.challenge_response as challenge_response, challenge_response.challenge_response from challenge_response where challenge_response = 1 order by challenge_response
create table challenge_response (challenge_response int, key challenge_response (challenge_response))
insert into challenge_response (challenge_response) values (1)
update challenge_response set challenge_response = 1, challenge_response.challenge_response = 2
select `change`, t.change as `change`, `change`.change from `change` where `change` = 1 order by `change`
create table `change` (`change` int, key `change` (`change`))
insert into `change` (`change`) values (1)
update `change` set `change` = 1, `change`.change = 2
select changed, t.changed as changed, changed.changed from changed where changed = 1 order by changed
create table changed (changed int, key changed (changed))
insert into changed (changed) values (1)
update changed set changed = 1, changed.changed = 2
select channel, t.channel as channel, channel.channel from channel where channel = 1 order by channel
create table channel (channel int, key channel (channel))
insert into channel (channel) values (1)
update channel set channel = 1, channel.channel = 2
select `char`, t.char as `char`, `char`.char from `char` where `char` = 1 order by `char`
create table `char` (`char` int, key `char` (`char`))
insert into `char` (`char`) values (1)
update `char` set `char` = 1, `char`.char = 2
select `character`, t.character as `character`, `character`.character from `character` where `character` = 1 order by `character`
create table `character` (`character` int, key `character` (`character`))
insert into `character` (`character`) values (1)
update `character` set `character` = 1, `character`.character = 2
select charset, t.charset as charset, charset.charset from charset where charset = 1 order by charset
create table charset (charset int, key charset (charset))
insert into charset (charset) values (1)
update charset set charset = 1, charset.charset = 2
select `check`, t.check as `check`, `check`.check from `check` where `check` = 1 order by `check`
create table `check` (`check` int, key `check` (`check`))
insert into `check` (`check`) values (1)
update `check` set `check` = 1, `check`.check = 2
select checkpoint, t.checkpoint as checkpoint, checkpoint.checkpoint from checkpoint where checkpoint = 1 order by checkpoint
create table checkpoint (checkpoint int, key checkpoint (checkpoint))
insert into checkpoint (checkpoint) values (1)
update checkpoint set checkpoint = 1, checkpoint.checkpoint = 2
select checksum, t.checksum as checksum, checksum.checksum from checksum where checksum = 1 order by checksum
create table checksum (checksum int, key checksum (checksum))
insert into checksum (checksum) values (1)
update checksum set checksum = 1, checksum.checksum = 2
select cipher, t.cipher as cipher, cipher.cipher from cipher where cipher = 1 order by cipher
create table cipher (cipher int, key cipher (cipher))
insert into cipher (cipher) values (1)
update cipher set cipher = 1, cipher.cipher = 2
select clone, t.clone as clone, clone.clone from clone where clone = 1 order by clone
create table clone (clone int, key clone (clone))
insert into clone (clone) values (1)
update clone set clone = 1, clone.clone = 2
select close, t.close as close, close.close from close where close = 1 order by close
create table close (close int, key close (close))
insert into close (close) values (1)
update close set close = 1, close.close = 2
select coalesce, t.coalesce as coalesce, coalesce.coalesce from coalesce where coalesce = 1 order by coalesce
create table coalesce (coalesce int, key coalesce (coalesce))
insert into coalesce (coalesce) values (1)
update coalesce set coalesce = 1, coalesce.coalesce = 2
select code, t.code as code, code.code from code where code = 1 order by code
create table code (code int, key code (code))
insert into code (code) values (1)
update code set code = 1, code.code = 2
select `collate`, t.collate as `collate`, `collate`.collate from `collate` where `collate` = 1 order by `collate`
create table `collate` (`collate` int, key `collate` (`collate`))
insert into `collate` (`collate`) values (1)
update `collate` set `collate` = 1, `collate`.collate = 2
select collation, t.collation as collation, collation.collation from collation where collation = 1 order by collation
create table collation (collation int, key collation (collation))
insert into collation (collation) values (1)
update collation set collation = 1, collation.collation = 2
select `column`, t.column as `column`, `column`.column from `column` where `column` = 1 order by `column`
create table `column` (`column` int, key `column` (`column`))
insert into `column` (`column`) values (1)
update `column` set `column` = 1, `column`.column = 2
select columns, t.columns as columns, columns.columns from columns where columns = 1 order by columns
create table columns (columns int, key columns (columns))
insert into columns (columns) values (1)
update columns set columns = 1, columns.columns = 2
select column_format, t.column_format as column_format, column_format.column_format from column_format where column_format = 1 order by column_format
create table column_format (column_format int, key column_format (column_format))
insert into column_format (column_format) values (1)
update column_format set column_format = 1, column_format.column_format = 2
select comment, t.comment as comment, comment.comment from comment where comment = 1 order by comment
create table comment (comment int, key comment (comment))
insert into comment (comment) values (1)
update comment set comment = 1, comment.comment = 2
select commit, t.commit as commit, commit.commit from commit where commit = 1 order by commit
create table commit (commit int, key commit (commit))
insert into commit (commit) values (1)
update commit set commit = 1, commit.commit = 2
select committed, t.committed as committed, committed.committed from committed where committed = 1 order by committed
create table committed (committed int, key committed (committed))
insert into committed (committed) values (1)
update committed set committed = 1, committed.committed = 2
select completion, t.completion as completion, completion.completion from completion where completion = 1 order by completion
create table completion (completion int, key completion (completion))
insert into completion (completion) values (1)
update completion set completion = 1, completion.completion = 2
select component, t.component as component, component.component from component where component = 1 order by component
create table component (component int, key component (component))
insert into component (component) values (1)
update component set component = 1, component.component = 2
select compressed, t.compressed as compressed, compressed.compressed from compressed where compressed = 1 order by compressed
create table compressed (compressed int, key compressed (compressed))
insert into compressed (compressed) values (1)
update compressed set compressed = 1, compressed.compressed = 2
select concurrent, t.concurrent as concurrent, concurrent.concurrent from concurrent where concurrent = 1 order by concurrent
create table concurrent (concurrent int, key concurrent (concurrent))
insert into concurrent (concurrent) values (1)
update concurrent set concurrent = 1, concurrent.concurrent = 2
select `condition`, t.condition as `condition`, `condition`.condition from `condition` where `condition` = 1 order by `condition`
create table `condition` (`condition` int, key `condition` (`condition`))
insert into `condition` (`condition`) values (1)
update `condition` set `condition` = 1, `condition`.condition = 2
select connection, t.connection as connection, connection.connection from connection where connection = 1 order by connection
create table connection (connection int, key connection (connection))
insert into connection (connection) values (1)
update connection set connection = 1, connection.connection = 2
select consistent, t.consistent as consistent, consistent.consistent from consistent where consistent = 1 order by consistent
create table consistent (consistent int, key consistent (consistent))
insert into consistent (consistent) values (1)
update consistent set consistent = 1, consistent.consistent = 2
select `constraint`, t.constraint as `constraint`, `constraint`.constraint from `constraint` where `constraint` = 1 order by `constraint`
create table `constraint` (`constraint` int, key `constraint` (`constraint`))
insert into `constraint` (`constraint`) values (1)
update `constraint` set `constraint` = 1, `constraint`.constraint = 2
select contains, t.contains as contains, contains.contains from contains where contains = 1 order by contains
create table contains (contains int, key contains (contains))
insert into contains (contains) values (1)
update contains set contains = 1, contains.contains = 2
select context, t.context as context, context.context from context where context = 1 order by context
create table context (context int, key context (context))
insert into context (context) values (1)
update context set context = 1, context.context = 2
select `continue`, t.continue as `continue`, `continue`.continue from `continue` where `continue` = 1 order by `continue`
create table `continue` (`continue` int, key `continue` (`continue`))
insert into `continue` (`continue`) values (1)
update `continue` set `continue` = 1, `continue`.continue = 2
select `convert`, t.convert as `convert`, `convert`.convert from `convert` where `convert` = 1 order by `convert`
create table `convert` (`convert` int, key `convert` (`convert`))
insert into `convert` (`convert`) values (1)
update `convert` set `convert` = 1, `convert`.convert = 2
select `count`, t.count as `count`, `count`.count from `count` where `count` = 1 order by `count`
create table `count` (`count` int, key `count` (`count`))
insert into `count` (`count`) values (1)
update `count` set `count` = 1, `count`.count = 2
select `create`, t.create as `create`, `create`.create from `create` where `create` = 1 order by `create`
create table `create` (`create` int, key `create` (`create`))
insert into `create` (`create`) values (1)
update `create` set `create` = 1, `create`.create = 2
select `cross`, t.cross as `cross`, `cross`.cross from `cross` where `cross` = 1 order by `cross`
create table `cross` (`cross` int, key `cross` (`cross`))
insert into `cross` (`cross`) values (1)
update `cross` set `cross` = 1, `cross`.cross = 2
select `cube`, t.cube as `cube`, `cube`.cube from `cube` where `cube` = 1 order by `cube`
create table `cube` (`cube` int, key `cube` (`cube`))
insert into `cube` (`cube`) values (1)
update `cube` set `cube` = 1, `cube`.cube = 2
select `cume_dist`, t.cume_dist as `cume_dist`, `cume_dist`.cume_dist from `cume_dist` where `cume_dist` = 1 order by `cume_dist`
create table `cume_dist` (`cume_dist` int, key `cume_dist` (`cume_dist`))
insert into `cume_dist` (`cume_dist`) values (1)
update `cume_dist` set `cume_dist` = 1, `cume_dist`.cume_dist = 2
select `curdate`, t.curdate as `curdate`, `curdate`.curdate from `curdate` where `curdate` = 1 order by `curdate`
create table `curdate` (`curdate` int, key `curdate` (`curdate`))
insert into `curdate` (`curdate`) values (1)
update `curdate` set `curdate` = 1, `curdate`.curdate = 2
select current, t.current as current, current.current from current where current = 1 order by current
create table current (current int, key current (current))
insert into current (current) values (1)
update current set current = 1, current.current = 2
select `current_date`, t.current_date as `current_date`, `current_date`.current_date from `current_date` where `current_date` = 1 order by `current_date`
create table `current_date` (`current_date` int, key `current_date` (`current_date`))
insert into `current_date` (`current_date`) values (1)
update `current_date` set `current_date` = 1, `current_date`.current_date = 2
select `current_role`, t.current_role as `current_role`, `current_role`.current_role from `current_role` where `current_role` = 1 order by `current_role`
create table `current_role` (`current_role` int, key `current_role` (`current_role`))
insert into `current_role` (`current_role`) values (1)
update `current_role` set `current_role` = 1, `current_role`.current_role = 2
select `current_time`, t.current_time as `current_time`, `current_time`.current_time from `current_time` where `current_time` = 1 order by `current_time`
create table `current_time` (`current_time` int, key `current_time` (`current_time`))
insert into `current_time` (`current_time`) values (1)
update `current_time` set `current_time` = 1, `current_time`.current_time = 2
select `current_timestamp`, t.current_timestamp as `current_timestamp`, `current_timestamp`.current_timestamp from `current_timestamp` where `current_timestamp` = 1 order by `current_timestamp`
create table `current_timestamp` (`current_timestamp` int, key `current_timestamp` (`current_timestamp`))
insert into `current_timestamp` (`current_timestamp`) values (1)
update `current_timestamp` set `current_timestamp` = 1, `current_timestamp`.current_timestamp = 2
select `current_user`, t.current_user as `current_user`, `current_user`.current_user from `current_user` where `current_user` = 1 order by `current_user`
create table `current_user` (`current_user` int, key `current_user` (`current_user`))
insert into `current_user` (`current_user`) values (1)
update `current_user` set `current_user` = 1, `current_user`.current_user = 2
select `cursor`, t.cursor as `cursor`, `cursor`.cursor from `cursor` where `cursor` = 1 order by `cursor`
create table `cursor` (`cursor` int, key `cursor` (`cursor`))
insert into `cursor` (`cursor`) values (1)
update `cursor` set `cursor` = 1, `cursor`.cursor = 2
select `curtime`, t.curtime as `curtime`, `curtime`.curtime from `curtime` where `curtime` = 1 order by `curtime`
create table `curtime` (`curtime` int, key `curtime` (`curtime`))
insert into `curtime` (`curtime`) values (1)
update `curtime` set `curtime` = 1, `curtime`.curtime = 2
select cycle, t.cycle as cycle, cycle.cycle from cycle where cycle = 1 order by cycle
create table cycle (cycle int, key cycle (cycle))
insert into cycle (cycle) values (1)
update cycle set cycle = 1, cycle.cycle = 2
select data, t.data as data, data.data from data where data = 1 order by data
create table data (data int, key data (data))
insert into data (data) values (1)
update data set data = 1, data.data = 2
select `database`, t.database as `database`, `database`.database from `database` where `database` = 1 order by `database`
create table `database` (`database` int, key `database` (`database`))
insert into `database` (`database`) values (1)
update `database` set `database` = 1, `database`.database = 2
select `databases`, t.databases as `databases`, `databases`.databases from `databases` where `databases` = 1 order by `databases`
create table `databases` (`databases` int, key `databases` (`databases`))
insert into `databases` (`databases`) values (1)
update `databases` set `databases` = 1, `databases`.databases = 2
select date, t.date as date, date.date from date where date = 1 order by date
create table date (date int, key date (date))
insert into date (date) values (1)
update date set date = 1, date.date = 2
select datetime, t.datetime as datetime, datetime.datetime from datetime where datetime = 1 order by datetime
create table datetime (datetime int, key datetime (datetime))
insert into datetime (datetime) values (1)
update datetime set datetime = 1, datetime.datetime = 2
select `date_add`, t.date_add as `date_add`, `date_add`.date_add from `date_add` where `date_add` = 1 order by `date_add`
create table `date_add` (`date_add` int, key `date_add` (`date_add`))
insert into `date_add` (`date_add`) values (1)
update `date_add` set `date_add` = 1, `date_add`.date_add = 2
select `date_sub`, t.date_sub as `date_sub`, `date_sub`.date_sub from `date_sub` where `date_sub` = 1 order by `date_sub`
create table `date_sub` (`date_sub` int, key `date_sub` (`date_sub`))
insert into `date_sub` (`date_sub`) values (1)
update `date_sub` set `date_sub` = 1, `date_sub`.date_sub = 2
select day, t.day as day, day.day from day where day = 1 order by day
create table day (day int, key day (day))
insert into day (day) values (1)
update day set day = 1, day.day = 2
select `day_hour`, t.day_hour as `day_hour`, `day_hour`.day_hour from `day_hour` where `day_hour` = 1 order by `day_hour`
create table `day_hour` (`day_hour` int, key `day_hour` (`day_hour`))
insert into `day_hour` (`day_hour`) values (1)
update `day_hour` set `day_hour` = 1, `day_hour`.day_hour = 2
select `day_microsecond`, t.day_microsecond as `day_microsecond`, `day_microsecond`.day_microsecond from `day_microsecond` where `day_microsecond` = 1 order by `day_microsecond`
create table `day_microsecond` (`day_microsecond` int, key `day_microsecond` (`day_microsecond`))
insert into `day_microsecond` (`day_microsecond`) values (1)
update `day_microsecond` set `day_microsecond` = 1, `day_microsecond`.day_microsecond = 2
select `day_minute`, t.day_minute as `day_minute`, `day_minute`.day_minute from `day_minute` where `day_minute` = 1 order by `day_minute`
create table `day_minute` (`day_minute` int, key `day_minute` (`day_minute`))
insert into `day_minute` (`day_minute`) values (1)
update `day_minute` set `day_minute` = 1, `day_minute`.day_minute = 2
select `day_second`, t.day_second as `day_second`, `day_second`.day_second from `day_second` where `day_second` = 1 order by `day_second`
create table `day_second` (`day_second` int, key `day_second` (`day_second`))
insert into `day_second` (`day_second`) values (1)
update `day_second` set `day_second` = 1, `day_second`.day_second = 2
select deallocate, t.deallocate as deallocate, deallocate.deallocate from deallocate where deallocate = 1 order by deallocate
create table deallocate (deallocate int, key deallocate (deallocate))
insert into deallocate (deallocate) values (1)
update deallocate set deallocate = 1, deallocate.deallocate = 2
select `dec`, t.dec as `dec`, `dec`.dec from `dec` where `dec` = 1 order by `dec`
create table `dec` (`dec` int, key `dec` (`dec`))
insert into `dec` (`dec`) values (1)
update `dec` set `dec` = 1, `dec`.dec = 2
select `decimal`, t.decimal as `decimal`, `decimal`.decimal from `decimal` where `decimal` = 1 order by `decimal`
create table `decimal` (`decimal` int, key `decimal` (`decimal`))
insert into `decimal` (`decimal`) values (1)
update `decimal` set `decimal` = 1, `decimal`.decimal = 2
select `declare`, t.declare as `declare`, `declare`.declare from `declare` where `declare` = 1 order by `declare`
create table `declare` (`declare` int, key `declare` (`declare`))
insert into `declare` (`declare`) values (1)
update `declare` set `declare` = 1, `declare`.declare = 2
select `default`, t.default as `default`, `default`.default from `default` where `default` = 1 order by `default`
create table `default` (`default` int, key `default` (`default`))
insert into `default` (`default`) values (1)
update `default` set `default` = 1, `default`.default = 2
select definer, t.definer as definer, definer.definer from definer where definer = 1 order by definer
create table definer (definer int, key definer (definer))
insert into definer (definer) values (1)
update definer set definer = 1, definer.definer = 2
select `delayed`, t.delayed as `delayed`, `delayed`.delayed from `delayed` where `delayed` = 1 order by `delayed`
create table `delayed` (`delayed` int, key `delayed` (`delayed`))
insert into `delayed` (`delayed`) values (1)
update `delayed` set `delayed` = 1, `delayed`.delayed = 2
select `delete`, t.delete as `delete`, `delete`.delete from `delete` where `delete` = 1 order by `delete`
create table `delete` (`delete` int, key `delete` (`delete`))
insert into `delete` (`delete`) values (1)
update `delete` set `delete` = 1, `delete`.delete = 2
select `delete_domain_id`, t.delete_domain_id as `delete_domain_id`, `delete_domain_id`.delete_domain_id from `delete_domain_id` where `delete_domain_id` = 1 order by `delete_domain_id`
create table `delete_domain_id` (`delete_domain_id` int, key `delete_domain_id` (`delete_domain_id`))
insert into `delete_domain_id` (`delete_domain_id`) values (1)
update `delete_domain_id` set `delete_domain_id` = 1, `delete_domain_id`.delete_domain_id = 2
select `dense_rank`, t.dense_rank as `dense_rank`, `dense_rank`.dense_rank from `dense_rank` where `dense_rank` = 1 order by `dense_rank`
create table `dense_rank` (`dense_rank` int, key `dense_rank` (`dense_rank`))
insert into `dense_rank` (`dense_rank`) values (1)
update `dense_rank` set `dense_rank` = 1, `dense_rank`.dense_rank = 2
select `desc`, t.desc as `desc`, `desc`.desc from `desc` where `desc` = 1 order by `desc`
create table `desc` (`desc` int, key `desc` (`desc`))
insert into `desc` (`desc`) values (1)
update `desc` set `desc` = 1, `desc`.desc = 2
select `describe`, t.describe as `describe`, `describe`.describe from `describe` where `describe` = 1 order by `describe`
create table `describe` (`describe` int, key `describe` (`describe`))
insert into `describe` (`describe`) values (1)
update `describe` set `describe` = 1, `describe`.describe = 2
select `deterministic`, t.deterministic as `deterministic`, `deterministic`.deterministic from `deterministic` where `deterministic` = 1 order by `deterministic`
create table `deterministic` (`deterministic` int, key `deterministic` (`deterministic`))
insert into `deterministic` (`deterministic`) values (1)
update `deterministic` set `deterministic` = 1, `deterministic`.deterministic = 2
select diagnostics, t.diagnostics as diagnostics, diagnostics.diagnostics from diagnostics where diagnostics = 1 order by diagnostics
create table diagnostics (diagnostics int, key diagnostics (diagnostics))
insert into diagnostics (diagnostics) values (1)
update diagnostics set diagnostics = 1, diagnostics.diagnostics = 2
select directory, t.directory as directory, directory.directory from directory where directory = 1 order by directory
create table directory (directory int, key directory (directory))
insert into directory (directory) values (1)
update directory set directory = 1, directory.directory = 2
select disable, t.disable as disable, disable.disable from disable where disable = 1 order by disable
create table disable (disable int, key disable (disable))
insert into disable (disable) values (1)
update disable set disable = 1, disable.disable = 2
select discard, t.discard as discard, discard.discard from discard where discard = 1 order by discard
create table discard (discard int, key discard (discard))
insert into discard (discard) values (1)
update discard set discard = 1, discard.discard = 2
select disk, t.disk as disk, disk.disk from disk where disk = 1 order by disk
create table disk (disk int, key disk (disk))
insert into disk (disk) values (1)
update disk set disk = 1, disk.disk = 2
select `distinct`, t.distinct as `distinct`, `distinct`.distinct from `distinct` where `distinct` = 1 order by `distinct`
create table `distinct` (`distinct` int, key `distinct` (`distinct`))
insert into `distinct` (`distinct`) values (1)
update `distinct` set `distinct` = 1, `distinct`.distinct = 2
select `distinctrow`, t.distinctrow as `distinctrow`, `distinctrow`.distinctrow from `distinctrow` where `distinctrow` = 1 order by `distinctrow`
create table `distinctrow` (`distinctrow` int, key `distinctrow` (`distinctrow`))
insert into `distinctrow` (`distinctrow`) values (1)
update `distinctrow` set `distinctrow` = 1, `distinctrow`.distinctrow = 2
select `div`, t.div as `div`, `div`.div from `div` where `div` = 1 order by `div`
create table `div` (`div` int, key `div` (`div`))
insert into `div` (`div`) values (1)
update `div` set `div` = 1, `div`.div = 2
select do, t.do as do, do.do from do where do = 1 order by do
create table do (do int, key do (do))
insert into do (do) values (1)
update do set do = 1, do.do = 2
select `double`, t.double as `double`, `double`.double from `double` where `double` = 1 order by `double`
create table `double` (`double` int, key `double` (`double`))
insert into `double` (`double`) values (1)
update `double` set `double` = 1, `double`.double = 2
select `do_domain_ids`, t.do_domain_ids as `do_domain_ids`, `do_domain_ids`.do_domain_ids from `do_domain_ids` where `do_domain_ids` = 1 order by `do_domain_ids`
create table `do_domain_ids` (`do_domain_ids` int, key `do_domain_ids` (`do_domain_ids`))
insert into `do_domain_ids` (`do_domain_ids`) values (1)
update `do_domain_ids` set `do_domain_ids` = 1, `do_domain_ids`.do_domain_ids = 2
select `drop`, t.drop as `drop`, `drop`.drop from `drop` where `drop` = 1 order by `drop`
create table `drop` (`drop` int, key `drop` (`drop`))
insert into `drop` (`drop`) values (1)
update `drop` set `drop` = 1, `drop`.drop = 2
select `dual`, t.dual as `dual`, `dual`.dual from `dual` where `dual` = 1 order by `dual`
create table `dual` (`dual` int, key `dual` (`dual`))
insert into `dual` (`dual`) values (1)
update `dual` set `dual` = 1, `dual`.dual = 2
select `dumpfile`, t.dumpfile as `dumpfile`, `dumpfile`.dumpfile from `dumpfile` where `dumpfile` = 1 order by `dumpfile`
create table `dumpfile` (`dumpfile` int, key `dumpfile` (`dumpfile`))
insert into `dumpfile` (`dumpfile`) values (1)
update `dumpfile` set `dumpfile` = 1, `dumpfile`.dumpfile = 2
select duplicate, t.duplicate as duplicate, duplicate.duplicate from duplicate where duplicate = 1 order by duplicate
create table duplicate (duplicate int, key duplicate (duplicate))
insert into duplicate (duplicate) values (1)
update duplicate set duplicate = 1, duplicate.duplicate = 2
select `each`, t.each as `each`, `each`.each from `each` where `each` = 1 order by `each`
create table `each` (`each` int, key `each` (`each`))
insert into `each` (`each`) values (1)
update `each` set `each` = 1, `each`.each = 2
select `else`, t.else as `else`, `else`.else from `else` where `else` = 1 order by `else`
create table `else` (`else` int, key `else` (`else`))
insert into `else` (`else`) values (1)
update `else` set `else` = 1, `else`.else = 2
select `elseif`, t.elseif as `elseif`, `elseif`.elseif from `elseif` where `elseif` = 1 order by `elseif`
create table `elseif` (`elseif` int, key `elseif` (`elseif`))
insert into `elseif` (`elseif`) values (1)
update `elseif` set `elseif` = 1, `elseif`.elseif = 2
select `empty`, t.empty as `empty`, `empty`.empty from `empty` where `empty` = 1 order by `empty`
create table `empty` (`empty` int, key `empty` (`empty`))
insert into `empty` (`empty`) values (1)
update `empty` set `empty` = 1, `empty`.empty = 2
select enable, t.enable as enable, enable.enable from enable where enable = 1 order by enable
create table enable (enable int, key enable (enable))
insert into enable (enable) values (1)
update enable set enable = 1, enable.enable = 2
select `enclosed`, t.enclosed as `enclosed`, `enclosed`.enclosed from `enclosed` where `enclosed` = 1 order by `enclosed`
create table `enclosed` (`enclosed` int, key `enclosed` (`enclosed`))
insert into `enclosed` (`enclosed`) values (1)
update `enclosed` set `enclosed` = 1, `enclosed`.enclosed = 2
select encryption, t.encryption as encryption, encryption.encryption from encryption where encryption = 1 order by encryption
create table encryption (encryption int, key encryption (encryption))
insert into encryption (encryption) values (1)
update encryption set encryption = 1, encryption.encryption = 2
select end, t.end as end, end.end from end where end = 1 order by end
create table end (end int, key end (end))
insert into end (end) values (1)
update end set end = 1, end.end = 2
select ends, t.ends as ends, ends.ends from ends where ends = 1 order by ends
create table ends (ends int, key ends (ends))
insert into ends (ends) values (1)
update ends set ends = 1, ends.ends = 2
select enforced, t.enforced as enforced, enforced.enforced from enforced where enforced = 1 order by enforced
create table enforced (enforced int, key enforced (enforced))
insert into enforced (enforced) values (1)
update enforced set enforced = 1, enforced.enforced = 2
select engine, t.engine as engine, engine.engine from engine where engine = 1 order by engine
create table engine (engine int, key engine (engine))
insert into engine (engine) values (1)
update engine set engine = 1, engine.engine = 2
select engines, t.engines as engines, engines.engines from engines where engines = 1 order by engines
create table engines (engines int, key engines (engines))
insert into engines (engines) values (1)
update engines set engines = 1, engines.engines = 2
select enum, t.enum as enum, enum.enum from enum where enum = 1 order by enum
create table enum (enum int, key enum (enum))
insert into enum (enum) values (1)
update enum set enum = 1, enum.enum = 2
select error, t.error as error, error.error from error where error = 1 order by error
create table error (error int, key error (error))
insert into error (error) values (1)
update error set error = 1, error.error = 2
select errors, t.errors as errors, errors.errors from errors where errors = 1 order by errors
create table errors (errors int, key errors (errors))
insert into errors (errors) values (1)
update errors set errors = 1, errors.errors = 2
select escape, t.escape as escape, escape.escape from escape where escape = 1 order by escape
create table escape (escape int, key escape (escape))
insert into escape (escape) values (1)
update escape set escape = 1, escape.escape = 2
select `escaped`, t.escaped as `escaped`, `escaped`.escaped from `escaped` where `escaped` = 1 order by `escaped`
create table `escaped` (`escaped` int, key `escaped` (`escaped`))
insert into `escaped` (`escaped`) values (1)
update `escaped` set `escaped` = 1, `escaped`.escaped = 2
select event, t.event as event, event.event from event where event = 1 order by event
create table event (event int, key event (event))
insert into event (event) values (1)
update event set event = 1, event.event = 2
select events, t.events as events, events.events from events where events = 1 order by events
create table events (events int, key events (events))
insert into events (events) values (1)
update events set events = 1, events.events = 2
select every, t.every as every, every.every from every where every = 1 order by every
create table every (every int, key every (every))
insert into every (every) values (1)
update every set every = 1, every.every = 2
select examined, t.examined as examined, examined.examined from examined where examined = 1 order by examined
create table examined (examined int, key examined (examined))
insert into examined (examined) values (1)
update examined set examined = 1, examined.examined = 2
select `except`, t.except as `except`, `except`.except from `except` where `except` = 1 order by `except`
create table `except` (`except` int, key `except` (`except`))
insert into `except` (`except`) values (1)
update `except` set `except` = 1, `except`.except = 2
select exchange, t.exchange as exchange, exchange.exchange from exchange where exchange = 1 order by exchange
create table exchange (exchange int, key exchange (exchange))
insert into exchange (exchange) values (1)
update exchange set exchange = 1, exchange.exchange = 2
select exclude, t.exclude as exclude, exclude.exclude from exclude where exclude = 1 order by exclude
create table exclude (exclude int, key exclude (exclude))
insert into exclude (exclude) values (1)
update exclude set exclude = 1, exclude.exclude = 2
select execute, t.execute as execute, execute.execute from execute where execute = 1 order by execute
create table execute (execute int, key execute (execute))
insert into execute (execute) values (1)
update execute set execute = 1, execute.execute = 2
select `exists`, t.exists as `exists`, `exists`.exists from `exists` where `exists` = 1 order by `exists`
create table `exists` (`exists` int, key `exists` (`exists`))
insert into `exists` (`exists`) values (1)
update `exists` set `exists` = 1, `exists`.exists = 2
select `exit`, t.exit as `exit`, `exit`.exit from `exit` where `exit` = 1 order by `exit`
create table `exit` (`exit` int, key `exit` (`exit`))
insert into `exit` (`exit`) values (1)
update `exit` set `exit` = 1, `exit`.exit = 2
select expansion, t.expansion as expansion, expansion.expansion from expansion where expansion = 1 order by expansion
create table expansion (expansion int, key expansion (expansion))
insert into expansion (expansion) values (1)
update expansion set expansion = 1, expansion.expansion = 2
select expire, t.expire as expire, expire.expire from expire where expire = 1 order by expire
create table expire (expire int, key expire (expire))
insert into expire (expire) values (1)
update expire set expire = 1, expire.expire = 2
select `explain`, t.explain as `explain`, `explain`.explain from `explain` where `explain` = 1 order by `explain`
create table `explain` (`explain` int, key `explain` (`explain`))
insert into `explain` (`explain`) values (1)
update `explain` set `explain` = 1, `explain`.explain = 2
select export, t.export as export, export.export from export where export = 1 order by export
create table export (export int, key export (export))
insert into export (export) values (1)
update export set export = 1, export.export = 2
select extended, t.extended as extended, extended.extended from extended where extended = 1 order by extended
create table extended (extended int, key extended (extended))
insert into extended (extended) values (1)
update extended set extended = 1, extended.extended = 2
select `extract`, t.extract as `extract`, `extract`.extract from `extract` where `extract` = 1 order by `extract`
create table `extract` (`extract` int, key `extract` (`extract`))
insert into `extract` (`extract`) values (1)
update `extract` set `extract` = 1, `extract`.extract = 2
select factor, t.factor as factor, factor.factor from factor where factor = 1 order by factor
create table factor (factor int, key factor (factor))
insert into factor (factor) values (1)
update factor set factor = 1, factor.factor = 2
select failed_login_attempts, t.failed_login_attempts as failed_login_attempts, failed_login_attempts.failed_login_attempts from failed_login_attempts where failed_login_attempts = 1 order by failed_login_attempts
create table failed_login_attempts (failed_login_attempts int, key failed_login_attempts (failed_login_attempts))
insert into failed_login_attempts (failed_login_attempts) values (1)
update failed_login_attempts set failed_login_attempts = 1, failed_login_attempts.failed_login_attempts = 2
select `false`, t.false as `false`, `false`.false from `false` where `false` = 1 order by `false`
create table `false` (`false` int, key `false` (`false`))
insert into `false` (`false`) values (1)
update `false` set `false` = 1, `false`.false = 2
select fast, t.fast as fast, fast.fast from fast where fast = 1 order by fast
create table fast (fast int, key fast (fast))
insert into fast (fast) values (1)
update fast set fast = 1, fast.fast = 2
select faults, t.faults as faults, faults.faults from faults where faults = 1 order by faults
create table faults (faults int, key faults (faults))
insert into faults (faults) values (1)
update faults set faults = 1, faults.faults = 2
select `fetch`, t.fetch as `fetch`, `fetch`.fetch from `fetch` where `fetch` = 1 order by `fetch`
create table `fetch` (`fetch` int, key `fetch` (`fetch`))
insert into `fetch` (`fetch`) values (1)
update `fetch` set `fetch` = 1, `fetch`.fetch = 2
select fields, t.fields as fields, fields.fields from fields where fields = 1 order by fields
create table fields (fields int, key fields (fields))
insert into fields (fields) values (1)
update fields set fields = 1, fields.fields = 2
select finish, t.finish as finish, finish.finish from finish where finish = 1 order by finish
create table finish (finish int, key finish (finish))
insert into finish (finish) values (1)
update finish set finish = 1, finish.finish = 2
select first, t.first as first, first.first from first where first = 1 order by first
create table first (first int, key first (first))
insert into first (first) values (1)
update first set first = 1, first.first = 2
select `first_value`, t.first_value as `first_value`, `first_value`.first_value from `first_value` where `first_value` = 1 order by `first_value`
create table `first_value` (`first_value` int, key `first_value` (`first_value`))
insert into `first_value` (`first_value`) values (1)
update `first_value` set `first_value` = 1, `first_value`.first_value = 2
select fixed, t.fixed as fixed, fixed.fixed from fixed where fixed = 1 order by fixed
create table fixed (fixed int, key fixed (fixed))
insert into fixed (fixed) values (1)
update fixed set fixed = 1, fixed.fixed = 2
select `float`, t.float as `float`, `float`.float from `float` where `float` = 1 order by `float`
create table `float` (`float` int, key `float` (`float`))
insert into `float` (`float`) values (1)
update `float` set `float` = 1, `float`.float = 2
select `float4`, t.float4 as `float4`, `float4`.float4 from `float4` where `float4` = 1 order by `float4`
create table `float4` (`float4` int, key `float4` (`float4`))
insert into `float4` (`float4`) values (1)
update `float4` set `float4` = 1, `float4`.float4 = 2
select `float8`, t.float8 as `float8`, `float8`.float8 from `float8` where `float8` = 1 order by `float8`
create table `float8` (`float8` int, key `float8` (`float8`))
insert into `float8` (`float8`) values (1)
update `float8` set `float8` = 1, `float8`.float8 = 2
select flush, t.flush as flush, flush.flush from flush where flush = 1 order by flush
create table flush (flush int, key flush (flush))
insert into flush (flush) values (1)
update flush set flush = 1, flush.flush = 2
select following, t.following as following, following.following from following where following = 1 order by following
create table following (following int, key following (following))
insert into following (following) values (1)
update following set following = 1, following.following = 2
select follows, t.follows as follows, follows.follows from follows where follows = 1 order by follows
create table follows (follows int, key follows (follows))
insert into follows (follows) values (1)
update follows set follows = 1, follows.follows = 2
select `for`, t.for as `for`, `for`.for from `for` where `for` = 1 order by `for`
create table `for` (`for` int, key `for` (`for`))
insert into `for` (`for`) values (1)
update `for` set `for` = 1, `for`.for = 2
select `force`, t.force as `force`, `force`.force from `force` where `force` = 1 order by `force`
create table `force` (`force` int, key `force` (`force`))
insert into `force` (`force`) values (1)
update `force` set `force` = 1, `force`.force = 2
select `foreign`, t.foreign as `foreign`, `foreign`.foreign from `foreign` where `foreign` = 1 order by `foreign`
create table `foreign` (`foreign` int, key `foreign` (`foreign`))
insert into `foreign` (`foreign`) values (1)
update `foreign` set `foreign` = 1, `foreign`.foreign = 2
select format, t.format as format, format.format from format where format = 1 order by format
create table format (format int, key format (format))
insert into format (format) values (1)
update format set format = 1, format.format = 2
select found, t.found as found, found.found from found where found = 1 order by found
create table found (found int, key found (found))
insert into found (found) values (1)
update found set found = 1, found.found = 2
select `from`, t.from as `from`, `from`.from from `from` where `from` = 1 order by `from`
create table `from` (`from` int, key `from` (`from`))
insert into `from` (`from`) values (1)
update `from` set `from` = 1, `from`.from = 2
select full, t.full as full, full.full from full where full = 1 order by full
create table full (full int, key full (full))
insert into full (full) values (1)
update full set full = 1, full.full = 2
select `fulltext`, t.fulltext as `fulltext`, `fulltext`.fulltext from `fulltext` where `fulltext` = 1 order by `fulltext`
create table `fulltext` (`fulltext` int, key `fulltext` (`fulltext`))
insert into `fulltext` (`fulltext`) values (1)
update `fulltext` set `fulltext` = 1, `fulltext`.fulltext = 2
select `function`, t.function as `function`, `function`.function from `function` where `function` = 1 order by `function`
create table `function` (`function` int, key `function` (`function`))
insert into `function` (`function`) values (1)
update `function` set `function` = 1, `function`.function = 2
select `general`, t.general as `general`, `general`.general from `general` where `general` = 1 order by `general`
create table `general` (`general` int, key `general` (`general`))
insert into `general` (`general`) values (1)
update `general` set `general` = 1, `general`.general = 2
select `generated`, t.generated as `generated`, `generated`.generated from `generated` where `generated` = 1 order by `generated`
create table `generated` (`generated` int, key `generated` (`generated`))
insert into `generated` (`generated`) values (1)
update `generated` set `generated` = 1, `generated`.generated = 2
select `get`, t.get as `get`, `get`.get from `get` where `get` = 1 order by `get`
create table `get` (`get` int, key `get` (`get`))
insert into `get` (`get`) values (1)
update `get` set `get` = 1, `get`.get = 2
select global, t.global as global, global.global from global where global = 1 order by global
create table global (global int, key global (global))
insert into global (global) values (1)
update global set global = 1, global.global = 2
select `grant`, t.grant as `grant`, `grant`.grant from `grant` where `grant` = 1 order by `grant`
create table `grant` (`grant` int, key `grant` (`grant`))
insert into `grant` (`grant`) values (1)
update `grant` set `grant` = 1, `grant`.grant = 2
select grants, t.grants as grants, grants.grants from grants where grants = 1 order by grants
create table grants (grants int, key grants (grants))
insert into grants (grants) values (1)
update grants set grants = 1, grants.grants = 2
select `group`, t.group as `group`, `group`.group from `group` where `group` = 1 order by `group`
create table `group` (`group` int, key `group` (`group`))
insert into `group` (`group`) values (1)
update `group` set `group` = 1, `group`.group = 2
select `grouping`, t.grouping as `grouping`, `grouping`.grouping from `grouping` where `grouping` = 1 order by `grouping`
create table `grouping` (`grouping` int, key `grouping` (`grouping`))
insert into `grouping` (`grouping`) values (1)
update `grouping` set `grouping` = 1, `grouping`.grouping = 2
select `groups`, t.groups as `groups`, `groups`.groups from `groups` where `groups` = 1 order by `groups`
create table `groups` (`groups` int, key `groups` (`groups`))
insert into `groups` (`groups`) values (1)
update `groups` set `groups` = 1, `groups`.groups = 2
select `group_concat`, t.group_concat as `group_concat`, `group_concat`.group_concat from `group_concat` where `group_concat` = 1 order by `group_concat`
create table `group_concat` (`group_concat` int, key `group_concat` (`group_concat`))
insert into `group_concat` (`group_concat`) values (1)
update `group_concat` set `group_concat` = 1, `group_concat`.group_concat = 2
select group_replication, t.group_replication as group_replication, group_replication.group_replication from group_replication where group_replication = 1 order by group_replication
create table group_replication (group_replication int, key group_replication (group_replication))
insert into group_replication (group_replication) values (1)
update group_replication set group_replication = 1, group_replication.group_replication = 2
select handler, t.handler as handler, handler.handler from handler where handler = 1 order by handler
create table handler (handler int, key handler (handler))
insert into handler (handler) values (1)
update handler set handler = 1, handler.handler = 2
select hard, t.hard as hard, hard.hard from hard where hard = 1 order by hard
create table hard (hard int, key hard (hard))
insert into hard (hard) values (1)
update hard set hard = 1, hard.hard = 2
select hash, t.hash as hash, hash.hash from hash where hash = 1 order by hash
create table hash (hash int, key hash (hash))
insert into hash (hash) values (1)
update hash set hash = 1, hash.hash = 2
select `having`, t.having as `having`, `having`.having from `having` where `having` = 1 order by `having`
create table `having` (`having` int, key `having` (`having`))
insert into `having` (`having`) values (1)
update `having` set `having` = 1, `having`.having = 2
select help, t.help as help, help.help from help where help = 1 order by help
create table help (help int, key help (help))
insert into help (help) values (1)
update help set help = 1, help.help = 2
select `high_priority`, t.high_priority as `high_priority`, `high_priority`.high_priority from `high_priority` where `high_priority` = 1 order by `high_priority`
create table `high_priority` (`high_priority` int, key `high_priority` (`high_priority`))
insert into `high_priority` (`high_priority`) values (1)
update `high_priority` set `high_priority` = 1, `high_priority`.high_priority = 2
select histogram, t.histogram as histogram, histogram.histogram from histogram where histogram = 1 order by histogram
create table histogram (histogram int, key histogram (histogram))
insert into histogram (histogram) values (1)
update histogram set histogram = 1, histogram.histogram = 2
select history, t.history as history, history.history from history where history = 1 order by history
create table history (history int, key history (history))
insert into history (history) values (1)
update history set history = 1, history.history = 2
select hosts, t.hosts as hosts, hosts.hosts from hosts where hosts = 1 order by hosts
create table hosts (hosts int, key hosts (hosts))
insert into hosts (hosts) values (1)
update hosts set hosts = 1, hosts.hosts = 2
select hour, t.hour as hour, hour.hour from hour where hour = 1 order by hour
create table hour (hour int, key hour (hour))
insert into hour (hour) values (1)
update hour set hour = 1, hour.hour = 2
select `hour_microsecond`, t.hour_microsecond as `hour_microsecond`, `hour_microsecond`.hour_microsecond from `hour_microsecond` where `hour_microsecond` = 1 order by `hour_microsecond`
create table `hour_microsecond` (`hour_microsecond` int, key `hour_microsecond` (`hour_microsecond`))
insert into `hour_microsecond` (`hour_microsecond`) values (1)
update `hour_microsecond` set `hour_microsecond` = 1, `hour_microsecond`.hour_microsecond = 2
select `hour_minute`, t.hour_minute as `hour_minute`, `hour_minute`.hour_minute from `hour_minute` where `hour_minute` = 1 order by `hour_minute`
create table `hour_minute` (`hour_minute` int, key `hour_minute` (`hour_minute`))
insert into `hour_minute` (`hour_minute`) values (1)
update `hour_minute` set `hour_minute` = 1, `hour_minute`.hour_minute = 2
select `hour_second`, t.hour_second as `hour_second`, `hour_second`.hour_second from `hour_second` where `hour_second` = 1 order by `hour_second`
create table `hour_second` (`hour_second` int, key `hour_second` (`hour_second`))
insert into `hour_second` (`hour_second`) values (1)
update `hour_second` set `hour_second` = 1, `hour_second`.hour_second = 2
select id, t.id as id, id.id from id where id = 1 order by id
create table id (id int, key id (id))
insert into id (id) values (1)
update id set id = 1, id.id = 2
select identified, t.identified as identified, identified.identified from identified where identified = 1 order by identified
create table identified (identified int, key identified (identified))
insert into identified (identified) values (1)
update identified set identified = 1, identified.identified = 2
select `if`, t.if as `if`, `if`.if from `if` where `if` = 1 order by `if`
create table `if` (`if` int, key `if` (`if`))
insert into `if` (`if`) values (1)
update `if` set `if` = 1, `if`.if = 2
select `ignore`, t.ignore as `ignore`, `ignore`.ignore from `ignore` where `ignore` = 1 order by `ignore`
create table `ignore` (`ignore` int, key `ignore` (`ignore`))
insert into `ignore` (`ignore`) values (1)
update `ignore` set `ignore` = 1, `ignore`.ignore = 2
select ignored, t.ignored as ignored, ignored.ignored from ignored where ignored = 1 order by ignored
create table ignored (ignored int, key ignored (ignored))
insert into ignored (ignored) values (1)
update ignored set ignored = 1, ignored.ignored = 2
select `ignore_domain_ids`, t.ignore_domain_ids as `ignore_domain_ids`, `ignore_domain_ids`.ignore_domain_ids from `ignore_domain_ids` where `ignore_domain_ids` = 1 order by `ignore_domain_ids`
create table `ignore_domain_ids` (`ignore_domain_ids` int, key `ignore_domain_ids` (`ignore_domain_ids`))
insert into `ignore_domain_ids` (`ignore_domain_ids`) values (1)
update `ignore_domain_ids` set `ignore_domain_ids` = 1, `ignore_domain_ids`.ignore_domain_ids = 2
select `ignore_server_ids`, t.ignore_server_ids as `ignore_server_ids`, `ignore_server_ids`.ignore_server_ids from `ignore_server_ids` where `ignore_server_ids` = 1 order by `ignore_server_ids`
create table `ignore_server_ids` (`ignore_server_ids` int, key `ignore_server_ids` (`ignore_server_ids`))
insert into `ignore_server_ids` (`ignore_server_ids`) values (1)
update `ignore_server_ids` set `ignore_server_ids` = 1, `ignore_server_ids`.ignore_server_ids = 2
select `immediate`, t.immediate as `immediate`, `immediate`.immediate from `immediate` where `immediate` = 1 order by `immediate`
create table `immediate` (`immediate` int, key `immediate` (`immediate`))
insert into `immediate` (`immediate`) values (1)
update `immediate` set `immediate` = 1, `immediate`.immediate = 2
select import, t.import as import, import.import from import where import = 1 order by import
create table import (import int, key import (import))
insert into import (import) values (1)
update import set import = 1, import.import = 2
select `in`, t.in as `in`, `in`.in from `in` where `in` = 1 order by `in`
create table `in` (`in` int, key `in` (`in`))
insert into `in` (`in`) values (1)
update `in` set `in` = 1, `in`.in = 2
select increment, t.increment as increment, increment.increment from increment where increment = 1 order by increment
create table increment (increment int, key increment (increment))
insert into increment (increment) values (1)
update increment set increment = 1, increment.increment = 2
select `index`, t.index as `index`, `index`.index from `index` where `index` = 1 order by `index`
create table `index` (`index` int, key `index` (`index`))
insert into `index` (`index`) values (1)
update `index` set `index` = 1, `index`.index = 2
select indexes, t.indexes as indexes, indexes.indexes from indexes where indexes = 1 order by indexes
create table indexes (indexes int, key indexes (indexes))
insert into indexes (indexes) values (1)
update indexes set indexes = 1, indexes.indexes = 2
select `infile`, t.infile as `infile`, `infile`.infile from `infile` where `infile` = 1 order by `infile`
create table `infile` (`infile` int, key `infile` (`infile`))
insert into `infile` (`infile`) values (1)
update `infile` set `infile` = 1, `infile`.infile = 2
select initial, t.initial as initial, initial.initial from initial where initial = 1 order by initial
create table initial (initial int, key initial (initial))
insert into initial (initial) values (1)
update initial set initial = 1, initial.initial = 2
select initiate, t.initiate as initiate, initiate.initiate from initiate where initiate = 1 order by initiate
create table initiate (initiate int, key initiate (initiate))
insert into initiate (initiate) values (1)
update initiate set initiate = 1, initiate.initiate = 2
select `inner`, t.inner as `inner`, `inner`.inner from `inner` where `inner` = 1 order by `inner`
create table `inner` (`inner` int, key `inner` (`inner`))
insert into `inner` (`inner`) values (1)
update `inner` set `inner` = 1, `inner`.inner = 2
select `inout`, t.inout as `inout`, `inout`.inout from `inout` where `inout` = 1 order by `inout`
create table `inout` (`inout` int, key `inout` (`inout`))
insert into `inout` (`inout`) values (1)
update `inout` set `inout` = 1, `inout`.inout = 2
select `insensitive`, t.insensitive as `insensitive`, `insensitive`.insensitive from `insensitive` where `insensitive` = 1 order by `insensitive`
create table `insensitive` (`insensitive` int, key `insensitive` (`insensitive`))
insert into `insensitive` (`insensitive`) values (1)
update `insensitive` set `insensitive` = 1, `insensitive`.insensitive = 2
select `insert`, t.insert as `insert`, `insert`.insert from `insert` where `insert` = 1 order by `insert`
create table `insert` (`insert` int, key `insert` (`insert`))
insert into `insert` (`insert`) values (1)
update `insert` set `insert` = 1, `insert`.insert = 2
select install, t.install as install, install.install from install where install = 1 order by install
create table install (install int, key install (install))
insert into install (install) values (1)
update install set install = 1, install.install = 2
select instance, t.instance as instance, instance.instance from instance where instance = 1 order by instance
create table instance (instance int, key instance (instance))
insert into instance (instance) values (1)
update instance set instance = 1, instance.instance = 2
select `int`, t.int as `int`, `int`.int from `int` where `int` = 1 order by `int`
create table `int` (`int` int, key `int` (`int`))
insert into `int` (`int`) values (1)
update `int` set `int` = 1, `int`.int = 2
select `int1`, t.int1 as `int1`, `int1`.int1 from `int1` where `int1` = 1 order by `int1`
create table `int1` (`int1` int, key `int1` (`int1`))
insert into `int1` (`int1`) values (1)
update `int1` set `int1` = 1, `int1`.int1 = 2
select `int2`, t.int2 as `int2`, `int2`.int2 from `int2` where `int2` = 1 order by `int2`
create table `int2` (`int2` int, key `int2` (`int2`))
insert into `int2` (`int2`) values (1)
update `int2` set `int2` = 1, `int2`.int2 = 2
select `int3`, t.int3 as `int3`, `int3`.int3 from `int3` where `int3` = 1 order by `int3`
create table `int3` (`int3` int, key `int3` (`int3`))
insert into `int3` (`int3`) values (1)
update `int3` set `int3` = 1, `int3`.int3 = 2
select `int4`, t.int4 as `int4`, `int4`.int4 from `int4` where `int4` = 1 order by `int4`
create table `int4` (`int4` int, key `int4` (`int4`))
insert into `int4` (`int4`) values (1)
update `int4` set `int4` = 1, `int4`.int4 = 2
select `int8`, t.int8 as `int8`, `int8`.int8 from `int8` where `int8` = 1 order by `int8`
create table `int8` (`int8` int, key `int8` (`int8`))
insert into `int8` (`int8`) values (1)
update `int8` set `int8` = 1, `int8`.int8 = 2
select `integer`, t.integer as `integer`, `integer`.integer from `integer` where `integer` = 1 order by `integer`
create table `integer` (`integer` int, key `integer` (`integer`))
insert into `integer` (`integer`) values (1)
update `integer` set `integer` = 1, `integer`.integer = 2
select `intersect`, t.intersect as `intersect`, `intersect`.intersect from `intersect` where `intersect` = 1 order by `intersect`
create table `intersect` (`intersect` int, key `intersect` (`intersect`))
insert into `intersect` (`intersect`) values (1)
update `intersect` set `intersect` = 1, `intersect`.intersect = 2
select `interval`, t.interval as `interval`, `interval`.interval from `interval` where `interval` = 1 order by `interval`
create table `interval` (`interval` int, key `interval` (`interval`))
insert into `interval` (`interval`) values (1)
update `interval` set `interval` = 1, `interval`.interval = 2
select `into`, t.into as `into`, `into`.into from `into` where `into` = 1 order by `into`
create table `into` (`into` int, key `into` (`into`))
insert into `into` (`into`) values (1)
update `into` set `into` = 1, `into`.into = 2
select invisible, t.invisible as invisible, invisible.invisible from invisible where invisible = 1 order by invisible
create table invisible (invisible int, key invisible (invisible))
insert into invisible (invisible) values (1)
update invisible set invisible = 1, invisible.invisible = 2
select io, t.io as io, io.io from io where io = 1 order by io
create table io (io int, key io (io))
insert into io (io) values (1)
update io set io = 1, io.io = 2
select `io_after_gtids`, t.io_after_gtids as `io_after_gtids`, `io_after_gtids`.io_after_gtids from `io_after_gtids` where `io_after_gtids` = 1 order by `io_after_gtids`
create table `io_after_gtids` (`io_after_gtids` int, key `io_after_gtids` (`io_after_gtids`))
insert into `io_after_gtids` (`io_after_gtids`) values (1)
update `io_after_gtids` set `io_after_gtids` = 1, `io_after_gtids`.io_after_gtids = 2
select `io_before_gtids`, t.io_before_gtids as `io_before_gtids`, `io_before_gtids`.io_before_gtids from `io_before_gtids` where `io_before_gtids` = 1 order by `io_before_gtids`
create table `io_before_gtids` (`io_before_gtids` int, key `io_before_gtids` (`io_before_gtids`))
insert into `io_before_gtids` (`io_before_gtids`) values (1)
update `io_before_gtids` set `io_before_gtids` = 1, `io_before_gtids`.io_before_gtids = 2
select `is`, t.is as `is`, `is`.is from `is` where `is` = 1 order by `is`
create table `is` (`is` int, key `is` (`is`))
insert into `is` (`is`) values (1)
update `is` set `is` = 1, `is`.is = 2
select isolation, t.isolation as isolation, isolation.isolation from isolation where isolation = 1 order by isolation
create table isolation (isolation int, key isolation (isolation))
insert into isolation (isolation) values (1)
update isolation set isolation = 1, isolation.isolation = 2
select issuer, t.issuer as issuer, issuer.issuer from issuer where issuer = 1 order by issuer
create table issuer (issuer int, key issuer (issuer))
insert into issuer (issuer) values (1)
update issuer set issuer = 1, issuer.issuer = 2
select `iterate`, t.iterate as `iterate`, `iterate`.iterate from `iterate` where `iterate` = 1 order by `iterate`
create table `iterate` (`iterate` int, key `iterate` (`iterate`))
insert into `iterate` (`iterate`) values (1)
update `iterate` set `iterate` = 1, `iterate`.iterate = 2
select `join`, t.join as `join`, `join`.join from `join` where `join` = 1 order by `join`
create table `join` (`join` int, key `join` (`join`))
insert into `join` (`join`) values (1)
update `join` set `join` = 1, `join`.join = 2
select `json_arrayagg`, t.json_arrayagg as `json_arrayagg`, `json_arrayagg`.json_arrayagg from `json_arrayagg` where `json_arrayagg` = 1 order by `json_arrayagg`
create table `json_arrayagg` (`json_arrayagg` int, key `json_arrayagg` (`json_arrayagg`))
insert into `json_arrayagg` (`json_arrayagg`) values (1)
update `json_arrayagg` set `json_arrayagg` = 1, `json_arrayagg`.json_arrayagg = 2
select `json_objectagg`, t.json_objectagg as `json_objectagg`, `json_objectagg`.json_objectagg from `json_objectagg` where `json_objectagg` = 1 order by `json_objectagg`
create table `json_objectagg` (`json_objectagg` int, key `json_objectagg` (`json_objectagg`))
insert into `json_objectagg` (`json_objectagg`) values (1)
update `json_objectagg` set `json_objectagg` = 1, `json_objectagg`.json_objectagg = 2
select `json_table`, t.json_table as `json_table`, `json_table`.json_table from `json_table` where `json_table` = 1 order by `json_table`
create table `json_table` (`json_table` int, key `json_table` (`json_table`))
insert into `json_table` (`json_table`) values (1)
update `json_table` set `json_table` = 1, `json_table`.json_table = 2
select `json_value`, t.json_value as `json_value`, `json_value`.json_value from `json_value` where `json_value` = 1 order by `json_value`
create table `json_value` (`json_value` int, key `json_value` (`json_value`))
insert into `json_value` (`json_value`) values (1)
update `json_value` set `json_value` = 1, `json_value`.json_value = 2
select `key`, t.key as `key`, `key`.key from `key` where `key` = 1 order by `key`
create table `key` (`key` int, key `key` (`key`))
insert into `key` (`key`) values (1)
update `key` set `key` = 1, `key`.key = 2
select `keys`, t.keys as `keys`, `keys`.keys from `keys` where `keys` = 1 order by `keys`
create table `keys` (`keys` int, key `keys` (`keys`))
insert into `keys` (`keys`) values (1)
update `keys` set `keys` = 1, `keys`.keys = 2
select `kill`, t.kill as `kill`, `kill`.kill from `kill` where `kill` = 1 order by `kill`
create table `kill` (`kill` int, key `kill` (`kill`))
insert into `kill` (`kill`) values (1)
update `kill` set `kill` = 1, `kill`.kill = 2
select `lag`, t.lag as `lag`, `lag`.lag from `lag` where `lag` = 1 order by `lag`
create table `lag` (`lag` int, key `lag` (`lag`))
insert into `lag` (`lag`) values (1)
update `lag` set `lag` = 1, `lag`.lag = 2
select language, t.language as language, language.language from language where language = 1 order by language
create table language (language int, key language (language))
insert into language (language) values (1)
update language set language = 1, language.language = 2
select last, t.last as last, last.last from last where last = 1 order by last
create table last (last int, key last (last))
insert into last (last) values (1)
update last set last = 1, last.last = 2
select `last_value`, t.last_value as `last_value`, `last_value`.last_value from `last_value` where `last_value` = 1 order by `last_value`
create table `last_value` (`last_value` int, key `last_value` (`last_value`))
insert into `last_value` (`last_value`) values (1)
update `last_value` set `last_value` = 1, `last_value`.last_value = 2
select `lateral`, t.lateral as `lateral`, `lateral`.lateral from `lateral` where `lateral` = 1 order by `lateral`
create table `lateral` (`lateral` int, key `lateral` (`lateral`))
insert into `lateral` (`lateral`) values (1)
update `lateral` set `lateral` = 1, `lateral`.lateral = 2
select `lead`, t.lead as `lead`, `lead`.lead from `lead` where `lead` = 1 order by `lead`
create table `lead` (`lead` int, key `lead` (`lead`))
insert into `lead` (`lead`) values (1)
update `lead` set `lead` = 1, `lead`.lead = 2
select `leading`, t.leading as `leading`, `leading`.leading from `leading` where `leading` = 1 order by `leading`
create table `leading` (`leading` int, key `leading` (`leading`))
insert into `leading` (`leading`) values (1)
update `leading` set `leading` = 1, `leading`.leading = 2
select `leave`, t.leave as `leave`, `leave`.leave from `leave` where `leave` = 1 order by `leave`
create table `leave` (`leave` int, key `leave` (`leave`))
insert into `leave` (`leave`) values (1)
update `leave` set `leave` = 1, `leave`.leave = 2
select `left`, t.left as `left`, `left`.left from `left` where `left` = 1 order by `left`
create table `left` (`left` int, key `left` (`left`))
insert into `left` (`left`) values (1)
update `left` set `left` = 1, `left`.left = 2
select less, t.less as less, less.less from less where less = 1 order by less
create table less (less int, key less (less))
insert into less (less) values (1)
update less set less = 1, less.less = 2
select level, t.level as level, level.level from level where level = 1 order by level
create table level (level int, key level (level))
insert into level (level) values (1)
update level set level = 1, level.level = 2
select `library`, t.library as `library`, `library`.library from `library` where `library` = 1 order by `library`
create table `library` (`library` int, key `library` (`library`))
insert into `library` (`library`) values (1)
update `library` set `library` = 1, `library`.library = 2
select `like`, t.like as `like`, `like`.like from `like` where `like` = 1 order by `like`
create table `like` (`like` int, key `like` (`like`))
insert into `like` (`like`) values (1)
update `like` set `like` = 1, `like`.like = 2
select `limit`, t.limit as `limit`, `limit`.limit from `limit` where `limit` = 1 order by `limit`
create table `limit` (`limit` int, key `limit` (`limit`))
insert into `limit` (`limit`) values (1)
update `limit` set `limit` = 1, `limit`.limit = 2
select `linear`, t.linear as `linear`, `linear`.linear from `linear` where `linear` = 1 order by `linear`
create table `linear` (`linear` int, key `linear` (`linear`))
insert into `linear` (`linear`) values (1)
update `linear` set `linear` = 1, `linear`.linear = 2
select `lines`, t.lines as `lines`, `lines`.lines from `lines` where `lines` = 1 order by `lines`
create table `lines` (`lines` int, key `lines` (`lines`))
insert into `lines` (`lines`) values (1)
update `lines` set `lines` = 1, `lines`.lines = 2
select list, t.list as list, list.list from list where list = 1 order by list
create table list (list int, key list (list))
insert into list (list) values (1)
update list set list = 1, list.list = 2
select `load`, t.load as `load`, `load`.load from `load` where `load` = 1 order by `load`
create table `load` (`load` int, key `load` (`load`))
insert into `load` (`load`) values (1)
update `load` set `load` = 1, `load`.load = 2
select `local`, t.local as `local`, `local`.local from `local` where `local` = 1 order by `local`
create table `local` (`local` int, key `local` (`local`))
insert into `local` (`local`) values (1)
update `local` set `local` = 1, `local`.local = 2
select `localtime`, t.localtime as `localtime`, `localtime`.localtime from `localtime` where `localtime` = 1 order by `localtime`
create table `localtime` (`localtime` int, key `localtime` (`localtime`))
insert into `localtime` (`localtime`) values (1)
update `localtime` set `localtime` = 1, `localtime`.localtime = 2
select `localtimestamp`, t.localtimestamp as `localtimestamp`, `localtimestamp`.localtimestamp from `localtimestamp` where `localtimestamp` = 1 order by `localtimestamp`
create table `localtimestamp` (`localtimestamp` int, key `localtimestamp` (`localtimestamp`))
insert into `localtimestamp` (`localtimestamp`) values (1)
update `localtimestamp` set `localtimestamp` = 1, `localtimestamp`.localtimestamp = 2
select `lock`, t.lock as `lock`, `lock`.lock from `lock` where `lock` = 1 order by `lock`
create table `lock` (`lock` int, key `lock` (`lock`))
insert into `lock` (`lock`) values (1)
update `lock` set `lock` = 1, `lock`.lock = 2
select locked, t.locked as locked, locked.locked from locked where locked = 1 order by locked
create table locked (locked int, key locked (locked))
insert into locked (locked) values (1)
update locked set locked = 1, locked.locked = 2
select log, t.log as log, log.log from log where log = 1 order by log
create table log (log int, key log (log))
insert into log (log) values (1)
update log set log = 1, log.log = 2
select logfile, t.logfile as logfile, logfile.logfile from logfile where logfile = 1 order by logfile
create table logfile (logfile int, key logfile (logfile))
insert into logfile (logfile) values (1)
update logfile set logfile = 1, logfile.logfile = 2
select logs, t.logs as logs, logs.logs from logs where logs = 1 order by logs
create table logs (logs int, key logs (logs))
insert into logs (logs) values (1)
update logs set logs = 1, logs.logs = 2
select `long`, t.long as `long`, `long`.long from `long` where `long` = 1 order by `long`
create table `long` (`long` int, key `long` (`long`))
insert into `long` (`long`) values (1)
update `long` set `long` = 1, `long`.long = 2
select `longblob`, t.longblob as `longblob`, `longblob`.longblob from `longblob` where `longblob` = 1 order by `longblob`
create table `longblob` (`longblob` int, key `longblob` (`longblob`))
insert into `longblob` (`longblob`) values (1)
update `longblob` set `longblob` = 1, `longblob`.longblob = 2
select `longtext`, t.longtext as `longtext`, `longtext`.longtext from `longtext` where `longtext` = 1 order by `longtext`
create table `longtext` (`longtext` int, key `longtext` (`longtext`))
insert into `longtext` (`longtext`) values (1)
update `longtext` set `longtext` = 1, `longtext`.longtext = 2
select `loop`, t.loop as `loop`, `loop`.loop from `loop` where `loop` = 1 order by `loop`
create table `loop` (`loop` int, key `loop` (`loop`))
insert into `loop` (`loop`) values (1)
update `loop` set `loop` = 1, `loop`.loop = 2
select `low_priority`, t.low_priority as `low_priority`, `low_priority`.low_priority from `low_priority` where `low_priority` = 1 order by `low_priority`
create table `low_priority` (`low_priority` int, key `low_priority` (`low_priority`))
insert into `low_priority` (`low_priority`) values (1)
update `low_priority` set `low_priority` = 1, `low_priority`.low_priority = 2
select `manual`, t.manual as `manual`, `manual`.manual from `manual` where `manual` = 1 order by `manual`
create table `manual` (`manual` int, key `manual` (`manual`))
insert into `manual` (`manual`) values (1)
update `manual` set `manual` = 1, `manual`.manual = 2
select master, t.master as master, master.master from master where master = 1 order by master
create table master (master int, key master (master))
insert into master (master) values (1)
update master set master = 1, master.master = 2
select `master_bind`, t.master_bind as `master_bind`, `master_bind`.master_bind from `master_bind` where `master_bind` = 1 order by `master_bind`
create table `master_bind` (`master_bind` int, key `master_bind` (`master_bind`))
insert into `master_bind` (`master_bind`) values (1)
update `master_bind` set `master_bind` = 1, `master_bind`.master_bind = 2
select `master_heartbeat_period`, t.master_heartbeat_period as `master_heartbeat_period`, `master_heartbeat_period`.master_heartbeat_period from `master_heartbeat_period` where `master_heartbeat_period` = 1 order by `master_heartbeat_period`
create table `master_heartbeat_period` (`master_heartbeat_period` int, key `master_heartbeat_period` (`master_heartbeat_period`))
insert into `master_heartbeat_period` (`master_heartbeat_period`) values (1)
update `master_heartbeat_period` set `master_heartbeat_period` = 1, `master_heartbeat_period`.master_heartbeat_period = 2
select `master_ssl_verify_server_cert`, t.master_ssl_verify_server_cert as `master_ssl_verify_server_cert`, `master_ssl_verify_server_cert`.master_ssl_verify_server_cert from `master_ssl_verify_server_cert` where `master_ssl_verify_server_cert` = 1 order by `master_ssl_verify_server_cert`
create table `master_ssl_verify_server_cert` (`master_ssl_verify_server_cert` int, key `master_ssl_verify_server_cert` (`master_ssl_verify_server_cert`))
insert into `master_ssl_verify_server_cert` (`master_ssl_verify_server_cert`) values (1)
update `master_ssl_verify_server_cert` set `master_ssl_verify_server_cert` = 1, `master_ssl_verify_server_cert`.master_ssl_verify_server_cert = 2
select `match`, t.match as `match`, `match`.match from `match` where `match` = 1 order by `match`
create table `match` (`match` int, key `match` (`match`))
insert into `match` (`match`) values (1)
update `match` set `match` = 1, `match`.match = 2
select `max`, t.max as `max`, `max`.max from `max` where `max` = 1 order by `max`
create table `max` (`max` int, key `max` (`max`))
insert into `max` (`max`) values (1)
update `max` set `max` = 1, `max`.max = 2
select `maxvalue`, t.maxvalue as `maxvalue`, `maxvalue`.maxvalue from `maxvalue` where `maxvalue` = 1 order by `maxvalue`
create table `maxvalue` (`maxvalue` int, key `maxvalue` (`maxvalue`))
insert into `maxvalue` (`maxvalue`) values (1)
update `maxvalue` set `maxvalue` = 1, `maxvalue`.maxvalue = 2
select medium, t.medium as medium, medium.medium from medium where medium = 1 order by medium
create table medium (medium int, key medium (medium))
insert into medium (medium) values (1)
update medium set medium = 1, medium.medium = 2
select `mediumblob`, t.mediumblob as `mediumblob`, `mediumblob`.mediumblob from `mediumblob` where `mediumblob` = 1 order by `mediumblob`
create table `mediumblob` (`mediumblob` int, key `mediumblob` (`mediumblob`))
insert into `mediumblob` (`mediumblob`) values (1)
update `mediumblob` set `mediumblob` = 1, `mediumblob`.mediumblob = 2
select `mediumint`, t.mediumint as `mediumint`, `mediumint`.mediumint from `mediumint` where `mediumint` = 1 order by `mediumint`
create table `mediumint` (`mediumint` int, key `mediumint` (`mediumint`))
insert into `mediumint` (`mediumint`) values (1)
update `mediumint` set `mediumint` = 1, `mediumint`.mediumint = 2
select `mediumtext`, t.mediumtext as `mediumtext`, `mediumtext`.mediumtext from `mediumtext` where `mediumtext` = 1 order by `mediumtext`
create table `mediumtext` (`mediumtext` int, key `mediumtext` (`mediumtext`))
insert into `mediumtext` (`mediumtext`) values (1)
update `mediumtext` set `mediumtext` = 1, `mediumtext`.mediumtext = 2
select member, t.member as member, member.member from member where member = 1 order by member
create table member (member int, key member (member))
insert into member (member) values (1)
update member set member = 1, member.member = 2
select memory, t.memory as memory, memory.memory from memory where memory = 1 order by memory
create table memory (memory int, key memory (memory))
insert into memory (memory) values (1)
update memory set memory = 1, memory.memory = 2
select microsecond, t.microsecond as microsecond, microsecond.microsecond from microsecond where microsecond = 1 order by microsecond
create table microsecond (microsecond int, key microsecond (microsecond))
insert into microsecond (microsecond) values (1)
update microsecond set microsecond = 1, microsecond.microsecond = 2
select `mid`, t.mid as `mid`, `mid`.mid from `mid` where `mid` = 1 order by `mid`
create table `mid` (`mid` int, key `mid` (`mid`))
insert into `mid` (`mid`) values (1)
update `mid` set `mid` = 1, `mid`.mid = 2
select `middleint`, t.middleint as `middleint`, `middleint`.middleint from `middleint` where `middleint` = 1 order by `middleint`
create table `middleint` (`middleint` int, key `middleint` (`middleint`))
insert into `middleint` (`middleint`) values (1)
update `middleint` set `middleint` = 1, `middleint`.middleint = 2
select migrate, t.migrate as migrate, migrate.migrate from migrate where migrate = 1 order by migrate
create table migrate (migrate int, key migrate (migrate))
insert into migrate (migrate) values (1)
update migrate set migrate = 1, migrate.migrate = 2
select `min`, t.min as `min`, `min`.min from `min` where `min` = 1 order by `min`
create table `min` (`min` int, key `min` (`min`))
insert into `min` (`min`) values (1)
update `min` set `min` = 1, `min`.min = 2
select minute, t.minute as minute, minute.minute from minute where minute = 1 order by minute
create table minute (minute int, key minute (minute))
insert into minute (minute) values (1)
update minute set minute = 1, minute.minute = 2
select `minute_microsecond`, t.minute_microsecond as `minute_microsecond`, `minute_microsecond`.minute_microsecond from `minute_microsecond` where `minute_microsecond` = 1 order by `minute_microsecond`
create table `minute_microsecond` (`minute_microsecond` int, key `minute_microsecond` (`minute_microsecond`))
insert into `minute_microsecond` (`minute_microsecond`) values (1)
update `minute_microsecond` set `minute_microsecond` = 1, `minute_microsecond`.minute_microsecond = 2
select `minute_second`, t.minute_second as `minute_second`, `minute_second`.minute_second from `minute_second` where `minute_second` = 1 order by `minute_second`
create table `minute_second` (`minute_second` int, key `minute_second` (`minute_second`))
insert into `minute_second` (`minute_second`) values (1)
update `minute_second` set `minute_second` = 1, `minute_second`.minute_second = 2
select minvalue, t.minvalue as minvalue, minvalue.minvalue from minvalue where minvalue = 1 order by minvalue
create table minvalue (minvalue int, key minvalue (minvalue))
insert into minvalue (minvalue) values (1)
update minvalue set minvalue = 1, minvalue.minvalue = 2
select `mod`, t.mod as `mod`, `mod`.mod from `mod` where `mod` = 1 order by `mod`
create table `mod` (`mod` int, key `mod` (`mod`))
insert into `mod` (`mod`) values (1)
update `mod` set `mod` = 1, `mod`.mod = 2
select mode, t.mode as mode, mode.mode from mode where mode = 1 order by mode
create table mode (mode int, key mode (mode))
insert into mode (mode) values (1)
update mode set mode = 1, mode.mode = 2
select `modifies`, t.modifies as `modifies`, `modifies`.modifies from `modifies` where `modifies` = 1 order by `modifies`
create table `modifies` (`modifies` int, key `modifies` (`modifies`))
insert into `modifies` (`modifies`) values (1)
update `modifies` set `modifies` = 1, `modifies`.modifies = 2
select modify, t.modify as modify, modify.modify from modify where modify = 1 order by modify
create table modify (modify int, key modify (modify))
insert into modify (modify) values (1)
update modify set modify = 1, modify.modify = 2
select month, t.month as month, month.month from month where month = 1 order by month
create table month (month int, key month (month))
insert into month (month) values (1)
update month set month = 1, month.month = 2
select mutex, t.mutex as mutex, mutex.mutex from mutex where mutex = 1 order by mutex
create table mutex (mutex int, key mutex (mutex))
insert into mutex (mutex) values (1)
update mutex set mutex = 1, mutex.mutex = 2
select mysql, t.mysql as mysql, mysql.mysql from mysql where mysql = 1 order by mysql
create table mysql (mysql int, key mysql (mysql))
insert into mysql (mysql) values (1)
update mysql set mysql = 1, mysql.mysql = 2
select names, t.names as names, names.names from names where names = 1 order by names
create table names (names int, key names (names))
insert into names (names) values (1)
update names set names = 1, names.names = 2
select national, t.national as national, national.national from national where national = 1 order by national
create table national (national int, key national (national))
insert into national (national) values (1)
update national set national = 1, national.national = 2
select `natural`, t.natural as `natural`, `natural`.natural from `natural` where `natural` = 1 order by `natural`
create table `natural` (`natural` int, key `natural` (`natural`))
insert into `natural` (`natural`) values (1)
update `natural` set `natural` = 1, `natural`.natural = 2
select nchar, t.nchar as nchar, nchar.nchar from nchar where nchar = 1 order by nchar
create table nchar (nchar int, key nchar (nchar))
insert into nchar (nchar) values (1)
update nchar set nchar = 1, nchar.nchar = 2
select nested, t.nested as nested, nested.nested from nested where nested = 1 order by nested
create table nested (nested int, key nested (nested))
insert into nested (nested) values (1)
update nested set nested = 1, nested.nested = 2
select never, t.never as never, never.never from never where never = 1 order by never
create table never (never int, key never (never))
insert into never (never) values (1)
update never set never = 1, never.never = 2
select next, t.next as next, next.next from next where next = 1 order by next
create table next (next int, key next (next))
insert into next (next) values (1)
update next set next = 1, next.next = 2
select no, t.no as no, no.no from no where no = 1 order by no
create table no (no int, key no (no))
insert into no (no) values (1)
update no set no = 1, no.no = 2
select nocache, t.nocache as nocache, nocache.nocache from nocache where nocache = 1 order by nocache
create table nocache (nocache int, key nocache (nocache))
insert into nocache (nocache) values (1)
update nocache set nocache = 1, nocache.nocache = 2
select nocycle, t.nocycle as nocycle, nocycle.nocycle from nocycle where nocycle = 1 order by nocycle
create table nocycle (nocycle int, key nocycle (nocycle))
insert into nocycle (nocycle) values (1)
update nocycle set nocycle = 1, nocycle.nocycle = 2
select nomaxvalue, t.nomaxvalue as nomaxvalue, nomaxvalue.nomaxvalue from nomaxvalue where nomaxvalue = 1 order by nomaxvalue
create table nomaxvalue (nomaxvalue int, key nomaxvalue (nomaxvalue))
insert into nomaxvalue (nomaxvalue) values (1)
update nomaxvalue set nomaxvalue = 1, nomaxvalue.nomaxvalue = 2
select nominvalue, t.nominvalue as nominvalue, nominvalue.nominvalue from nominvalue where nominvalue = 1 order by nominvalue
create table nominvalue (nominvalue int, key nominvalue (nominvalue))
insert into nominvalue (nominvalue) values (1)
update nominvalue set nominvalue = 1, nominvalue.nominvalue = 2
select none, t.none as none, none.none from none where none = 1 order by none
create table none (none int, key none (none))
insert into none (none) values (1)
update none set none = 1, none.none = 2
select `not`, t.not as `not`, `not`.not from `not` where `not` = 1 order by `not`
create table `not` (`not` int, key `not` (`not`))
insert into `not` (`not`) values (1)
update `not` set `not` = 1, `not`.not = 2
select `now`, t.now as `now`, `now`.now from `now` where `now` = 1 order by `now`
create table `now` (`now` int, key `now` (`now`))
insert into `now` (`now`) values (1)
update `now` set `now` = 1, `now`.now = 2
select nowait, t.nowait as nowait, nowait.nowait from nowait where nowait = 1 order by nowait
create table nowait (nowait int, key nowait (nowait))
insert into nowait (nowait) values (1)
update nowait set nowait = 1, nowait.nowait = 2
select `no_write_to_binlog`, t.no_write_to_binlog as `no_write_to_binlog`, `no_write_to_binlog`.no_write_to_binlog from `no_write_to_binlog` where `no_write_to_binlog` = 1 order by `no_write_to_binlog`
create table `no_write_to_binlog` (`no_write_to_binlog` int, key `no_write_to_binlog` (`no_write_to_binlog`))
insert into `no_write_to_binlog` (`no_write_to_binlog`) values (1)
update `no_write_to_binlog` set `no_write_to_binlog` = 1, `no_write_to_binlog`.no_write_to_binlog = 2
select `nth_value`, t.nth_value as `nth_value`, `nth_value`.nth_value from `nth_value` where `nth_value` = 1 order by `nth_value`
create table `nth_value` (`nth_value` int, key `nth_value` (`nth_value`))
insert into `nth_value` (`nth_value`) values (1)
update `nth_value` set `nth_value` = 1, `nth_value`.nth_value = 2
select `ntile`, t.ntile as `ntile`, `ntile`.ntile from `ntile` where `ntile` = 1 order by `ntile`
create table `ntile` (`ntile` int, key `ntile` (`ntile`))
insert into `ntile` (`ntile`) values (1)
update `ntile` set `ntile` = 1, `ntile`.ntile = 2
select `null`, t.null as `null`, `null`.null from `null` where `null` = 1 order by `null`
create table `null` (`null` int, key `null` (`null`))
insert into `null` (`null`) values (1)
update `null` set `null` = 1, `null`.null = 2
select nulls, t.nulls as nulls, nulls.nulls from nulls where nulls = 1 order by nulls
create table nulls (nulls int, key nulls (nulls))
insert into nulls (nulls) values (1)
update nulls set nulls = 1, nulls.nulls = 2
select `numeric`, t.numeric as `numeric`, `numeric`.numeric from `numeric` where `numeric` = 1 order by `numeric`
create table `numeric` (`numeric` int, key `numeric` (`numeric`))
insert into `numeric` (`numeric`) values (1)
update `numeric` set `numeric` = 1, `numeric`.numeric = 2
select nvarchar, t.nvarchar as nvarchar, nvarchar.nvarchar from nvarchar where nvarchar = 1 order by nvarchar
create table nvarchar (nvarchar int, key nvarchar (nvarchar))
insert into nvarchar (nvarchar) values (1)
update nvarchar set nvarchar = 1, nvarchar.nvarchar = 2
select `of`, t.of as `of`, `of`.of from `of` where `of` = 1 order by `of`
create table `of` (`of` int, key `of` (`of`))
insert into `of` (`of`) values (1)
update `of` set `of` = 1, `of`.of = 2
select `offset`, t.offset as `offset`, `offset`.offset from `offset` where `offset` = 1 order by `offset`
create table `offset` (`offset` int, key `offset` (`offset`))
insert into `offset` (`offset`) values (1)
update `offset` set `offset` = 1, `offset`.offset = 2
select old, t.old as old, old.old from old where old = 1 order by old
create table old (old int, key old (old))
insert into old (old) values (1)
update old set old = 1, old.old = 2
select `on`, t.on as `on`, `on`.on from `on` where `on` = 1 order by `on`
create table `on` (`on` int, key `on` (`on`))
insert into `on` (`on`) values (1)
update `on` set `on` = 1, `on`.on = 2
select one, t.one as one, one.one from one where one = 1 order by one
create table one (one int, key one (one))
insert into one (one) values (1)
update one set one = 1, one.one = 2
select online, t.online as online, online.online from online where online = 1 order by online
create table online (online int, key online (online))
insert into online (online) values (1)
update online set online = 1, online.online = 2
select only, t.only as only, only.only from only where only = 1 order by only
create table only (only int, key only (only))
insert into only (only) values (1)
update only set only = 1, only.only = 2
select open, t.open as open, open.open from open where open = 1 order by open
create table open (open int, key open (open))
insert into open (open) values (1)
update open set open = 1, open.open = 2
select `optimize`, t.optimize as `optimize`, `optimize`.optimize from `optimize` where `optimize` = 1 order by `optimize`
create table `optimize` (`optimize` int, key `optimize` (`optimize`))
insert into `optimize` (`optimize`) values (1)
update `optimize` set `optimize` = 1, `optimize`.optimize = 2
select `optimizer_costs`, t.optimizer_costs as `optimizer_costs`, `optimizer_costs`.optimizer_costs from `optimizer_costs` where `optimizer_costs` = 1 order by `optimizer_costs`
create table `optimizer_costs` (`optimizer_costs` int, key `optimizer_costs` (`optimizer_costs`))
insert into `optimizer_costs` (`optimizer_costs`) values (1)
update `optimizer_costs` set `optimizer_costs` = 1, `optimizer_costs`.optimizer_costs = 2
select `option`, t.option as `option`, `option`.option from `option` where `option` = 1 order by `option`
create table `option` (`option` int, key `option` (`option`))
insert into `option` (`option`) values (1)
update `option` set `option` = 1, `option`.option = 2
select optional, t.optional as optional, optional.optional from optional where optional = 1 order by optional
create table optional (optional int, key optional (optional))
insert into optional (optional) values (1)
update optional set optional = 1, optional.optional = 2
select `optionally`, t.optionally as `optionally`, `optionally`.optionally from `optionally` where `optionally` = 1 order by `optionally`
create table `optionally` (`optionally` int, key `optionally` (`optionally`))
insert into `optionally` (`optionally`) values (1)
update `optionally` set `optionally` = 1, `optionally`.optionally = 2
select `or`, t.or as `or`, `or`.or from `or` where `or` = 1 order by `or`
create table `or` (`or` int, key `or` (`or`))
insert into `or` (`or`) values (1)
update `or` set `or` = 1, `or`.or = 2
select `order`, t.order as `order`, `order`.order from `order` where `order` = 1 order by `order`
create table `order` (`order` int, key `order` (`order`))
insert into `order` (`order`) values (1)
update `order` set `order` = 1, `order`.order = 2
select ordinality, t.ordinality as ordinality, ordinality.ordinality from ordinality where ordinality = 1 order by ordinality
create table ordinality (ordinality int, key ordinality (ordinality))
insert into ordinality (ordinality) values (1)
update ordinality set ordinality = 1, ordinality.ordinality = 2
select others, t.others as others, others.others from others where others = 1 order by others
create table others (others int, key others (others))
insert into others (others) values (1)
update others set others = 1, others.others = 2
select `out`, t.out as `out`, `out`.out from `out` where `out` = 1 order by `out`
create table `out` (`out` int, key `out` (`out`))
insert into `out` (`out`) values (1)
update `out` set `out` = 1, `out`.out = 2
select `outer`, t.outer as `outer`, `outer`.outer from `outer` where `outer` = 1 order by `outer`
create table `outer` (`outer` int, key `outer` (`outer`))
insert into `outer` (`outer`) values (1)
update `outer` set `outer` = 1, `outer`.outer = 2
select `outfile`, t.outfile as `outfile`, `outfile`.outfile from `outfile` where `outfile` = 1 order by `outfile`
create table `outfile` (`outfile` int, key `outfile` (`outfile`))
insert into `outfile` (`outfile`) values (1)
update `outfile` set `outfile` = 1, `outfile`.outfile = 2
select `over`, t.over as `over`, `over`.over from `over` where `over` = 1 order by `over`
create table `over` (`over` int, key `over` (`over`))
insert into `over` (`over`) values (1)
update `over` set `over` = 1, `over`.over = 2
select overlaps, t.overlaps as overlaps, overlaps.overlaps from overlaps where overlaps = 1 order by overlaps
create table overlaps (overlaps int, key overlaps (overlaps))
insert into overlaps (overlaps) values (1)
update overlaps set overlaps = 1, overlaps.overlaps = 2
select package, t.package as package, package.package from package where package = 1 order by package
create table package (package int, key package (package))
insert into package (package) values (1)
update package set package = 1, package.package = 2
select page, t.page as page, page.page from page where page = 1 order by page
create table page (page int, key page (page))
insert into page (page) values (1)
update page set page = 1, page.page = 2
select `page_checksum`, t.page_checksum as `page_checksum`, `page_checksum`.page_checksum from `page_checksum` where `page_checksum` = 1 order by `page_checksum`
create table `page_checksum` (`page_checksum` int, key `page_checksum` (`page_checksum`))
insert into `page_checksum` (`page_checksum`) values (1)
update `page_checksum` set `page_checksum` = 1, `page_checksum`.page_checksum = 2
select `parallel`, t.parallel as `parallel`, `parallel`.parallel from `parallel` where `parallel` = 1 order by `parallel`
create table `parallel` (`parallel` int, key `parallel` (`parallel`))
insert into `parallel` (`parallel`) values (1)
update `parallel` set `parallel` = 1, `parallel`.parallel = 2
select parser, t.parser as parser, parser.parser from parser where parser = 1 order by parser
create table parser (parser int, key parser (parser))
insert into parser (parser) values (1)
update parser set parser = 1, parser.parser = 2
select `parse_vcol_expr`, t.parse_vcol_expr as `parse_vcol_expr`, `parse_vcol_expr`.parse_vcol_expr from `parse_vcol_expr` where `parse_vcol_expr` = 1 order by `parse_vcol_expr`
create table `parse_vcol_expr` (`parse_vcol_expr` int, key `parse_vcol_expr` (`parse_vcol_expr`))
insert into `parse_vcol_expr` (`parse_vcol_expr`) values (1)
update `parse_vcol_expr` set `parse_vcol_expr` = 1, `parse_vcol_expr`.parse_vcol_expr = 2
select partial, t.partial as partial, partial.partial from partial where partial = 1 order by partial
create table partial (partial int, key partial (partial))
insert into partial (partial) values (1)
update partial set partial = 1, partial.partial = 2
select `partition`, t.partition as `partition`, `partition`.partition from `partition` where `partition` = 1 order by `partition`
create table `partition` (`partition` int, key `partition` (`partition`))
insert into `partition` (`partition`) values (1)
update `partition` set `partition` = 1, `partition`.partition = 2
select partitioning, t.partitioning as partitioning, partitioning.partitioning from partitioning where partitioning = 1 order by partitioning
create table partitioning (partitioning int, key partitioning (partitioning))
insert into partitioning (partitioning) values (1)
update partitioning set partitioning = 1, partitioning.partitioning = 2
select partitions, t.partitions as partitions, partitions.partitions from partitions where partitions = 1 order by partitions
create table partitions (partitions int, key partitions (partitions))
insert into partitions (partitions) values (1)
update partitions set partitions = 1, partitions.partitions = 2
select password, t.password as password, password.password from password where password = 1 order by password
create table password (password int, key password (password))
insert into password (password) values (1)
update password set password = 1, password.password = 2
select password_lock_time, t.password_lock_time as password_lock_time, password_lock_time.password_lock_time from password_lock_time where password_lock_time = 1 order by password_lock_time
create table password_lock_time (password_lock_time int, key password_lock_time (password_lock_time))
insert into password_lock_time (password_lock_time) values (1)
update password_lock_time set password_lock_time = 1, password_lock_time.password_lock_time = 2
select path, t.path as path, path.path from path where path = 1 order by path
create table path (path int, key path (path))
insert into path (path) values (1)
update path set path = 1, path.path = 2
select `percent_rank`, t.percent_rank as `percent_rank`, `percent_rank`.percent_rank from `percent_rank` where `percent_rank` = 1 order by `percent_rank`
create table `percent_rank` (`percent_rank` int, key `percent_rank` (`percent_rank`))
insert into `percent_rank` (`percent_rank`) values (1)
update `percent_rank` set `percent_rank` = 1, `percent_rank`.percent_rank = 2
select `period`, t.period as `period`, `period`.period from `period` where `period` = 1 order by `period`
create table `period` (`period` int, key `period` (`period`))
insert into `period` (`period`) values (1)
update `period` set `period` = 1, `period`.period = 2
select persist, t.persist as persist, persist.persist from persist where persist = 1 order by persist
create table persist (persist int, key persist (persist))
insert into persist (persist) values (1)
update persist set persist = 1, persist.persist = 2
select persistent, t.persistent as persistent, persistent.persistent from persistent where persistent = 1 order by persistent
create table persistent (persistent int, key persistent (persistent))
insert into persistent (persistent) values (1)
update persistent set persistent = 1, persistent.persistent = 2
select persist_only, t.persist_only as persist_only, persist_only.persist_only from persist_only where persist_only = 1 order by persist_only
create table persist_only (persist_only int, key persist_only (persist_only))
insert into persist_only (persist_only) values (1)
update persist_only set persist_only = 1, persist_only.persist_only = 2
select phase, t.phase as phase, phase.phase from phase where phase = 1 order by phase
create table phase (phase int, key phase (phase))
insert into phase (phase) values (1)
update phase set phase = 1, phase.phase = 2
select plugin, t.plugin as plugin, plugin.plugin from plugin where plugin = 1 order by plugin
create table plugin (plugin int, key plugin (plugin))
insert into plugin (plugin) values (1)
update plugin set plugin = 1, plugin.plugin = 2
select plugins, t.plugins as plugins, plugins.plugins from plugins where plugins = 1 order by plugins
create table plugins (plugins int, key plugins (plugins))
insert into plugins (plugins) values (1)
update plugins set plugins = 1, plugins.plugins = 2
select `portion`, t.portion as `portion`, `portion`.portion from `portion` where `portion` = 1 order by `portion`
create table `portion` (`portion` int, key `portion` (`portion`))
insert into `portion` (`portion`) values (1)
update `portion` set `portion` = 1, `portion`.portion = 2
select `position`, t.position as `position`, `position`.position from `position` where `position` = 1 order by `position`
create table `position` (`position` int, key `position` (`position`))
insert into `position` (`position`) values (1)
update `position` set `position` = 1, `position`.position = 2
select precedes, t.precedes as precedes, precedes.precedes from precedes where precedes = 1 order by precedes
create table precedes (precedes int, key precedes (precedes))
insert into precedes (precedes) values (1)
update precedes set precedes = 1, precedes.precedes = 2
select preceding, t.preceding as preceding, preceding.preceding from preceding where preceding = 1 order by preceding
create table preceding (preceding int, key preceding (preceding))
insert into preceding (preceding) values (1)
update preceding set preceding = 1, preceding.preceding = 2
select `precision`, t.precision as `precision`, `precision`.precision from `precision` where `precision` = 1 order by `precision`
create table `precision` (`precision` int, key `precision` (`precision`))
insert into `precision` (`precision`) values (1)
update `precision` set `precision` = 1, `precision`.precision = 2
select prepare, t.prepare as prepare, prepare.prepare from prepare where prepare = 1 order by prepare
create table prepare (prepare int, key prepare (prepare))
insert into prepare (prepare) values (1)
update prepare set prepare = 1, prepare.prepare = 2
select preserve, t.preserve as preserve, preserve.preserve from preserve where preserve = 1 order by preserve
create table preserve (preserve int, key preserve (preserve))
insert into preserve (preserve) values (1)
update preserve set preserve = 1, preserve.preserve = 2
select prev, t.prev as prev, prev.prev from prev where prev = 1 order by prev
create table prev (prev int, key prev (prev))
insert into prev (prev) values (1)
update prev set prev = 1, prev.prev = 2
select `primary`, t.primary as `primary`, `primary`.primary from `primary` where `primary` = 1 order by `primary`
create table `primary` (`primary` int, key `primary` (`primary`))
insert into `primary` (`primary`) values (1)
update `primary` set `primary` = 1, `primary`.primary = 2
select privileges, t.privileges as privileges, privileges.privileges from privileges where privileges = 1 order by privileges
create table privileges (privileges int, key privileges (privileges))
insert into privileges (privileges) values (1)
update privileges set privileges = 1, privileges.privileges = 2
select `procedure`, t.procedure as `procedure`, `procedure`.procedure from `procedure` where `procedure` = 1 order by `procedure`
create table `procedure` (`procedure` int, key `procedure` (`procedure`))
insert into `procedure` (`procedure`) values (1)
update `procedure` set `procedure` = 1, `procedure`.procedure = 2
select processlist, t.processlist as processlist, processlist.processlist from processlist where processlist = 1 order by processlist
create table processlist (processlist int, key processlist (processlist))
insert into processlist (processlist) values (1)
update processlist set processlist = 1, processlist.processlist = 2
select profile, t.profile as profile, profile.profile from profile where profile = 1 order by profile
create table profile (profile int, key profile (profile))
insert into profile (profile) values (1)
update profile set profile = 1, profile.profile = 2
select profiles, t.profiles as profiles, profiles.profiles from profiles where profiles = 1 order by profiles
create table profiles (profiles int, key profiles (profiles))
insert into profiles (profiles) values (1)
update profiles set profiles = 1, profiles.profiles = 2
select proxy, t.proxy as proxy, proxy.proxy from proxy where proxy = 1 order by proxy
create table proxy (proxy int, key proxy (proxy))
insert into proxy (proxy) values (1)
update proxy set proxy = 1, proxy.proxy = 2
select `purge`, t.purge as `purge`, `purge`.purge from `purge` where `purge` = 1 order by `purge`
create table `purge` (`purge` int, key `purge` (`purge`))
insert into `purge` (`purge`) values (1)
update `purge` set `purge` = 1, `purge`.purge = 2
select `qualify`, t.qualify as `qualify`, `qualify`.qualify from `qualify` where `qualify` = 1 order by `qualify`
create table `qualify` (`qualify` int, key `qualify` (`qualify`))
insert into `qualify` (`qualify`) values (1)
update `qualify` set `qualify` = 1, `qualify`.qualify = 2
select quarter, t.quarter as quarter, quarter.quarter from quarter where quarter = 1 order by quarter
create table quarter (quarter int, key quarter (quarter))
insert into quarter (quarter) values (1)
update quarter set quarter = 1, quarter.quarter = 2
select query, t.query as query, query.query from query where query = 1 order by query
create table query (query int, key query (query))
insert into query (query) values (1)
update query set query = 1, query.query = 2
select quick, t.quick as quick, quick.quick from quick where quick = 1 order by quick
create table quick (quick int, key quick (quick))
insert into quick (quick) values (1)
update quick set quick = 1, quick.quick = 2
select random, t.random as random, random.random from random where random = 1 order by random
create table random (random int, key random (random))
insert into random (random) values (1)
update random set random = 1, random.random = 2
select `range`, t.range as `range`, `range`.range from `range` where `range` = 1 order by `range`
create table `range` (`range` int, key `range` (`range`))
insert into `range` (`range`) values (1)
update `range` set `range` = 1, `range`.range = 2
select `rank`, t.rank as `rank`, `rank`.rank from `rank` where `rank` = 1 order by `rank`
create table `rank` (`rank` int, key `rank` (`rank`))
insert into `rank` (`rank`) values (1)
update `rank` set `rank` = 1, `rank`.rank = 2
select `read`, t.read as `read`, `read`.read from `read` where `read` = 1 order by `read`
create table `read` (`read` int, key `read` (`read`))
insert into `read` (`read`) values (1)
update `read` set `read` = 1, `read`.read = 2
select `reads`, t.reads as `reads`, `reads`.reads from `reads` where `reads` = 1 order by `reads`
create table `reads` (`reads` int, key `reads` (`reads`))
insert into `reads` (`reads`) values (1)
update `reads` set `reads` = 1, `reads`.reads = 2
select `read_write`, t.read_write as `read_write`, `read_write`.read_write from `read_write` where `read_write` = 1 order by `read_write`
create table `read_write` (`read_write` int, key `read_write` (`read_write`))
insert into `read_write` (`read_write`) values (1)
update `read_write` set `read_write` = 1, `read_write`.read_write = 2
select `real`, t.real as `real`, `real`.real from `real` where `real` = 1 order by `real`
create table `real` (`real` int, key `real` (`real`))
insert into `real` (`real`) values (1)
update `real` set `real` = 1, `real`.real = 2
select rebuild, t.rebuild as rebuild, rebuild.rebuild from rebuild where rebuild = 1 order by rebuild
create table rebuild (rebuild int, key rebuild (rebuild))
insert into rebuild (rebuild) values (1)
update rebuild set rebuild = 1, rebuild.rebuild = 2
select recover, t.recover as recover, recover.recover from recover where recover = 1 order by recover
create table recover (recover int, key recover (recover))
insert into recover (recover) values (1)
update recover set recover = 1, recover.recover = 2
select `recursive`, t.recursive as `recursive`, `recursive`.recursive from `recursive` where `recursive` = 1 order by `recursive`
create table `recursive` (`recursive` int, key `recursive` (`recursive`))
insert into `recursive` (`recursive`) values (1)
update `recursive` set `recursive` = 1, `recursive`.recursive = 2
select reference, t.reference as reference, reference.reference from reference where reference = 1 order by reference
create table reference (reference int, key reference (reference))
insert into reference (reference) values (1)
update reference set reference = 1, reference.reference = 2
select `references`, t.references as `references`, `references`.references from `references` where `references` = 1 order by `references`
create table `references` (`references` int, key `references` (`references`))
insert into `references` (`references`) values (1)
update `references` set `references` = 1, `references`.references = 2
select `ref_system_id`, t.ref_system_id as `ref_system_id`, `ref_system_id`.ref_system_id from `ref_system_id` where `ref_system_id` = 1 order by `ref_system_id`
create table `ref_system_id` (`ref_system_id` int, key `ref_system_id` (`ref_system_id`))
insert into `ref_system_id` (`ref_system_id`) values (1)
update `ref_system_id` set `ref_system_id` = 1, `ref_system_id`.ref_system_id = 2
select `regexp`, t.regexp as `regexp`, `regexp`.regexp from `regexp` where `regexp` = 1 order by `regexp`
create table `regexp` (`regexp` int, key `regexp` (`regexp`))
insert into `regexp` (`regexp`) values (1)
update `regexp` set `regexp` = 1, `regexp`.regexp = 2
select registration, t.registration as registration, registration.registration from registration where registration = 1 order by registration
create table registration (registration int, key registration (registration))
insert into registration (registration) values (1)
update registration set registration = 1, registration.registration = 2
select relaylog, t.relaylog as relaylog, relaylog.relaylog from relaylog where relaylog = 1 order by relaylog
create table relaylog (relaylog int, key relaylog (relaylog))
insert into relaylog (relaylog) values (1)
update relaylog set relaylog = 1, relaylog.relaylog = 2
select `release`, t.release as `release`, `release`.release from `release` where `release` = 1 order by `release`
create table `release` (`release` int, key `release` (`release`))
insert into `release` (`release`) values (1)
update `release` set `release` = 1, `release`.release = 2
select remove, t.remove as remove, remove.remove from remove where remove = 1 order by remove
create table remove (remove int, key remove (remove))
insert into remove (remove) values (1)
update remove set remove = 1, remove.remove = 2
select `rename`, t.rename as `rename`, `rename`.rename from `rename` where `rename` = 1 order by `rename`
create table `rename` (`rename` int, key `rename` (`rename`))
insert into `rename` (`rename`) values (1)
update `rename` set `rename` = 1, `rename`.rename = 2
select reorganize, t.reorganize as reorganize, reorganize.reorganize from reorganize where reorganize = 1 order by reorganize
create table reorganize (reorganize int, key reorganize (reorganize))
insert into reorganize (reorganize) values (1)
update reorganize set reorganize = 1, reorganize.reorganize = 2
select repair, t.repair as repair, repair.repair from repair where repair = 1 order by repair
create table repair (repair int, key repair (repair))
insert into repair (repair) values (1)
update repair set repair = 1, repair.repair = 2
select `repeat`, t.repeat as `repeat`, `repeat`.repeat from `repeat` where `repeat` = 1 order by `repeat`
create table `repeat` (`repeat` int, key `repeat` (`repeat`))
insert into `repeat` (`repeat`) values (1)
update `repeat` set `repeat` = 1, `repeat`.repeat = 2
select repeatable, t.repeatable as repeatable, repeatable.repeatable from repeatable where repeatable = 1 order by repeatable
create table repeatable (repeatable int, key repeatable (repeatable))
insert into repeatable (repeatable) values (1)
update repeatable set repeatable = 1, repeatable.repeatable = 2
select `replace`, t.replace as `replace`, `replace`.replace from `replace` where `replace` = 1 order by `replace`
create table `replace` (`replace` int, key `replace` (`replace`))
insert into `replace` (`replace`) values (1)
update `replace` set `replace` = 1, `replace`.replace = 2
select replica, t.replica as replica, replica.replica from replica where replica = 1 order by replica
create table replica (replica int, key replica (replica))
insert into replica (replica) values (1)
update replica set replica = 1, replica.replica = 2
select replicas, t.replicas as replicas, replicas.replicas from replicas where replicas = 1 order by replicas
create table replicas (replicas int, key replicas (replicas))
insert into replicas (replicas) values (1)
update replicas set replicas = 1, replicas.replicas = 2
select replication, t.replication as replication, replication.replication from replication where replication = 1 order by replication
create table replication (replication int, key replication (replication))
insert into replication (replication) values (1)
update replication set replication = 1, replication.replication = 2
select `require`, t.require as `require`, `require`.require from `require` where `require` = 1 order by `require`
create table `require` (`require` int, key `require` (`require`))
insert into `require` (`require`) values (1)
update `require` set `require` = 1, `require`.require = 2
select reset, t.reset as reset, reset.reset from reset where reset = 1 order by reset
create table reset (reset int, key reset (reset))
insert into reset (reset) values (1)
update reset set reset = 1, reset.reset = 2
select `resignal`, t.resignal as `resignal`, `resignal`.resignal from `resignal` where `resignal` = 1 order by `resignal`
create table `resignal` (`resignal` int, key `resignal` (`resignal`))
insert into `resignal` (`resignal`) values (1)
update `resignal` set `resignal` = 1, `resignal`.resignal = 2
select resource, t.resource as resource, resource.resource from resource where resource = 1 order by resource
create table resource (resource int, key resource (resource))
insert into resource (resource) values (1)
update resource set resource = 1, resource.resource = 2
select respect, t.respect as respect, respect.respect from respect where respect = 1 order by respect
create table respect (respect int, key respect (respect))
insert into respect (respect) values (1)
update respect set respect = 1, respect.respect = 2
select restart, t.restart as restart, restart.restart from restart where restart = 1 order by restart
create table restart (restart int, key restart (restart))
insert into restart (restart) values (1)
update restart set restart = 1, restart.restart = 2
select `restrict`, t.restrict as `restrict`, `restrict`.restrict from `restrict` where `restrict` = 1 order by `restrict`
create table `restrict` (`restrict` int, key `restrict` (`restrict`))
insert into `restrict` (`restrict`) values (1)
update `restrict` set `restrict` = 1, `restrict`.restrict = 2
select resume, t.resume as resume, resume.resume from resume where resume = 1 order by resume
create table resume (resume int, key resume (resume))
insert into resume (resume) values (1)
update resume set resume = 1, resume.resume = 2
select retain, t.retain as retain, retain.retain from retain where retain = 1 order by retain
create table retain (retain int, key retain (retain))
insert into retain (retain) values (1)
update retain set retain = 1, retain.retain = 2
select `return`, t.return as `return`, `return`.return from `return` where `return` = 1 order by `return`
create table `return` (`return` int, key `return` (`return`))
insert into `return` (`return`) values (1)
update `return` set `return` = 1, `return`.return = 2
select `returning`, t.returning as `returning`, `returning`.returning from `returning` where `returning` = 1 order by `returning`
create table `returning` (`returning` int, key `returning` (`returning`))
insert into `returning` (`returning`) values (1)
update `returning` set `returning` = 1, `returning`.returning = 2
select returns, t.returns as returns, returns.returns from returns where returns = 1 order by returns
create table returns (returns int, key returns (returns))
insert into returns (returns) values (1)
update returns set returns = 1, returns.returns = 2
select reuse, t.reuse as reuse, reuse.reuse from reuse where reuse = 1 order by reuse
create table reuse (reuse int, key reuse (reuse))
insert into reuse (reuse) values (1)
update reuse set reuse = 1, reuse.reuse = 2
select `reverse`, t.reverse as `reverse`, `reverse`.reverse from `reverse` where `reverse` = 1 order by `reverse`
create table `reverse` (`reverse` int, key `reverse` (`reverse`))
insert into `reverse` (`reverse`) values (1)
update `reverse` set `reverse` = 1, `reverse`.reverse = 2
select `revoke`, t.revoke as `revoke`, `revoke`.revoke from `revoke` where `revoke` = 1 order by `revoke`
create table `revoke` (`revoke` int, key `revoke` (`revoke`))
insert into `revoke` (`revoke`) values (1)
update `revoke` set `revoke` = 1, `revoke`.revoke = 2
select `right`, t.right as `right`, `right`.right from `right` where `right` = 1 order by `right`
create table `right` (`right` int, key `right` (`right`))
insert into `right` (`right`) values (1)
update `right` set `right` = 1, `right`.right = 2
select `rlike`, t.rlike as `rlike`, `rlike`.rlike from `rlike` where `rlike` = 1 order by `rlike`
create table `rlike` (`rlike` int, key `rlike` (`rlike`))
insert into `rlike` (`rlike`) values (1)
update `rlike` set `rlike` = 1, `rlike`.rlike = 2
select role, t.role as role, role.role from role where role = 1 order by role
create table role (role int, key role (role))
insert into role (role) values (1)
update role set role = 1, role.role = 2
select rollback, t.rollback as rollback, rollback.rollback from rollback where rollback = 1 order by rollback
create table rollback (rollback int, key rollback (rollback))
insert into rollback (rollback) values (1)
update rollback set rollback = 1, rollback.rollback = 2
select `rollup`, t.rollup as `rollup`, `rollup`.rollup from `rollup` where `rollup` = 1 order by `rollup`
create table `rollup` (`rollup` int, key `rollup` (`rollup`))
insert into `rollup` (`rollup`) values (1)
update `rollup` set `rollup` = 1, `rollup`.rollup = 2
select `row`, t.row as `row`, `row`.row from `row` where `row` = 1 order by `row`
create table `row` (`row` int, key `row` (`row`))
insert into `row` (`row`) values (1)
update `row` set `row` = 1, `row`.row = 2
select `rownum`, t.rownum as `rownum`, `rownum`.rownum from `rownum` where `rownum` = 1 order by `rownum`
create table `rownum` (`rownum` int, key `rownum` (`rownum`))
insert into `rownum` (`rownum`) values (1)
update `rownum` set `rownum` = 1, `rownum`.rownum = 2
select `rows`, t.rows as `rows`, `rows`.rows from `rows` where `rows` = 1 order by `rows`
create table `rows` (`rows` int, key `rows` (`rows`))
insert into `rows` (`rows`) values (1)
update `rows` set `rows` = 1, `rows`.rows = 2
select `row_number`, t.row_number as `row_number`, `row_number`.row_number from `row_number` where `row_number` = 1 order by `row_number`
create table `row_number` (`row_number` int, key `row_number` (`row_number`))
insert into `row_number` (`row_number`) values (1)
update `row_number` set `row_number` = 1, `row_number`.row_number = 2
select savepoint, t.savepoint as savepoint, savepoint.savepoint from savepoint where savepoint = 1 order by savepoint
create table savepoint (savepoint int, key savepoint (savepoint))
insert into savepoint (savepoint) values (1)
update savepoint set savepoint = 1, savepoint.savepoint = 2
select schedule, t.schedule as schedule, schedule.schedule from schedule where schedule = 1 order by schedule
create table schedule (schedule int, key schedule (schedule))
insert into schedule (schedule) values (1)
update schedule set schedule = 1, schedule.schedule = 2
select `schema`, t.schema as `schema`, `schema`.schema from `schema` where `schema` = 1 order by `schema`
create table `schema` (`schema` int, key `schema` (`schema`))
insert into `schema` (`schema`) values (1)
update `schema` set `schema` = 1, `schema`.schema = 2
select `schemas`, t.schemas as `schemas`, `schemas`.schemas from `schemas` where `schemas` = 1 order by `schemas`
create table `schemas` (`schemas` int, key `schemas` (`schemas`))
insert into `schemas` (`schemas`) values (1)
update `schemas` set `schemas` = 1, `schemas`.schemas = 2
select second, t.second as second, second.second from second where second = 1 order by second
create table second (second int, key second (second))
insert into second (second) values (1)
update second set second = 1, second.second = 2
select secondary_load, t.secondary_load as secondary_load, secondary_load.secondary_load from secondary_load where secondary_load = 1 order by secondary_load
create table secondary_load (secondary_load int, key secondary_load (secondary_load))
insert into secondary_load (secondary_load) values (1)
update secondary_load set secondary_load = 1, secondary_load.secondary_load = 2
select secondary_unload, t.secondary_unload as secondary_unload, secondary_unload.secondary_unload from secondary_unload where secondary_unload = 1 order by secondary_unload
create table secondary_unload (secondary_unload int, key secondary_unload (secondary_unload))
insert into secondary_unload (secondary_unload) values (1)
update secondary_unload set secondary_unload = 1, secondary_unload.secondary_unload = 2
select `second_microsecond`, t.second_microsecond as `second_microsecond`, `second_microsecond`.second_microsecond from `second_microsecond` where `second_microsecond` = 1 order by `second_microsecond`
create table `second_microsecond` (`second_microsecond` int, key `second_microsecond` (`second_microsecond`))
insert into `second_microsecond` (`second_microsecond`) values (1)
update `second_microsecond` set `second_microsecond` = 1, `second_microsecond`.second_microsecond = 2
select security, t.security as security, security.security from security where security = 1 order by security
create table security (security int, key security (security))
insert into security (security) values (1)
update security set security = 1, security.security = 2
select `select`, t.select as `select`, `select`.select from `select` where `select` = 1 order by `select`
create table `select` (`select` int, key `select` (`select`))
insert into `select` (`select`) values (1)
update `select` set `select` = 1, `select`.select = 2
select `sensitive`, t.sensitive as `sensitive`, `sensitive`.sensitive from `sensitive` where `sensitive` = 1 order by `sensitive`
create table `sensitive` (`sensitive` int, key `sensitive` (`sensitive`))
insert into `sensitive` (`sensitive`) values (1)
update `sensitive` set `sensitive` = 1, `sensitive`.sensitive = 2
select `separator`, t.separator as `separator`, `separator`.separator from `separator` where `separator` = 1 order by `separator`
create table `separator` (`separator` int, key `separator` (`separator`))
insert into `separator` (`separator`) values (1)
update `separator` set `separator` = 1, `separator`.separator = 2
select sequence, t.sequence as sequence, sequence.sequence from sequence where sequence = 1 order by sequence
create table sequence (sequence int, key sequence (sequence))
insert into sequence (sequence) values (1)
update sequence set sequence = 1, sequence.sequence = 2
select serial, t.serial as serial, serial.serial from serial where serial = 1 order by serial
create table serial (serial int, key serial (serial))
insert into serial (serial) values (1)
update serial set serial = 1, serial.serial = 2
select serializable, t.serializable as serializable, serializable.serializable from serializable where serializable = 1 order by serializable
create table serializable (serializable int, key serializable (serializable))
insert into serializable (serializable) values (1)
update serializable set serializable = 1, serializable.serializable = 2
select server, t.server as server, server.server from server where server = 1 order by server
create table server (server int, key server (server))
insert into server (server) values (1)
update server set server = 1, server.server = 2
select session, t.session as session, session.session from session where session = 1 order by session
create table session (session int, key session (session))
insert into session (session) values (1)
update session set session = 1, session.session = 2
select `session_user`, t.session_user as `session_user`, `session_user`.session_user from `session_user` where `session_user` = 1 order by `session_user`
create table `session_user` (`session_user` int, key `session_user` (`session_user`))
insert into `session_user` (`session_user`) values (1)
update `session_user` set `session_user` = 1, `session_user`.session_user = 2
select `set`, t.set as `set`, `set`.set from `set` where `set` = 1 order by `set`
create table `set` (`set` int, key `set` (`set`))
insert into `set` (`set`) values (1)
update `set` set `set` = 1, `set`.set = 2
select shard, t.shard as shard, shard.shard from shard where shard = 1 order by shard
create table shard (shard int, key shard (shard))
insert into shard (shard) values (1)
update shard set shard = 1, shard.shard = 2
select share, t.share as share, share.share from share where share = 1 order by share
create table share (share int, key share (share))
insert into share (share) values (1)
update share set share = 1, share.share = 2
select `show`, t.show as `show`, `show`.show from `show` where `show` = 1 order by `show`
create table `show` (`show` int, key `show` (`show`))
insert into `show` (`show`) values (1)
update `show` set `show` = 1, `show`.show = 2
select shutdown, t.shutdown as shutdown, shutdown.shutdown from shutdown where shutdown = 1 order by shutdown
create table shutdown (shutdown int, key shutdown (shutdown))
insert into shutdown (shutdown) values (1)
update shutdown set shutdown = 1, shutdown.shutdown = 2
select `signal`, t.signal as `signal`, `signal`.signal from `signal` where `signal` = 1 order by `signal`
create table `signal` (`signal` int, key `signal` (`signal`))
insert into `signal` (`signal`) values (1)
update `signal` set `signal` = 1, `signal`.signal = 2
select signed, t.signed as signed, signed.signed from signed where signed = 1 order by signed
create table signed (signed int, key signed (signed))
insert into signed (signed) values (1)
update signed set signed = 1, signed.signed = 2
select simple, t.simple as simple, simple.simple from simple where simple = 1 order by simple
create table simple (simple int, key simple (simple))
insert into simple (simple) values (1)
update simple set simple = 1, simple.simple = 2
select skip, t.skip as skip, skip.skip from skip where skip = 1 order by skip
create table skip (skip int, key skip (skip))
insert into skip (skip) values (1)
update skip set skip = 1, skip.skip = 2
select slave, t.slave as slave, slave.slave from slave where slave = 1 order by slave
create table slave (slave int, key slave (slave))
insert into slave (slave) values (1)
update slave set slave = 1, slave.slave = 2
select slaves, t.slaves as slaves, slaves.slaves from slaves where slaves = 1 order by slaves
create table slaves (slaves int, key slaves (slaves))
insert into slaves (slaves) values (1)
update slaves set slaves = 1, slaves.slaves = 2
select `slow`, t.slow as `slow`, `slow`.slow from `slow` where `slow` = 1 order by `slow`
create table `slow` (`slow` int, key `slow` (`slow`))
insert into `slow` (`slow`) values (1)
update `slow` set `slow` = 1, `slow`.slow = 2
select `smallint`, t.smallint as `smallint`, `smallint`.smallint from `smallint` where `smallint` = 1 order by `smallint`
create table `smallint` (`smallint` int, key `smallint` (`smallint`))
insert into `smallint` (`smallint`) values (1)
update `smallint` set `smallint` = 1, `smallint`.smallint = 2
select snapshot, t.snapshot as snapshot, snapshot.snapshot from snapshot where snapshot = 1 order by snapshot
create table snapshot (snapshot int, key snapshot (snapshot))
insert into snapshot (snapshot) values (1)
update snapshot set snapshot = 1, snapshot.snapshot = 2
select soft, t.soft as soft, soft.soft from soft where soft = 1 order by soft
create table soft (soft int, key soft (soft))
insert into soft (soft) values (1)
update soft set soft = 1, soft.soft = 2
select some, t.some as some, some.some from some where some = 1 order by some
create table some (some int, key some (some))
insert into some (some) values (1)
update some set some = 1, some.some = 2
select soname, t.soname as soname, soname.soname from soname where soname = 1 order by soname
create table soname (soname int, key soname (soname))
insert into soname (soname) values (1)
update soname set soname = 1, soname.soname = 2
select sounds, t.sounds as sounds, sounds.sounds from sounds where sounds = 1 order by sounds
create table sounds (sounds int, key sounds (sounds))
insert into sounds (sounds) values (1)
update sounds set sounds = 1, sounds.sounds = 2
select `spatial`, t.spatial as `spatial`, `spatial`.spatial from `spatial` where `spatial` = 1 order by `spatial`
create table `spatial` (`spatial` int, key `spatial` (`spatial`))
insert into `spatial` (`spatial`) values (1)
update `spatial` set `spatial` = 1, `spatial`.spatial = 2
select `specific`, t.specific as `specific`, `specific`.specific from `specific` where `specific` = 1 order by `specific`
create table `specific` (`specific` int, key `specific` (`specific`))
insert into `specific` (`specific`) values (1)
update `specific` set `specific` = 1, `specific`.specific = 2
select `sql`, t.sql as `sql`, `sql`.sql from `sql` where `sql` = 1 order by `sql`
create table `sql` (`sql` int, key `sql` (`sql`))
insert into `sql` (`sql`) values (1)
update `sql` set `sql` = 1, `sql`.sql = 2
select `sqlexception`, t.sqlexception as `sqlexception`, `sqlexception`.sqlexception from `sqlexception` where `sqlexception` = 1 order by `sqlexception`
create table `sqlexception` (`sqlexception` int, key `sqlexception` (`sqlexception`))
insert into `sqlexception` (`sqlexception`) values (1)
update `sqlexception` set `sqlexception` = 1, `sqlexception`.sqlexception = 2
select `sqlstate`, t.sqlstate as `sqlstate`, `sqlstate`.sqlstate from `sqlstate` where `sqlstate` = 1 order by `sqlstate`
create table `sqlstate` (`sqlstate` int, key `sqlstate` (`sqlstate`))
insert into `sqlstate` (`sqlstate`) values (1)
update `sqlstate` set `sqlstate` = 1, `sqlstate`.sqlstate = 2
select `sqlwarning`, t.sqlwarning as `sqlwarning`, `sqlwarning`.sqlwarning from `sqlwarning` where `sqlwarning` = 1 order by `sqlwarning`
create table `sqlwarning` (`sqlwarning` int, key `sqlwarning` (`sqlwarning`))
insert into `sqlwarning` (`sqlwarning`) values (1)
update `sqlwarning` set `sqlwarning` = 1, `sqlwarning`.sqlwarning = 2
select `sql_big_result`, t.sql_big_result as `sql_big_result`, `sql_big_result`.sql_big_result from `sql_big_result` where `sql_big_result` = 1 order by `sql_big_result`
create table `sql_big_result` (`sql_big_result` int, key `sql_big_result` (`sql_big_result`))
insert into `sql_big_result` (`sql_big_result`) values (1)
update `sql_big_result` set `sql_big_result` = 1, `sql_big_result`.sql_big_result = 2
select `sql_buffer_result`, t.sql_buffer_result as `sql_buffer_result`, `sql_buffer_result`.sql_buffer_result from `sql_buffer_result` where `sql_buffer_result` = 1 order by `sql_buffer_result`
create table `sql_buffer_result` (`sql_buffer_result` int, key `sql_buffer_result` (`sql_buffer_result`))
insert into `sql_buffer_result` (`sql_buffer_result`) values (1)
update `sql_buffer_result` set `sql_buffer_result` = 1, `sql_buffer_result`.sql_buffer_result = 2
select `sql_cache`, t.sql_cache as `sql_cache`, `sql_cache`.sql_cache from `sql_cache` where `sql_cache` = 1 order by `sql_cache`
create table `sql_cache` (`sql_cache` int, key `sql_cache` (`sql_cache`))
insert into `sql_cache` (`sql_cache`) values (1)
update `sql_cache` set `sql_cache` = 1, `sql_cache`.sql_cache = 2
select `sql_calc_found_rows`, t.sql_calc_found_rows as `sql_calc_found_rows`, `sql_calc_found_rows`.sql_calc_found_rows from `sql_calc_found_rows` where `sql_calc_found_rows` = 1 order by `sql_calc_found_rows`
create table `sql_calc_found_rows` (`sql_calc_found_rows` int, key `sql_calc_found_rows` (`sql_calc_found_rows`))
insert into `sql_calc_found_rows` (`sql_calc_found_rows`) values (1)
update `sql_calc_found_rows` set `sql_calc_found_rows` = 1, `sql_calc_found_rows`.sql_calc_found_rows = 2
select `sql_no_cache`, t.sql_no_cache as `sql_no_cache`, `sql_no_cache`.sql_no_cache from `sql_no_cache` where `sql_no_cache` = 1 order by `sql_no_cache`
create table `sql_no_cache` (`sql_no_cache` int, key `sql_no_cache` (`sql_no_cache`))
insert into `sql_no_cache` (`sql_no_cache`) values (1)
update `sql_no_cache` set `sql_no_cache` = 1, `sql_no_cache`.sql_no_cache = 2
select `sql_small_result`, t.sql_small_result as `sql_small_result`, `sql_small_result`.sql_small_result from `sql_small_result` where `sql_small_result` = 1 order by `sql_small_result`
create table `sql_small_result` (`sql_small_result` int, key `sql_small_result` (`sql_small_result`))
insert into `sql_small_result` (`sql_small_result`) values (1)
update `sql_small_result` set `sql_small_result` = 1, `sql_small_result`.sql_small_result = 2
select sql_tsi_day, t.sql_tsi_day as sql_tsi_day, sql_tsi_day.sql_tsi_day from sql_tsi_day where sql_tsi_day = 1 order by sql_tsi_day
create table sql_tsi_day (sql_tsi_day int, key sql_tsi_day (sql_tsi_day))
insert into sql_tsi_day (sql_tsi_day) values (1)
update sql_tsi_day set sql_tsi_day = 1, sql_tsi_day.sql_tsi_day = 2
select sql_tsi_hour, t.sql_tsi_hour as sql_tsi_hour, sql_tsi_hour.sql_tsi_hour from sql_tsi_hour where sql_tsi_hour = 1 order by sql_tsi_hour
create table sql_tsi_hour (sql_tsi_hour int, key sql_tsi_hour (sql_tsi_hour))
insert into sql_tsi_hour (sql_tsi_hour) values (1)
update sql_tsi_hour set sql_tsi_hour = 1, sql_tsi_hour.sql_tsi_hour = 2
select sql_tsi_minute, t.sql_tsi_minute as sql_tsi_minute, sql_tsi_minute.sql_tsi_minute from sql_tsi_minute where sql_tsi_minute = 1 order by sql_tsi_minute
create table sql_tsi_minute (sql_tsi_minute int, key sql_tsi_minute (sql_tsi_minute))
insert into sql_tsi_minute (sql_tsi_minute) values (1)
update sql_tsi_minute set sql_tsi_minute = 1, sql_tsi_minute.sql_tsi_minute = 2
select sql_tsi_month, t.sql_tsi_month as sql_tsi_month, sql_tsi_month.sql_tsi_month from sql_tsi_month where sql_tsi_month = 1 order by sql_tsi_month
create table sql_tsi_month (sql_tsi_month int, key sql_tsi_month (sql_tsi_month))
insert into sql_tsi_month (sql_tsi_month) values (1)
update sql_tsi_month set sql_tsi_month = 1, sql_tsi_month.sql_tsi_month = 2
select sql_tsi_quarter, t.sql_tsi_quarter as sql_tsi_quarter, sql_tsi_quarter.sql_tsi_quarter from sql_tsi_quarter where sql_tsi_quarter = 1 order by sql_tsi_quarter
create table sql_tsi_quarter (sql_tsi_quarter int, key sql_tsi_quarter (sql_tsi_quarter))
insert into sql_tsi_quarter (sql_tsi_quarter) values (1)
update sql_tsi_quarter set sql_tsi_quarter = 1, sql_tsi_quarter.sql_tsi_quarter = 2
select sql_tsi_second, t.sql_tsi_second as sql_tsi_second, sql_tsi_second.sql_tsi_second from sql_tsi_second where sql_tsi_second = 1 order by sql_tsi_second
create table sql_tsi_second (sql_tsi_second int, key sql_tsi_second (sql_tsi_second))
insert into sql_tsi_second (sql_tsi_second) values (1)
update sql_tsi_second set sql_tsi_second = 1, sql_tsi_second.sql_tsi_second = 2
select sql_tsi_week, t.sql_tsi_week as sql_tsi_week, sql_tsi_week.sql_tsi_week from sql_tsi_week where sql_tsi_week = 1 order by sql_tsi_week
create table sql_tsi_week (sql_tsi_week int, key sql_tsi_week (sql_tsi_week))
insert into sql_tsi_week (sql_tsi_week) values (1)
update sql_tsi_week set sql_tsi_week = 1, sql_tsi_week.sql_tsi_week = 2
select sql_tsi_year, t.sql_tsi_year as sql_tsi_year, sql_tsi_year.sql_tsi_year from sql_tsi_year where sql_tsi_year = 1 order by sql_tsi_year
create table sql_tsi_year (sql_tsi_year int, key sql_tsi_year (sql_tsi_year))
insert into sql_tsi_year (sql_tsi_year) values (1)
update sql_tsi_year set sql_tsi_year = 1, sql_tsi_year.sql_tsi_year = 2
select srid, t.srid as srid, srid.srid from srid where srid = 1 order by srid
create table srid (srid int, key srid (srid))
insert into srid (srid) values (1)
update srid set srid = 1, srid.srid = 2
select `ssl`, t.ssl as `ssl`, `ssl`.ssl from `ssl` where `ssl` = 1 order by `ssl`
create table `ssl` (`ssl` int, key `ssl` (`ssl`))
insert into `ssl` (`ssl`) values (1)
update `ssl` set `ssl` = 1, `ssl`.ssl = 2
select stacked, t.stacked as stacked, stacked.stacked from stacked where stacked = 1 order by stacked
create table stacked (stacked int, key stacked (stacked))
insert into stacked (stacked) values (1)
update stacked set stacked = 1, stacked.stacked = 2
select start, t.start as start, start.start from start where start = 1 order by start
create table start (start int, key start (start))
insert into start (start) values (1)
update start set start = 1, start.start = 2
select `starting`, t.starting as `starting`, `starting`.starting from `starting` where `starting` = 1 order by `starting`
create table `starting` (`starting` int, key `starting` (`starting`))
insert into `starting` (`starting`) values (1)
update `starting` set `starting` = 1, `starting`.starting = 2
select starts, t.starts as starts, starts.starts from starts where starts = 1 order by starts
create table starts (starts int, key starts (starts))
insert into starts (starts) values (1)
update starts set starts = 1, starts.starts = 2
select statement, t.statement as statement, statement.statement from statement where statement = 1 order by statement
create table statement (statement int, key statement (statement))
insert into statement (statement) values (1)
update statement set statement = 1, statement.statement = 2
select `stats_auto_recalc`, t.stats_auto_recalc as `stats_auto_recalc`, `stats_auto_recalc`.stats_auto_recalc from `stats_auto_recalc` where `stats_auto_recalc` = 1 order by `stats_auto_recalc`
create table `stats_auto_recalc` (`stats_auto_recalc` int, key `stats_auto_recalc` (`stats_auto_recalc`))
insert into `stats_auto_recalc` (`stats_auto_recalc`) values (1)
update `stats_auto_recalc` set `stats_auto_recalc` = 1, `stats_auto_recalc`.stats_auto_recalc = 2
select `stats_persistent`, t.stats_persistent as `stats_persistent`, `stats_persistent`.stats_persistent from `stats_persistent` where `stats_persistent` = 1 order by `stats_persistent`
create table `stats_persistent` (`stats_persistent` int, key `stats_persistent` (`stats_persistent`))
insert into `stats_persistent` (`stats_persistent`) values (1)
update `stats_persistent` set `stats_persistent` = 1, `stats_persistent`.stats_persistent = 2
select `stats_sample_pages`, t.stats_sample_pages as `stats_sample_pages`, `stats_sample_pages`.stats_sample_pages from `stats_sample_pages` where `stats_sample_pages` = 1 order by `stats_sample_pages`
create table `stats_sample_pages` (`stats_sample_pages` int, key `stats_sample_pages` (`stats_sample_pages`))
insert into `stats_sample_pages` (`stats_sample_pages`) values (1)
update `stats_sample_pages` set `stats_sample_pages` = 1, `stats_sample_pages`.stats_sample_pages = 2
select status, t.status as status, status.status from status where status = 1 order by status
create table status (status int, key status (status))
insert into status (status) values (1)
update status set status = 1, status.status = 2
select `std`, t.std as `std`, `std`.std from `std` where `std` = 1 order by `std`
create table `std` (`std` int, key `std` (`std`))
insert into `std` (`std`) values (1)
update `std` set `std` = 1, `std`.std = 2
select `stddev`, t.stddev as `stddev`, `stddev`.stddev from `stddev` where `stddev` = 1 order by `stddev`
create table `stddev` (`stddev` int, key `stddev` (`stddev`))
insert into `stddev` (`stddev`) values (1)
update `stddev` set `stddev` = 1, `stddev`.stddev = 2
select `stddev_pop`, t.stddev_pop as `stddev_pop`, `stddev_pop`.stddev_pop from `stddev_pop` where `stddev_pop` = 1 order by `stddev_pop`
create table `stddev_pop` (`stddev_pop` int, key `stddev_pop` (`stddev_pop`))
insert into `stddev_pop` (`stddev_pop`) values (1)
update `stddev_pop` set `stddev_pop` = 1, `stddev_pop`.stddev_pop = 2
select `stddev_samp`, t.stddev_samp as `stddev_samp`, `stddev_samp`.stddev_samp from `stddev_samp` where `stddev_samp` = 1 order by `stddev_samp`
create table `stddev_samp` (`stddev_samp` int, key `stddev_samp` (`stddev_samp`))
insert into `stddev_samp` (`stddev_samp`) values (1)
update `stddev_samp` set `stddev_samp` = 1, `stddev_samp`.stddev_samp = 2
select stop, t.stop as stop, stop.stop from stop where stop = 1 order by stop
create table stop (stop int, key stop (stop))
insert into stop (stop) values (1)
update stop set stop = 1, stop.stop = 2
select storage, t.storage as storage, storage.storage from storage where storage = 1 order by storage
create table storage (storage int, key storage (storage))
insert into storage (storage) values (1)
update storage set storage = 1, storage.storage = 2
select `stored`, t.stored as `stored`, `stored`.stored from `stored` where `stored` = 1 order by `stored`
create table `stored` (`stored` int, key `stored` (`stored`))
insert into `stored` (`stored`) values (1)
update `stored` set `stored` = 1, `stored`.stored = 2
select `straight_join`, t.straight_join as `straight_join`, `straight_join`.straight_join from `straight_join` where `straight_join` = 1 order by `straight_join`
create table `straight_join` (`straight_join` int, key `straight_join` (`straight_join`))
insert into `straight_join` (`straight_join`) values (1)
update `straight_join` set `straight_join` = 1, `straight_join`.straight_join = 2
select `st_collect`, t.st_collect as `st_collect`, `st_collect`.st_collect from `st_collect` where `st_collect` = 1 order by `st_collect`
create table `st_collect` (`st_collect` int, key `st_collect` (`st_collect`))
insert into `st_collect` (`st_collect`) values (1)
update `st_collect` set `st_collect` = 1, `st_collect`.st_collect = 2
select `subdate`, t.subdate as `subdate`, `subdate`.subdate from `subdate` where `subdate` = 1 order by `subdate`
create table `subdate` (`subdate` int, key `subdate` (`subdate`))
insert into `subdate` (`subdate`) values (1)
update `subdate` set `subdate` = 1, `subdate`.subdate = 2
select subject, t.subject as subject, subject.subject from subject where subject = 1 order by subject
create table subject (subject int, key subject (subject))
insert into subject (subject) values (1)
update subject set subject = 1, subject.subject = 2
select subpartition, t.subpartition as subpartition, subpartition.subpartition from subpartition where subpartition = 1 order by subpartition
create table subpartition (subpartition int, key subpartition (subpartition))
insert into subpartition (subpartition) values (1)
update subpartition set subpartition = 1, subpartition.subpartition = 2
select subpartitions, t.subpartitions as subpartitions, subpartitions.subpartitions from subpartitions where subpartitions = 1 order by subpartitions
create table subpartitions (subpartitions int, key subpartitions (subpartitions))
insert into subpartitions (subpartitions) values (1)
update subpartitions set subpartitions = 1, subpartitions.subpartitions = 2
select `substr`, t.substr as `substr`, `substr`.substr from `substr` where `substr` = 1 order by `substr`
create table `substr` (`substr` int, key `substr` (`substr`))
insert into `substr` (`substr`) values (1)
update `substr` set `substr` = 1, `substr`.substr = 2
select `substring`, t.substring as `substring`, `substring`.substring from `substring` where `substring` = 1 order by `substring`
create table `substring` (`substring` int, key `substring` (`substring`))
insert into `substring` (`substring`) values (1)
update `substring` set `substring` = 1, `substring`.substring = 2
select `sum`, t.sum as `sum`, `sum`.sum from `sum` where `sum` = 1 order by `sum`
create table `sum` (`sum` int, key `sum` (`sum`))
insert into `sum` (`sum`) values (1)
update `sum` set `sum` = 1, `sum`.sum = 2
select suspend, t.suspend as suspend, suspend.suspend from suspend where suspend = 1 order by suspend
create table suspend (suspend int, key suspend (suspend))
insert into suspend (suspend) values (1)
update suspend set suspend = 1, suspend.suspend = 2
select switches, t.switches as switches, switches.switches from switches where switches = 1 order by switches
create table switches (switches int, key switches (switches))
insert into switches (switches) values (1)
update switches set switches = 1, switches.switches = 2
select `sysdate`, t.sysdate as `sysdate`, `sysdate`.sysdate from `sysdate` where `sysdate` = 1 order by `sysdate`
create table `sysdate` (`sysdate` int, key `sysdate` (`sysdate`))
insert into `sysdate` (`sysdate`) values (1)
update `sysdate` set `sysdate` = 1, `sysdate`.sysdate = 2
select `system`, t.system as `system`, `system`.system from `system` where `system` = 1 order by `system`
create table `system` (`system` int, key `system` (`system`))
insert into `system` (`system`) values (1)
update `system` set `system` = 1, `system`.system = 2
select `system_time`, t.system_time as `system_time`, `system_time`.system_time from `system_time` where `system_time` = 1 order by `system_time`
create table `system_time` (`system_time` int, key `system_time` (`system_time`))
insert into `system_time` (`system_time`) values (1)
update `system_time` set `system_time` = 1, `system_time`.system_time = 2
select `system_user`, t.system_user as `system_user`, `system_user`.system_user from `system_user` where `system_user` = 1 order by `system_user`
create table `system_user` (`system_user` int, key `system_user` (`system_user`))
insert into `system_user` (`system_user`) values (1)
update `system_user` set `system_user` = 1, `system_user`.system_user = 2
select `systimestamp`, t.systimestamp as `systimestamp`, `systimestamp`.systimestamp from `systimestamp` where `systimestamp` = 1 order by `systimestamp`
create table `systimestamp` (`systimestamp` int, key `systimestamp` (`systimestamp`))
insert into `systimestamp` (`systimestamp`) values (1)
update `systimestamp` set `systimestamp` = 1, `systimestamp`.systimestamp = 2
select `table`, t.table as `table`, `table`.table from `table` where `table` = 1 order by `table`
create table `table` (`table` int, key `table` (`table`))
insert into `table` (`table`) values (1)
update `table` set `table` = 1, `table`.table = 2
select tables, t.tables as tables, tables.tables from tables where tables = 1 order by tables
create table tables (tables int, key tables (tables))
insert into tables (tables) values (1)
update tables set tables = 1, tables.tables = 2
select `tablesample`, t.tablesample as `tablesample`, `tablesample`.tablesample from `tablesample` where `tablesample` = 1 order by `tablesample`
create table `tablesample` (`tablesample` int, key `tablesample` (`tablesample`))
insert into `tablesample` (`tablesample`) values (1)
update `tablesample` set `tablesample` = 1, `tablesample`.tablesample = 2
select tablespace, t.tablespace as tablespace, tablespace.tablespace from tablespace where tablespace = 1 order by tablespace
create table tablespace (tablespace int, key tablespace (tablespace))
insert into tablespace (tablespace) values (1)
update tablespace set tablespace = 1, tablespace.tablespace = 2
select temporary, t.temporary as temporary, temporary.temporary from temporary where temporary = 1 order by temporary
create table temporary (temporary int, key temporary (temporary))
insert into temporary (temporary) values (1)
update temporary set temporary = 1, temporary.temporary = 2
select `terminated`, t.terminated as `terminated`, `terminated`.terminated from `terminated` where `terminated` = 1 order by `terminated`
create table `terminated` (`terminated` int, key `terminated` (`terminated`))
insert into `terminated` (`terminated`) values (1)
update `terminated` set `terminated` = 1, `terminated`.terminated = 2
select text, t.text as text, text.text from text where text = 1 order by text
create table text (text int, key text (text))
insert into text (text) values (1)
update text set text = 1, text.text = 2
select than, t.than as than, than.than from than where than = 1 order by than
create table than (than int, key than (than))
insert into than (than) values (1)
update than set than = 1, than.than = 2
select `then`, t.then as `then`, `then`.then from `then` where `then` = 1 order by `then`
create table `then` (`then` int, key `then` (`then`))
insert into `then` (`then`) values (1)
update `then` set `then` = 1, `then`.then = 2
select ties, t.ties as ties, ties.ties from ties where ties = 1 order by ties
create table ties (ties int, key ties (ties))
insert into ties (ties) values (1)
update ties set ties = 1, ties.ties = 2
select time, t.time as time, time.time from time where time = 1 order by time
create table time (time int, key time (time))
insert into time (time) values (1)
update time set time = 1, time.time = 2
select timestamp, t.timestamp as timestamp, timestamp.timestamp from timestamp where timestamp = 1 order by timestamp
create table timestamp (timestamp int, key timestamp (timestamp))
insert into timestamp (timestamp) values (1)
update timestamp set timestamp = 1, timestamp.timestamp = 2
select `tinyblob`, t.tinyblob as `tinyblob`, `tinyblob`.tinyblob from `tinyblob` where `tinyblob` = 1 order by `tinyblob`
create table `tinyblob` (`tinyblob` int, key `tinyblob` (`tinyblob`))
insert into `tinyblob` (`tinyblob`) values (1)
update `tinyblob` set `tinyblob` = 1, `tinyblob`.tinyblob = 2
select `tinyint`, t.tinyint as `tinyint`, `tinyint`.tinyint from `tinyint` where `tinyint` = 1 order by `tinyint`
create table `tinyint` (`tinyint` int, key `tinyint` (`tinyint`))
insert into `tinyint` (`tinyint`) values (1)
update `tinyint` set `tinyint` = 1, `tinyint`.tinyint = 2
select `tinytext`, t.tinytext as `tinytext`, `tinytext`.tinytext from `tinytext` where `tinytext` = 1 order by `tinytext`
create table `tinytext` (`tinytext` int, key `tinytext` (`tinytext`))
insert into `tinytext` (`tinytext`) values (1)
update `tinytext` set `tinytext` = 1, `tinytext`.tinytext = 2
select `to`, t.to as `to`, `to`.to from `to` where `to` = 1 order by `to`
create table `to` (`to` int, key `to` (`to`))
insert into `to` (`to`) values (1)
update `to` set `to` = 1, `to`.to = 2
select `trailing`, t.trailing as `trailing`, `trailing`.trailing from `trailing` where `trailing` = 1 order by `trailing`
create table `trailing` (`trailing` int, key `trailing` (`trailing`))
insert into `trailing` (`trailing`) values (1)
update `trailing` set `trailing` = 1, `trailing`.trailing = 2
select transaction, t.transaction as transaction, transaction.transaction from transaction where transaction = 1 order by transaction
create table transaction (transaction int, key transaction (transaction))
insert into transaction (transaction) values (1)
update transaction set transaction = 1, transaction.transaction = 2
select `trigger`, t.trigger as `trigger`, `trigger`.trigger from `trigger` where `trigger` = 1 order by `trigger`
create table `trigger` (`trigger` int, key `trigger` (`trigger`))
insert into `trigger` (`trigger`) values (1)
update `trigger` set `trigger` = 1, `trigger`.trigger = 2
select triggers, t.triggers as triggers, triggers.triggers from triggers where triggers = 1 order by triggers
create table triggers (triggers int, key triggers (triggers))
insert into triggers (triggers) values (1)
update triggers set triggers = 1, triggers.triggers = 2
select `trim`, t.trim as `trim`, `trim`.trim from `trim` where `trim` = 1 order by `trim`
create table `trim` (`trim` int, key `trim` (`trim`))
insert into `trim` (`trim`) values (1)
update `trim` set `trim` = 1, `trim`.trim = 2
select `true`, t.true as `true`, `true`.true from `true` where `true` = 1 order by `true`
create table `true` (`true` int, key `true` (`true`))
insert into `true` (`true`) values (1)
update `true` set `true` = 1, `true`.true = 2
select truncate, t.truncate as truncate, truncate.truncate from truncate where truncate = 1 order by truncate
create table truncate (truncate int, key truncate (truncate))
insert into truncate (truncate) values (1)
update truncate set truncate = 1, truncate.truncate = 2
select type, t.type as type, type.type from type where type = 1 order by type
create table type (type int, key type (type))
insert into type (type) values (1)
update type set type = 1, type.type = 2
select unbounded, t.unbounded as unbounded, unbounded.unbounded from unbounded where unbounded = 1 order by unbounded
create table unbounded (unbounded int, key unbounded (unbounded))
insert into unbounded (unbounded) values (1)
update unbounded set unbounded = 1, unbounded.unbounded = 2
select uncommitted, t.uncommitted as uncommitted, uncommitted.uncommitted from uncommitted where uncommitted = 1 order by uncommitted
create table uncommitted (uncommitted int, key uncommitted (uncommitted))
insert into uncommitted (uncommitted) values (1)
update uncommitted set uncommitted = 1, uncommitted.uncommitted = 2
select `undo`, t.undo as `undo`, `undo`.undo from `undo` where `undo` = 1 order by `undo`
create table `undo` (`undo` int, key `undo` (`undo`))
insert into `undo` (`undo`) values (1)
update `undo` set `undo` = 1, `undo`.undo = 2
select unicode, t.unicode as unicode, unicode.unicode from unicode where unicode = 1 order by unicode
create table unicode (unicode int, key unicode (unicode))
insert into unicode (unicode) values (1)
update unicode set unicode = 1, unicode.unicode = 2
select uninstall, t.uninstall as uninstall, uninstall.uninstall from uninstall where uninstall = 1 order by uninstall
create table uninstall (uninstall int, key uninstall (uninstall))
insert into uninstall (uninstall) values (1)
update uninstall set uninstall = 1, uninstall.uninstall = 2
select `union`, t.union as `union`, `union`.union from `union` where `union` = 1 order by `union`
create table `union` (`union` int, key `union` (`union`))
insert into `union` (`union`) values (1)
update `union` set `union` = 1, `union`.union = 2
select `unique`, t.unique as `unique`, `unique`.unique from `unique` where `unique` = 1 order by `unique`
create table `unique` (`unique` int, key `unique` (`unique`))
insert into `unique` (`unique`) values (1)
update `unique` set `unique` = 1, `unique`.unique = 2
select unknown, t.unknown as unknown, unknown.unknown from unknown where unknown = 1 order by unknown
create table unknown (unknown int, key unknown (unknown))
insert into unknown (unknown) values (1)
update unknown set unknown = 1, unknown.unknown = 2
select `unlock`, t.unlock as `unlock`, `unlock`.unlock from `unlock` where `unlock` = 1 order by `unlock`
create table `unlock` (`unlock` int, key `unlock` (`unlock`))
insert into `unlock` (`unlock`) values (1)
update `unlock` set `unlock` = 1, `unlock`.unlock = 2
select unregister, t.unregister as unregister, unregister.unregister from unregister where unregister = 1 order by unregister
create table unregister (unregister int, key unregister (unregister))
insert into unregister (unregister) values (1)
update unregister set unregister = 1, unregister.unregister = 2
select `unsigned`, t.unsigned as `unsigned`, `unsigned`.unsigned from `unsigned` where `unsigned` = 1 order by `unsigned`
create table `unsigned` (`unsigned` int, key `unsigned` (`unsigned`))
insert into `unsigned` (`unsigned`) values (1)
update `unsigned` set `unsigned` = 1, `unsigned`.unsigned = 2
select until, t.until as until, until.until from until where until = 1 order by until
create table until (until int, key until (until))
insert into until (until) values (1)
update until set until = 1, until.until = 2
select `update`, t.update as `update`, `update`.update from `update` where `update` = 1 order by `update`
create table `update` (`update` int, key `update` (`update`))
insert into `update` (`update`) values (1)
update `update` set `update` = 1, `update`.update = 2
select upgrade, t.upgrade as upgrade, upgrade.upgrade from upgrade where upgrade = 1 order by upgrade
create table upgrade (upgrade int, key upgrade (upgrade))
insert into upgrade (upgrade) values (1)
update upgrade set upgrade = 1, upgrade.upgrade = 2
select `usage`, t.usage as `usage`, `usage`.usage from `usage` where `usage` = 1 order by `usage`
create table `usage` (`usage` int, key `usage` (`usage`))
insert into `usage` (`usage`) values (1)
update `usage` set `usage` = 1, `usage`.usage = 2
select `use`, t.use as `use`, `use`.use from `use` where `use` = 1 order by `use`
create table `use` (`use` int, key `use` (`use`))
insert into `use` (`use`) values (1)
update `use` set `use` = 1, `use`.use = 2
select user, t.user as user, user.user from user where user = 1 order by user
create table user (user int, key user (user))
insert into user (user) values (1)
update user set user = 1, user.user = 2
select use_frm, t.use_frm as use_frm, use_frm.use_frm from use_frm where use_frm = 1 order by use_frm
create table use_frm (use_frm int, key use_frm (use_frm))
insert into use_frm (use_frm) values (1)
update use_frm set use_frm = 1, use_frm.use_frm = 2
select `using`, t.using as `using`, `using`.using from `using` where `using` = 1 order by `using`
create table `using` (`using` int, key `using` (`using`))
insert into `using` (`using`) values (1)
update `using` set `using` = 1, `using`.using = 2
select `utc_date`, t.utc_date as `utc_date`, `utc_date`.utc_date from `utc_date` where `utc_date` = 1 order by `utc_date`
create table `utc_date` (`utc_date` int, key `utc_date` (`utc_date`))
insert into `utc_date` (`utc_date`) values (1)
update `utc_date` set `utc_date` = 1, `utc_date`.utc_date = 2
select `utc_time`, t.utc_time as `utc_time`, `utc_time`.utc_time from `utc_time` where `utc_time` = 1 order by `utc_time`
create table `utc_time` (`utc_time` int, key `utc_time` (`utc_time`))
insert into `utc_time` (`utc_time`) values (1)
update `utc_time` set `utc_time` = 1, `utc_time`.utc_time = 2
select `utc_timestamp`, t.utc_timestamp as `utc_timestamp`, `utc_timestamp`.utc_timestamp from `utc_timestamp` where `utc_timestamp` = 1 order by `utc_timestamp`
create table `utc_timestamp` (`utc_timestamp` int, key `utc_timestamp` (`utc_timestamp`))
insert into `utc_timestamp` (`utc_timestamp`) values (1)
update `utc_timestamp` set `utc_timestamp` = 1, `utc_timestamp`.utc_timestamp = 2
select validation, t.validation as validation, validation.validation from validation where validation = 1 order by validation
create table validation (validation int, key validation (validation))
insert into validation (validation) values (1)
update validation set validation = 1, validation.validation = 2
select value, t.value as value, value.value from value where value = 1 order by value
create table value (value int, key value (value))
insert into value (value) values (1)
update value set value = 1, value.value = 2
select `values`, t.values as `values`, `values`.values from `values` where `values` = 1 order by `values`
create table `values` (`values` int, key `values` (`values`))
insert into `values` (`values`) values (1)
update `values` set `values` = 1, `values`.values = 2
select `varbinary`, t.varbinary as `varbinary`, `varbinary`.varbinary from `varbinary` where `varbinary` = 1 order by `varbinary`
create table `varbinary` (`varbinary` int, key `varbinary` (`varbinary`))
insert into `varbinary` (`varbinary`) values (1)
update `varbinary` set `varbinary` = 1, `varbinary`.varbinary = 2
select `varchar`, t.varchar as `varchar`, `varchar`.varchar from `varchar` where `varchar` = 1 order by `varchar`
create table `varchar` (`varchar` int, key `varchar` (`varchar`))
insert into `varchar` (`varchar`) values (1)
update `varchar` set `varchar` = 1, `varchar`.varchar = 2
select `varcharacter`, t.varcharacter as `varcharacter`, `varcharacter`.varcharacter from `varcharacter` where `varcharacter` = 1 order by `varcharacter`
create table `varcharacter` (`varcharacter` int, key `varcharacter` (`varcharacter`))
insert into `varcharacter` (`varcharacter`) values (1)
update `varcharacter` set `varcharacter` = 1, `varcharacter`.varcharacter = 2
select variables, t.variables as variables, variables.variables from variables where variables = 1 order by variables
create table variables (variables int, key variables (variables))
insert into variables (variables) values (1)
update variables set variables = 1, variables.variables = 2
select `variance`, t.variance as `variance`, `variance`.variance from `variance` where `variance` = 1 order by `variance`
create table `variance` (`variance` int, key `variance` (`variance`))
insert into `variance` (`variance`) values (1)
update `variance` set `variance` = 1, `variance`.variance = 2
select `varying`, t.varying as `varying`, `varying`.varying from `varying` where `varying` = 1 order by `varying`
create table `varying` (`varying` int, key `varying` (`varying`))
insert into `varying` (`varying`) values (1)
update `varying` set `varying` = 1, `varying`.varying = 2
select `var_pop`, t.var_pop as `var_pop`, `var_pop`.var_pop from `var_pop` where `var_pop` = 1 order by `var_pop`
create table `var_pop` (`var_pop` int, key `var_pop` (`var_pop`))
insert into `var_pop` (`var_pop`) values (1)
update `var_pop` set `var_pop` = 1, `var_pop`.var_pop = 2
select `var_samp`, t.var_samp as `var_samp`, `var_samp`.var_samp from `var_samp` where `var_samp` = 1 order by `var_samp`
create table `var_samp` (`var_samp` int, key `var_samp` (`var_samp`))
insert into `var_samp` (`var_samp`) values (1)
update `var_samp` set `var_samp` = 1, `var_samp`.var_samp = 2
select vexplain, t.vexplain as vexplain, vexplain.vexplain from vexplain where vexplain = 1 order by vexplain
create table vexplain (vexplain int, key vexplain (vexplain))
insert into vexplain (vexplain) values (1)
update vexplain set vexplain = 1, vexplain.vexplain = 2
select via, t.via as via, via.via from via where via = 1 order by via
create table via (via int, key via (via))
insert into via (via) values (1)
update via set via = 1, via.via = 2
select view, t.view as view, view.view from view where view = 1 order by view
create table view (view int, key view (view))
insert into view (view) values (1)
update view set view = 1, view.view = 2
select `virtual`, t.virtual as `virtual`, `virtual`.virtual from `virtual` where `virtual` = 1 order by `virtual`
create table `virtual` (`virtual` int, key `virtual` (`virtual`))
insert into `virtual` (`virtual`) values (1)
update `virtual` set `virtual` = 1, `virtual`.virtual = 2
select visible, t.visible as visible, visible.visible from visible where visible = 1 order by visible
create table visible (visible int, key visible (visible))
insert into visible (visible) values (1)
update visible set visible = 1, visible.visible = 2
select wait, t.wait as wait, wait.wait from wait where wait = 1 order by wait
create table wait (wait int, key wait (wait))
insert into wait (wait) values (1)
update wait set wait = 1, wait.wait = 2
select warnings, t.warnings as warnings, warnings.warnings from warnings where warnings = 1 order by warnings
create table warnings (warnings int, key warnings (warnings))
insert into warnings (warnings) values (1)
update warnings set warnings = 1, warnings.warnings = 2
select week, t.week as week, week.week from week where week = 1 order by week
create table week (week int, key week (week))
insert into week (week) values (1)
update week set week = 1, week.week = 2
select `weight_string`, t.weight_string as `weight_string`, `weight_string`.weight_string from `weight_string` where `weight_string` = 1 order by `weight_string`
create table `weight_string` (`weight_string` int, key `weight_string` (`weight_string`))
insert into `weight_string` (`weight_string`) values (1)
update `weight_string` set `weight_string` = 1, `weight_string`.weight_string = 2
select `when`, t.when as `when`, `when`.when from `when` where `when` = 1 order by `when`
create table `when` (`when` int, key `when` (`when`))
insert into `when` (`when`) values (1)
update `when` set `when` = 1, `when`.when = 2
select `where`, t.where as `where`, `where`.where from `where` where `where` = 1 order by `where`
create table `where` (`where` int, key `where` (`where`))
insert into `where` (`where`) values (1)
update `where` set `where` = 1, `where`.where = 2
select `while`, t.while as `while`, `while`.while from `while` where `while` = 1 order by `while`
create table `while` (`while` int, key `while` (`while`))
insert into `while` (`while`) values (1)
update `while` set `while` = 1, `while`.while = 2
select `window`, t.window as `window`, `window`.window from `window` where `window` = 1 order by `window`
create table `window` (`window` int, key `window` (`window`))
insert into `window` (`window`) values (1)
update `window` set `window` = 1, `window`.window = 2
select `with`, t.with as `with`, `with`.with from `with` where `with` = 1 order by `with`
create table `with` (`with` int, key `with` (`with`))
insert into `with` (`with`) values (1)
update `with` set `with` = 1, `with`.with = 2
select within, t.within as within, within.within from within where within = 1 order by within
create table within (within int, key within (within))
insert into within (within) values (1)
update within set within = 1, within.within = 2
select without, t.without as without, without.without from without where without = 1 order by without
create table without (without int, key without (without))
insert into without (without) values (1)
update without set without = 1, without.without = 2
select work, t.work as work, work.work from work where work = 1 order by work
create table work (work int, key work (work))
insert into work (work) values (1)
update work set work = 1, work.work = 2
select `write`, t.write as `write`, `write`.write from `write` where `write` = 1 order by `write`
create table `write` (`write` int, key `write` (`write`))
insert into `write` (`write`) values (1)
update `write` set `write` = 1, `write`.write = 2
select x509, t.x509 as x509, x509.x509 from x509 where x509 = 1 order by x509
create table x509 (x509 int, key x509 (x509))
insert into x509 (x509) values (1)
update x509 set x509 = 1, x509.x509 = 2
select xa, t.xa as xa, xa.xa from xa where xa = 1 order by xa
create table xa (xa int, key xa (xa))
insert into xa (xa) values (1)
update xa set xa = 1, xa.xa = 2
select xid, t.xid as xid, xid.xid from xid where xid = 1 order by xid
create table xid (xid int, key xid (xid))
insert into xid (xid) values (1)
update xid set xid = 1, xid.xid = 2
select xml, t.xml as xml, xml.xml from xml where xml = 1 order by xml
create table xml (xml int, key xml (xml))
insert into xml (xml) values (1)
update xml set xml = 1, xml.xml = 2
select `xor`, t.xor as `xor`, `xor`.xor from `xor` where `xor` = 1 order by `xor`
create table `xor` (`xor` int, key `xor` (`xor`))
insert into `xor` (`xor`) values (1)
update `xor` set `xor` = 1, `xor`.xor = 2
select year, t.year as year, year.year from year where year = 1 order by year
create table year (year int, key year (year))
insert into year (year) values (1)
update year set year = 1, year.year = 2
select `year_month`, t.year_month as `year_month`, `year_month`.year_month from `year_month` where `year_month` = 1 order by `year_month`
create table `year_month` (`year_month` int, key `year_month` (`year_month`))
insert into `year_month` (`year_month`) values (1)
update `year_month` set `year_month` = 1, `year_month`.year_month = 2
select `zerofill`, t.zerofill as `zerofill`, `zerofill`.zerofill from `zerofill` where `zerofill` = 1 order by `zerofill`
create table `zerofill` (`zerofill` int, key `zerofill` (`zerofill`))
insert into `zerofill` (`zerofill`) values (1)
update `zerofill` set `zerofill` = 1, `zerofill`.zerofill = 2
select zone, t.zone as zone, zone.zone from zone where zone = 1 order by zone
create table zone (zone int, key zone (zone))
insert into zone (zone) values (1)
update zone set zone = 1, zone.zone = 2
