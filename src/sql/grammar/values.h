#pragma once

// What Bison's values are made of: trivial types only.

#include <cstdint>
#include <string_view>

#include "sql/tree.h"

namespace kintsugi::sql {

/// A string_view that may be a member of a union.
struct Word {
  const char* data;
  std::uint32_t size;

  operator std::string_view() const { return {data, size}; }  // NOLINT: a Word is a string_view
};

inline Word to_word(std::string_view text) { return {text.data(), static_cast<std::uint32_t>(text.size())}; }

struct Location {
  std::uint32_t begin;
  std::uint32_t end;
};

inline Location place(const Node* node) { return {node->offset, node->offset + node->length}; }

/// The ON EMPTY and ON ERROR of JSON_VALUE and JSON_TABLE.
struct JsonOns {
  JsonOn* on_empty;
  JsonOn* on_error;
};

/// WAIT n, NOWAIT.
struct Wait {
  Expr* seconds;
  bool nowait;
};

/// LIKE pattern, WHERE condition of SHOW.
struct LikeWhere {
  Expr* like;
  Expr* where;
};

/// CREATE [OR REPLACE] [DEFINER = account]
struct CreateHead {
  bool or_replace;
  Account* definer;
};

/// FOLLOWS other, PRECEDES other
struct TriggerOrder {
  const char* word;
  Word other;
};

struct Characteristics {
  Isolation isolation;
  AccessMode access;
};

struct PasswordOptions {
  Literal* replace;
  bool retain;
};

}  // namespace kintsugi::sql
