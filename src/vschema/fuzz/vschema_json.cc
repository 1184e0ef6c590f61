// A vschema that a user uploads; and what is read is written so that it is read as the same.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "vschema/vschema.h"

using namespace kintsugi::vschema;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto vschema = parse_vschema({reinterpret_cast<const char*>(data), size});
  if (!vschema) return 0;
  for (const bool indented : {false, true}) {
    const auto again = parse_vschema(to_json(*vschema, indented));
    if (!again || *again != *vschema) std::abort();
  }
  check("ks", *vschema, {});
  return 0;
}
