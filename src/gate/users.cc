#include "gate/users.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "gate/errors.h"

namespace kintsugi::gate {
namespace {

namespace json = boost::json;

bool is_local(std::string_view host) {
  return host == "unix" || host == "::1" || host.starts_with("127.") || host.starts_with("::ffff:127.");
}

bool host_matches(std::string_view source, std::string_view host) {
  if (source.empty() || source == "%") return true;
  if (source == "localhost") return is_local(host);
  return source == host;
}

Result<std::string> text_of(std::string_view field, const json::value& value) {
  if (!value.is_string()) return failure(kBadUsers, fmt::format("{}: a string is expected", field));
  return std::string(value.as_string());
}

Result<void> read_groups(const json::value& value, UserEntry& entry) {
  if (!value.is_array()) return failure(kBadUsers, "Groups: a list of strings is expected");
  for (const json::value& group : value.as_array()) {
    Result<std::string> text = text_of("Groups", group);
    if (!text) return failure(std::move(text.error()));
    entry.groups.push_back(std::move(*text));
  }
  return {};
}

Result<void> read_permission(std::string_view field, const json::value& value,
                             vschema::Permission& permission) {
  Result<std::string> text = text_of(field, value);
  if (!text) return failure(std::move(text.error()));
  Result<vschema::Permission> read = vschema::parse_permission(*text);
  if (!read) return failure(kBadUsers, fmt::format("{}: {}", field, read.error().message()));
  permission = *read;
  return {};
}

Result<void> read_limit(std::string_view field, const json::value& value, std::uint32_t& limit) {
  const auto* number = value.if_int64();
  if (number == nullptr || *number < 0 || *number > UINT32_MAX)
    return failure(kBadUsers, fmt::format("{}: a number from 0 to 4294967295 is expected", field));
  limit = static_cast<std::uint32_t>(*number);
  return {};
}

Result<void> read_flag(std::string_view field, const json::value& value, bool& flag) {
  if (!value.is_bool()) return failure(kBadUsers, fmt::format("{}: true or false is expected", field));
  flag = value.as_bool();
  return {};
}

/// What an entry says of its password; the hashes are laid over it at the end, since fields have no order.
struct Secrets {
  bool password_given = false;
  std::string password;
  std::string native;
  std::string sha2;
};

Result<void> read_field(std::string_view name, const json::value& value, UserEntry& entry, Secrets& secrets) {
  if (name == "Groups") return read_groups(value, entry);
  if (name == "Scatter") return read_permission(name, value, entry.scatter);
  if (name == "Gather") return read_permission(name, value, entry.gather);
  if (name == "Files") return read_flag(name, value, entry.files);
  if (name == "ConnectionsMax") return read_limit(name, value, entry.limits.connections_max);
  if (name == "StatementsMax") return read_limit(name, value, entry.limits.statements_max);
  if (name == "RateMax") return read_limit(name, value, entry.limits.rate_max);
  std::string* into = name == "UserData"              ? &entry.caller
                      : name == "Password"            ? &secrets.password
                      : name == "MysqlNativePassword" ? &secrets.native
                      : name == "CachingSha2Password" ? &secrets.sha2
                      : name == "SourceHost"          ? &entry.source_host
                                                      : nullptr;
  if (into == nullptr) {
    return failure(kBadUsers,
                   fmt::format("unknown field '{}' (known are UserData, Password, MysqlNativePassword, "
                               "CachingSha2Password, SourceHost, Groups, Scatter, Gather, Files, "
                               "ConnectionsMax, StatementsMax, RateMax)",
                               name));
  }
  Result<std::string> text = text_of(name, value);
  if (!text) return failure(std::move(text.error()));
  *into = std::move(*text);
  if (name == "Password") secrets.password_given = true;
  return {};
}

Result<mysql::Credential> credential_of(const Secrets& secrets) {
  if (!secrets.password_given && secrets.native.empty() && secrets.sha2.empty()) {
    return failure(kBadUsers, "no Password, MysqlNativePassword or CachingSha2Password");
  }
  mysql::Credential credential;
  if (secrets.password_given) credential = mysql::Credential::from_password(secrets.password);
  if (!secrets.native.empty()) {
    Result<mysql::Sha1Digest> hash = mysql::parse_native_hash(secrets.native);
    if (!hash) return failure(kBadUsers, "MysqlNativePassword: " + hash.error().message());
    credential.native = *hash;
    credential.empty = false;
  }
  if (!secrets.sha2.empty()) {
    Result<mysql::Sha256Digest> hash = mysql::parse_sha2_hash(secrets.sha2);
    if (!hash) return failure(kBadUsers, "CachingSha2Password: " + hash.error().message());
    credential.sha2 = *hash;
    credential.empty = false;
  }
  return credential;
}

Result<UserEntry> read_entry(std::string_view user, const json::value& value) {
  if (!value.is_object()) return failure(kBadUsers, "an object is expected");
  UserEntry entry;
  Secrets secrets;
  for (const auto& field : value.as_object()) {
    Result<void> read = read_field(field.key(), field.value(), entry, secrets);
    if (!read) return failure(std::move(read.error()));
  }
  Result<mysql::Credential> credential = credential_of(secrets);
  if (!credential) return failure(std::move(credential.error()));
  entry.credential = *credential;
  if (entry.caller.empty()) entry.caller = user;
  return entry;
}

}  // namespace

Result<Users> Users::parse(std::string_view text) {
  boost::system::error_code error;
  json::parser parser;
  const std::size_t used = parser.write_some(text.data(), text.size(), error);
  if (error) return failure(kBadUsers, fmt::format("not JSON at byte {}: {}", used, error.message()));
  if (text.find_first_not_of(" \t\r\n", used) != std::string_view::npos) {
    return failure(kBadUsers, fmt::format("more behind the JSON at byte {}", used));
  }
  const json::value document = parser.release();
  if (!document.is_object()) return failure(kBadUsers, "an object of users is expected");

  Users users;
  for (const auto& user : document.as_object()) {
    const std::string name(user.key());
    if (!user.value().is_array()) {
      return failure(kBadUsers, fmt::format("user '{}': a list of entries is expected", name));
    }
    std::size_t number = 0;
    for (const json::value& value : user.value().as_array()) {
      ++number;
      Result<UserEntry> entry = read_entry(name, value);
      if (!entry)
        return failure(entry.error().with_context(fmt::format("user '{}', entry {}", name, number)));
      if (name == "user" && entry->caller != name) users.users_[entry->caller].push_back(*entry);
      users.users_[name].push_back(std::move(*entry));
    }
  }
  return users;
}

std::vector<const UserEntry*> Users::find(std::string_view user, std::string_view host) const {
  std::vector<const UserEntry*> found;
  const auto entries = users_.find(user);
  if (entries == users_.end()) return found;
  for (const UserEntry& entry : entries->second) {
    if (host_matches(entry.source_host, host)) found.push_back(&entry);
  }
  return found;
}

Result<bool> UsersFile::refresh() {
  struct stat info{};
  Stamp stamp;
  const bool there = ::stat(path_.c_str(), &info) == 0;
  const int why = errno;
  if (there) {
    stamp.inode = info.st_ino;
    stamp.changed_ns = info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec;
    stamp.size = info.st_size;
  } else {
    stamp.size = -2;
  }
  if (stamp == seen_) return false;
  seen_ = stamp;
  if (!there) return failure(kBadUsers, fmt::format("{}: {}", path_, std::strerror(why)));

  std::ifstream file(path_, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return failure(kBadUsers, fmt::format("{}: cannot be read", path_));
  Result<Users> users = Users::parse(text.str());
  if (!users) return failure(users.error().with_context(path_));
  users_ = std::make_shared<const Users>(std::move(*users));
  return true;
}

}  // namespace kintsugi::gate
