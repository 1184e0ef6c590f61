#include "gate/statement/shown_table.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/lower_case.h"
#include "gate/errors.h"
#include "gate/session.h"
#include "gate/statement/statement.h"

namespace kintsugi::gate {
namespace {

using Row = Responder::Row;

struct Key {
  std::size_t column;
  bool descending;
};

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_less(const std::string& a, const std::string& b) {
  const std::optional<double> left = number(a), right = number(b);
  if (left && right) return *left < *right;
  if (left || right) return !left;  // what has no number comes first, as NULL does
  return a < b;
}

Result<std::vector<Key>> keys_of(const sql::Show& show, const std::vector<Responder::Title>& titles) {
  std::vector<Key> keys;
  for (const sql::OrderItem* item : show.order_by) {
    const auto* column = sql::as<sql::ColumnRef>(item->value);
    const std::string wanted = column == nullptr ? "" : lower_case(column->name);
    const auto found = std::ranges::find_if(
        titles, [&](const Responder::Title& title) { return lower_case(title.name) == wanted; });
    if (found == titles.end()) {
      std::vector<std::string> names;
      for (const Responder::Title& title : titles) names.push_back(title.name);
      return failure(kUnsupported, fmt::format("SHOW {} … ORDER BY takes names of its columns: {}", show.what,
                                               fmt::join(names, ", ")));
    }
    keys.push_back({static_cast<std::size_t>(found - titles.begin()), item->descending});
  }
  return keys;
}

bool comes_before(const Row& a, const Row& b, const std::vector<Key>& keys) {
  for (const Key& key : keys) {
    const std::string& left = a[key.column];
    const std::string& right = b[key.column];
    if (is_less(left, right)) return !key.descending;
    if (is_less(right, left)) return key.descending;
  }
  return false;
}

/// Rows that are alike in all keys stay as they were.
std::vector<Row> in_order(std::vector<Row> rows, const std::vector<Key>& keys) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    if (comes_before(rows[a], rows[b], keys)) return true;
    return a < b && !comes_before(rows[b], rows[a], keys);
  });
  std::vector<Row> sorted;
  for (const std::size_t each : order) sorted.push_back(std::move(rows[each]));
  return sorted;
}

}  // namespace

std::uint64_t limit_of(const sql::Expr* value, std::uint64_t otherwise) {
  const auto* literal = sql::as<sql::Literal>(value);
  if (literal == nullptr) return otherwise;
  std::uint64_t number = otherwise;
  std::from_chars(literal->text.data(), literal->text.data() + literal->text.size(), number);
  return number;
}

Result<void> show_table(Session& session, const sql::Show& show, const std::vector<Responder::Title>& titles,
                        std::vector<Row> rows, std::size_t filtered) {
  const std::string_view pattern = pattern_of(show);
  std::erase_if(rows, [&](const Row& row) { return !like(row[filtered], pattern); });
  const Result<std::vector<Key>> keys = keys_of(show, titles);
  if (!keys) return failure(keys.error());
  if (!keys->empty()) rows = in_order(std::move(rows), *keys);
  if (show.limit != nullptr) {
    const std::size_t skip = std::min<std::size_t>(limit_of(show.limit->offset, 0), rows.size());
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(skip));
    const std::size_t count = limit_of(show.limit->count, UINT64_MAX);
    if (rows.size() > count) rows.resize(count);
  }
  session.respond().table(titles, rows);
  return {};
}

}  // namespace kintsugi::gate
