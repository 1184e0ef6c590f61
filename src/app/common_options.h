#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace kintsugi {
class OptionTable;
}

namespace kintsugi::app {

enum class LogFormatOption { text, json };

/// What every role can be told. Each field is described where it is declared.
struct CommonOptions {
  std::string config;
  std::string cluster = "kintsugi";
  std::string http_host = "127.0.0.1";
  std::uint16_t http_port = 0;
  std::vector<std::string> log_level = {"info"};
  LogFormatOption log_format = LogFormatOption::text;

  std::vector<std::string> topology = {"http://127.0.0.1:2379"};
  std::string topology_user;
  std::string topology_password_file;
  std::string topology_tls_ca;
  std::string topology_tls_certificate;
  std::string topology_tls_key;
};

void declare(OptionTable& table, CommonOptions& options);

/// One item of --log-level: a level for all, or "component=level". Says what there is.
Result<void> check_log_level(std::string_view item);

/// Takes the log's options over, at the start and again when they change.
void apply_log_options(const CommonOptions& options);

/// --config FILE, the environment, then flags. kBadOption.
Result<void> read_configuration(OptionTable& table, const std::vector<std::string>& arguments,
                                const char* const* environment);

}  // namespace kintsugi::app
