#include "exec/op/insert.h"
#include "exec/op/lookup_writer.h"
#include "exec/op/operators.h"
#include "exec/op/read.h"
#include "plan/errors.h"
#include "vschema/snapshot.h"

// Entries of a global key that is new, of the rows that are there. Some rows at a time are locked and given
// theirs, so that others may be written meanwhile: who writes rows knows of the key already, and writes their
// entries too, before the locks here are got or after they are gone.

namespace kintsugi::exec {

namespace {

constexpr std::size_t kRows = 1000;  ///< of one unit
constexpr int kTriesMax = 20;

using KeyFill = plan::Ddl::KeyFill;

/// Others that write meanwhile may stand in the way.
bool may_repeat(const Error& error) {
  constexpr std::uint16_t kLockWait = 1205, kDeadlock = 1213;
  return error.mysql_errno() == kLockWait || error.mysql_errno() == kDeadlock;
}

class Filling {
 public:
  Filling(ExecContext& context, const KeyFill& fill, const vschema::Keyspace& keyspace)
      : context_(context), fill_(fill), keyspace_(keyspace), lookups_{fill.lookup} {}

  Task<Result<void>> run(const vschema::Shard* shard) {
    std::string after;
    for (bool more = true; more;) {
      Result<bool> done = co_await repeat_part(shard, after);
      if (!done) co_return failure(std::move(done.error()));
      more = *done;
    }
    co_return Result<void>();
  }

 private:
  Task<Result<bool>> repeat_part(const vschema::Shard* shard, std::string& after) {
    for (int tries = 1;; ++tries) {
      Result<bool> done = co_await part(shard, after);
      if (done || tries >= kTriesMax || !may_repeat(done.error())) co_return done;
    }
  }

  /// Rows behind `after`, which becomes what the next ones are behind. False: there are no more.
  Task<Result<bool>> part(const vschema::Shard* shard, std::string& after) {
    Result<void> begun = co_await context_.shards.begin_unit({});
    if (!begun) co_return failure(std::move(begun.error()));
    ReadRows rows(context_);
    Result<void> done = co_await read(shard, after, rows);
    if (done) done = co_await write(rows);
    done = co_await end_unit(context_, std::move(done));
    if (!done) co_return failure(std::move(done.error()));
    if (fill_.identity.empty() || rows.size() < kRows) co_return false;
    Result<std::span<const plan::Value>> last = rows.values(rows.size() - 1);
    if (!last) co_return failure(std::move(last.error()));
    context_.bindings.read = *last;
    after = behind();
    co_return true;
  }

  Task<Result<void>> read(const vschema::Shard* shard, const std::string& after, RowSink& rows) {
    std::string text = fill_.select;
    if (!after.empty()) text += " where " + after;
    if (!fill_.identity.empty()) text += fill_.order + " limit " + std::to_string(kRows);
    text += " lock in share mode";
    co_return co_await read_from(context_, shard, text, rows);
  }

  /// An entry that is there already is the one that is written.
  Task<Result<void>> write(ReadRows& rows) {
    LookupWriter writer(context_, lookups_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Result<std::span<const plan::Value>> values = rows.values(i);
      if (!values) co_return failure(std::move(values.error()));
      context_.bindings.read = *values;
      const RowPlace place = place_of(*fill_.vindex, fill_.columns, fill_.key, keyspace_,
                                      topo::TabletType::primary, context_.bindings);
      if (place.shard == nullptr)
        co_return failure(plan::kUnroutableValue,
                          "a row of " + fill_.lookup->owner + " has a sharding key that no vindex places");
      const std::vector<plan::Operand>& of_key = fill_.lookup->values;
      Result<void> added = writer.remove(0, of_key, place.id, fill_.key);
      if (added) added = co_await writer.add(0, of_key, place.id);
      if (!added) co_return added;
    }
    co_return co_await writer.flush();
  }

  /// Of a key (a, b): a > 1 or (a = 1 and (b > 2)), with a >= 1 for the sake of its index.
  std::string behind() const {
    std::string out, end;
    for (std::size_t i = 0; i < fill_.identity.size(); ++i) {
      const std::string& column = fill_.identity_columns[i];
      std::string value;
      append_sql(value, fill_.identity[i], context_.bindings);
      const bool last = i + 1 == fill_.identity.size();
      if (i == 0 && !last) out += column + " >= " + value + " and ";
      out += "(" + column + " > " + value;
      if (!last) out += " or (" + column + " = " + value + " and ";
      end += last ? ")" : "))";
    }
    return out + end;
  }

  ExecContext& context_;
  const KeyFill& fill_;
  const vschema::Keyspace& keyspace_;
  const std::vector<std::shared_ptr<const plan::OwnedLookup>> lookups_;
};

}  // namespace

Task<Result<void>> fill_global_keys(ExecContext& context, const plan::Ddl& ddl,
                                    const plan::ShardList& shards) {
  const vschema::Keyspace* keyspace = context.plan.routing->find_keyspace(ddl.destination.keyspace);
  for (const KeyFill& fill : ddl.key_fills) {
    Filling filling(context, fill, *keyspace);
    for (const vschema::Shard* shard : shards) {
      Result<void> done = co_await filling.run(shard);
      if (!done) co_return done;
    }
  }
  co_return Result<void>();
}

}  // namespace kintsugi::exec
