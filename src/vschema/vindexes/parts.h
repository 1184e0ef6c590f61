#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "vschema/vindex.h"

// What vindexes over several columns have in common.

namespace kintsugi::vschema {

/// Puts an id together in memory that is on the stack.
class IdParts {
 public:
  /// The first `most` bytes of the part.
  void append(std::string_view part, std::size_t most);
  /// Zeros up to so many bytes in all.
  void pad(std::size_t size);
  std::string_view view() const { return {bytes_, size_}; }

 private:
  char bytes_[16] = {};
  std::size_t size_ = 0;
};

/// The value of a parameter; empty if it is not given.
std::string param(const VindexParams& params, std::string_view name);
/// The bytes of a region before the id: parameter region_bytes, 1 or 2.
Result<std::size_t> region_bytes(const VindexParams& params);
/// The last `size` bytes of the region's number as two, most significant first.
void append_region(IdParts& id, std::uint64_t region, std::size_t size);
/// A vindex of one column that needs no parameters, as part of another.
Result<std::unique_ptr<Vindex>> make_part(std::string_view type);

}  // namespace kintsugi::vschema
