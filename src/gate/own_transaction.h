#pragma once

namespace kintsugi::plan {
struct Plan;
}

namespace kintsugi::gate {

class Session;

/// Whether a statement outside of a transaction has to be made one that servers are told of. On one server
/// every statement is a transaction; over several it is one only so: the one that a SET TRANSACTION before it
/// is about, and under SERIALIZABLE a read, which must keep what it reads locked until it has read all of it
/// (from one shard too: another transaction's commit may have come to the others and not to that one), and a
/// write whose shards are looked up.
bool is_own_transaction(Session& session, const plan::Plan& plan);

}  // namespace kintsugi::gate
