#include "tablet/grants.h"

#include <algorithm>
#include <map>

namespace kintsugi::tablet {
namespace {

/// Cuts off and returns what stands before `word`, which must be outside of quotes; nothing if it is not
/// there.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view word) {
  char quote = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '`' || c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    } else if (depth == 0 && text.substr(i).starts_with(word)) {
      const std::string_view before = text.substr(0, i);
      text.remove_prefix(i + word.size());
      return before;
    }
  }
  return std::nullopt;
}

std::string join(const std::set<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : ", ") + word;
  return joined;
}

std::string grant_statement(const AccountSpec& account, const std::set<std::string>& privileges,
                            const std::string& object) {
  return "GRANT " + join(privileges) + " ON " + object + " TO " + account.quoted();
}

std::set<std::string> without(const std::set<std::string>& all, const std::set<std::string>& part) {
  std::set<std::string> rest;
  std::set_difference(all.begin(), all.end(), part.begin(), part.end(), std::inserter(rest, rest.end()));
  return rest;
}

}  // namespace

Result<Grant> parse_grant(std::string_view line) {
  const auto unreadable = [&] {
    return failure(kInvalidArgument, "not a grant of rights: " + std::string(line));
  };
  std::string_view rest = line;
  if (!rest.starts_with("GRANT ")) return unreadable();
  rest.remove_prefix(6);
  std::optional<std::string_view> privileges = take_until(rest, " ON ");
  const std::optional<std::string_view> object = take_until(rest, " TO ");
  if (!privileges || !object || privileges->starts_with("PROXY")) return unreadable();
  Grant grant;
  grant.object = *object;
  grant.with_grant_option = rest.find("WITH GRANT OPTION") != std::string_view::npos;
  while (privileges) {
    std::string_view all = *privileges;
    const std::optional<std::string_view> first = take_until(all, ",");
    std::string_view privilege = first ? *first : *privileges;
    privileges = first ? std::optional(all) : std::nullopt;
    while (privilege.starts_with(' ')) privilege.remove_prefix(1);
    if (privilege != "USAGE") grant.privileges.emplace(privilege);
  }
  return grant;
}

std::vector<std::string> repair_grants(const AccountSpec& account, std::span<const std::string> shown,
                                       const std::set<std::string>& all_in_database) {
  std::vector<std::string> statements;
  std::map<std::string, Grant> present;
  for (const std::string& line : shown) {
    Result<Grant> grant = parse_grant(line);
    if (!grant)
      continue;  // roles and PROXY are nothing that Kintsugi's accounts get; they give no rights by
                 // themselves
    Grant& merged = present[grant->object];
    merged.privileges.merge(grant->privileges);
    merged.with_grant_option |= grant->with_grant_option;
  }
  for (auto& [object, grant] : present) {
    if (grant.privileges.erase("ALL PRIVILEGES") == 0) continue;
    if (object != "*.*" && object.ends_with(".*")) {
      grant.privileges = all_in_database;
    } else {
      // Taken away as a whole, before what is wanted is given.
      statements.push_back("REVOKE ALL PRIVILEGES ON " + object + " FROM " + account.quoted());
    }
  }
  std::map<std::string, std::set<std::string>> wanted;
  for (const Grant& grant : account.grants) wanted[grant.object] = grant.privileges;
  for (const auto& [object, privileges] : wanted) {
    const std::set<std::string> missing = without(privileges, present[object].privileges);
    if (!missing.empty()) statements.push_back(grant_statement(account, missing, object));
  }
  for (const auto& [object, grant] : present) {
    std::set<std::string> surplus = without(grant.privileges, wanted[object]);
    if (grant.with_grant_option) surplus.insert("GRANT OPTION");
    if (surplus.empty()) continue;
    statements.push_back("REVOKE " + join(surplus) + " ON " + object + " FROM " + account.quoted());
  }
  return statements;
}

std::vector<std::string> grant_statements(const AccountSpec& account) {
  std::vector<std::string> statements;
  for (const Grant& grant : account.grants) {
    if (!grant.privileges.empty())
      statements.push_back(grant_statement(account, grant.privileges, grant.object));
  }
  return statements;
}

}  // namespace kintsugi::tablet
