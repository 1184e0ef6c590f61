#include "tablet/my_cnf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tablet/errors.h"
#include "tablet/flavour.h"

namespace kintsugi::tablet {
namespace {

ServerParameters parameters() {
  ServerParameters p;
  p.alias = "zone1-101";
  p.server_id = 7;
  p.mysql_data_dir = "/t/data";
  p.tmp_dir = "/t/tmp";
  p.socket = "/t/mysqld.sock";
  p.pid_file = "/t/mysqld.pid";
  p.error_log = "/t/error.log";
  p.port = 3306;
  p.bind_address = "127.0.0.1";
  return p;
}

Result<void> check(const Flavour& flavour, std::string_view text) {
  const Result<std::vector<UserSetting>> user = parse_user_settings({}, text);
  if (!user) return failure(user.error());
  return check_user_settings(*user, flavour.settings(parameters()), flavour.refused_settings());
}

TEST(MyCnf, UserSettingsAreReadFromMapAndText) {
  const auto settings = parse_user_settings(
      {{"sort-buffer-size", "1M"}}, "# mine\n[mysqld]\n wait_timeout = 5 \n; x\nskip-external-locking\r\n");
  ASSERT_TRUE(settings) << settings.error().text();
  const std::vector<UserSetting> expected = {
      {"sort_buffer_size", "1M"}, {"wait_timeout", "5"}, {"skip_external_locking", std::nullopt}};
  EXPECT_EQ(*settings, expected);
}

TEST(MyCnf, MalformedLinesAreNamed) {
  for (const char* text : {"\n\n!include /etc/my.cnf", "\n\n[client]", "\n\n=5", "\n\na b = 5"}) {
    const auto settings = parse_user_settings({}, text);
    ASSERT_FALSE(settings) << text;
    EXPECT_TRUE(settings.error().is(kSettingMalformed));
    EXPECT_THAT(settings.error().message(), testing::StartsWith("my.cnf line 3: "));
  }
  // A value must not smuggle in another line.
  EXPECT_FALSE(parse_user_settings({{"wait_timeout", "5\nread_only=OFF"}}, ""));
  EXPECT_FALSE(parse_user_settings({{"wait_timeout=5\nread_only", "OFF"}}, ""));
}

TEST(MyCnf, WhatKintsugiReliesOnIsRefusedWithItsReason) {
  const Flavour& flavour = *find_flavour("mariadb").value();
  const Result<void> refused = check(flavour, "wait_timeout=5\nsync-binlog=0");
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(kSettingRefused));
  EXPECT_EQ(refused.error().message(),
            "the setting sync_binlog must not be set: an acknowledged commit survives a power cut");

  for (const char* text : {"read_only=OFF", "READ-ONLY=0", "skip-log-bin", "loose_skip_log_bin",
                           "disable-log-bin", "loose-read_only=0", "binlog_form=STATEMENT",
                           "innodb_flush_log_at_trx=2", "skip_grant_tables", "skip-grant", "init_file=/x",
                           "replicate_ignore_db=a", "gtid_strict_mode=OFF", "rpl_semi_sync_master_timeout=1",
                           "server-id=1", "datadir=/var/lib/mysql", "skip_slave_start=0", "port=3306"}) {
    EXPECT_FALSE(check(flavour, text)) << text;
  }
  for (const char* text : {"innodb_buffer_pool_size=1G", "max_connections=10", "character_set_server=latin1",
                           "skip_external_locking", "plugin_load_add=ha_rocksdb", "log_output=TABLE",
                           "slow_query_log=ON", "innodb_log_file_size=1G", "basedir=/opt/mariadb"}) {
    const Result<void> allowed = check(flavour, text);
    EXPECT_TRUE(allowed) << text << ": " << allowed.error().text();
  }
  // In MySQL's words, and in the older ones that some of its versions still take.
  for (const char* text : {"super_read_only=OFF", "gtid_mode=OFF", "mysqlx=ON", "skip-replica-start=0",
                           "log_replica_updates=OFF", "log-slave-updates=OFF", "offline_mode=ON",
                           "rpl_semi_sync_master_timeout=1", "rpl_semi_sync_source_enabled=OFF"}) {
    EXPECT_FALSE(check(*find_flavour("mysql").value(), text)) << text;
  }
}

TEST(MyCnf, FileHasOwnSettingsWithReasonsThenTheUsers) {
  const Flavour& flavour = *find_flavour("mariadb").value();
  const auto own = flavour.settings(parameters());
  const std::string file =
      render_my_cnf("zone1-101", own, std::vector<UserSetting>{{"max_connections", "7"}});
  EXPECT_THAT(file, testing::HasSubstr("\n# an acknowledged commit survives a power cut\nsync_binlog = 1\n"));
  EXPECT_THAT(file, testing::HasSubstr("\nread_only = ON\n"));
  EXPECT_THAT(file, testing::HasSubstr("\ngtid_strict_mode = ON\n"));
  EXPECT_THAT(file, testing::HasSubstr("\nrpl_semi_sync_master_wait_point = AFTER_SYNC\n"));
  EXPECT_GT(file.find("max_connections = 7"), file.find("max_connections = 1000"));
  EXPECT_THAT(file, testing::EndsWith("# From the cluster spec.\n\nmax_connections = 7\n"));
}

TEST(MyCnf, EveryOwnSettingSaysWhyAndIsThereOnce) {
  for (const char* name : {"mariadb", "mysql"}) {
    ServerParameters p = parameters();
    p.small_memory = true;
    p.run_as_root = true;
    std::map<std::string, int> seen;
    for (const Setting& setting : find_flavour(name).value()->settings(p)) {
      EXPECT_FALSE(setting.why.empty()) << setting.name;
      EXPECT_EQ(++seen[setting.name], 1) << name << ": " << setting.name;
    }
  }
}

}  // namespace
}  // namespace kintsugi::tablet
