#pragma once

#include <memory>
#include <string>
#include <type_traits>

#include "sql/tree/compound.h"

// The syntax tree: every node and what can be done with any of them. The nodes are in tree/expr.h (values and
// conditions), tree/query.h, tree/dml.h, tree/ddl.h, tree/admin.h and tree/compound.h.
//
// A tree belongs to the Arena that it was made in, its strings too. Reading a finished tree is safe from any
// thread. Rewriting may move, share and replace subtrees at will within one arena.

namespace kintsugi::sql {

/// Calls `f` with the node as what it is: `visit(node, [](auto& n) { … n is e.g. a Between& … })`. Makes one
/// instance of `f` for each of the node types: where a few kinds matter, as<T>() and a switch over
/// `node.kind` compile faster.
template <class F>
decltype(auto) visit(Node& node, F&& f) {
  switch (node.kind) {
#define KINTSUGI_SQL_CASE(Name) \
  case NodeKind::k##Name:       \
    return f(static_cast<Name&>(node));
    KINTSUGI_SQL_NODES(KINTSUGI_SQL_CASE)
#undef KINTSUGI_SQL_CASE
  }
  __builtin_unreachable();
}

namespace detail {
using Visit = void (*)(void* context, Node& child);
using Replace = Node* (*)(void* context, Node& child);
void for_each_child(Node& node, Visit visit, void* context);
void rewrite_children(Node& node, Replace replace, void* context);
Node* clone(const Node& node, Arena& arena);
}  // namespace detail

/// Calls `f(Node& child)` for each direct child, in the order of the node's fields.
template <class F>
void for_each_child(Node& node, F&& f) {
  detail::for_each_child(
      node, [](void* context, Node& child) { (*static_cast<std::remove_reference_t<F>*>(context))(child); },
      const_cast<void*>(static_cast<const void*>(std::addressof(f))));
}
template <class F>
void for_each_child(const Node& node, F&& f) {
  for_each_child(const_cast<Node&>(node), [&f](Node& child) { f(static_cast<const Node&>(child)); });
}

/// Puts `f(Node& child)` in the place of each direct child. What it returns must fit there: an expression
/// for an expression, a query for a query, a table reference for a table reference, else the same kind.
template <class F>
void rewrite_children(Node& node, F&& f) {
  detail::rewrite_children(
      node,
      [](void* context, Node& child) -> Node* {
        return (*static_cast<std::remove_reference_t<F>*>(context))(child);
      },
      const_cast<void*>(static_cast<const void*>(std::addressof(f))));
}

/// Walks the tree from `node` down: `f(Node&) -> bool`; false leaves out what is below.
template <class F>
void walk(Node& node, F&& f) {
  if (!f(node)) return;
  for_each_child(node, [&f](Node& child) { walk(child, f); });
}
template <class F>
void walk(const Node& node, F&& f) {
  if (!f(node)) return;
  for_each_child(node, [&f](const Node& child) { walk(child, f); });
}

/// A deep copy that depends on `arena` alone, strings included.
template <class T>
T* clone(const T* node, Arena& arena) {
  return node == nullptr ? nullptr : static_cast<T*>(detail::clone(*node, arena));
}

/// Whether both mean the same: all but positions in the text. Names are compared byte by byte.
bool equal(const Node& a, const Node& b);
inline bool equal(const Node* a, const Node* b) {
  return a == b || (a != nullptr && b != nullptr && equal(*a, *b));
}

/// The tree as indented text, for tests and debugging: one line a field, defaults left out.
std::string dump(const Node& node);

}  // namespace kintsugi::sql
