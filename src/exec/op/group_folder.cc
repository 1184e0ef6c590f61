#include "exec/op/group_folder.h"

#include <algorithm>
#include <charconv>

#include "exec/errors.h"
#include "exec/op/decimal.h"
#include "mysql/errors.h"
#include "mysql/packet.h"

namespace kintsugi::exec {

namespace {

using How = plan::MergeFold::How;
using mysql::FieldType;

constexpr std::size_t kDigitsMax = 65;    // of a decimal
constexpr std::size_t kBitmapOffset = 2;  // of the NULL bits in a binary row
constexpr char kNull = '\xfb';            // in a text row

std::size_t bitmap_size(std::size_t columns) { return (columns + kBitmapOffset + 7) / 8; }

Error malformed() { return Error(mysql::kMalformedPacket, "a row does not fit its columns"); }

bool is_extreme(How how) { return how == How::kLeast || how == How::kGreatest; }

std::string_view text_of(std::string_view field) { return mysql::Reader(field).lenenc_string(); }

std::string encoded_text(std::string_view text) {
  std::string out;
  mysql::Writer(out).lenenc_string(text);
  return out;
}

}  // namespace

Result<GroupFolder> GroupFolder::make(std::span<const plan::MergeFold> folds,
                                      std::vector<mysql::ColumnDefinition> columns, std::size_t hidden,
                                      bool binary) {
  GroupFolder folder;
  folder.columns_ = std::move(columns);
  folder.visible_ = folder.columns_.size() - hidden;
  folder.binary_ = binary;
  for (const plan::MergeFold& fold : folds) {
    Result<State> state = folder.state_of(fold, hidden);
    if (!state) return failure(std::move(state.error()));
    folder.states_.push_back(std::move(*state));
  }
  return folder;
}

Result<GroupFolder::State> GroupFolder::state_of(const plan::MergeFold& fold, std::size_t hidden) const {
  State state;
  state.fold = &fold;
  const bool average = fold.how == How::kAverage;
  const std::size_t last = average ? visible_ + fold.aside + 1 : fold.column;
  if (fold.column >= visible_ || last >= columns_.size())
    return failure(kShardsDisagree, "a shard answered with too few columns");
  if (is_extreme(fold.how)) {
    Result<MergeKeyReader> reader = MergeKeyReader::make({&fold.by, 1}, columns_, hidden, binary_);
    if (!reader) return failure(std::move(reader.error()));
    state.reader = std::move(*reader);
    return state;
  }
  const bool is_sum = average || fold.how == How::kSum;
  const FieldType type = columns_[fold.column].type;
  const bool whole_count = !average || columns_[last].type == FieldType::longlong;
  if (type != (is_sum ? FieldType::newdecimal : FieldType::longlong) || !whole_count) {
    return failure(kShardsDisagree, "shards answered with an aggregate " + columns_[fold.column].name +
                                        " of type " + mysql::type_name(type) + ", which was not expected");
  }
  return state;
}

Result<void> GroupFolder::begin(std::string_view row) {
  first_ = row;
  if (Result<void> done = split(first_, first_fields_); !done) return done;
  for (State& state : states_) {
    state.null = true;
    state.number = state.fold->how == How::kBitAnd ? ~std::uint64_t{0} : 0;
    if (Result<void> done = fold(state, first_, first_fields_); !done) return done;
  }
  return {};
}

Result<void> GroupFolder::add(std::string_view row) {
  if (Result<void> done = split(row, fields_); !done) return done;
  for (State& state : states_) {
    if (Result<void> done = fold(state, row, fields_); !done) return done;
  }
  return {};
}

Result<void> GroupFolder::split(std::string_view row, std::vector<Field>& fields) const {
  if (binary_) return split_binary(row, fields);
  fields.resize(columns_.size());
  mysql::Reader reader(row);
  for (Field& field : fields) {
    const std::size_t begun = row.size() - reader.remaining();
    const bool null = reader.null();
    if (!null) reader.lenenc_string();
    field = null ? Field() : row.substr(begun, row.size() - reader.remaining() - begun);
  }
  return reader.ok() ? Result<void>() : failure(malformed());
}

Result<void> GroupFolder::split_binary(std::string_view row, std::vector<Field>& fields) const {
  fields.resize(columns_.size());
  mysql::Reader reader(row);
  if (reader.u8() != 0) reader.fail();
  const std::string_view nulls = reader.take(bitmap_size(columns_.size()));
  for (std::size_t i = 0; i < fields.size() && reader.ok(); ++i) {
    const std::size_t bit = i + kBitmapOffset;
    fields[i].reset();
    if ((nulls[bit / 8] >> bit % 8 & 1) != 0) continue;
    const std::size_t begun = row.size() - reader.remaining();
    mysql::read_value(reader, columns_[i].type, columns_[i].is_unsigned());
    fields[i] = row.substr(begun, row.size() - reader.remaining() - begun);
  }
  return reader.ok() ? Result<void>() : failure(malformed());
}

Result<void> GroupFolder::fold(State& state, std::string_view row, const std::vector<Field>& fields) const {
  const How how = state.fold->how;
  if (is_extreme(how)) return take_extreme(state, row);
  if (how == How::kSum) return add_to_sum(state, fields[state.fold->column]);
  if (how == How::kAverage) {
    const std::size_t aside = visible_ + state.fold->aside;
    if (fields[aside + 1]) state.number += whole(*fields[aside + 1]);
    return add_to_sum(state, fields[aside]);
  }
  const Field& value = fields[state.fold->column];
  if (!value) return failure(malformed());  // counts and bits are never NULL
  state.null = false;
  const std::uint64_t number = whole(*value);
  if (how == How::kCount) state.number += number;
  if (how == How::kBitAnd) state.number &= number;
  if (how == How::kBitOr) state.number |= number;
  if (how == How::kBitXor) state.number ^= number;
  return {};
}

Result<void> GroupFolder::add_to_sum(State& state, const Field& value) {
  if (!value) return {};
  state.sum = state.null ? std::string(text_of(*value)) : add_decimals(state.sum, text_of(*value));
  state.null = false;
  if (digits_of(state.sum) <= kDigitsMax) return {};
  constexpr std::uint16_t kOutOfRange = 1690;
  return failure(Error::from_server(kOutOfRange, "22003", "DECIMAL value is out of range in 'sum'"));
}

Result<void> GroupFolder::take_extreme(State& state, std::string_view row) const {
  MergeKeys keys;
  Result<std::size_t> read = state.reader->read(row, keys);
  if (!read) return failure(std::move(read.error()));
  if (mysql::is_null(keys.front()) && !state.null) return {};
  const int order = state.null ? 0 : state.reader->compare(keys, state.keys);
  const bool better = state.fold->how == How::kLeast ? order < 0 : order > 0;
  if (!state.null && !better) return {};
  state.null = mysql::is_null(keys.front());
  state.row = row;
  // What has been read once can be read again.
  return state.reader->read(state.row, state.keys) ? Result<void>() : failure(malformed());
}

std::uint64_t GroupFolder::whole(std::string_view field) const {
  if (binary_) return mysql::Reader(field).u64();
  const std::string_view text = text_of(field);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string GroupFolder::encoded_whole(std::uint64_t number) const {
  if (!binary_) return encoded_text(std::to_string(number));
  std::string out;
  mysql::Writer(out).u64(number);
  return out;
}

std::optional<std::string> GroupFolder::result(const State& state) const {
  if (state.null) return std::nullopt;
  const std::size_t column = state.fold->column;
  switch (state.fold->how) {
    case How::kSum:
      return encoded_text(state.sum);
    case How::kAverage:
      return encoded_text(average(state.sum, state.number, columns_[column].decimals));
    case How::kLeast:
    case How::kGreatest: {
      std::vector<Field> fields;
      if (!split(state.row, fields) || !fields[column]) return std::nullopt;
      return std::string(*fields[column]);
    }
    default:
      return encoded_whole(state.number);
  }
}

bool GroupFolder::fulfils(std::span<const plan::MergeFilter> filters) const {
  return std::ranges::all_of(filters, [this](const plan::MergeFilter& filter) {
    const State& state = states_[filter.fold];
    if (state.null) return false;
    const bool counts = state.fold->how == How::kCount;
    const int order = compare_decimals(counts ? std::to_string(state.number) : state.sum, filter.number);
    return order < 0 ? filter.less : order > 0 ? filter.greater : filter.equal;
  });
}

void GroupFolder::write(std::string& out) const {
  std::vector<std::optional<std::string>> cells;
  for (std::size_t i = 0; i < visible_; ++i)
    cells.push_back(first_fields_[i] ? std::optional(std::string(*first_fields_[i])) : std::nullopt);
  for (const State& state : states_) cells[state.fold->column] = result(state);
  std::size_t bitmap = 0;
  if (binary_) {
    out += '\0';
    bitmap = out.size();
    out.append(bitmap_size(visible_), '\0');
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i]) {
      out += *cells[i];
    } else if (binary_) {
      const std::size_t bit = i + kBitmapOffset;
      out[bitmap + bit / 8] = static_cast<char>(out[bitmap + bit / 8] | 1 << bit % 8);
    } else {
      out += kNull;
    }
  }
}

}  // namespace kintsugi::exec
