// Any bytes, in two pieces, as a request and as a response: no crash, and what is taken adds up.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "runtime/detail/http_codec.h"

namespace {

using kintsugi::runtime::http_detail::HttpLimits;
using kintsugi::runtime::http_detail::HttpReader;

bool feed_all(HttpReader& reader, std::string_view bytes, std::size_t first) {
  std::size_t given = std::min(first, bytes.size());
  std::size_t used = 0;
  for (;;) {
    const auto taken = reader.feed(bytes.substr(used, given - used));
    if (!taken) return false;
    if (*taken > given - used) std::abort();
    used += *taken;
    if (reader.done() || given == bytes.size()) break;
    given = bytes.size();
  }
  return reader.done() || reader.feed_end().has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const HttpLimits limits{.header_bytes_max = 4096, .body_bytes_max = 4096};
  HttpReader request = HttpReader::request(limits);
  if (feed_all(request, bytes, data[0])) {
    if (const auto taken = request.take_request()) (void)taken->parameter("name");
  }
  HttpReader response = HttpReader::response(limits, /*to_head=*/false);
  if (feed_all(response, bytes, data[0])) (void)response.take_response();
  return 0;
}
