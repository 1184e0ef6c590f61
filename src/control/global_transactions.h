#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "kintsugi/control/v1/control.pb.h"
#include "kintsugi/tablet/v1/tablet.pb.h"

namespace kintsugi::control {

// Transactions over several shards, as people look at them: the pictures, and what may be done. All pure;
// service_transactions.cc asks and acts.

/// What the primary of one shard has prepared, or why it cannot be asked.
struct ShardAnswer {
  std::string shard;   ///< "customer/-80"
  std::string tablet;  ///< its primary
  Result<tablet::v1::ListTransactionsResponse> prepared;
};

/// One entry for each transaction with its branches, the oldest first. What is decided is not known yet.
std::vector<v1::TransactionInfo> assemble(const std::vector<ShardAnswer>& answers);
std::vector<v1::SilentShard> silent(const std::vector<ShardAnswer>& answers);

/// Adds what the shard that decides has said of it.
void add_decision(v1::TransactionInfo& transaction, const tablet::v1::GetDecisionsResponse& answer);

/// What a person can do, or need not, as sentences.
std::vector<std::string> next_steps(const v1::TransactionInfo& transaction,
                                    const std::vector<v1::SilentShard>& silent);

/// How an order to commit or abort it can be carried out without contradicting anybody.
enum class Way {
  as_decided,       ///< it is what is decided already
  write_abort,      ///< the shard that decides can be asked, and has not decided
  write_resolution  ///< nobody can be asked: the order is the decision
};
/// kDecidedOtherwise; kPartMissing: to commit what the shard that decides has not; kDeciderSilent: that shard
/// is there and cannot be asked, without `force`.
Result<Way> judge(const v1::TransactionInfo& transaction, bool commit, bool force);

}  // namespace kintsugi::control
