#include "app/spec_checks.h"

#include <unistd.h>

#include <fmt/format.h>

#include "app/common_options.h"
#include "app/role.h"
#include "gate/users.h"
#include "tablet/flavour.h"

namespace kintsugi::app {

namespace {

std::vector<spec::Mistake> check_options(std::string_view role, const spec::Settings& options) {
  std::vector<spec::Mistake> mistakes = check_role_options(role, options);
  for (spec::Mistake& each : mistakes) {
    if (each.message.ends_with("no such option")) {
      each.message += fmt::format("; `kintsugi {} --help` lists them", role);
    }
  }
  return mistakes;
}

/// One by one, so that each mistake has its place.
std::vector<spec::Mistake> check_settings(spec::Flavour name, const spec::Settings& settings) {
  std::vector<spec::Mistake> mistakes;
  const Result<const tablet::Flavour*> flavour = tablet::find_flavour(spec::name(name));
  if (!flavour) return {{"", flavour.error().message()}};
  // As the agents that this program runs as will have it.
  tablet::ServerParameters parameters;
  parameters.report_host = "127.0.0.1";
  parameters.run_as_root = ::geteuid() == 0;
  const std::vector<tablet::Setting> own = (*flavour)->settings(parameters);
  for (const auto& [setting, value] : settings) {
    Result<std::vector<tablet::UserSetting>> parsed = tablet::parse_user_settings({{setting, value}}, "");
    Result<void> checked;
    if (parsed) checked = tablet::check_user_settings(*parsed, own, (*flavour)->refused_settings());
    if (!parsed) mistakes.push_back({setting, parsed.error().message()});
    if (!checked) mistakes.push_back({setting, checked.error().message()});
  }
  return mistakes;
}

std::vector<spec::Mistake> check_users(const std::string& json) {
  const Result<gate::Users> users = gate::Users::parse(json);
  if (users) return {};
  return {{"", users.error().message()}};
}

std::vector<spec::Mistake> check_levels(const spec::Settings& levels) {
  std::vector<spec::Mistake> mistakes;
  for (const auto& [component, level] : levels) {
    const Result<void> checked = check_log_level(component + "=" + level);
    if (!checked) mistakes.push_back({component, checked.error().message()});
  }
  return mistakes;
}

}  // namespace

spec::PartChecks spec_checks() {
  return {.options = check_options, .settings = check_settings, .users = check_users, .levels = check_levels};
}

}  // namespace kintsugi::app
