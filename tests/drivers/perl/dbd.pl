#!/usr/bin/perl
# DBD::mysql and DBD::MariaDB through DBI: steps told as lines of JSON. usage: dbd.pl mysql|MariaDB SETTINGS (a file; see ../drivers.py)
use strict;
use warnings;
use utf8;
use DBI;
use Digest::SHA qw(sha256_hex);
use Encode qw(encode_utf8);
use File::Temp;
use JSON::PP;

my ($driver, $file) = @ARGV;
my $json = JSON::PP->new->canonical->ascii->allow_nonref;
my $prefix = lc $driver;    # of its attributes: mysql_insertid, mariadb_insertid
my $step;
$| = 1;

sub read_json { my ($path) = @_; local (@ARGV, $/) = ($path); return JSON::PP->new->utf8->decode(<>) }
my $settings = read_json($file);
my $material = read_json($settings->{material});
my $labels = 'select id, label from counter where id between 1000 and 1999 order by id';
my $sums = 'select person_id, count(*), sum(amount), count(note) from purchase where person_id >= 100 group by person_id order by 1';

sub plain {
  my ($value) = @_;
  return [map { plain($_) } @$value] if ref $value eq 'ARRAY';
  return { map { $_ => plain($value->{$_}) } keys %$value } if ref $value eq 'HASH';
  return $value if ref $value || !defined $value;
  my $bytes = utf8::is_utf8($value) ? encode_utf8($value) : $value;
  return length($bytes) . ' bytes, sha256 ' . sha256_hex($bytes) if length $bytes > 1000;
  return (utf8::is_utf8($value) ? 'text ' : '') . $value;
}

sub say_that { my ($what, $value) = @_; print $json->encode({ step => $step, what => $what, saw => plain($value) }), "\n" }

sub connected {
  my (%options) = (%$settings, @_);
  my $dsn = "DBI:$driver:host=$options{host};port=$options{port}" . ($options{database} ? ";database=$options{database}" : '') . ($options{more} // '');
  return DBI->connect($dsn, $options{user}, $options{password},
    { RaiseError => 1, PrintError => 0, AutoCommit => 1, ($driver eq 'mysql' ? (mysql_enable_utf8mb4 => 1) : ()), %{ $options{attributes} // {} } });
}

sub error_of {
  my ($body) = @_;
  my $seen = eval { $body->() };
  return $@ ? [$DBI::err, $DBI::state, $DBI::errstr] : { 'no error' => $seen };
}

sub rows { my ($connection, $sql, @values) = @_; return $connection->selectall_arrayref($sql, {}, @values) }

sub next_statement { my ($statement) = @_; $statement->execute; $statement->fetchrow_arrayref for 1 .. 50; $statement->finish }

my %ways = (emulated => { "${prefix}_server_prepare" => 0 }, prepared => { "${prefix}_server_prepare" => 1 });

sub each_way {
  my ($body) = @_;
  $body->($_, connected(attributes => $ways{$_})) for sort keys %ways;
}

my %steps = (
  connect => sub {
    my $connection = connected();
    say_that('server', [$connection->get_info(17), $connection->get_info(18)]);
    say_that('who', rows($connection, 'select database(), current_user()'));
    say_that('thread', $connection->{"${prefix}_thread_id"} == rows($connection, 'select connection_id()')->[0][0] ? 1 : 0);
    say_that('ping', $connection->ping);
    say_that('no database', error_of(sub { rows(connected(database => undef), 'select * from person') }));
  },
  tls => sub {
    my $connection = connected(more => ";${prefix}_ssl=1;${prefix}_ssl_ca_file=$settings->{ca}");
    say_that('cipher', length rows($connection, "show status like 'Ssl_cipher'")->[0][1] > 0 ? 1 : 0);
    say_that('query', rows($connection, $material->{queries}{scatter}));
    say_that('compressed', rows(connected(more => ";${prefix}_compression=1"), "select repeat('x', 3000000) from person where id = 1"));
  },
  refused => sub {
    for my $wrong ([password => 'wrong'], [user => 'nobody'], [database => 'nowhere']) {
      say_that($wrong->[0], error_of(sub { connected(@$wrong) }));
    }
  },
  text => sub {
    my $connection = connected();
    say_that($_, rows($connection, $material->{queries}{$_})) for sort keys %{ $material->{queries} };
    for my $text (@{ $material->{strings} }) {
      my $quoted = $connection->quote($text);
      say_that('string', rows($connection, "select $quoted, hex($quoted)"));
    }
    say_that('hashes', $connection->selectall_hashref('select * from person', 'id'));
  },
  prepared => sub {
    each_way(sub {
      my ($way, $connection) = @_;
      say_that("$way $_", rows($connection, $material->{queries}{$_})) for sort keys %{ $material->{queries} };
      my $statement = $connection->prepare('select id, name, ? as given, hex(?) as h from person where id = ?');
      my $id = 0;
      for my $value (7, -1.5, '12.30', "it's \\ 金", undef, '2026-01-02 03:04:05') {
        $statement->execute($value, $value, $id++ % 5 + 1);
        say_that("$way given", $statement->fetchall_arrayref);
      }
      say_that("$way parameters", $statement->{NUM_OF_PARAMS});
      say_that("$way syntax", error_of(sub { rows($connection, 'selec ?', 1) }));
      say_that("$way inserted", $connection->do('insert into purchase values (?, ?, ?, ?)', {}, 76, 1, '1.5', undef));
      say_that("$way duplicate", error_of(sub { $connection->do('insert into purchase values (?, ?, ?, ?)', {}, 76, 1, '1.5', undef) }));
      say_that("$way deleted", $connection->do('delete from purchase where person_id = ?', {}, 76));
    });
  },
  batch => sub {
    each_way(sub {
      my ($way, $connection) = @_;
      $connection->begin_work;
      my $statement = $connection->prepare('insert into purchase (person_id, id, amount, note) values (?, ?, ?, ?)');
      my @rows = map { [100 + $_ % 7, $_, $_ / 4, $_ % 5 ? "note $_" : undef] } 0 .. 199;
      my @status;
      say_that("$way affected", $statement->execute_array({ ArrayTupleStatus => \@status, ArrayTupleFetch => sub { shift @rows } }));
      say_that("$way sums", rows($connection, $sums));
      $connection->rollback;
    });
  },
  multi_statements => sub {
    my $connection = connected(attributes => { "${prefix}_multi_statements" => 1 });
    my $statement = $connection->prepare('select 1; select name from person where id = 2; select id from person order by id');
    $statement->execute;
    do { say_that('set', $statement->fetchall_arrayref) } while $statement->more_results;
    say_that('not allowed', error_of(sub { rows(connected(), 'select 1; select 2') }));
  },
  streaming => sub {    # not of statements that the server has prepared: neither driver can
    my $connection = connected(attributes => $ways{emulated});
    my $statement = $connection->prepare('select id, square from number order by id', { "${prefix}_use_result" => 1 });
    $statement->execute;
    my ($count, $sum) = (0, 0);
    while (my $row = $statement->fetchrow_arrayref) { ++$count; $sum += $row->[1] }
    say_that('all', [$count, $sum]);
    $statement->finish;
    next_statement($statement) if $driver eq 'mysql';    # DBD::MariaDB leaves the unread rows on the connection
    say_that('after', rows($connection, 'select count(*) from number'));
  },
  large_values => sub {
    each_way(sub {
      my ($way, $connection) = @_;
      $connection->{LongReadLen} = 30 << 20;
      $connection->begin_work;
      my $id = 0;
      for my $size ((1 << 24) - 1, 1 << 24, 20 << 20) {
        my $content = substr("kintsugi\0\xff" x ($size / 10 + 1), 0, $size);
        utf8::downgrade($content);
        my $statement = $connection->prepare('insert into body (id, bytes) values (?, ?)');
        $statement->bind_param(1, $id, DBI::SQL_INTEGER);
        $statement->bind_param(2, $content, DBI::SQL_BLOB);
        $statement->execute;
        say_that("$way back", rows($connection, 'select length(bytes), md5(bytes), bytes from body where id = ?', $id++));
      }
      $connection->rollback;
    });
  },
  types => sub {
    each_way(sub { my ($way, $connection) = @_; say_that($way, $_) for @{ rows($connection, $material->{types}[1]) } });
  },
  metadata => sub {
    each_way(sub {
      my ($way, $connection) = @_;
      my %queries = (%{ $material->{queries} }, types => $material->{types}[1]);
      for my $name (sort keys %queries) {
        my $statement = $connection->prepare($queries{$name});
        $statement->execute;
        say_that("$way $name $_", [@{ $statement->{$_} }]) for 'NAME', 'TYPE', 'NULLABLE', 'PRECISION', 'SCALE', map { "${prefix}_$_" } qw(table type_name is_pri_key is_num length is_auto_increment);
        $statement->finish;
      }
    });
  },
  introspection => sub {
    my $connection = connected();
    say_that('tables', $connection->table_info('', $settings->{database}, '%')->fetchall_arrayref);
    say_that('columns', $connection->column_info(undef, $settings->{database}, 'person', '%')->fetchall_arrayref);
    say_that('primary key', $connection->primary_key_info(undef, $settings->{database}, 'purchase')->fetchall_arrayref);
    if ($driver eq 'mysql') {    # which tells them in the order of a hash
      my $indexes = $connection->statistics_info(undef, $settings->{database}, 'every_type', 0, 1)->fetchall_arrayref;
      say_that('indexes', [sort { join('|', map { $_ // '' } @$a) cmp join('|', map { $_ // '' } @$b) } @$indexes]);
    }
  },
  transactions => sub {
    my ($one, $other) = (connected(attributes => { AutoCommit => 0 }), connected());
    $one->do("insert into counter values (1000, 'a'), (1001, 'b')");
    say_that('own', rows($one, $labels));
    say_that('not yet', rows($other, $labels));
    $one->rollback;
    $one->do("insert into counter values (1000, 'a')");
    $one->commit;
    say_that('committed', rows($other, $labels));
    say_that('deleted', $other->do('delete from counter where id between 1000 and 1999'));
    $one->commit;
  },
  errors => sub {
    each_way(sub {
      my ($way, $connection) = @_;
      for my $name (sort keys %{ $material->{errors} }) {
        next if $material->{errors}{$name} eq '';
        say_that("$way $name", error_of(sub { $connection->do($material->{errors}{$name}) }));
      }
    });
  },
  insert_ids => sub {
    my $connection = connected();
    $connection->do("insert into counter (label) values ('one')");
    my $first = $connection->last_insert_id(undef, undef, undef, undef);
    say_that('is last_insert_id()', rows($connection, 'select last_insert_id()')->[0][0] == $first ? 1 : 0);
    $connection->do("insert into counter values (50000, 'chosen')");
    say_that('chosen', $connection->{"${prefix}_insertid"});
    $connection->do('delete from counter');
  },
  affected_rows => sub {
    for my $found (0, 1) {
      my $connection = connected(more => ";${prefix}_client_found_rows=$found");
      $connection->begin_work;
      for my $sql ('update person set email = email where id = 1', 'update person set age = 30', 'update person set age = 31 where id in (1, 2, 77)',
        "insert into purchase values (9, 1, 1, 'x'), (1, 2, 5, 'y') on duplicate key update amount = 78", "replace into purchase values (1, 1, 1, 'x')", 'delete from purchase where amount > 50') {
        say_that("$found $sql", [$connection->do($sql), $connection->{"${prefix}_info"}]);
      }
      $connection->rollback;
    }
  },
  warnings => sub {
    my $connection = connected();
    $connection->begin_work;
    for my $name (sort keys %{ $material->{warnings} }) {
      my $statement = $connection->prepare($material->{warnings}{$name});
      $statement->execute;
      my $count = $statement->{"${prefix}_warning_count"};
      $statement->finish;
      say_that($name, [$count, $count ? rows($connection, 'show warnings') : undef]);
    }
    $connection->rollback;
  },
  reconnect => sub {
    my ($other, $connection) = (connected(), connected(attributes => { "${prefix}_auto_reconnect" => 1 }));
    my $number = $connection->{"${prefix}_thread_id"};
    $other->do("kill $number");
    my $lost = error_of(sub { rows($connection, 'select 1') });
    say_that('lost or connected again', ref $lost eq 'HASH' || grep({ $lost->[0] == $_ } 2006, 2013, 1927) ? 1 : 0);
    say_that('again', rows($connection, 'select 1, database()'));
    say_that('another', $connection->{"${prefix}_thread_id"} != $number ? 1 : 0);
  },
  load_data => sub {
    my $rows = File::Temp->new;
    print $rows 300 + $_ % 3, ",$_,$_.5,line $_\n" for 0 .. 999;
    $rows->flush;
    my $connection = connected(more => ";${prefix}_local_infile=1");
    $connection->begin_work;
    my $sql = $material->{load_data};
    $sql =~ s/\{file\}/$rows/;
    say_that('loaded', [$connection->do($sql), $connection->{"${prefix}_info"}]);
    say_that('sums', rows($connection, $sums));
    $connection->rollback;
  },
  procedures => sub {
    my $connection = connected();
    my $statement = $connection->prepare('call totals(1, @total)');
    $statement->execute;
    do { say_that('set', $statement->{NUM_OF_FIELDS} ? $statement->fetchall_arrayref : undef) } while $statement->more_results;
    say_that('out', rows($connection, 'select @total'));
  },
);

for (@{ $settings->{steps} // [sort keys %steps] }) {
  $step = $_;
  if (eval { $steps{$step}->(); 1 }) { print $json->encode({ step => $step, done => JSON::PP::true }), "\n" }
  else { print $json->encode({ step => $step, crashed => "$@" }), "\n" }
}
