#pragma once

#include "base/error.h"

namespace kintsugi::topo {

// Of the store.
/// The key does not exist.
inline constexpr ErrorCode kNoNode{2001, "no_node"};
/// The key to create is there already.
inline constexpr ErrorCode kNodeExists{2002, "node_exists"};
/// A record is at another revision than the one that the change was made for.
inline constexpr ErrorCode kBadVersion{2003, "bad_version", 1105, "HY000",
                                       "Somebody else changed the record: read it again and retry"};
/// etcd cannot be reached, or has no leader.
inline constexpr ErrorCode kStoreUnavailable{
    2004, "topology_unavailable", 1105, "HY000",
    "Check that etcd runs and is reachable from here. Running queries go on with the routing known so far"};
/// etcd did not answer in time.
inline constexpr ErrorCode kTimeout{2005, "topology_timeout", 1105, "HY000",
                                    "etcd answers slowly: check its disk and its leader, then retry"};
/// A lease in etcd has ended, and with it the lock or leadership that it stood for.
inline constexpr ErrorCode kLeaseLost{2006, "lease_lost", 1105, "HY000",
                                      "Whoever held the lock must stop and take it again"};
/// etcd answered with an error of its own.
inline constexpr ErrorCode kStoreRefused{2007, "topology_refused"};
/// etcd does not know the user or its password, or does not let it do that.
inline constexpr ErrorCode kStoreDenied{2008, "topology_denied", 1105, "HY000",
                                        "Check topology_user and topology_password_file, and that etcd lets "
                                        "the user read and write below the cluster's root"};

// Of the records.
/// A cell, keyspace, shard or tablet alias is written as none can be.
inline constexpr ErrorCode kBadName{2010, "bad_name", 1064, "42000"};
/// A record in etcd cannot be read.
inline constexpr ErrorCode kBadRecord{
    2011, "bad_record", 1105, "HY000",
    "The record was changed by hand or by a later version: compare it with docs/architecture.md"};
/// A range of keyspace ids is written wrongly.
inline constexpr ErrorCode kBadKeyRange{2012, "bad_key_range"};
/// Shards leave a gap or overlap.
inline constexpr ErrorCode kBadPartition{2013, "bad_partition"};
/// Two tablets claim one alias.
inline constexpr ErrorCode kAliasTaken{2014, "alias_taken", 1105, "HY000",
                                       "Give one of the two tablets another uid, or stop the one that runs; "
                                       "a dead one's claim ends with its lease"};
/// It still holds shards or tablets.
inline constexpr ErrorCode kNotEmpty{2015, "not_empty"};
/// The shard has a later epoch: somebody else has decided about it meanwhile.
inline constexpr ErrorCode kStaleEpoch{2016, "stale_epoch", 1105, "HY000", "Read the shard again and retry"};

}  // namespace kintsugi::topo
