#include <fmt/format.h>

#include "cli/commands/groups.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/text_table.h"
#include "kintsugi/control/v1/control.pb.h"

namespace kintsugi::cli {
namespace {

namespace api = control::v1;

std::string shard_text(const api::ShardInfo& shard) {
  const auto& record = shard.record();
  std::string out =
      fmt::format("shard    {}/{}\nprimary  {} since {}\nepoch    {}\n\n", shard.keyspace(), shard.name(),
                  record.primary_alias().empty() ? "none" : record.primary_alias(),
                  time_text(record.primary_since()), record.epoch());
  for (const api::TabletInfo& tablet : shard.tablets()) {
    out += fmt::format("{}{}\n", tablet_line(tablet.record()),
                       tablet.alive() ? "" : " (its agent does not run)");
  }
  for (const std::string& problem : shard.problems()) out += fmt::format("\nproblem: {}\n", problem);
  return out;
}

Task<Result<void>> list(Context& context, const Parsed& parsed) {
  api::ListShardsRequest request;
  request.set_keyspace(parsed.get("keyspace"));
  api::ListShardsResponse response;
  Result<void> done = co_await context.call("ListShards", request, response);
  if (!done) co_return done;
  context.answer(response, [&] {
    TextTable table({"SHARD", "PRIMARY", "EPOCH", "TABLETS"});
    for (const api::ShardInfo& shard : response.shards()) {
      table.add({shard.keyspace() + "/" + shard.name(),
                 shard.record().primary_alias().empty() ? "none" : shard.record().primary_alias(),
                 std::to_string(shard.record().epoch()), std::to_string(shard.tablets_size())});
    }
    return table.text();
  });
  co_return done;
}

Task<Result<void>> show(Context& context, const Parsed& parsed) {
  api::GetShardRequest request;
  request.set_shard(parsed.get("shard"));
  api::GetShardResponse response;
  Result<void> done = co_await context.call("GetShard", request, response);
  if (done) context.answer(response, [&] { return shard_text(response.shard()); });
  co_return done;
}

Task<Result<void>> reparent(Context& context, const Parsed& parsed) {
  api::ReparentShardRequest request;
  request.set_shard(parsed.get("shard"));
  request.set_to(parsed.get("to"));
  request.set_accept_loss(parsed.has("accept-loss"));
  request.set_asked_by(caller());
  api::ReparentShardResponse response;
  Result<void> done = co_await context.call("ReparentShard", request, response);
  if (!done) co_return done;
  context.answer(response, [&] {
    const auto& recovery = response.recovery();
    return fmt::format(
        "{} is the primary of {} now, {} was. `kintsugi recovery show {}` has the steps{}\n", recovery.to(),
        request.shard(), recovery.from(), recovery.id(),
        request.accept_loss() ? "; commits wait until a replica is there to acknowledge them" : "");
  });
  co_return done;
}

}  // namespace

std::vector<Command> shard_commands() {
  return {
      {"shard list",
       "the shards of a keyspace, or of all",
       "",
       {{"keyspace", "only of this one", false}},
       {},
       {{"shard list", "All shards."}, {"shard list customer", "Those of customer."}},
       list},
      {"shard show",
       "one shard: its primary, its tablets, what is wrong with it",
       "",
       {{"shard", "keyspace/shard"}},
       {},
       {{"shard show customer/-80", "The lower half of customer."}},
       show},
      {"shard reparent",
       "hand a shard to another primary while it is in use",
       "The primary ends what is under way and closes, the other applies the last of it and opens. Gates "
       "hold back "
       "what comes in between, so clients see a pause. A transaction that stays open for longer than a "
       "second is "
       "rolled back. If anything does not go as it should, the primary goes on.",
       {{"shard", "keyspace/shard"}},
       {{"to", "alias", "the tablet that is to be primary; default: one in the primary's cell, if it can"},
        {"accept-loss", "",
         "the primary is gone, and so is a server that may have what nobody else has: make --to the primary "
         "all the same"}},
       {{"shard reparent customer/-80 --to zone1-102", "zone1-102 becomes primary."},
        {"shard reparent customer/-80 --to zone1-102 --accept-loss",
         "What only the servers had that are gone is lost."}},
       reparent},
  };
}

}  // namespace kintsugi::cli
