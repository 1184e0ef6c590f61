#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mysql/packet.h"

namespace kintsugi::exec {

/// Takes the rows out of a RowBatch's frames: a row of kMaxFrame bytes or more comes in several, which may
/// lie in batches that follow one another.
class RowJoiner {
 public:
  /// The next whole row, and cuts what it took off `frames`; nothing when they are used up. Holds until the
  /// next call.
  std::optional<std::string_view> next(std::string_view& frames) {
    if (is_whole_) row_.clear();
    is_whole_ = false;
    while (!is_whole_ && frames.size() >= mysql::kHeaderSize) {
      const std::uint32_t length = mysql::parse_header(frames).length;
      row_ += frames.substr(mysql::kHeaderSize, length);
      frames.remove_prefix(mysql::kHeaderSize + length);
      is_whole_ = length != mysql::kMaxFrame;
    }
    if (!is_whole_) return std::nullopt;
    return row_;
  }

 private:
  std::string row_;
  bool is_whole_ = false;
};

}  // namespace kintsugi::exec
