#include "mysql/compression.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>

#include "mysql/errors.h"
#include "mysql/packet.h"

namespace kintsugi::mysql {
namespace {

constexpr std::size_t kCompressedHeaderSize = 7;
constexpr std::size_t kWorthCompressing = 50;
/// Less than a packet could hold: bounds what a peer must have in memory at once.
constexpr std::size_t kChunk = 1 << 20;

bool zlib_compress(std::string_view plain, int level, std::string& out, std::size_t& size) {
  uLongf written = size;
  const int outcome = ::compress2(reinterpret_cast<Bytef*>(out.data() + out.size() - size), &written,
                                  reinterpret_cast<const Bytef*>(plain.data()), plain.size(),
                                  level == 0 ? Z_DEFAULT_COMPRESSION : level);
  size = written;
  return outcome == Z_OK;
}

bool zlib_decompress(std::string_view bytes, char* out, std::size_t size) {
  uLongf written = size;
  uLong read = bytes.size();
  const int outcome = ::uncompress2(reinterpret_cast<Bytef*>(out), &written,
                                    reinterpret_cast<const Bytef*>(bytes.data()), &read);
  return outcome == Z_OK && written == size;
}

}  // namespace

/// Made when first used: a connection at rest that never sent anything large holds none.
struct CompressionCodec::Contexts {
  ~Contexts() {
    ZSTD_freeCCtx(compress);
    ZSTD_freeDCtx(decompress);
  }
  ZSTD_CCtx* compress = nullptr;
  ZSTD_DCtx* decompress = nullptr;
};

Compression compression_of(Capabilities agreed) {
  if (agreed & capability::kCompress) return Compression::zlib;
  return agreed & capability::kZstd ? Compression::zstd : Compression::none;
}

CompressionCodec::CompressionCodec(Compression method, int level)
    : method_(method), level_(level), contexts_(std::make_unique<Contexts>()) {}

CompressionCodec::~CompressionCodec() = default;
CompressionCodec::CompressionCodec(CompressionCodec&&) noexcept = default;

void CompressionCodec::compress(std::string_view plain, std::string& out) {
  while (!plain.empty()) {
    const std::string_view chunk = plain.substr(0, kChunk);
    plain.remove_prefix(chunk.size());
    const std::size_t header = out.size();
    std::size_t size = chunk.size();
    bool compressed = false;
    if (chunk.size() >= kWorthCompressing) {
      size = method_ == Compression::zstd ? ZSTD_compressBound(chunk.size()) : ::compressBound(chunk.size());
      out.resize(header + kCompressedHeaderSize + size);
      if (method_ == Compression::zstd) {
        if (!contexts_->compress) contexts_->compress = ZSTD_createCCtx();
        size = ZSTD_compressCCtx(contexts_->compress, out.data() + header + kCompressedHeaderSize, size,
                                 chunk.data(), chunk.size(), level_);
        compressed = !ZSTD_isError(size);
      } else {
        compressed = zlib_compress(chunk, level_, out, size);
      }
      compressed = compressed && size < chunk.size();
    }
    if (!compressed) {
      size = chunk.size();
      out.resize(header);
      out.append(kCompressedHeaderSize, '\0').append(chunk);
    }
    out.resize(header + kCompressedHeaderSize + size);
    write_header(out.data() + header, {static_cast<std::uint32_t>(size), sequence_++});
    const auto plain_size = static_cast<std::uint32_t>(compressed ? chunk.size() : 0);
    for (int i = 0; i < 3; ++i) out[header + kHeaderSize + i] = static_cast<char>(plain_size >> 8 * i);
  }
}

Result<CompressionCodec::Step> CompressionCodec::decompress(std::string_view bytes, std::string& plain) {
  if (bytes.size() < kCompressedHeaderSize) return Step{.needed = kCompressedHeaderSize};
  Reader reader(bytes);
  const std::size_t size = reader.u24();
  const std::uint8_t sequence = reader.u8();
  const std::size_t plain_size = reader.u24();
  if (sequence != sequence_) {
    return failure(kPacketOutOfOrder, "compressed packet " + std::to_string(sequence) + ", expected " +
                                          std::to_string(sequence_));
  }
  if (reader.remaining() < size) return Step{.needed = kCompressedHeaderSize + size};
  const std::string_view data = reader.take(size);
  ++sequence_;
  if (plain_size == 0) {
    plain.append(data);
    return Step{.consumed = kCompressedHeaderSize + size};
  }
  const std::size_t before = plain.size();
  plain.resize(before + plain_size);
  bool good = false;
  if (method_ == Compression::zstd) {
    if (!contexts_->decompress) contexts_->decompress = ZSTD_createDCtx();
    good = ZSTD_decompressDCtx(contexts_->decompress, plain.data() + before, plain_size, data.data(),
                               data.size()) == plain_size;
  } else {
    good = zlib_decompress(data, plain.data() + before, plain_size);
  }
  if (!good) {
    plain.resize(before);
    return failure(kBadCompression, "a compressed packet cannot be decompressed");
  }
  return Step{.consumed = kCompressedHeaderSize + size};
}

}  // namespace kintsugi::mysql
