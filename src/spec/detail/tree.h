#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace kintsugi::spec::detail {

/// A place in the text, both from 1; 0: none.
struct Position {
  int line = 0;
  int column = 0;
};

struct Member;

/// A YAML document as read: what it says and where.
struct Node {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  Position position;
  std::string scalar;
  bool quoted = false;  ///< the scalar is text, whatever it looks like
  std::vector<Node> items;
  std::vector<Member> members;  ///< in the order of the text; a key may be there twice

  const Node* find(std::string_view key) const;
};

struct Member {
  std::string key;
  Position position;  ///< of the key
  Node value;
};

inline const Node* Node::find(std::string_view key) const {
  for (const Member& each : members) {
    if (each.key == key) return &each.value;
  }
  return nullptr;
}

/// What is wrong with the YAML itself, and where.
struct SyntaxError {
  Position position;
  std::string message;
};

/// Reads one YAML document. Bounded in depth and in nodes, so that aliases of aliases cost nothing.
tl::expected<Node, SyntaxError> read_yaml(const std::string& text);

/// The node as JSON. Unquoted scalars that look like numbers, booleans or null become those.
std::string to_json(const Node& node);

}  // namespace kintsugi::spec::detail
