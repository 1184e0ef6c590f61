#include "mysql/compression.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <optional>
#include <span>

#include "mysql/errors.h"
#include "mysql/packet.h"

namespace kintsugi::mysql {
namespace {

constexpr std::size_t kCompressedHeaderSize = 7;
constexpr std::size_t kWorthCompressing = 50;
/// Less than a packet could hold: bounds what a peer must have in memory at once.
constexpr std::size_t kChunk = 1 << 20;

/// The working memory of both methods, up to about a MiB each way, made when first needed. Every packet is
/// compressed by itself, so that nothing is left in it for the next: one serves all connections of a thread.
class Contexts {
 public:
  static Contexts& of_thread() {
    thread_local Contexts contexts;
    return contexts;
  }
  Contexts() = default;
  ~Contexts() {
    ZSTD_freeCCtx(zstd_out_);
    ZSTD_freeDCtx(zstd_in_);
    ::deflateEnd(&zlib_out_);
    ::inflateEnd(&zlib_in_);
  }
  Contexts(const Contexts&) = delete;
  Contexts& operator=(const Contexts&) = delete;

  /// The size of what was written to `out`, or nothing where it did not fit.
  std::optional<std::size_t> compress(Compression method, int level, std::string_view plain,
                                      std::span<char> out) {
    return method == Compression::zstd ? zstd_compress(level, plain, out) : zlib_compress(level, plain, out);
  }
  /// Whether `bytes` decompress to just the size of `out`.
  bool decompress(Compression method, std::string_view bytes, std::span<char> out) {
    return method == Compression::zstd ? zstd_decompress(bytes, out) : zlib_decompress(bytes, out);
  }

 private:
  std::optional<std::size_t> zstd_compress(int level, std::string_view plain, std::span<char> out) {
    if (zstd_out_ == nullptr) zstd_out_ = ZSTD_createCCtx();
    const std::size_t size =
        ZSTD_compressCCtx(zstd_out_, out.data(), out.size(), plain.data(), plain.size(), level);
    return ZSTD_isError(size) ? std::nullopt : std::optional(size);
  }

  bool zstd_decompress(std::string_view bytes, std::span<char> out) {
    if (zstd_in_ == nullptr) zstd_in_ = ZSTD_createDCtx();
    return ZSTD_decompressDCtx(zstd_in_, out.data(), out.size(), bytes.data(), bytes.size()) == out.size();
  }

  std::optional<std::size_t> zlib_compress(int level, std::string_view plain, std::span<char> out) {
    if (level == 0) level = Z_DEFAULT_COMPRESSION;
    if (zlib_out_.state == nullptr) {
      if (::deflateInit(&zlib_out_, level) != Z_OK) return std::nullopt;
      zlib_level_ = level;
    }
    ::deflateReset(&zlib_out_);
    if (zlib_level_ != level && ::deflateParams(&zlib_out_, level, Z_DEFAULT_STRATEGY) != Z_OK) {
      return std::nullopt;
    }
    zlib_level_ = level;
    const bool whole = ::deflate(lay_out(zlib_out_, plain, out), Z_FINISH) == Z_STREAM_END;
    return whole ? std::optional(out.size() - zlib_out_.avail_out) : std::nullopt;
  }

  bool zlib_decompress(std::string_view bytes, std::span<char> out) {
    if (zlib_in_.state == nullptr && ::inflateInit(&zlib_in_) != Z_OK) return false;
    ::inflateReset(&zlib_in_);
    return ::inflate(lay_out(zlib_in_, bytes, out), Z_FINISH) == Z_STREAM_END && zlib_in_.avail_out == 0;
  }

  static z_stream* lay_out(z_stream& stream, std::string_view in, std::span<char> out) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    return &stream;
  }

  ZSTD_CCtx* zstd_out_ = nullptr;
  ZSTD_DCtx* zstd_in_ = nullptr;
  z_stream zlib_out_{};
  z_stream zlib_in_{};
  int zlib_level_ = Z_DEFAULT_COMPRESSION;
};

std::size_t compressed_size_max(Compression method, std::size_t size) {
  return method == Compression::zstd ? ZSTD_compressBound(size) : ::compressBound(size);
}

}  // namespace

Compression compression_of(Capabilities agreed) {
  if (agreed & capability::kCompress) return Compression::zlib;
  return agreed & capability::kZstd ? Compression::zstd : Compression::none;
}

int compression_level(Compression method, std::uint8_t zstd_level) {
  return method == Compression::zstd ? std::min<int>(zstd_level, ZSTD_maxCLevel()) : 0;
}

void CompressionCodec::compress(std::string_view plain, std::string& out) {
  while (!plain.empty()) {
    const std::string_view chunk = plain.substr(0, kChunk);
    plain.remove_prefix(chunk.size());
    const std::size_t header = out.size();
    const std::size_t body = header + kCompressedHeaderSize;
    std::optional<std::size_t> size;
    if (chunk.size() >= kWorthCompressing) {
      out.resize(body + compressed_size_max(method_, chunk.size()));
      size = Contexts::of_thread().compress(method_, level_, chunk, std::span(out).subspan(body));
    }
    const bool compressed = size && *size < chunk.size();
    out.resize(body + (compressed ? *size : 0));
    if (!compressed) out.append(chunk);
    write_header(out.data() + header, {static_cast<std::uint32_t>(out.size() - body), sequence_++});
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
  const bool good = Contexts::of_thread().decompress(method_, data, std::span(plain).subspan(before));
  if (!good) {
    plain.resize(before);
    return failure(kBadCompression, "a compressed packet cannot be decompressed");
  }
  return Step{.consumed = kCompressedHeaderSize + size};
}

}  // namespace kintsugi::mysql
