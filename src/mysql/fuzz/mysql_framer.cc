// The framer must come to the same end whatever the sizes of the reads, and never claim bytes that are not
// there.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mysql/packet.h"
#include "mysql/result_framer.h"

using namespace kintsugi::mysql;

namespace {

struct End {
  std::size_t size = 0;
  bool done = false;
  bool malformed = false;
  std::uint64_t rows = 0;
};

End follow(Command command, Capabilities capabilities, std::string_view bytes, std::size_t part) {
  ResultFramer framer(command, capabilities);
  End end;
  std::size_t come = std::min(part, bytes.size());
  while (!framer.done()) {
    const auto step = framer.next(bytes.substr(end.size, come - end.size));
    if (step.kind == ResultFramer::Kind::need_more) {
      if (step.needed <= come - end.size) std::abort();
      if (come == bytes.size()) break;
      come = std::min(bytes.size(), std::max(come + part, end.size + step.needed));
      continue;
    }
    end.malformed = step.kind == ResultFramer::Kind::malformed;
    if (step.size > come - end.size || (step.size == 0 && !end.malformed)) std::abort();
    end.size += step.size;
  }
  end.done = framer.done();
  end.rows = framer.rows();
  return end;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader input({reinterpret_cast<const char*>(data), size});
  const auto command = static_cast<Command>(input.u8());
  const Capabilities capabilities = input.u64();
  const std::size_t part = 1 + input.u8();
  const std::string_view bytes = input.rest();
  const End whole = follow(command, capabilities, bytes, bytes.size() + 1);
  const End parts = follow(command, capabilities, bytes, part);
  if (whole.done != parts.done || whole.rows != parts.rows || whole.malformed != parts.malformed)
    std::abort();
  if (whole.done && !whole.malformed && whole.size != parts.size) std::abort();
  return 0;
}
