#include <map>
#include <sstream>

#include <fmt/format.h>

#include "cli/commands/groups.h"
#include "cli/context.h"
#include "kintsugi/control/v1/control.pb.h"

namespace kintsugi::cli {
namespace {

namespace api = control::v1;

struct Branch {
  std::map<std::string, Branch> children;
};

void print_branch(std::string& out, const Branch& branch, const std::string& indent) {
  std::size_t left = branch.children.size();
  for (const auto& [name, child] : branch.children) {
    const bool last = --left == 0;
    out += fmt::format("{}{}{}\n", indent, last ? "└─ " : "├─ ", name);
    print_branch(out, child, indent + (last ? "   " : "│  "));
  }
}

std::string tree_text(const api::TopoListResponse& list) {
  Branch root;
  for (const std::string& path : list.paths()) {
    Branch* branch = &root;
    std::istringstream words(path);
    for (std::string word; std::getline(words, word, '/');) {
      if (!word.empty()) branch = &branch->children[word];
    }
  }
  std::string out;
  print_branch(out, root, "");
  return out;
}

Task<Result<void>> get(Context& context, const Parsed& parsed) {
  api::TopoGetRequest request;
  request.set_path(parsed.get("path"));
  api::TopoGetResponse response;
  Result<void> done = co_await context.call("TopoGet", request, response);
  if (done) context.answer(response, [&] { return response.value() + "\n"; });
  co_return done;
}

Task<Result<void>> list_or_tree(Context& context, const Parsed& parsed, bool tree) {
  api::TopoListRequest request;
  request.set_prefix(parsed.get("path"));
  api::TopoListResponse response;
  Result<void> done = co_await context.call("TopoList", request, response);
  if (!done) co_return done;
  context.answer(response, [&] {
    if (tree) return tree_text(response);
    std::string out;
    for (const std::string& path : response.paths()) out += path + "\n";
    return out;
  });
  co_return done;
}

Task<Result<void>> list(Context& context, const Parsed& parsed) {
  return list_or_tree(context, parsed, false);
}
Task<Result<void>> tree(Context& context, const Parsed& parsed) {
  return list_or_tree(context, parsed, true);
}

}  // namespace

std::vector<Command> topo_commands() {
  const Argument below{"path", "only below this path", false};
  return {
      {"topo get",
       "one record of the topology, as JSON",
       "",
       {{"path", "below /kintsugi/<cluster>"}},
       {},
       {{"topo get global/keyspaces/customer/shards/-80/Shard", "Who is primary, since when, which epoch."}},
       get},
      {"topo list",
       "the paths of all records",
       "",
       {below},
       {},
       {{"topo list local/zone1", "What gates of zone1 read."}},
       list},
      {"topo tree", "the same as a tree", "", {below}, {}, {{"topo tree", "The whole topology."}}, tree},
  };
}

}  // namespace kintsugi::cli
