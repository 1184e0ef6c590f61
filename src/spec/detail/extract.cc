#include "spec/detail/extract.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "spec/fields.h"

namespace kintsugi::spec::detail {

namespace {

constexpr std::int64_t kUidMax = 2147483647;

/// A node and its two paths: the table's and the document's. A node that is not there has the table's
/// defaults.
class View {
 public:
  View(const Node* node, std::string pattern, std::string path)
      : node_(node), pattern_(std::move(pattern)), path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  bool given() const { return node_ != nullptr && node_->kind != Node::Kind::null; }
  const Node* node() const { return node_; }

  View at(std::string_view name) const {
    const Node* inside = node_ == nullptr ? nullptr : node_->find(name);
    const auto join = [&](const std::string& to) {
      return to.empty() ? std::string(name) : to + '.' + std::string(name);
    };
    View view(inside, join(pattern_), join(path_));
    // Asking for what the table does not have is a mistake in this file.
    if (find_field(view.pattern_) == nullptr) std::abort();
    return view;
  }
  std::vector<View> items() const {
    std::vector<View> all;
    if (!given()) return all;
    for (std::size_t i = 0; i < node_->items.size(); ++i) {
      all.emplace_back(&node_->items[i], pattern_ + "[]", fmt::format("{}[{}]", path_, i));
    }
    return all;
  }

  std::string text() const { return given() ? node_->scalar : find_field(pattern_)->default_text; }
  std::int64_t integer() const { return parse_integer(text()).value_or(0); }
  std::int64_t bytes() const { return parse_bytes(text()).value_or(0); }
  std::uint16_t port() const { return static_cast<std::uint16_t>(integer()); }
  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const View& each : items()) all.push_back(each.given() ? each.node_->scalar : std::string());
    return all;
  }
  Settings settings() const {
    Settings all;
    if (!given()) return all;
    for (const Member& each : node_->members) all[each.key] = each.value.scalar;
    return all;
  }

 private:
  const Node* node_;
  std::string pattern_;
  std::string path_;
};

class Extractor {
 public:
  Extractor(const std::string& directory, const ReadFile& read_file, std::vector<Finding>& findings)
      : directory_(directory), read_file_(read_file), findings_(findings) {}

  Cluster cluster(const View& root) {
    Cluster out;
    out.name = root.at("metadata").at("name").text();
    const View spec = root.at("spec");
    out.listen_host = spec.at("listenHost").text();
    for (const View& each : spec.at("cells").items()) {
      out.cells.push_back({each.at("name").text(), each.at("description").text()});
    }
    first_cell_ = out.cells.empty() ? "" : out.cells.front().name;
    const View etcd = spec.at("etcd");
    out.etcd = {etcd.at("endpoints").texts(), program(etcd.at("binary")), etcd.at("clientPort").port(),
                etcd.at("peerPort").port()};
    const View control = spec.at("control");
    out.control = {static_cast<int>(control.at("replicas").integer()), control.at("httpPort").port(),
                   control.at("options").settings()};
    for (const View& each : spec.at("gates").items()) {
      out.gates.push_back({cell(each), static_cast<int>(each.at("replicas").integer()),
                           each.at("mysqlPort").port(), each.at("httpPort").port(),
                           each.at("options").settings()});
    }
    out.users = document(spec.at("users"));
    out.mysqld = mysqld(spec.at("mysqld"), {});
    for (const View& each : spec.at("keyspaces").items()) out.keyspaces.push_back(keyspace(each, out.mysqld));
    const View logging = spec.at("logging");
    out.logging = {logging.at("level").text(), logging.at("format").text(), logging.at("levels").settings()};
    return out;
  }

 private:
  std::string cell(const View& view) const {
    const View given = view.at("cell");
    return given.given() ? given.text() : first_cell_;
  }

  void report(const View& view, std::string message) {
    findings_.push_back({{}, view.path(), std::move(message)});
  }

  Document document(const View& view) {
    const View file = view.at("file");
    const View inside = view.at("inline");
    Document out;
    if (file.given() && inside.given()) {
      report(inside, "is given beside 'file'; expected one of the two");
    } else if (inside.given()) {
      out.text = to_json(*inside.node());
    } else if (file.given()) {
      out.file = whole_path(file.text());
      Result<std::string> text = read_file_(out.file);
      if (text) {
        out.text = std::move(*text);
        if (out.text.empty()) report(file, fmt::format("{} is empty", out.file));
      } else {
        report(file, text.error().message());
      }
    } else if (view.given()) {
      report(view, "expected 'file' or 'inline' in it");
    }
    return out;
  }

  /// A name that is looked for in PATH stays one.
  std::string program(const View& view) const {
    const std::string text = view.text();
    return text.find('/') == std::string::npos ? text : whole_path(text);
  }

  std::string whole_path(const std::string& path) const {
    return (std::filesystem::path(directory_) / path).lexically_normal().string();
  }

  Mysqld mysqld(const View& view, Mysqld defaults) const {
    Mysqld out = std::move(defaults);
    // At spec.mysqld the table has defaults; a keyspace's own only replaces what it gives.
    const std::string flavour = view.at("flavour").text();
    if (!flavour.empty()) out.flavour = flavour == "mysql" ? Flavour::mysql : Flavour::mariadb;
    if (view.at("binary").given()) out.binary = program(view.at("binary"));
    if (!view.at("bufferPoolSize").text().empty()) {
      out.buffer_pool_bytes = static_cast<std::uint64_t>(view.at("bufferPoolSize").bytes());
    }
    for (auto& [key, value] : view.at("settings").settings()) out.settings[key] = value;
    return out;
  }

  std::vector<topo::KeyRange> shards(const View& view) {
    const View count = view.at("shards");
    const View partitions = view.at("partitions");
    std::vector<topo::KeyRange> ranges;
    if (count.given() && partitions.given()) {
      report(partitions, "is given beside 'shards'; expected one of the two");
    } else if (partitions.given()) {
      for (const View& each : partitions.items()) {
        if (!each.given()) continue;
        Result<topo::KeyRange> range = topo::KeyRange::parse(each.node()->scalar);
        if (range) {
          ranges.push_back(std::move(*range));
        } else {
          report(each, range.error().message());
        }
      }
      const bool all_good = ranges.size() == partitions.items().size();
      if (const Result<void> whole = topo::check_partition(ranges); all_good && !whole) {
        report(partitions, whole.error().message());
      }
      std::ranges::sort(ranges);
      return ranges;
    }
    return topo::equal_ranges(count.given() ? static_cast<int>(count.integer()) : 1).value_or(ranges);
  }

  Keyspace keyspace(const View& view, const Mysqld& defaults) {
    Keyspace out;
    out.name = view.at("name").text();
    out.shards = shards(view);
    const std::string durability = view.at("durability").text();
    for (const Durability each : {Durability::none, Durability::semi_sync, Durability::cross_cell}) {
      if (durability == name(each)) out.durability = each;
    }
    for (const View& each : view.at("tablets").items()) {
      TabletPool pool{
          cell(each),
          each.at("type").text() == "rdonly" ? topo::TabletType::rdonly : topo::TabletType::replica,
          static_cast<int>(each.at("count").integer()),
          {}};
      for (const std::string& uid : each.at("uids").texts()) {
        const std::int64_t number = parse_integer(uid).value_or(0);
        pool.uids.push_back(number < 0 || number > kUidMax ? 0 : static_cast<std::uint32_t>(number));
      }
      out.tablets.push_back(std::move(pool));
    }
    if (!view.at("tablets").given()) out.tablets = {{first_cell_, topo::TabletType::replica, 2, {}}};
    out.vschema = document(view.at("vschema"));
    out.mysqld = mysqld(view.at("mysqld"), defaults);
    return out;
  }

  const std::string& directory_;
  const ReadFile& read_file_;
  std::vector<Finding>& findings_;
  std::string first_cell_;
};

}  // namespace

Cluster extract(const Node& root, const std::string& directory, const ReadFile& read_file,
                std::vector<Finding>& findings) {
  return Extractor(directory, read_file, findings).cluster(View(&root, "", ""));
}

}  // namespace kintsugi::spec::detail
