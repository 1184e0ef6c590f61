// Against a real MySQL, for what MariaDB does not have: caching_sha2_password, zstd. Runs as the test
// mysql.wire, which sees to it that the server is there.

#include <cstdlib>

#include <gtest/gtest.h>

#include "base/testing/source_dir.h"

#include "runtime/loop.h"
#include "wire/client_connection.h"
#include "wire/testing/mariadb_server.h"

namespace kintsugi::wire {
namespace {

Task<Result<std::string>> ask(ConnectParams params, std::string sql) {
  auto connection = co_await ClientConnection::connect(std::move(params));
  if (!connection) co_return failure(std::move(connection.error()));
  const auto result = co_await (*connection)->query(std::move(sql));
  if (!result) co_return failure(result.error());
  co_await (*connection)->quit();
  co_return result->value().value_or("NULL");
}

TEST(MysqlServer, CachingSha2PasswordByEveryWay) {
  if (std::getenv("KINTSUGI_TEST_FLAVOUR") == nullptr) GTEST_SKIP() << "is run as mysql.wire";
  const auto server = testing::MariadbServer::start(
      {.settings = {"--max-allowed-packet=64M"}, .mysql = source_dir() + "/build/mysql/mysqld"});
  runtime::Loop loop;
  ConnectParams root = server->root();
  root.deadline = Clock::now() + 60s;
  const auto made = loop.block_on(
      ask(root, "drop user if exists kt; create user kt identified with caching_sha2_password by 'pa ss'"));
  ASSERT_TRUE(made) << made.error().text();
  ConnectParams params = root;
  params.address = server->tcp();
  params.user = "kt";
  params.password = "pa ss";
  for (const auto tls : {mysql::TlsPolicy::disabled, mysql::TlsPolicy::required}) {
    for (const auto compression :
         {mysql::Compression::none, mysql::Compression::zlib, mysql::Compression::zstd}) {
      // The first login of a user needs the password itself, later ones its proof.
      const auto flushed = loop.block_on(ask(root, "flush privileges"));
      ASSERT_TRUE(flushed) << flushed.error().text();
      for (const char* way : {"full", "fast"}) {
        SCOPED_TRACE(::testing::Message() << static_cast<int>(tls) << static_cast<int>(compression) << way);
        params.tls = tls;
        params.compression = compression;
        const auto user = loop.block_on(ask(params, "select concat(current_user(), repeat('x', 20000000))"));
        EXPECT_TRUE(user) << user.error().text();
        if (user) EXPECT_EQ(user->substr(0, 5), "kt@%x");
      }
    }
  }
  params.allow_public_key_retrieval = false;
  params.tls = mysql::TlsPolicy::disabled;
  loop.block_on(ask(root, "flush privileges")).value();
  EXPECT_FALSE(loop.block_on(ask(params, "select 1")));
  params.tls = mysql::TlsPolicy::required;
  EXPECT_EQ(loop.block_on(ask(params, "select 1")), "1");
  params.password = "wrong";
  EXPECT_EQ(loop.block_on(ask(params, "select 1")).error().mysql_errno(), 1045);

  const auto changed = loop.block_on([](ConnectParams as_root) -> Task<Result<void>> {
    auto connection = co_await ClientConnection::connect(std::move(as_root));
    if (!connection) co_return failure(std::move(connection.error()));
    EXPECT_FALSE((*connection)->is_mariadb());
    Result<void> done = co_await (*connection)->change_user("kt", "pa ss", "");
    if (!done) co_return done;
    done = co_await (*connection)->change_user("root", "", "");
    co_return done;
  }(root));
  EXPECT_TRUE(changed) << changed.error().text();
}

}  // namespace
}  // namespace kintsugi::wire
