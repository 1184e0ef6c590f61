// What something that is not etcd may answer.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "topo/detail/etcd_messages.h"
#include "topo/key_range.h"
#include "topo/names.h"

using namespace kintsugi::topo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string root = "/";
  (void)etcd::parse_range(text, root);
  (void)etcd::parse_transaction(text, root);
  (void)etcd::parse_watch(text, root);
  (void)etcd::parse_grant(text);
  (void)etcd::parse_keep_alive(text);
  (void)etcd::parse_token(text);
  (void)etcd::parse_refusal(500, text);
  const auto back = etcd::from_base64(etcd::base64(text));
  if (!back || *back != text) std::abort();
  if (const auto range = KeyRange::parse(text); range && KeyRange::parse(range->text()) != *range)
    std::abort();
  if (const auto alias = TabletAlias::parse(text); alias && TabletAlias::parse(alias->text()) != *alias)
    std::abort();
  (void)ShardName::parse(text);
  return 0;
}
