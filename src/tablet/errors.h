#pragma once

#include "base/error.h"

namespace kintsugi::tablet {

/// A setting of the spec is one that replication and fencing stand on.
inline constexpr ErrorCode kSettingRefused{5001, "setting_refused", 1105, "HY000",
                                           "Take it out of the tablet's my.cnf settings in the cluster spec"};
/// A line of the settings is no setting.
inline constexpr ErrorCode kSettingMalformed{
    5002, "setting_malformed", 1105, "HY000",
    "Settings are lines `name=value`, as in the [mysqld] group of a my.cnf"};
/// A file or folder of the tablet cannot be made, read or written, or is another tablet's.
inline constexpr ErrorCode kDataDirUnusable{5003, "data_dir_unusable"};
/// A new data directory could not be made.
inline constexpr ErrorCode kInitialiseFailed{5004, "initialise_failed"};
/// mysqld did not start, or does not begin to answer.
inline constexpr ErrorCode kMysqldNotStarted{5005, "mysqld_not_started"};
/// mysqld does not run, or does not answer.
inline constexpr ErrorCode kMysqldDown{5006, "mysqld_down", 2002, "HY000",
                                       "The agent starts it again by itself"};
/// The server is of a version that Kintsugi does not run on.
inline constexpr ErrorCode kUnsupportedServer{
    5007, "unsupported_server", 1105, "HY000",
    "Kintsugi runs on MariaDB 10.11 or later and on MySQL 8.0.26 or later"};
/// A password file of Kintsugi's accounts is missing, empty, or can be read by others.
inline constexpr ErrorCode kCredentialsUnusable{5008, "credentials_unusable"};
/// The tablet is not its shard's primary, or not under the epoch that was named.
inline constexpr ErrorCode kNotPrimary{5009, "not_primary", 1290, "HY000",
                                       "Read the shard's record again and retry"};
/// Somebody else has the port or socket that mysqld was given.
inline constexpr ErrorCode kPortTaken{
    5010, "port_taken", 1105, "HY000",
    "Stop what listens there (`ss -ltnp` tells), or give the tablet another port"};
/// A tablet gives its data to one other at a time, and only to one that knows the cluster's passwords.
inline constexpr ErrorCode kCopyRefused{5011, "copy_refused", 1105, "HY000",
                                        "`kintsugi recovery list` shows what is under way"};
/// A tablet's data could not be made anew from another's. What it had is as it was.
inline constexpr ErrorCode kCopyFailed{5012, "copy_failed", 1105, "HY000",
                                       "`kintsugi tablet reclone` begins again"};
/// The tablet's data cannot be made anew now.
inline constexpr ErrorCode kRecloneRefused{5013, "reclone_refused", 1105, "HY000",
                                           "`kintsugi shard show` says how the tablets are"};
/// A write to the disk of the data directory does not end.
inline constexpr ErrorCode kDiskHangs{
    5014, "disk_hangs", 1105, "HY000",
    "Look at the disk and the kernel's log (`dmesg`): it gives no error, so "
    "nothing but the disk itself can end this"};

/// Nobody is there who changes a shard's primary.
inline constexpr ErrorCode kNoLeader{5015, "no_leader", 1105, "HY000",
                                     "Start a control (`kintsugi control`)"};

/// A server that must come to rest has sessions that may still write and do not end.
inline constexpr ErrorCode kWritersStay{
    5016, "writers_stay", 1105, "HY000",
    "SHOW PROCESSLIST at that server (root, over its unix socket) says what they do; it is tried again"};

/// What is in a server's binlog and not in its engine could not be run again.
inline constexpr ErrorCode kReplayFailed{
    5017, "replay_failed", 1105, "HY000",
    "`mariadb -u root -S mysqld.sock < replayed.sql` in the tablet's folder runs it once more"};

/// The shard has nothing prepared of the transaction over several shards.
inline constexpr ErrorCode kNotPrepared{5020, "not_prepared", 1397, "XAE04",
                                        "It was ended meanwhile: `kintsugi transaction show` says how"};

}  // namespace kintsugi::tablet
