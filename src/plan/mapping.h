#pragma once

#include <string>

#include "plan/plan.h"
#include "vschema/vindex.h"

// How a value of SQL becomes the text that a vindex takes. Servers compare values after conversions that a
// vindex knows nothing of: '1' = 1, 1.0 = 1, 'a' = 'A', 'a' = 'a '. So a value may only be routed by if every
// row that the server would hold for equal has the same text:
//
//  column               looked up by                                     inserted from
//  tinyint … bigint     an integer; a string of canonical digits         the same, within the column's range
//                       below 2^53
//  char, varchar, text  a string, if the collation is binary (…_bin), or the vindex is unicode_loose_* (which
//                       ignores case and accents as collations do); trailing spaces do not count where the
//                       collation pads                                             a string or integer that
//                       fits
//  binary, blob         a string or bytes, of the full length for binary(n)
//  date                 'YYYY-MM-DD'                                     the same
//
// A look-up by anything else goes to all shards; an insert of anything else is refused. Rows of a text column
// with another collation lie where their exact bytes say, so look-ups by it always go to all shards, and it
// joins nothing.

namespace kintsugi::plan {

/// `position`: of the column among those of the vindex.
KeyColumn key_column(const Column& column, const vschema::Vindex& vindex, std::size_t position = 0);

/// Whether rows whose values of these columns compare as equal have the same keyspace id, so that they lie on
/// one shard: what joins and groups on the sharding key need. Both columns are of the same vindex.
bool same_placement(const KeyColumn& a, const std::string& collation_a, const KeyColumn& b,
                    const std::string& collation_b);

struct Mapped {
  enum class State {
    kValue,    ///< `value` is what the vindex takes
    kNull,     ///< NULL: equal to nothing
    kUnknown,  ///< not to be routed by
  };
  State state = State::kUnknown;
  vschema::VindexValue value;
};

/// Memory for the texts that differ from what was bound; those of integers fit inside.
struct MappingBuffer {
  char inside[24];
  std::string outside;
};

/// The value looked up in `column = value`. The text borrows from the bindings or the buffer.
Mapped map_lookup(const KeyColumn& column, const Operand& operand, const Bindings& bindings,
                  MappingBuffer& buffer);

/// The value that a row gets. kNull is the vindex's null(). The failure of kUnknown is for the caller to
/// tell.
Mapped map_insert(const KeyColumn& column, const Operand& operand, const Bindings& bindings,
                  MappingBuffer& buffer);

}  // namespace kintsugi::plan
