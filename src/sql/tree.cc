#include "sql/tree.h"

#include <fmt/format.h>

namespace kintsugi::sql {
namespace {

template <class T>
concept IsNode = std::is_base_of_v<Node, T>;

struct VisitFields {
  detail::Visit visit;
  void* context;

  template <IsNode T>
  void operator()(const char*, T*& child) {
    if (child != nullptr) visit(context, *child);
  }
  template <IsNode T>
  void operator()(const char*, List<T*>& children) {
    for (T* child : children) visit(context, *child);
  }
  template <class T>
  void operator()(const char*, T&) {}
};

struct RewriteFields {
  detail::Replace replace;
  void* context;

  template <IsNode T>
  void operator()(const char*, T*& child) {
    if (child != nullptr) child = static_cast<T*>(replace(context, *child));
  }
  template <IsNode T>
  void operator()(const char*, List<T*>& children) {
    for (T*& child : children) child = static_cast<T*>(replace(context, *child));
  }
  template <class T>
  void operator()(const char*, T&) {}
};

struct CloneFields {
  Arena& arena;

  template <IsNode T>
  void operator()(const char*, T*& child) {
    child = clone(child, arena);
  }
  void operator()(const char*, std::string_view& text) { text = arena.copy(text); }
  void operator()(const char*, SourceText& text) { text.text = arena.copy(text.text); }
  template <class T>
  void operator()(const char*, List<T>& list) {
    List<T> copy{};
    for (T item : list) {
      (*this)(nullptr, item);
      copy.push_back(arena, item);
    }
    list = copy;
  }
  template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void operator()(const char*, T&) {}
};

bool same(std::string_view a, std::string_view b) { return a == b; }
bool same(const SourceText&, const SourceText&) { return true; }
template <IsNode T>
bool same(const T* a, const T* b) {
  return equal(a, b);
}
template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
bool same(T a, T b) {
  return a == b;
}
template <class T>
bool same(const List<T>& a, const List<T>& b) {
  if (a.count != b.count) return false;
  for (unsigned i = 0; i < a.count; ++i) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

// Compares with the field at the same place of a node of the same type.
struct EqualFields {
  const char* self;
  const char* other;
  bool result = true;

  template <class T>
  void operator()(const char*, const T& field) {
    auto place = reinterpret_cast<const char*>(&field) - self;
    result = result && same(field, *reinterpret_cast<const T*>(other + place));
  }
};

struct DumpFields {
  std::string& out;
  int indent;

  void line(const char* name, std::string_view text) {
    fmt::format_to(std::back_inserter(out), "{:{}}{}: {}\n", "", indent, name, text);
  }
  void operator()(const char* name, std::string_view text) {
    if (!text.empty()) line(name, text);
  }
  void operator()(const char*, const SourceText&) {}
  template <IsNode T>
  void operator()(const char* name, T* const& child) {
    if (child == nullptr) return;
    line(name, kind_name(child->kind));
    visit(*child, [this](auto& node) {
      DumpFields inner{out, indent + 2};
      std::remove_reference_t<decltype(node)>::fields(node, inner);
    });
  }
  template <class T>
  void operator()(const char* name, const List<T>& list) {
    for (const T& item : list) (*this)(name, item);
  }
  template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void operator()(const char* name, const T& value) {
    if (value != T{}) line(name, std::to_string(static_cast<std::int64_t>(value)));
  }
};

}  // namespace

void detail::for_each_child(Node& node, Visit visit_child, void* context) {
  VisitFields f{visit_child, context};
  visit(node, [&f](auto& n) { std::remove_reference_t<decltype(n)>::fields(n, f); });
}

void detail::rewrite_children(Node& node, Replace replace, void* context) {
  RewriteFields f{replace, context};
  visit(node, [&f](auto& n) { std::remove_reference_t<decltype(n)>::fields(n, f); });
}

Node* detail::clone(const Node& node, Arena& arena) {
  CloneFields f{arena};
  return visit(const_cast<Node&>(node), [&f](auto& n) -> Node* {
    using T = std::remove_reference_t<decltype(n)>;
    T* copy = f.arena.template make<T>(n);
    T::fields(*copy, f);
    return copy;
  });
}

bool equal(const Node& a, const Node& b) {
  if (a.kind != b.kind) return false;
  return visit(const_cast<Node&>(a), [&b](auto& n) {
    using T = std::remove_reference_t<decltype(n)>;
    EqualFields f{reinterpret_cast<const char*>(&n),
                  reinterpret_cast<const char*>(static_cast<const T*>(&b))};
    T::fields(n, f);
    return f.result;
  });
}

bool is_plain_default(const Expr& value) {
  const Expr* inner = &value;
  if (const auto* sign = as<Unary>(&value)) {
    if (sign->op == UnaryOp::kNegate || sign->op == UnaryOp::kPlus) inner = sign->operand;
  }
  if (is<Literal>(inner)) return true;
  const auto* call = as<FunctionCall>(&value);
  return call != nullptr && (call->name == "current_timestamp" || call->name == "now" ||
                             call->name == "localtime" || call->name == "localtimestamp");
}

std::string dump(const Node& node) {
  std::string out = fmt::format("{}\n", kind_name(node.kind));
  visit(const_cast<Node&>(node), [&out](auto& n) {
    DumpFields f{out, 2};
    std::remove_reference_t<decltype(n)>::fields(n, f);
  });
  return out;
}

namespace {

constexpr std::string_view kKindNames[] = {
#define KINTSUGI_SQL_NAME(Name) #Name,
    KINTSUGI_SQL_NODES(KINTSUGI_SQL_NAME)
#undef KINTSUGI_SQL_NAME
};

#define KINTSUGI_SQL_COUNT(Name) +1
constexpr int kExpressions = 0 KINTSUGI_SQL_EXPRESSIONS(KINTSUGI_SQL_COUNT);
constexpr int kTableRefs = kExpressions KINTSUGI_SQL_TABLE_REFS(KINTSUGI_SQL_COUNT);
constexpr int kParts = kTableRefs KINTSUGI_SQL_PARTS(KINTSUGI_SQL_COUNT);
constexpr int kQueries = kParts KINTSUGI_SQL_QUERIES(KINTSUGI_SQL_COUNT);
#undef KINTSUGI_SQL_COUNT

}  // namespace

bool is_expr(NodeKind kind) { return static_cast<int>(kind) < kExpressions; }
bool is_table_ref(NodeKind kind) { return !is_expr(kind) && static_cast<int>(kind) < kTableRefs; }
bool is_query(NodeKind kind) { return static_cast<int>(kind) >= kParts && static_cast<int>(kind) < kQueries; }
bool is_statement(NodeKind kind) { return static_cast<int>(kind) >= kParts; }
std::string_view kind_name(NodeKind kind) { return kKindNames[static_cast<int>(kind)]; }

}  // namespace kintsugi::sql
