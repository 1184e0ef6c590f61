#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "topo/store.h"

/// The bodies of etcd's JSON gateway (https://etcd.io/docs/v3.4/dev-guide/api_grpc_gateway/), without I/O.
/// Keys in them begin with the root, which is added and taken off here.
namespace kintsugi::topo::etcd {

std::string base64(std::string_view bytes);
Result<std::string> from_base64(std::string_view text);

std::string range_request(const std::string& root, const std::string& key, bool prefix, bool keys_only);
struct RangeReply {
  std::vector<Node> nodes;  ///< ordered by key
  Revision revision = 0;
};
Result<RangeReply> parse_range(std::string_view body, const std::string& root);

std::string transaction_request(const std::string& root, const Transaction& transaction);
Result<TransactionResult> parse_transaction(std::string_view body, const std::string& root);

/// `from`: the first revision whose changes are wanted.
std::string watch_request(const std::string& root, const std::string& prefix, Revision from);
struct WatchReply {
  bool created = false;    ///< the watch is in place
  bool cancelled = false;  ///< and will tell no more
  Revision compacted = 0;  ///< not 0: changes up to here are forgotten
  std::string reason;      ///< of a cancelled one
  bool denied() const;     ///< it was cancelled because the user may not watch, or has no valid token
  Revision revision = 0;
  std::vector<WatchEvent> events;
};
Result<WatchReply> parse_watch(std::string_view line, const std::string& root);

std::string grant_request(std::int64_t ttl_s);
Result<LeaseId> parse_grant(std::string_view body);
std::string lease_request(LeaseId lease);
/// False: the lease has ended.
Result<bool> parse_keep_alive(std::string_view body);

std::string authenticate_request(const std::string& user, const std::string& password);
Result<std::string> parse_token(std::string_view body);

/// etcd's own words and gRPC code in the body of an answer that is none.
struct Refusal {
  int status = 0;  ///< of HTTP
  int code = 0;
  std::string message;
  /// The member has no leader, or lost it: another member may be able.
  bool unavailable() const { return code == kUnavailable || code == kDeadlineExceeded; }
  /// Nothing of the call was begun.
  bool not_begun() const;
  bool lease_not_found() const;
  /// The call has no token, or one that etcd does not know any more: with a new one it may be taken.
  bool wants_token() const;
  /// The user may not do that, or is not who it says.
  bool denied() const;
  bool auth_is_off() const;
  bool says(std::string_view words) const;

  static constexpr int kDeadlineExceeded = 4;
  static constexpr int kPermissionDenied = 7;
  static constexpr int kUnavailable = 14;
  static constexpr int kUnauthenticated = 16;
};
Refusal parse_refusal(int status, std::string_view body);

}  // namespace kintsugi::topo::etcd
