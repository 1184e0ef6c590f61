#include "sql/testing/round_trip.h"

#include <fmt/format.h>

#include "sql/fingerprint.h"
#include "sql/parser.h"

namespace kintsugi::sql {

std::string round_trip_fault(std::string_view sql, const LexerMode& mode) {
  Arena arena;
  auto statement = parse(sql, arena, mode);
  if (!statement) return {};
  PrintOptions options = print_options(mode);
  std::string printed = print(**statement, options);
  auto fault = [&](std::string_view what) {
    return fmt::format("{}\n  text: {}\n  printed: {}\n", what, sql, printed);
  };
  Arena other;
  if (!equal(*clone(*statement, other), **statement)) return fault("the clone differs");
  Fingerprint f;
  fingerprint(sql, mode, f);
  if (!f.valid) return fault("the fingerprint does not take what the parser takes");
  parameterize(**statement, f);
  auto again = parse(printed, other, mode);
  // Parentheses that the printer adds may take a tree over the bound; nothing else may fail.
  if (!again && again.error().is(kTooDeep)) return {};
  if (!again) return fault(again.error().message());
  if (!equal(**statement, **again)) return fault("the tree differs:\n" + dump(**statement) + dump(**again));
  if (print(**again, options) != printed) return fault("printing is no fixpoint: " + print(**again, options));
  return {};
}

}  // namespace kintsugi::sql
