#include "vschema/testing/snapshot.h"

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

namespace kintsugi::vschema::testing {
namespace {

template <class T>
T value_or_abort(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "bad sample: %s\n", result.error().text().c_str());
  std::abort();
}

}  // namespace

std::shared_ptr<const Snapshot> make_snapshot(const std::vector<KeyspaceSample>& keyspaces) {
  SnapshotSource source;
  source.version = 1;
  int uid = 0;
  for (const KeyspaceSample& sample : keyspaces) {
    SnapshotSource::Keyspace& keyspace = source.keyspaces[sample.name];
    keyspace.vschema = value_or_abort(parse_vschema(sample.vschema_json));
    for (const std::string& name : sample.shards) {
      uid += 100;
      const auto tablet = [&](int offset, TabletType type) {
        const auto port = static_cast<std::uint16_t>(20000 + uid + offset);
        const auto http_port = static_cast<std::uint16_t>(30000 + uid + offset);
        return Tablet{
            fmt::format("zone1-{}", uid + offset), sample.name, name, type, "127.0.0.1", http_port, port, ""};
      };
      source.tablets.push_back(tablet(0, TabletType::primary));
      source.tablets.push_back(tablet(1, TabletType::replica));
      Shard shard{sample.name,
                  name,
                  value_or_abort(KeyRange::parse(name)),
                  1,
                  source.tablets[source.tablets.size() - 2],
                  {}};
      keyspace.partitions[TabletType::primary].push_back(std::move(shard));
    }
  }
  return Snapshot::make(std::move(source));
}

std::shared_ptr<const Snapshot> commerce_snapshot() {
  return make_snapshot({
      {"commerce",
       R"({"tables": {"product": {}, "customer_seq": {"type": "sequence"}, "order_seq": {"type": "sequence"}}})",
       {"-"}},
      {"customer",
       R"({"sharded": true, "vindexes": {"hash": {"type": "hash"}}, "tables": {
            "customer": {"column_vindexes": [{"column": "customer_id", "name": "hash"}],
                         "auto_increment": {"column": "customer_id", "sequence": "customer_seq"}},
            "corder": {"column_vindexes": [{"column": "customer_id", "name": "hash"}],
                       "auto_increment": {"column": "order_id", "sequence": "order_seq"}}}})",
       {"-80", "80-"}},
  });
}

}  // namespace kintsugi::vschema::testing
