#include "gate/vschema_record.h"

#include "topo/store.h"
#include "topo/topo_server.h"

namespace kintsugi::gate {

Task<Result<void>> rewrite_vschema(topo::Store& store, std::string keyspace, VSchemaRewrite rewrite) {
  const topo::Store::Edit edit =
      [&](const std::optional<std::string>& text) -> Result<std::optional<std::string>> {
    vschema::VSchema vschema;
    if (text) {
      Result<vschema::VSchema> parsed = vschema::parse_vschema(*text);
      if (!parsed) return failure(std::move(parsed.error()));
      vschema = std::move(*parsed);
    }
    const vschema::VSchema before = vschema;
    if (Result<void> changed = rewrite(vschema); !changed) return failure(std::move(changed.error()));
    if (vschema == before) return std::optional<std::string>();
    return std::optional<std::string>(vschema::to_json(vschema, true));
  };
  topo::TopoServer topology(store);
  Result<void> done = co_await topology.edit_vschema(std::move(keyspace), edit);
  co_return done;
}

}  // namespace kintsugi::gate
