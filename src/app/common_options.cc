#include "app/common_options.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include "base/log.h"
#include "base/nearest.h"
#include "base/options.h"

namespace kintsugi::app {

namespace {

Result<void> check_log_levels(std::string_view text) {
  std::stringstream parts{std::string(text)};
  for (std::string part; std::getline(parts, part, ',');) {
    if (Result<void> checked = check_log_level(part); !checked) return checked;
  }
  return {};
}

/// What --config says, before the flags are read in their turn.
std::optional<std::string> config_file(const std::vector<std::string>& arguments,
                                       const char* const* environment) {
  std::optional<std::string> file;
  constexpr std::string_view kVariable = "KINTSUGI_CONFIG=";
  for (const char* const* variable = environment; *variable != nullptr; ++variable) {
    if (std::string_view(*variable).starts_with(kVariable)) file = *variable + kVariable.size();
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--config" && i + 1 < arguments.size()) file = arguments[i + 1];
    if (arguments[i].starts_with("--config=")) file = arguments[i].substr(9);
  }
  return file;
}

Result<std::map<std::string, std::string>> read_file(const std::string& path) {
  std::ifstream in(path);
  if (!in)
    return failure(kBadOption,
                   fmt::format("cannot read the configuration file {}: {}", path, std::strerror(errno)));
  std::map<std::string, std::string> values;
  // yaml-cpp tells of bad input by exceptions; they end here.
  try {
    const YAML::Node root = YAML::Load(in);
    if (root.IsNull()) return values;
    if (!root.IsMap()) return failure(kBadOption, fmt::format("{}: expected lines `name: value`", path));
    for (const auto& each : root) {
      std::string value;
      if (each.second.IsSequence()) {
        for (const auto& item : each.second) value += (value.empty() ? "" : ",") + item.as<std::string>();
      } else if (each.second.IsScalar()) {
        value = each.second.Scalar();
      } else {
        return failure(kBadOption, fmt::format("{}:{}: '{}' has no value", path, each.first.Mark().line + 1,
                                               each.first.Scalar()));
      }
      values[each.first.Scalar()] = value;
    }
  } catch (const YAML::Exception& error) {
    return failure(kBadOption,
                   fmt::format("{}:{}: not valid YAML: {}", path, error.mark.line + 1, error.msg));
  }
  return values;
}

}  // namespace

Result<void> check_log_level(std::string_view item) {
  const std::size_t equals = item.find('=');
  const Result<LogLevel> level =
      log_settings::parse_level(equals == std::string_view::npos ? item : item.substr(equals + 1));
  if (!level) return failure(level.error());
  if (equals == std::string_view::npos) return {};
  const std::string component(item.substr(0, equals));
  const std::map<std::string, LogLevel> known = log_settings::levels();
  if (component == "*" || known.contains(component)) return {};
  std::vector<std::string_view> names;
  for (const auto& [name, current] : known) names.push_back(name);
  const std::string_view near = nearest(component, names);
  return failure(kBadOption,
                 near.empty()
                     ? fmt::format("no component '{}' logs; there are {}", component, fmt::join(names, ", "))
                     : fmt::format("no component '{}' logs; did you mean '{}'?", component, near));
}

void declare(OptionTable& table, CommonOptions& options) {
  table.section("Process");
  table.text("config", options.config,
             "A YAML file of options, `name: value`; flags and the environment win over it.");
  table.text("cluster", options.cluster, "The cluster's name: its topology is below /kintsugi/<cluster>.");
  table.text("http_host", options.http_host, "The address that API, metrics and pages are served at.");
  table.integer("http_port", options.http_port, {0, 65535}, "Its port; 0: a free one.");
  table
      .list(
          "log_level", options.log_level,
          "What is logged: debug, info, warning, error or off, and `component=level` for single components.")
      .valid_if(check_log_levels)
      .reloadable();
  table.choice("log_format", options.log_format, {"text", "json"}, "How a line of the log is written.")
      .reloadable();
  table.section("Topology");
  table.list("topology", options.topology, "URLs of the etcd that holds the topology.");
  table.text("topology_user", options.topology_user, "The user of etcd's that this process is; empty: none.");
  table.text("topology_password_file", options.topology_password_file,
             "A file that holds the user's password; read again at each login.");
  table.text("topology_tls_ca", options.topology_tls_ca,
             "PEM file of authorities that etcd's certificate is checked by; https URLs need it.");
  table.text("topology_tls_certificate", options.topology_tls_certificate,
             "PEM file of the certificate shown to etcd. It must have no common name if etcd has users.");
  table.text("topology_tls_key", options.topology_tls_key, "PEM file of that certificate's key.");
}

void apply_log_options(const CommonOptions& options) {
  log_settings::set_format(options.log_format == LogFormatOption::json ? LogFormat::json : LogFormat::text);
  // The one for all first, whatever the order: it would undo the others.
  for (const bool single : {false, true}) {
    for (const std::string& each : options.log_level) {
      const std::size_t equals = each.find('=');
      if ((equals != std::string::npos) != single) continue;
      const Result<LogLevel> level = log_settings::parse_level(single ? each.substr(equals + 1) : each);
      if (level) log_settings::set_level(single ? each.substr(0, equals) : "*", *level);
    }
  }
}

Result<void> read_configuration(OptionTable& table, const std::vector<std::string>& arguments,
                                const char* const* environment) {
  if (const std::optional<std::string> file = config_file(arguments, environment)) {
    const Result<std::map<std::string, std::string>> values = read_file(*file);
    if (!values) return failure(values.error());
    if (Result<void> read = table.parse_map(*values, *file); !read) return read;
  }
  if (Result<void> read = table.parse_environment(environment); !read) return read;
  if (Result<void> read = table.parse_flags(arguments); !read) return read;
  return table.help_requested() ? Result<void>() : table.check();
}

}  // namespace kintsugi::app
