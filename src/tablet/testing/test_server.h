#pragma once

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/testing/source_dir.h"
#include "tablet/flavour.h"

namespace kintsugi::tablet {

/// The server that this run of the tests starts: MariaDB, or with KINTSUGI_TEST_FLAVOUR=mysql the MySQL that
/// tools/mysql/install unpacks.
struct TestServer {
  std::string flavour = "mariadb";
  std::string program = "/usr/sbin/mariadbd";
  std::string os_user = ::getpwuid(::geteuid())->pw_name;  ///< who logs in as root

  TestServer() {
    const char* wanted = std::getenv("KINTSUGI_TEST_FLAVOUR");
    if (wanted == nullptr || wanted == flavour) return;
    flavour = wanted;
    program = source_dir() + "/build/mysql/mysqld";
  }
  bool is_mariadb() const { return flavour == "mariadb"; }
  const Flavour& words() const { return *find_flavour(flavour).value(); }
};

}  // namespace kintsugi::tablet
