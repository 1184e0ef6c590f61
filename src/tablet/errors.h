#pragma once

#include "base/error.h"

namespace kintsugi::tablet {

inline constexpr ErrorCode kSettingRefused{5001, "setting_refused", 1105, "HY000",
                                           "Take it out of the tablet's my.cnf settings in the cluster spec"};
inline constexpr ErrorCode kSettingMalformed{
    5002, "setting_malformed", 1105, "HY000",
    "Settings are lines `name=value`, as in the [mysqld] group of a my.cnf"};
inline constexpr ErrorCode kDataDirUnusable{5003, "data_dir_unusable"};
inline constexpr ErrorCode kInitialiseFailed{5004, "initialise_failed"};
inline constexpr ErrorCode kMysqldNotStarted{5005, "mysqld_not_started"};
inline constexpr ErrorCode kMysqldDown{5006, "mysqld_down", 2002, "HY000",
                                       "The agent starts it again by itself"};
inline constexpr ErrorCode kUnsupportedServer{
    5007, "unsupported_server", 1105, "HY000",
    "Kintsugi runs on MariaDB 10.11 or later and on MySQL 8.0 or later"};
inline constexpr ErrorCode kCredentialsUnusable{5008, "credentials_unusable"};
inline constexpr ErrorCode kNotPrimary{5009, "not_primary", 1290, "HY000",
                                       "Read the shard's record again and retry"};
inline constexpr ErrorCode kPortTaken{
    5010, "port_taken", 1105, "HY000",
    "Stop what listens there (`ss -ltnp` tells), or give the tablet another port"};

}  // namespace kintsugi::tablet
