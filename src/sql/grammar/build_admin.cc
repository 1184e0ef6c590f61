// The Builder's statements about transactions, variables, accounts, sessions and servers.

#include <algorithm>
#include <string>

#include "sql/grammar/builder.h"
#include "sql/grammar/characters.h"

namespace kintsugi::sql {

void Builder::start_option(Begin* begin, int option) {
  if (option == 0) {
    begin->snapshot = true;
  } else {
    begin->access = static_cast<AccessMode>(option);
  }
}

Statement* Builder::xa(Location location, const char* verb, List<Literal*> xid, Word suffix) {
  auto* node = make<Xa>(location);
  node->verb = verb;
  if (xid.count > 0) node->gtrid = xid[0];
  if (xid.count > 1) node->bqual = xid[1];
  if (xid.count > 2) node->format_id = xid[2];
  node->suffix = suffix;
  return node;
}

Statement* Builder::xa_format(Location location, Word format, Location format_location) {
  std::string_view text = lower(format);
  if (text != "sql" && text != "raw") syntax_error(format_location);
  return xa(location, "recover", {}, word(text == "sql" ? "format = 'sql'" : ""));
}

Keyword* Builder::keyword(Location location, std::string_view text) {
  auto* node = make<Keyword>(location);
  node->word = text;
  return node;
}

// ---- SET ----

Statement* Builder::set_transaction(Location location, int scope, Characteristics characteristics) {
  auto* node = make<SetTransaction>(location);
  node->scope = static_cast<VariableScope>(scope);
  node->isolation = characteristics.isolation;
  node->access = characteristics.access;
  return node;
}

Characteristics Builder::join_characteristics(Characteristics a, Characteristics b, Location location) {
  bool both_isolation = a.isolation != Isolation::kUnset && b.isolation != Isolation::kUnset;
  bool both_access = a.access != AccessMode::kUnset && b.access != AccessMode::kUnset;
  if (both_isolation || both_access) syntax_error(location);
  return {a.isolation != Isolation::kUnset ? a.isolation : b.isolation,
          a.access != AccessMode::kUnset ? a.access : b.access};
}

SetItem* Builder::set_item(Location location, SetKind kind, Word name, Expr* value) {
  auto* node = make<SetItem>(location);
  node->item = kind;
  node->name = name;
  node->value = value;
  return node;
}

SetItem* Builder::set_variable(Location location, int scope, Word prefix, Word name, Expr* value) {
  SetItem* node = set_item(location, SetKind::kVariable, name, value);
  node->scope = static_cast<VariableScope>(scope);
  node->prefix = prefix;
  return node;
}

SetItem* Builder::set_at_at(Location location, SystemVariable* variable, Expr* value) {
  SetItem* node = set_item(location, SetKind::kVariable, to_word(variable->name), value);
  node->at_at = true;
  node->scope = variable->scope == VariableScope::kLocal ? VariableScope::kSession : variable->scope;
  node->prefix = variable->prefix;
  return node;
}

Statement* Builder::set_password(Location location, Account* account, Literal* password,
                                 PasswordOptions options) {
  auto* node = make<SetPassword>(location);
  node->account = account;
  node->function = password == nullptr ? "" : word_;
  node->to_random = password == nullptr;
  node->password = password;
  node->replace = options.replace;
  node->retain = options.retain;
  return node;
}

// NONE is a word only where it stands alone.
SetRole* Builder::role_choice(Word word, List<Account*> roles) {
  auto* node = make<SetRole>({0, 0});
  node->word = word;
  node->roles = roles;
  if (node->word.empty() && roles.count == 1 && !roles[0]->has_host && same_word(roles[0]->user, "none")) {
    node->word = "none";
    node->roles = {};
  }
  return node;
}

Statement* Builder::set_role(Location location, SetRole* choice, List<Account*> users, bool default_role) {
  widen(choice, location);
  choice->default_role = default_role;
  choice->users = users;
  return choice;
}

// ---- accounts ----

Account* Builder::account(Location location, Word user) {
  auto* node = make<Account>(location);
  node->user = user;
  return node;
}

AccountSpec* Builder::factor(AccountSpec* spec, const char* change, std::int64_t factor, Location location) {
  if (factor != 2 && factor != 3) syntax_error(location);
  widen(spec, location);
  spec->change = change;
  spec->factor = factor;
  return spec;
}

Statement* Builder::create_user(Location location, bool alter, bool exists, List<AccountSpec*> accounts,
                                SetRole* role, List<Option*> tls, List<Option*> resources,
                                List<Option*> options) {
  auto* node = make<CreateUser>(location);
  node->alter = alter;
  node->if_exists = exists;
  node->accounts = accounts;
  if (role != nullptr) {
    bool except = !role->word.empty() && !role->roles.empty();  // only of SET ROLE
    if (except) syntax_error(place(role->roles[0]));
    node->default_role = role->roles.empty() ? role->word : "to";
    node->default_roles = role->roles;
  }
  node->tls = tls;
  node->resources = resources;
  node->options = options;
  return node;
}

Node* Builder::privilege(Location location, Location words, List<std::string_view> columns) {
  auto* node = make<GrantPrivilege>(location);
  node->name = normalised(words);
  node->columns = columns;
  return node;
}

Node* Builder::role_item(Location, Account* role) { return role; }

// A table in quotes may be named *, which in a TableName stands for all.
TableName* Builder::grant_name(TableName* name, bool table) {
  if (name->schema == "*" || (table && name->name == "*")) syntax_error(place(name));
  return name;
}

Grant* Builder::grant_as(Location location, Account* user, SetRole* role) {
  auto* node = make<Grant>(location);
  node->as_user = user;
  if (role != nullptr) {
    node->as_role = role->word;
    node->as_roles = role->roles;
    if (node->as_role.empty()) node->as_role = "of";
  }
  return node;
}

namespace {

// `WITH GRANT OPTION max_queries_per_hour 5`: the words apart from the numbers.
List<Option*> take_with(Arena& arena, List<Option*> with, bool& grant_option, bool& admin_option) {
  List<Option*> resources{};
  for (Option* option : with) {
    if (option->name == "grant option") {
      grant_option = true;
    } else if (option->name == "admin option") {
      admin_option = true;
    } else {
      resources.push_back(arena, option);
    }
  }
  return resources;
}

}  // namespace

// What stands before ON is privileges; where no ON follows, roles. A role is written as a privilege of one
// word.
bool Builder::split_grant(GrantBase* node, List<Node*> items, bool roles) {
  for (Node* item : items) {
    Location place{item->offset, item->offset + item->length};
    if (auto* role = as<Account>(item)) {
      if (roles) {
        node->roles.push_back(arena_, role);
        continue;
      }
      // A dynamic privilege of MySQL in quotes.
      if (role->has_host || !is_bare_name(role->user)) return syntax_error(place), false;
      auto* privilege = make<GrantPrivilege>(place);
      privilege->name = lower(to_word(role->user));
      node->privileges.push_back(arena_, privilege);
      continue;
    }
    auto* privilege = static_cast<GrantPrivilege*>(item);
    if (!roles) {
      node->privileges.push_back(arena_, privilege);
      continue;
    }
    Lexer lexer(sql_.substr(0, place.end), mode_, place.begin);
    Token token = lexer.next();
    bool one_word = token.offset + token.length == place.end && privilege->columns.empty();
    if (!one_word) return syntax_error(place), false;
    node->roles.push_back(arena_, account(place, to_word(token_value(sql_, token, mode_, arena_))));
  }
  return true;
}

List<AccountSpec*> Builder::specs(List<Account*> accounts) {
  List<AccountSpec*> specs{};
  for (Account* account : accounts) {
    auto* spec = make<AccountSpec>({account->offset, account->offset + account->length});
    spec->account = account;
    specs.push_back(arena_, spec);
  }
  return specs;
}

Statement* Builder::grant(Location location, List<Node*> items, TableName* on, List<AccountSpec*> to,
                          List<Option*> tls, List<Option*> with, Grant* as) {
  auto* node = make<Grant>(location);
  split_grant(node, items, false);
  node->object = word_;
  node->on = on;
  node->to = to;
  node->tls = tls;
  node->resources = take_with(arena_, with, node->grant_option, node->admin_option);
  if (as != nullptr) {
    node->as_user = as->as_user;
    node->as_role = as->as_role;
    node->as_roles = as->as_roles;
  }
  return node;
}

Statement* Builder::grant_proxy(Location location, Account* proxy, List<AccountSpec*> to,
                                List<Option*> with) {
  auto* node = make<Grant>(location);
  node->proxy = proxy;
  node->to = to;
  node->resources = take_with(arena_, with, node->grant_option, node->admin_option);
  return node;
}

Statement* Builder::grant_roles(Location location, List<Node*> roles, List<AccountSpec*> to,
                                List<Option*> with) {
  auto* node = make<Grant>(location);
  split_grant(node, roles, true);
  node->to = to;
  node->resources = take_with(arena_, with, node->grant_option, node->admin_option);
  return node;
}

Statement* Builder::revoke(Location location, bool if_exists, List<Node*> items, TableName* on,
                           List<Account*> from, bool ignore_unknown) {
  auto* node = make<Revoke>(location);
  node->if_exists = if_exists;
  split_grant(node, items, false);
  node->object = word_;
  node->on = on;
  node->to = specs(from);
  node->ignore_unknown_user = ignore_unknown;
  return node;
}

Statement* Builder::revoke_proxy(Location location, bool if_exists, Account* proxy, List<Account*> from,
                                 bool ignore_unknown) {
  auto* node = make<Revoke>(location);
  node->if_exists = if_exists;
  node->proxy = proxy;
  node->to = specs(from);
  node->ignore_unknown_user = ignore_unknown;
  return node;
}

Statement* Builder::revoke_roles(Location location, bool if_exists, List<Node*> items, List<Account*> from,
                                 bool ignore_unknown) {
  auto* node = make<Revoke>(location);
  node->if_exists = if_exists;
  node->to = specs(from);
  node->ignore_unknown_user = ignore_unknown;
  auto named = [&items](unsigned i, std::string_view name) {
    auto* privilege = as<GrantPrivilege>(items[i]);
    return privilege != nullptr && privilege->name == name;
  };
  if (items.count == 2 && (named(0, "all") || named(0, "all privileges")) && named(1, "grant option")) {
    node->all_grants = true;
  } else {
    split_grant(node, items, true);
  }
  return node;
}

// ---- sessions and servers ----

Show* Builder::show(Word what, LikeWhere filter) {
  auto* node = make<Show>({0, 0});
  node->what = what;
  node->like = filter.like;
  node->where = filter.where;
  return node;
}

Show* Builder::show(Word what, const char* rest, List<std::string_view> channel) {
  Show* node = show(concat(what, rest), {nullptr, nullptr});
  node->words = channel;
  return node;
}

void Builder::show_table(Show* show, TableName* table, Word database) {
  show->name = table;
  if (database.size != 0) table->schema = database;
}

// SHOW words that are no keywords: what servers' plugins add, and the gate's own.
Show* Builder::show_named(Location location, Word what, LikeWhere filter) {
  static constexpr std::string_view kNames[] = {
      "authors",        "client_statistics",   "contributors", "index_statistics", "keyspaces",
      "locales",        "query_response_time", "shards",       "table_statistics", "tablets",
      "targets",        "user_statistics",     "vindexes",     "vitess_keyspaces", "vitess_shards",
      "vitess_tablets", "vitess_targets",      "vschema",      "wsrep_membership", "wsrep_status"};
  Word name = lower(what);
  if (!std::binary_search(std::begin(kNames), std::end(kNames), std::string_view(name)))
    syntax_error(location);
  return show(name, filter);
}

/// What the gate tells of the cluster.
Show* Builder::show_own(Location location, Word what, Word object, LikeWhere filter) {
  static constexpr std::string_view kNames[] = {
      "kintsugi events",   "kintsugi keyspaces", "kintsugi processes", "kintsugi queries",
      "kintsugi sessions", "kintsugi shards",    "kintsugi tablets",   "kintsugi transactions",
      "kintsugi vindexes", "kintsugi vschema",   "vschema tables",     "vschema vindexes"};
  const std::string name = std::string(lower(what)) + " " + std::string(lower(object));
  const auto* const found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) {
    syntax_error(location);
    return show(object, filter);
  }
  return show(Word(to_word(*found)), filter);
}

Statement* Builder::use(Location location, Word target, Location target_location) {
  auto* node = make<Use>(location);
  std::string_view text = target;
  Lexer lexer(sql_, mode_, target_location.begin);
  Token token = text.empty() ? Token{} : lexer.next();
  if (token.offset + token.length == target_location.end && token.cls == TokenClass::kName) {
    node->target = token_value(sql_, token, mode_, arena_);
    return node;
  }
  bool whole = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_word(c) || c == '/' || c == ':' || c == '@' || c == '-' || c == '.';
  });
  bool reserved = token.offset + token.length == target_location.end && needs_quotes(text);
  if (!whole || reserved) syntax_error(target_location);
  node->target = text;
  return node;
}

Statement* Builder::analyze(Location location, Word format, Statement* statement) {
  auto* node = make<Explain>(location);
  node->verb = ExplainVerb::kAnalyze;
  node->format = lower(format);
  node->statement = statement;
  return node;
}

Statement* Builder::vexplain(Location location, Word kind, Statement* statement) {
  auto* node = make<Explain>(location);
  node->verb = ExplainVerb::kVexplain;
  node->format = lower(kind);
  node->statement = statement;
  return node;
}

Kill* Builder::kill(Location location, Word force, int what) {
  auto* node = make<Kill>(location);
  node->force = force;
  node->what = static_cast<KillWhat>(what);
  return node;
}

Flush* Builder::flush(Location location, bool no_binlog) {
  auto* node = make<Flush>(location);
  node->no_write_to_binlog = no_binlog;
  return node;
}

Word Builder::flush_item(Location location) {
  static constexpr std::string_view kItems[] = {"binary logs",
                                                "client_statistics",
                                                "des_key_file",
                                                "engine logs",
                                                "error logs",
                                                "general logs",
                                                "global status",
                                                "hosts",
                                                "index_statistics",
                                                "kintsugi queries",
                                                "logs",
                                                "master",
                                                "optimizer_costs",
                                                "privileges",
                                                "query cache",
                                                "query_response_time",
                                                "relay logs",
                                                "replica",
                                                "session status",
                                                "slave",
                                                "slow logs",
                                                "ssl",
                                                "status",
                                                "table_statistics",
                                                "threads",
                                                "user_resources",
                                                "user_statistics",
                                                "user_variables"};
  Word item = normalised(location);
  if (!std::binary_search(std::begin(kItems), std::end(kItems), std::string_view(item)))
    syntax_error(location);
  return item;
}

void Builder::check_channel(Flush* flush, Location location) {
  std::string_view what = flush->what[0];
  if (what != "relay logs" && what != "slave" && what != "replica") syntax_error(location);
}

Statement* Builder::maintenance(Location location, const char* verb, bool no_binlog, List<TableName*> tables,
                                Word options) {
  auto* node = make<TableMaintenance>(location);
  node->verb = verb;
  node->no_write_to_binlog = no_binlog;
  node->tables = tables;
  node->options = options;
  return node;
}

Word Builder::wait_words(Wait wait) {
  if (wait.nowait) return word("nowait");
  if (wait.seconds == nullptr) return {};
  return join_words("wait", to_word(static_cast<Literal*>(wait.seconds)->text));
}

Word Builder::join_words(const char* first, Word rest) {
  std::string joined = first;
  joined += ' ';
  joined += std::string_view(rest);
  return to_word(arena_.copy(joined));
}

Statement* Builder::signal(Location location, bool resignal, Expr* condition, List<DiagnosticsItem*> set) {
  auto* node = make<Signal>(location);
  node->resignal = resignal;
  node->sqlstate = as<Literal>(condition);
  if (auto* name = as<ColumnRef>(condition)) node->condition = name->name;
  node->set = set;
  return node;
}

DiagnosticsItem* Builder::diagnostics_item(Location location, Word name, Expr* value) {
  auto* node = make<DiagnosticsItem>(location);
  node->name = lower(name);
  node->value = value;
  return node;
}

Statement* Builder::get_diagnostics(Location location, Word area, Expr* condition,
                                    List<DiagnosticsItem*> items) {
  auto* node = make<GetDiagnostics>(location);
  node->area = area;
  node->condition = condition;
  node->items = items;
  return node;
}

Statement* Builder::raw(Location location, Word verb, Word text) {
  auto* node = make<Raw>(location);
  node->verb = verb;
  node->text = text;
  return node;
}

}  // namespace kintsugi::sql
