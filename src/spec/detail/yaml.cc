#include <cstdint>

#include <yaml-cpp/yaml.h>

#include "spec/detail/tree.h"

namespace kintsugi::spec::detail {

namespace {

constexpr int kNodesMax = 200'000;
constexpr int kDepthMax = 64;

Position position_of(const YAML::Mark& mark) {
  return mark.is_null() ? Position{} : Position{mark.line + 1, mark.column + 1};
}

class Converter {
 public:
  Node convert(const YAML::Node& from, int depth) {
    Node to;
    to.position = position_of(from.Mark());
    if (++nodes_ > kNodesMax || depth > kDepthMax) {
      too_large_ = true;
      return to;
    }
    switch (from.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null:
        break;
      case YAML::NodeType::Scalar:
        to.kind = Node::Kind::scalar;
        to.scalar = from.Scalar();
        to.quoted = from.Tag() == "!" || from.Tag() == "tag:yaml.org,2002:str";
        break;
      case YAML::NodeType::Sequence:
        to.kind = Node::Kind::list;
        for (const auto& each : from) {
          if (too_large_) break;
          to.items.push_back(convert(each, depth + 1));
        }
        break;
      case YAML::NodeType::Map:
        to.kind = Node::Kind::map;
        for (const auto& each : from) {
          if (too_large_) break;
          to.members.push_back({each.first.IsScalar() ? each.first.Scalar() : std::string("?"),
                                position_of(each.first.Mark()), convert(each.second, depth + 1)});
        }
        break;
    }
    return to;
  }

  bool too_large() const { return too_large_; }

 private:
  int nodes_ = 0;
  bool too_large_ = false;
};

}  // namespace

tl::expected<Node, SyntaxError> read_yaml(const std::string& text) {
  // yaml-cpp tells of bad input by exceptions; they end here.
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.empty() || documents.front().IsNull()) {
      return tl::unexpected(SyntaxError{{}, "the document is empty"});
    }
    if (documents.size() > 1) {
      return tl::unexpected(SyntaxError{position_of(documents[1].Mark()),
                                        "a second document begins here; expected one cluster in a file"});
    }
    Converter converter;
    Node root = converter.convert(documents.front(), 0);
    if (converter.too_large())
      return tl::unexpected(SyntaxError{{}, "the document is too large or too deep"});
    return root;
  } catch (const YAML::Exception& error) {
    return tl::unexpected(SyntaxError{position_of(error.mark), "not valid YAML: " + error.msg});
  }
}

}  // namespace kintsugi::spec::detail
