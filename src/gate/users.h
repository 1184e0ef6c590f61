#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "mysql/auth.h"
#include "vschema/vschema.h"

namespace kintsugi::gate {

/// One valid password of a user, and who its bearer is.
struct UserEntry {
  mysql::Credential credential;
  std::string caller;       ///< UserData: the name that privileges are given to; the user's by default
  std::string source_host;  ///< empty: from anywhere
  std::vector<std::string> groups;
  vschema::Permission scatter = vschema::Permission::allow;
  vschema::Permission gather = vschema::Permission::allow;
  bool files = false;          ///< may read and write in the gate's files_folder
  vschema::LoadLimits limits;  ///< ConnectionsMax, StatementsMax, RateMax
};

/// The users of users.json. Immutable; any thread.
///
/// The file is an object whose keys are user names and whose values are lists of entries, any of which lets
/// the user in:
///
///     {"alice": [{"Password": "secret", "Groups": ["writers"]},
///                {"MysqlNativePassword": "*9E12…", "CachingSha2Password": "61b1…", "SourceHost":
///                "localhost"}]}
///
/// Under the key "user" an entry is reached by its UserData as well: `{"user": [{"UserData": "alice", …}]}`
/// lets both "user" and "alice" in. A hash overrides Password for its method. SourceHost: "" or "%" anywhere,
/// "localhost" a unix socket or a loopback address, else the very address of the client. Scatter and Gather
/// are "allow", "ask" or "forbid" (gate/limits.h). ConnectionsMax, StatementsMax and RateMax are numbers
/// (gate/admission.h). Files is true or false: whether the user may read and write files of the gate's
/// machine (gate/files_folder.h).
class Users {
 public:
  /// kBadUsers names the user, the entry's number and the field that is unknown or wrong.
  static Result<Users> parse(std::string_view json);

  /// The entries that let `user` in from `host` (an address, or "unix"); empty if there are none.
  std::vector<const UserEntry*> find(std::string_view user, std::string_view host) const;
  std::size_t size() const { return users_.size(); }

 private:
  std::map<std::string, std::vector<UserEntry>, std::less<>> users_;
};

/// users.json on the disk, looked at again when it changed. On one loop.
class UsersFile {
 public:
  explicit UsersFile(std::string path) : path_(std::move(path)) {}

  /// Reads the file if it is another than the last time. True: current() is new. A file that is missing or
  /// wrong keeps the users there were, and fails once for each change of it.
  Result<bool> refresh();
  /// Null before the first refresh() that succeeded.
  const std::shared_ptr<const Users>& current() const { return users_; }

 private:
  struct Stamp {
    std::uint64_t inode = 0;
    std::int64_t changed_ns = -1;
    std::int64_t size = -1;
    bool operator==(const Stamp&) const = default;
  };
  std::string path_;
  Stamp seen_;
  std::shared_ptr<const Users> users_;
};

}  // namespace kintsugi::gate
