#include "tablet/flavour.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tablet/errors.h"

namespace kintsugi::tablet {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

QueryRows one_row(std::vector<std::pair<std::string, std::optional<std::string>>> fields) {
  QueryRows rows;
  rows.rows.emplace_back();
  for (auto& [name, value] : fields) {
    rows.columns.push_back(name);
    rows.rows[0].push_back(value);
  }
  return rows;
}

const Flavour& mariadb() { return *find_flavour("mariadb").value(); }
const Flavour& mysql() { return *find_flavour("mysql").value(); }

TEST(Flavour, IsFoundByItsName) {
  EXPECT_EQ(mariadb().name(), "mariadb");
  EXPECT_EQ(mysql().name(), "mysql");
  EXPECT_FALSE(find_flavour("percona"));
}

TEST(Flavour, ChecksTheVersion) {
  struct Case {
    const char* version;
    bool mariadb;
    bool mysql;
  };
  for (const Case& c :
       {Case{"10.11.14-MariaDB-0+deb12u2", true, false}, Case{"11.4.2-MariaDB", true, false},
        Case{"10.6.18-MariaDB-log", false, false}, Case{"8.0.36", false, true}, Case{"9.7.4", false, true},
        Case{"8.0.11", false, false}, Case{"5.7.44-log", false, false}, Case{"", false, false}}) {
    EXPECT_EQ(mariadb().check_version(c.version).has_value(), c.mariadb) << c.version;
    EXPECT_EQ(mysql().check_version(c.version).has_value(), c.mysql) << c.version;
  }
}

TEST(Flavour, MariadbReplicaIsRead) {
  const QueryRows variables = one_row({{"version", "10.11.14-MariaDB"},
                                       {"server_id", "12"},
                                       {"read_only", "1"},
                                       {"gtid_executed", "0-11-7"},
                                       {"gtid_slave_pos", "0-11-7"},
                                       {"source_enabled", "0"},
                                       {"replica_enabled", "1"}});
  QueryRows status;
  status.columns = {"Variable_name", "Value"};
  status.rows = {{"Uptime", "42"}, {"Rpl_semi_sync_slave_status", "ON"}, {"Threads_running", "3"}};
  const QueryRows replication = one_row({{"Master_Host", "10.0.0.1"},
                                         {"Master_Port", "3306"},
                                         {"Slave_IO_Running", "Connecting"},
                                         {"Slave_SQL_Running", "Yes"},
                                         {"Last_IO_Errno", "2003"},
                                         {"Last_IO_Error", "error connecting"},
                                         {"Last_SQL_Errno", "0"},
                                         {"Last_SQL_Error", ""},
                                         {"Seconds_Behind_Master", std::nullopt},
                                         {"Gtid_IO_Pos", "0-11-7"},
                                         {"Using_Gtid", "Slave_Pos"}});
  const Result<ServerState> state = mariadb().parse_observation(variables, status, replication);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->server_id, 12u);
  EXPECT_TRUE(state->read_only);
  EXPECT_EQ(state->uptime_s, 42u);
  EXPECT_EQ(state->status.at("threads_running"), "3");
  EXPECT_TRUE(state->semi_sync.replica_active);
  EXPECT_FALSE(state->semi_sync.source_enabled);
  ASSERT_TRUE(state->replication);
  EXPECT_EQ(state->replication->source_port, 3306);
  EXPECT_EQ(state->replication->io_thread, ThreadState::connecting);
  EXPECT_EQ(state->replication->sql_thread, ThreadState::running);
  EXPECT_EQ(state->replication->io_errno, 2003);
  EXPECT_FALSE(state->replication->seconds_behind);
  EXPECT_TRUE(state->replication->applied_all);
  EXPECT_TRUE(state->replication->by_gtid);
}

TEST(Flavour, AMariadbPositionThatIsBehindItsBinlogIsSeen) {
  const QueryRows replication = one_row({{"Master_Host", "h"}, {"Using_Gtid", "Slave_Pos"}});
  const auto behind = [&](const char* position, const char* binlog) {
    const QueryRows variables = one_row({{"gtid_slave_pos", position}, {"gtid_executed", binlog}});
    const Result<ServerState> state = mariadb().parse_observation(variables, {}, replication);
    return state && state->replication->position_behind_binlog;
  };
  EXPECT_TRUE(behind("", "0-1-7"));
  EXPECT_TRUE(behind("0-1-5", "0-1-5,0-2-7"));
  EXPECT_FALSE(behind("0-2-7", "0-1-5,0-2-7"));
  EXPECT_FALSE(behind("0-2-7", "0-1-5"));
  EXPECT_FALSE(behind("", ""));
}

TEST(Flavour, MysqlReplicaIsRead) {
  QueryRows variables = one_row(
      {{"version", "9.7.4"}, {"server_id", "3"}, {"read_only", "0"}, {"gtid_executed", "aa:1-5,\nbb:1"}});
  const QueryRows replication = one_row({{"Source_Host", "h"},
                                         {"Source_Port", "33"},
                                         {"Replica_IO_Running", "Yes"},
                                         {"Replica_SQL_Running", "No"},
                                         {"Seconds_Behind_Source", "9"},
                                         {"Retrieved_Gtid_Set", "aa:4-6"},
                                         {"Executed_Gtid_Set", "aa:1-6,\nbb:1"},
                                         {"Auto_Position", "1"}});
  Result<ServerState> state = mysql().parse_observation(variables, {}, replication);
  ASSERT_TRUE(state);
  EXPECT_FALSE(state->read_only);
  EXPECT_EQ(state->gtid_executed, "aa:1-5,bb:1");
  EXPECT_EQ(state->replication->io_thread, ThreadState::running);
  EXPECT_EQ(state->replication->sql_thread, ThreadState::stopped);
  EXPECT_EQ(state->replication->seconds_behind, 9u);
  EXPECT_FALSE(state->replication->applied_all) << "what is told as executed was read before";
  variables.rows[0][3] = "aa:1-6,bb:1";
  state = mysql().parse_observation(variables, {}, replication);
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->replication->applied_all);
}

TEST(Flavour, AttachesByGtidAndTakesAFormerPrimaryWhereItIs) {
  const ReplicationSource source{"10.0.0.1", 3306};
  const std::string change =
      "CHANGE MASTER TO MASTER_HOST = '10.0.0.1', MASTER_PORT = 3306, MASTER_USER = 'kintsugi_repl',"
      " MASTER_PASSWORD = 'pw', MASTER_CONNECT_RETRY = 1, MASTER_HEARTBEAT_PERIOD = 1,"
      " MASTER_USE_GTID = slave_pos";
  EXPECT_THAT(mariadb().attach(source, "pw", ""), ElementsAre("STOP SLAVE", change, "START SLAVE"));
  EXPECT_THAT(mariadb().attach(source, "pw", "0-1-5,0-2-7"),
              ElementsAre("STOP SLAVE", "SET GLOBAL gtid_slave_pos = '0-2-7'", change, "START SLAVE"));
  EXPECT_THAT(mysql().attach(source, "pw", "aa:1-5"),
              ElementsAre("STOP REPLICA",
                          "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '10.0.0.1', SOURCE_PORT = 3306,"
                          " SOURCE_USER = 'kintsugi_repl', SOURCE_PASSWORD = 'pw', SOURCE_CONNECT_RETRY = 1,"
                          " SOURCE_HEARTBEAT_PERIOD = 1, SOURCE_AUTO_POSITION = 1, SOURCE_RETRY_COUNT = 0,"
                          " GET_SOURCE_PUBLIC_KEY = 1",
                          "START REPLICA"));
}

TEST(Flavour, APrintedBinlogSaysWhatWasExecuted) {
  std::istringstream mariadb_text(
      "#261127 11:21:20 server id 7  end_log_pos 299 CRC32 0x2f01e204 \tGtid list [0-1-5,\n"
      "# 0-2-7]\n"
      "# at 647\n"
      "#261127 11:29:58 server id 7  end_log_pos 874 CRC32 0x1b621475 \tGTID 0-3-9 trans\n"
      "#Q> insert into t values ('\tGTID')\n");
  EXPECT_EQ(mariadb().executed_in(mariadb_text).value(), "0-1-5,0-2-7,0-3-9");
  std::istringstream fresh("#261127 server id 7 \tGtid list []\n");
  EXPECT_EQ(mariadb().executed_in(fresh).value(), "");
  std::istringstream mysql_text(
      "#261127 11:29:58 server id 3  end_log_pos 197 CRC32 0x0f \tPrevious-GTIDs\n"
      "# 3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,\n"
      "# 7a2bfa47-71ca-11e1-9e33-c80aa9429562:1\n"
      "SET @@SESSION.GTID_NEXT= '3e11fa47-71ca-11e1-9e33-c80aa9429562:6'/*!*/;\n"
      "SET @@SESSION.GTID_NEXT= 'AUTOMATIC' /* added by mysqlbinlog */ /*!*/;\n");
  EXPECT_EQ(mysql().executed_in(mysql_text).value(),
            "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,7a2bfa47-71ca-11e1-9e33-c80aa9429562:1,"
            "3e11fa47-71ca-11e1-9e33-c80aa9429562:6");
  std::istringstream first("# \tPrevious-GTIDs\n# [empty]\nSET @@SESSION.GTID_NEXT= 'a:1'/*!*/;\n");
  EXPECT_EQ(mysql().executed_in(first).value(), "a:1");
  for (const Flavour* flavour : {&mariadb(), &mysql()}) {
    std::istringstream torn("# at 4\n");
    EXPECT_FALSE(flavour->executed_in(torn));
  }
}

TEST(Flavour, AMariadbCopyStandsWhereItsBinlogStood) {
  const std::string info =
      "lock_time = 1795825774\n"
      "binlog_pos = filename 'binlog.000002', position '47541', GTID of the last change '0-7-747'\n"
      "innodb_from_lsn = 0\n";
  EXPECT_THAT(mariadb().position_queries(info).value(),
              ElementsAre("SELECT BINLOG_GTID_POS('binlog.000002', 47541)",
                          "SHOW BINLOG EVENTS IN 'binlog.000002' LIMIT 3"));
  for (const char* wrong : {"", "\nbinlog_pos = ", "\nbinlog_pos = filename 'a', position 'b', GTID"})
    EXPECT_TRUE(mariadb().position_queries(wrong).error().is(kCopyFailed)) << wrong;

  const auto copied = [](std::optional<std::string> position, std::string list, const char* later) {
    const QueryRows answers[] = {
        {{"BINLOG_GTID_POS('binlog.000002', 47541)"}, {{std::move(position)}}},
        {{"Event_type", "Info"},
         {{"Format_desc", "Binlog ver: 4"}, {"Start_encryption", ""}, {"Gtid_list", std::move(list)}}}};
    return mariadb().copied_gtids(answers, later);
  };
  // Of servers whose numbers have risen since, nothing is known but what the file begins with.
  EXPECT_EQ(copied("0-7-748", "[0-5-600,0-7-702]", "0-5-600,0-7-760").value(), "0-5-600,0-7-748");
  EXPECT_EQ(copied("0-7-748", "[0-5-600]", "0-5-770,0-7-760").value(), "0-5-600,0-7-748");
  EXPECT_EQ(copied("0-7-748", "[]", "0-5-770,0-7-760").value(), "0-7-748");
  // The file has more of an earlier primary than it begins with.
  EXPECT_EQ(copied("0-7-748", "[0-5-600]", "0-5-645,0-7-760").value(), "0-5-645,0-7-748");
  EXPECT_EQ(copied("", "[]", "0-5-770").value(), "");
  // The file begins with a state that was set, and nothing follows yet: not the domain's last is told.
  EXPECT_EQ(copied("0-7-8", "[0-7-8,0-5-1000,1-5-3]", "0-7-8,0-5-1001,1-5-3").value(),
            "0-5-1000,0-7-8,1-5-3");
  EXPECT_TRUE(copied(std::nullopt, "[]", "0-7-760").error().is(kCopyFailed));
}

TEST(Flavour, SaysTheSameInItsOwnWords) {
  EXPECT_THAT(mariadb().semi_sync_source(true), ElementsAre("SET GLOBAL rpl_semi_sync_master_enabled = ON"));
  EXPECT_THAT(mysql().semi_sync_source(false), ElementsAre("SET GLOBAL rpl_semi_sync_source_enabled = OFF"));
  EXPECT_THAT(mariadb().forget_source(), ElementsAre("STOP SLAVE", "RESET SLAVE ALL"));
  EXPECT_THAT(mysql().forget_source(), ElementsAre("STOP REPLICA", "RESET REPLICA ALL"));
  EXPECT_THAT(mariadb().observation_queries().replication, "SHOW SLAVE STATUS");
  EXPECT_THAT(mysql().observation_queries().status, HasSubstr("'Rpl_semi_sync_source_wait_sessions'"));
  const auto value_of = [](const Flavour& flavour, const std::string& name) {
    for (const Setting& setting : flavour.settings(ServerParameters())) {
      if (setting.name == name) return setting.value;
    }
    return std::string("not set");
  };
  EXPECT_EQ(value_of(mariadb(), "rpl_semi_sync_master_wait_no_slave"), "ON");
  EXPECT_EQ(value_of(mariadb(), "rpl_semi_sync_master_timeout"), "18446744073709551615");
  EXPECT_EQ(value_of(mysql(), "rpl_semi_sync_source_wait_no_replica"), "ON");
  EXPECT_EQ(value_of(mysql(), "rpl_semi_sync_source_timeout"), "4294967295");
  EXPECT_EQ(value_of(mysql(), "skip_replica_start"), "ON");
}

TEST(Flavour, AccountsHaveOnlyWhatTheyNeed) {
  for (const Flavour* flavour : {&mariadb(), &mysql()}) {
    for (const AccountSpec& account : flavour->accounts("a_b")) {
      for (const Grant& grant : account.grants) {
        for (const char* never :
             {"SUPER", "ALL PRIVILEGES", "FILE", "GRANT OPTION", "CREATE USER", "SHUTDOWN"}) {
          EXPECT_THAT(grant.privileges, testing::Not(Contains(never))) << account.text();
        }
        if (account.user != kGateUser) continue;
        // The fence: a gate cannot write where the server is read-only, and sees one database, but for the
        // decisions that it writes itself.
        if (grant.object == "*.*") {
          EXPECT_TRUE(grant.privileges.empty());
        } else if (grant.object == "`\\_kintsugi`.*") {
          EXPECT_THAT(grant.privileges, testing::ElementsAre("DELETE", "INSERT", "SELECT"));
        } else {
          EXPECT_EQ(grant.object, "`a\\_b`.*");
        }
      }
    }
  }
}

TEST(Flavour, KnowsThatTheSourceHasPurged) {
  EXPECT_TRUE(mariadb().source_purged(
      1236,
      "Got fatal error 1236 from master when reading data from binary log: 'Could not find GTID state "
      "requested "
      "by slave in any binlog files. Probably the slave state is too old and required binlog files have been "
      "purged.'"));
  EXPECT_FALSE(mariadb().source_purged(2003, "error connecting to master"));
  EXPECT_TRUE(mysql().source_purged(13114, ""));
}

}  // namespace
}  // namespace kintsugi::tablet
