#include "spec/detail/structure.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/nearest.h"
#include "spec/fields.h"

namespace kintsugi::spec::detail {

namespace {

std::string described(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return fmt::format("'{}'", node.scalar.substr(0, 60));
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      break;
  }
  return "an object";
}

std::string join(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + '.' + std::string(name);
}

class Checker {
 public:
  std::vector<Finding> take() { return std::move(findings_); }

  /// `pattern` is the path in the table, "spec.cells[]"; `path` the one in the document, "spec.cells[0]".
  void check_object(Node& node, const std::string& pattern, const std::string& path) {
    if (node.kind != Node::Kind::map) {
      reject(node, path, fmt::format("expected an object, found {}", described(node)));
      return;
    }
    const std::vector<const Field*> known = children(pattern);
    std::set<std::string_view> seen;
    for (Member& member : node.members) {
      const auto field =
          std::ranges::find_if(known, [&](const Field* each) { return leaf(*each) == member.key; });
      if (field == known.end()) {
        report(member.position, join(path, member.key), unknown_field(member.key, known));
      } else if (!seen.insert(leaf(**field)).second) {
        report(member.position, join(path, member.key), "is there twice");
      } else {
        check_value(member.value, **field, join(path, member.key));
      }
    }
    for (const Field* each : known) {
      if (!each->required) continue;
      const Node* value = node.find(leaf(*each));
      if (value == nullptr || (value->kind == Node::Kind::null && !rejected(join(path, leaf(*each))))) {
        report(node.position, join(path, leaf(*each)), "is required");
      }
    }
  }

 private:
  void report(Position position, std::string path, std::string message) {
    findings_.push_back({position, std::move(path), std::move(message)});
  }
  void reject(Node& node, const std::string& path, std::string message) {
    report(node.position, path, std::move(message));
    node = Node{Node::Kind::null, node.position, {}, false, {}, {}};
  }
  bool rejected(const std::string& path) const {
    return std::ranges::any_of(findings_, [&](const Finding& each) { return each.path == path; });
  }

  static std::string unknown_field(const std::string& key, const std::vector<const Field*>& known) {
    std::vector<std::string_view> names;
    for (const Field* each : known) names.push_back(leaf(*each));
    const std::string_view near = nearest(key, names);
    if (!near.empty()) return fmt::format("unknown field; did you mean '{}'?", near);
    return fmt::format("unknown field; expected one of {}", fmt::join(names, ", "));
  }

  void check_value(Node& node, const Field& field, const std::string& path) {
    if (node.kind == Node::Kind::null) return;
    switch (field.type) {
      case FieldType::object:
        return check_object(node, field.path, path);
      case FieldType::objects:
      case FieldType::texts:
      case FieldType::integers:
        return check_list(node, field, path);
      case FieldType::text_map:
        return check_text_map(node, path);
      case FieldType::document:
        if (node.kind != Node::Kind::map) {
          reject(node, path, fmt::format("expected an object, found {}", described(node)));
        }
        return;
      case FieldType::choice:
        return check_choice(node, field, path);
      case FieldType::integer:
        return check_number(node, field, path, "an integer",
                            node.quoted ? std::nullopt : parse_integer(node.scalar));
      case FieldType::bytes:
        return check_number(node, field, path, "a size such as 64M or 2G", parse_bytes(node.scalar));
      case FieldType::text:
        if (node.kind != Node::Kind::scalar) {
          reject(node, path, fmt::format("expected text, found {}", described(node)));
        }
        return;
    }
  }

  void check_list(Node& node, const Field& field, const std::string& path) {
    if (node.kind != Node::Kind::list) {
      return reject(node, path, fmt::format("expected a list, found {}", described(node)));
    }
    const auto size = static_cast<std::int64_t>(node.items.size());
    if (size < field.min || (field.max > 0 && size > field.max)) {
      return reject(node, path,
                    fmt::format("has {} elements; expected {} to {}", size, field.min, field.max));
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const std::string at = fmt::format("{}[{}]", path, i);
      Node& item = node.items[i];
      if (field.type == FieldType::objects) {
        check_object(item, field.path + "[]", at);
      } else if (item.kind != Node::Kind::scalar) {
        reject(item, at, fmt::format("expected text, found {}", described(item)));
      } else if (field.type == FieldType::integers && (item.quoted || !parse_integer(item.scalar))) {
        reject(item, at, fmt::format("expected an integer, found {}", described(item)));
      }
    }
  }

  void check_text_map(Node& node, const std::string& path) {
    if (node.kind != Node::Kind::map) {
      return reject(node, path,
                    fmt::format("expected an object of names and values, found {}", described(node)));
    }
    std::set<std::string_view> seen;
    for (Member& member : node.members) {
      if (!seen.insert(member.key).second) report(member.position, join(path, member.key), "is there twice");
      if (member.value.kind == Node::Kind::list || member.value.kind == Node::Kind::map) {
        reject(member.value, join(path, member.key),
               fmt::format("expected text, found {}", described(member.value)));
      }
    }
  }

  void check_choice(Node& node, const Field& field, const std::string& path) {
    if (node.kind == Node::Kind::scalar && std::ranges::count(field.choices, node.scalar) > 0) return;
    const std::vector<std::string_view> words(field.choices.begin(), field.choices.end());
    const std::string_view near =
        node.kind == Node::Kind::scalar ? nearest(node.scalar, words) : std::string_view();
    reject(node, path,
           fmt::format("expected {}{}, found {}", words.size() == 1 ? "" : "one of ", fmt::join(words, ", "),
                       described(node)) +
               (near.empty() || words.size() == 1 ? "" : fmt::format("; did you mean '{}'?", near)));
  }

  void check_number(Node& node, const Field& field, const std::string& path, std::string_view expected,
                    std::optional<std::int64_t> value) {
    if (node.kind != Node::Kind::scalar || !value) {
      return reject(node, path, fmt::format("expected {}, found {}", expected, described(node)));
    }
    if (*value < field.min || (field.max > 0 && *value > field.max)) {
      const std::string range = field.max > 0 ? fmt::format("{} to {}", field.min, field.max)
                                              : fmt::format("at least {}", field.min);
      reject(node, path, fmt::format("expected {}, found {}", range, described(node)));
    }
  }

  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_structure(Node& root) {
  Checker checker;
  checker.check_object(root, "", "");
  return checker.take();
}

Position locate(const Node& root, std::string_view path) {
  const Node* node = &root;
  Position position = root.position;
  while (!path.empty()) {
    const Node* next = nullptr;
    if (path.front() == '[') {
      const std::size_t close = path.find(']');
      const std::optional<std::int64_t> index = parse_integer(path.substr(1, close - 1));
      if (!index || *index >= static_cast<std::int64_t>(node->items.size())) return position;
      next = &node->items[static_cast<std::size_t>(*index)];
      path.remove_prefix(close + 1);
    } else {
      const std::size_t end = std::min(path.find_first_of(".["), path.size());
      next = node->find(path.substr(0, end));
      path.remove_prefix(end);
    }
    if (path.starts_with('.')) path.remove_prefix(1);
    if (next == nullptr) return position;
    node = next;
    if (node->position.line > 0) position = node->position;
  }
  return position;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_bytes(std::string_view text) {
  if (text.ends_with('i') && text.size() > 1) text.remove_suffix(1);
  constexpr std::string_view kUnits = "KMGT";
  int shift = 0;
  if (!text.empty() && kUnits.find(text.back()) != std::string_view::npos) {
    shift = 10 * (static_cast<int>(kUnits.find(text.back())) + 1);
    text.remove_suffix(1);
  }
  const std::optional<std::int64_t> number = parse_integer(text);
  if (!number || *number < 0 || *number > (std::numeric_limits<std::int64_t>::max() >> shift))
    return std::nullopt;
  return *number << shift;
}

}  // namespace kintsugi::spec::detail
