#include "gate/gate_options.h"

#include "base/options.h"

namespace kintsugi::gate {
namespace {

using namespace std::chrono_literals;

void declare_clients(OptionTable& table, GateOptions& options) {
  table.section("Clients");
  table.text("mysql_host", options.mysql_host, "The address that clients connect to; 0.0.0.0 or :: for all.");
  table.integer("mysql_port", options.mysql_port, {0, 65535},
                "The port that clients connect to; 0: a free one.");
  table.text("mysql_socket", options.mysql_socket, "A unix socket to listen at besides; empty: none.");
  table.integer("loops", options.loops, {0, 256},
                "Event loops, each on a thread of its own; 0: one for each core.");
  table.integer("connections_max", options.connections_max, {1, 1'000'000},
                "Client connections at the same time; more are refused with error 1040.");
  table.bytes("max_allowed_packet", options.max_allowed_packet, {1024, 1LL << 30},
              "The largest packet that a client may send.");
  table.duration("idle_timeout", options.idle_timeout, {1s, 8760h},
                 "A client that sends nothing for so long is disconnected; sessions may SET wait_timeout.");
  table.duration("login_timeout", options.login_timeout, {100ms, 1h},
                 "How long connecting may take a client.");
  table.duration("client_write_timeout", options.client_write_timeout, {1s, 24h},
                 "How long a client may leave an answer unread before it is disconnected.");
  table.duration("client_keepalive", options.client_keepalive, {2s, 24h},
                 "A client whose machine or network has gone away is disconnected after so long.");
  table.duration("drain_timeout", options.drain_timeout, {0s, 1h},
                 "How long clients may finish their transactions when the gate stops.");
  table.integer("prepared_statements_max", options.prepared_statements_max, {1, 1'000'000},
                "Prepared statements of one session; more are refused with error 1461.");
  table.bytes("prepared_bytes_max", options.prepared_bytes_max, {4096, 16LL << 30},
              "Memory of one session's prepared statements and their long data.");
  table.text("server_version", options.server_version,
             "The version that clients are told; empty: that of the servers behind the gate.");

  table.section("Users and TLS");
  table.file("users_file", options.users_file, "users.json; read again when it changes.");
  table.file(
      "tls_certificate", options.tls_certificate,
      "PEM file of the certificate chain shown to clients; empty: one signed by itself, made at start.");
  table.file("tls_key", options.tls_key, "PEM file of the certificate's key.");
  table.file("tls_ca", options.tls_ca, "PEM file of authorities: clients must show a certificate of theirs.");
  table.flag("tls_required", options.tls_required, "Refuse clients that use neither TLS nor a unix socket.");
}

void declare_servers(OptionTable& table, GateOptions& options) {
  table.section("Servers");
  table.text("backend_user", options.backend_user, "The account that the gate has at the servers.");
  table.file("backend_password_file", options.backend_password_file,
             "A file that holds its password and no newline.");
  table.flag("backend_tls", options.backend_tls,
             "TLS to servers that offer it and are not reached by unix socket.");
  table.file("backend_tls_ca", options.backend_tls_ca,
             "PEM file of authorities that servers' certificates are checked by.");
  table.flag("backend_sockets", options.backend_sockets, "Use the unix sockets of servers on this host.");
  table.integer("pool_connections_max", options.pool_connections_max, {1, 100'000},
                "Connections to one server, all loops together.");
  table.integer(
      "pool_idle_min", options.pool_idle_min, {0, 10'000},
      "Idle connections that each loop keeps to a server that it has used, and opens anew when they end.");
  table.integer("pool_waiters_max", options.pool_waiters_max, {0, 1'000'000},
                "Statements of one loop that may wait for a connection to one server.");
  table.duration("pool_wait", options.pool_wait, {1ms, 10min},
                 "How long a statement waits for a connection.");
  table.duration("pool_idle_max", options.pool_idle_max, {1s, 24h},
                 "Connections idle for longer are closed.");
  table.duration("pool_age_max", options.pool_age_max, {1s, 720h},
                 "Connections older than this are closed when idle.");
  table.duration(
      "pool_slow_start", options.pool_slow_start, {0s, 1h},
      "A server that could not be reached gets its connections back over so long, from two of each "
      "loop to pool_connections_max; 0: all at once.");
  table.duration("connect_timeout", options.connect_timeout, {10ms, 5min},
                 "How long connecting to a server may take.");
}

void declare_load(OptionTable& table, GateOptions& options) {
  constexpr std::int64_t kMost = 4'000'000'000;
  table.section("Load");
  table.integer("user_connections_max", options.per_user.connections_max, {0, kMost},
                "Connections that each user may have to this gate; 0: any number. users.json can say less.");
  table.integer("user_statements_max", options.per_user.statements_max, {0, kMost},
                "Statements of each user under way at the same time; further ones wait. 0: any number.");
  table.integer("user_rate_max", options.per_user.rate_max, {0, kMost},
                "Statements of each user in a second; those that come faster wait. 0: any number.");
  table.integer("keyspace_connections_max", options.per_keyspace.connections_max, {0, kMost},
                "Connections that have chosen each keyspace; 0: any number. Its vschema can say less.");
  table.integer("keyspace_statements_max", options.per_keyspace.statements_max, {0, kMost},
                "Statements that use each keyspace, under way at the same time; further ones wait. 0: any "
                "number.");
  table.integer("keyspace_rate_max", options.per_keyspace.rate_max, {0, kMost},
                "Statements that use each keyspace in a second; those that come faster wait. 0: any number.");
  table.integer(
      "load_waiters_max", options.load_waiters_max, {0, 1'000'000},
      "Statements of one user, or of one keyspace, that may wait for these limits; further ones fail "
      "with error 1226.");
  table.duration("load_wait", options.load_wait, {0s, 1h},
                 "How long a statement waits for these limits before it fails with error 1226.");
  table.integer(
      "hot_row_writers_max", options.hot_row_writers_max, {0, 1'000'000},
      "Transactions that may lock the same row at the same time, by UPDATE, DELETE or SELECT … FOR UPDATE "
      "with "
      "the same condition; further ones wait in the gate and not for the row's lock. 0: any number.");
  table.integer("hot_row_waiters_max", options.hot_row_waiters_max, {0, 1'000'000},
                "How many of them may wait for one row, each for at most load_wait; further ones fail with "
                "error 1205.");
  table.flag("shared_reads", options.shared_reads,
             "Reads of one shard that are the same, and come while one of them is under way, are sent once "
             "for all of them when that one has ended.");
  table.bytes("shared_read_max", options.shared_read_max, {0, 1LL << 30},
              "An answer that is larger is not shared: each of those who waited sends its own read.");
}

void declare_statistics(OptionTable& table, GateOptions& options) {
  table.section("What statements cost");
  table.duration("slow_query", options.slow_query, {0s, 24h},
                 "Statements that take longer are logged; 0: none.");
  table.integer("query_shapes_max", options.query_shapes_max, {0, 100'000},
                "Shapes of statements that each loop remembers the costs of (SHOW KINTSUGI QUERIES); about 2 "
                "KiB each. 0: none.");
  table.integer("query_metrics_max", options.query_metrics_max, {0, 500},
                "How many of those that cost most have metrics of their own.");
  table.text(
      "query_log", options.query_log,
      "A file that gets a line of JSON for each statement that the options below choose; empty: none.");
  table.integer("query_log_every", options.query_log_every, {0, 1'000'000'000},
                "One of so many statements is written; 1: all, 0: only those that are slow or fail.");
  table.duration("query_log_slow", options.query_log_slow, {0s, 24h},
                 "Statements that take as long are written, whichever others are; 0: not for that.");
  table.flag("query_log_errors", options.query_log_errors, "So are those that fail.");
  table.flag(
      "query_log_literals", options.query_log_literals,
      "Statements are written with their values, and errors with their messages, which may quote some.");
  table.bytes("query_log_queue_max", options.query_log_queue_max, {4096, 1LL << 30},
              "Lines that may wait for the disk; further ones are dropped and counted.");
  table.bytes("query_log_file_max", options.query_log_file_max, {0, 1LL << 44},
              "A file that would be larger is renamed, and another begun; 0: it may be of any size.");
  table.integer("query_log_files", options.query_log_files, {0, 1000},
                "How many that were renamed are kept: the file's name with .1, .2, … behind it.");
}

void declare_queries(OptionTable& table, GateOptions& options) {
  table.section("Queries");
  table.choice("transaction_mode", options.transaction_mode,
               {kTransactionModes.begin(), kTransactionModes.end()},
               "What a transaction over several shards is: refused, committed on one shard after the other, "
               "or on all or none whatever fails.");
  table.duration("failover_wait", options.failover_wait, {0s, 10min},
                 "How long a statement that has not taken effect yet waits for a shard to have a primary.");
  table.duration("replica_lag_max", options.replica_lag_max, {0s, 24h},
                 "Replicas further behind are not read.");
  table.flag("read_your_writes", options.read_your_writes,
             "Reads from replicas wait for what their session has written; sessions may SET "
             "read_your_writes.");
  table.duration("max_replica_lag", options.max_replica_lag, {0s, 24h},
                 "What sessions read from replicas is no older than this; 0: it may be as old as "
                 "replica_lag_max says. Sessions may SET max_replica_lag.");
  table.duration("replica_wait", options.replica_wait, {0s, 1min},
                 "How long a read waits for a replica to have what its session has seen or written.");
  table.choice("replica_fallback", options.replica_fallback, {"primary", "refuse"},
               "What becomes of a read if no replica is as fresh as its session wants, or catches up within "
               "replica_wait: the primary is read, or it fails with KT4027.");
  table.duration("tablet_silence_max", options.tablet_silence_max, {1s, 10min},
                 "A tablet whose health was not heard for so long is not used.");
  table.integer("gather_rows_max", options.gather_rows_max, {0, 1'000'000'000'000},
                "Rows that one query may have copied to one server to run there (EXPLAIN says gather).");
  table.bytes("gather_bytes_max", options.gather_bytes_max, {0, 1LL << 44},
              "…and bytes; a query that would need more fails with error 1104.");
  table.integer(
      "write_rows_max", options.write_rows_max, {0, 1'000'000'000'000},
      "Rows that one INSERT … SELECT, UPDATE or DELETE may read into the gate before it writes them.");
  table.bytes("write_bytes_max", options.write_bytes_max, {0, 1LL << 40},
              "…and bytes; a write that would need more fails with error 1104.");
  table.choice("scatter", options.scatter, {"allow", "ask", "forbid"},
               "Statements that go to several shards: all, those with the directive allow_scatter, or none. "
               "A keyspace's vschema and users.json can say less, not more.");
  table.choice("gather", options.gather, {"allow", "ask", "forbid"},
               "The same of queries that copy rows to one server; the directive is allow_gather.");
  table.duration("query_timeout", options.query_timeout, {0s, 24h},
                 "Statements that take longer are ended with error 3024, but for those whose directive "
                 "timeout_ms says another time; 0: never.");
  table.text(
      "files_folder", options.files_folder,
      "The folder on the gate's machine in which SELECT … INTO OUTFILE and DUMPFILE write and LOAD DATA "
      "INFILE reads, for users whose entry in users.json has Files. Empty: nobody does.");
  table.text("spill_folder", options.spill_folder,
             "Where rows go that clients fetch by cursor and memory does not hold; the files have no names.");
  table.bytes("spill_buffer_memory_max", options.spill_buffer_memory_max, {0, 1LL << 30},
              "What one cursor keeps in memory; its rows past that are in a file.");
  table.bytes("spill_memory_max", options.spill_memory_max, {0, 1LL << 40},
              "What all cursors keep in memory; past it their rows go to files at once.");
  table.bytes("spill_disk_max", options.spill_disk_max, {0, 1LL << 44},
              "What all these files may have; a statement that would need more fails with error 1114.");
  table.integer("plan_cache_entries", options.plan_cache_entries, {0, 10'000'000},
                "Plans that each loop remembers.");
  table.integer("sequence_block_min", options.sequence_block_min, {1, 1'000'000'000},
                "Ids of an AUTO_INCREMENT column that the gate takes at a time, at least.");
  table.integer("sequence_block_max", options.sequence_block_max, {1, 1'000'000'000},
                "…and at most; the block grows with the rate of inserts.");
}

}  // namespace

void declare(OptionTable& table, GateOptions& options) {
  table.section("Gate");
  table.text("name", options.name, "The gate's name in pages and logs.");
  table.text("cell", options.cell, "The cell whose topology the gate reads, and whose replicas it uses.");
  declare_clients(table, options);
  declare_servers(table, options);
  declare_load(table, options);
  declare_queries(table, options);
  declare_statistics(table, options);
}

}  // namespace kintsugi::gate
