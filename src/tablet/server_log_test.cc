#include "tablet/server_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tablet/errors.h"

namespace kintsugi::tablet {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ServerLog, OnlyTheLastErrorsAreKept) {
  EXPECT_EQ(error_lines("1 [ERROR] a\n2 [Note] b\nERROR: 1005  c\n3 [ERROR] d", 2),
            "ERROR: 1005  c\n3 [ERROR] d");
  EXPECT_EQ(error_lines("2 [Note] b\n", 2), "");
  EXPECT_EQ(error_lines("", 2), "");
}

TEST(ServerLog, AStartFailureNamesTheCauseAndQuotesTheErrors) {
  const Error port = explain_start_failure(
      "2026-11-22 [Note] Starting\n"
      "2026-11-22 [ERROR] Can't start server: Bind on TCP/IP port. Got error: 98: Address already in use\n"
      "2026-11-22 [ERROR] Aborting\n",
      "exit code 1", 3306);
  EXPECT_TRUE(port.is(kPortTaken));
  EXPECT_THAT(port.message(), HasSubstr("port 3306"));
  EXPECT_THAT(port.message(), HasSubstr("Bind on TCP/IP port"));
  EXPECT_THAT(port.message(), Not(HasSubstr("[Note]")));

  const Error unknown = explain_start_failure("[ERROR] mariadbd: unknown variable 'x=1'\n", "exit code 7", 1);
  EXPECT_TRUE(unknown.is(kMysqldNotStarted));
  EXPECT_THAT(unknown.message(), HasSubstr("Take the setting out"));
  EXPECT_THAT(explain_start_failure("no marked line", "signal 9 (Killed)", 1).message(),
              testing::AllOf(HasSubstr("signal 9"), HasSubstr("no marked line")));
}

TEST(ServerLog, DataIsToBlameWhereNothingElseIs) {
  EXPECT_TRUE(
      blames_data("2026-11-27 11:17:14 0x7fbb InnoDB: Assertion failure in file trx0purge.cc line 901\n"
                  "261127 11:17:14 [ERROR] mariadbd got signal 6 ;\n"));
  EXPECT_TRUE(
      blames_data("[ERROR] [MY-012179] [InnoDB] Database page corruption on disk or a failed file read\n"));
  EXPECT_TRUE(
      blames_data("[ERROR] InnoDB: Unable to apply log to corrupted page 7 in file ./ibdata1\n"
                  "[ERROR] InnoDB: Plugin initialization aborted with error Failed, retry may succeed\n"));
  EXPECT_FALSE(blames_data("[Note] InnoDB: nothing is corrupted\n[ERROR] Aborting\n"));
  EXPECT_FALSE(blames_data("[ERROR] InnoDB: Assertion failure\n[ERROR] Error writing file (Errcode: 28)\n"));
  EXPECT_FALSE(blames_data("[ERROR] mariadbd: unknown variable 'x=1'\n"));
  EXPECT_FALSE(blames_data(""));
}

// What the servers say when a write fails, whatever they were at.
TEST(ServerLog, AFullDiskIsCalledThat) {
  for (const char* line :
       {"[ERROR] InnoDB: OS error: 28\n", "[ERROR] mariadbd: Disk full (/t/binlog.~rec~); waiting\n",
        "[ERROR] InnoDB: Error number 28 means 'No space left on device'\n",
        "[ERROR] InnoDB: preallocating 12582912 bytes for file ./ibdata1 failed with error 28\n",
        "[ERROR] mariadbd: Error writing file './aria_log' (Errcode: 28 \"No space left on device\")\n"}) {
    EXPECT_THAT(explain_start_failure(line, "exit code 1", 1).message(), HasSubstr("make room")) << line;
    const Error made = explain_initialise_failure("mariadb-install-db", "exit code 1", line);
    EXPECT_TRUE(made.is(kInitialiseFailed));
    EXPECT_THAT(made.message(), HasSubstr("make room")) << line;
  }
}

TEST(ServerLog, AnInitialiseFailureWithoutErrorLinesQuotesTheBeginning) {
  const Error made =
      explain_initialise_failure("mysqld", "exit code 2", "it is\nbroken" + std::string(9000, ' '));
  EXPECT_THAT(made.message(), HasSubstr("mysqld ended with exit code 2. It said: it is\nbroken"));
  EXPECT_LT(made.message().size(), 2000u);
}

}  // namespace
}  // namespace kintsugi::tablet
