// Compressed packets from a peer that sends anything; and what is compressed here comes back.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mysql/compression.h"
#include "mysql/packet.h"

using namespace kintsugi::mysql;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader input({reinterpret_cast<const char*>(data), size});
  const Compression method = input.u8() & 1 ? Compression::zlib : Compression::zstd;
  std::string_view bytes = input.rest();
  std::string plain;
  CompressionCodec hostile(method);
  std::string_view left = bytes;
  for (;;) {
    const auto step = hostile.decompress(left, plain);
    if (!step || step->consumed == 0) break;
    if (step->consumed > left.size() || plain.size() > std::size_t{64} << 20) std::abort();
    left.remove_prefix(step->consumed);
    plain.clear();
  }

  CompressionCodec sender(method);
  CompressionCodec receiver(method);
  std::string wire;
  sender.compress(bytes, wire);
  std::string back;
  for (std::string_view rest = wire; !rest.empty();) {
    const auto step = receiver.decompress(rest, back);
    if (!step || step->consumed == 0) std::abort();
    rest.remove_prefix(step->consumed);
  }
  if (back != bytes) std::abort();
  return 0;
}
