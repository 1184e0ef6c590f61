#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/task.h"
#include "base/time.h"
#include "tablet/flavour.h"
#include "topo/names.h"

namespace kintsugi::runtime {
class Cancel;
}

namespace kintsugi::tablet {

/// What is where in a tablet's folder. The folder's own path is absolute and without links.
struct TabletFiles {
  TabletFiles() = default;
  explicit TabletFiles(std::string folder);
  std::string root;
  std::string identity;  ///< tablet.json: whose data this is
  std::string opened;    ///< opened.json: see detail/opened.h
  std::string lock;      ///< held by the one agent that works here
  std::string my_cnf;
  std::string data;             ///< mysqld's data directory
  std::string data_unfinished;  ///< while it is being made
  std::string data_copied;      ///< a copy of another tablet's, until it takes the place of `data`
  std::string data_replaced;    ///< `data`, until the copy's server has started
  std::string reclone;          ///< reclone.json: see detail/reclone.h
  std::string saved;            ///< folder of transactions that were taken off
  std::string copy_tmp;         ///< of the program that copies
  std::string copy_log;         ///< what programs say that copy, unpack and prepare
  std::string replayed;         ///< a transaction out of the binlog, while it is run again
  std::string init_file;        ///< what is run when it is being made
  std::string tmp;
  std::string socket;
  std::string pid_file;
  std::string error_log;
};

/// A server id for a new data directory.
std::uint32_t make_server_id();

/// Whose data a folder holds. Made anew with each data directory.
struct Identity {
  topo::TabletAlias alias;
  topo::ShardName shard;
  std::string flavour;
  std::string owner;            ///< 128 random bits as hex: tells two folders that claim one alias apart
  std::uint32_t server_id = 0;  ///< random: see my.cnf
  WallTime created_at{};
};

struct DataDirRequest {
  topo::TabletAlias alias;
  topo::ShardName shard;
  std::string program;  ///< the server's
  std::string os_user;
  std::span<const UserSetting> user_settings;
};

/// A tablet's folder, held against other agents as long as this lives.
///
/// A data directory comes into being under another name and is renamed when it is whole and on the disk;
/// whatever an agent that died in the middle has left, processes too, is thrown away.
class DataDir {
 public:
  /// Makes the folder if it is not there, and takes its lock. kDataDirUnusable: not ours, not writable,
  /// another agent works there, its path is too long for a unix socket.
  static Result<DataDir> open(const std::string& folder, const std::string& socket);
  DataDir(DataDir&&) noexcept = default;
  DataDir& operator=(DataDir&&) noexcept = default;

  const TabletFiles& files() const { return files_; }

  /// Reads the identity, after the data directory was made if there was none. kDataDirUnusable if the data is
  /// another tablet's or of another flavour; kInitialiseFailed with what the server's own program said.
  Task<Result<Identity>> prepare(const Flavour& flavour, DataDirRequest request, runtime::Cancel* cancel);

  /// Makes a data directory in this folder, which need not be there; what is in it is thrown away.
  Task<Result<void>> initialise(const Flavour& flavour, DataDirRequest request, std::string folder,
                                runtime::Cancel* cancel);

  /// The data that was copied from another tablet takes the place of this one's, whose server must not run;
  /// under another server id, since numbers of transactions of the old one come again. May be repeated
  /// whenever it was not done whole. Blocks, shortly.
  Result<Identity> take_copy(Identity identity, std::uint32_t server_id);

 private:
  struct Lock {
    explicit Lock(int descriptor) : fd(descriptor) {}
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock();
    int fd;
  };
  DataDir(TabletFiles files, std::unique_ptr<Lock> lock) : files_(std::move(files)), lock_(std::move(lock)) {}
  Result<Identity> read_identity(const Flavour& flavour, const DataDirRequest& request) const;

  TabletFiles files_;
  std::unique_ptr<Lock> lock_;
};

}  // namespace kintsugi::tablet
