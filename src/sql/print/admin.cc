// Transactions, variables, accounts, sessions and servers.

#include <algorithm>
#include <iterator>

#include "sql/grammar/characters.h"
#include "sql/lexer.h"
#include "sql/print/writer.h"

namespace kintsugi::sql {

namespace {

// Whether the first word of a statement is TABLE.
bool begins_with_table(const Statement& statement) {
  const auto* operation = as<SetOperation>(&statement);
  if (operation != nullptr)
    return operation->with == nullptr && begins_with_table(*operation->arms[0]->query);
  const auto* table = as<TableQuery>(&statement);
  return table != nullptr && table->with == nullptr;
}

}  // namespace

void Writer::write(const SetItem& n) {
  static constexpr std::string_view kScopes[] = {"",        "global",  "session",
                                                 "session", "persist", "persist_only"};
  switch (n.item) {
    case SetKind::kNames:
      word("names");
      node(*n.value);
      if (n.name.empty()) return;
      word("collate");
      return n.name == "default" ? word(n.name) : charset_name(n.name);
    case SetKind::kCharset:
      word("character set");
      return node(*n.value);
    case SetKind::kUserVariable: {
      UserVariable variable{};
      variable.name = n.name;
      write(variable);
      break;
    }
    case SetKind::kVariable:
      if (n.at_at) {
        system_variable(n.scope, n.prefix, n.name);
        break;
      }
      word_if(n.scope != VariableScope::kNone, kScopes[static_cast<int>(n.scope)]);
      variable_name(n.prefix, n.name);
  }
  word("=");
  node(*n.value);
}

// Words that SET takes for something else must be quoted as a variable's name.
void Writer::variable_name(std::string_view prefix, std::string_view variable) {
  static constexpr std::string_view kTaken[] = {"names",     "password",     "role",    "transaction",
                                                "statement", "charset",      "global",  "session",
                                                "persist",   "persist_only", "resource"};
  std::string_view first = prefix.empty() ? variable : prefix;
  bool taken = std::any_of(std::begin(kTaken), std::end(kTaken),
                           [first](std::string_view word) { return same_word(first, word); });
  if (taken) {
    quoted_name(first);
  } else {
    name(first);
  }
  if (prefix.empty()) return;
  raw(".");
  print_name(out_, variable, options_);
}

void Writer::write(const Set& n) {
  word(n.statement != nullptr ? "set statement" : "set");
  list(n.items);
  if (n.statement == nullptr) return;
  word("for");
  node(*n.statement);
}

void Writer::write(const SetTransaction& n) {
  static constexpr std::string_view kLevels[] = {"", "read uncommitted", "read committed", "repeatable read",
                                                 "serializable"};
  word("set");
  word_if(n.scope == VariableScope::kGlobal, "global");
  word_if(n.scope == VariableScope::kSession, "session");
  word_if(n.scope == VariableScope::kPersist, "persist");
  word_if(n.scope == VariableScope::kPersistOnly, "persist_only");
  word("transaction");
  if (n.isolation != Isolation::kUnset) {
    word("isolation level");
    word(kLevels[static_cast<int>(n.isolation)]);
    if (n.access != AccessMode::kUnset) raw(",");
  }
  access_mode(n.access);
}

void Writer::access_mode(AccessMode access) {
  word_if(access == AccessMode::kReadWrite, "read write");
  word_if(access == AccessMode::kReadOnly, "read only");
}

void Writer::write(const SetPassword& n) {
  word("set password");
  if (n.account != nullptr) {
    word("for");
    write(*n.account);
  }
  if (n.to_random) {
    word("to random");
  } else {
    word("=");
    if (!n.function.empty()) {
      word(n.function);
      raw("(");
    }
    write(*n.password);
    if (!n.function.empty()) raw(")");
  }
  literal_clause("replace", n.replace);
  word_if(n.retain, "retain current password");
}

void Writer::role_choice(std::string_view choice, const List<Account*>& roles) {
  if (choice == "to") return list(roles);
  word_if(!choice.empty(), choice);
  word_if(!choice.empty() && !roles.empty(), "except");
  list(roles);
}

void Writer::write(const SetRole& n) {
  word(n.default_role ? "set default role" : "set role");
  role_choice(n.word, n.roles);
  if (n.users.empty()) return;
  word(n.for_user ? "for" : "to");
  list(n.users);
}

void Writer::write(const Show& n) {
  static constexpr std::string_view kScopes[] = {"",        "global",  "session",
                                                 "session", "persist", "persist_only"};
  word("show");
  word_if(n.extended, "extended");
  word_if(n.full, "full");
  word_if(n.scope != VariableScope::kNone, kScopes[static_cast<int>(n.scope)]);
  if (n.what.starts_with("engine ")) {
    word("engine");
    if (n.database == "all") {
      word("all");
    } else {
      name(n.database);
    }
    return word(n.what.substr(7));
  }
  if (!n.format.empty()) return show_running(n);
  word(n.what);
  if (n.what == "create database") {
    word_if(n.if_not_exists, "if not exists");
    return name(n.database);
  }
  if (n.name != nullptr) {
    bool of_table = n.what == "columns" || n.what == "index";
    word_if(of_table, "from");
    word_if(n.what.ends_with(" vindexes"), "on");
    write(*n.name);
  } else if (!n.database.empty()) {
    word("from");
    name(n.database);
  }
  show_rest(n);
}

// explain for, analyze for
void Writer::show_running(const Show& n) {
  word(n.what.substr(0, n.what.find(' ')));
  word("format =");
  name(n.format);
  word("for");
  expr(*n.number);
}

void Writer::show_rest(const Show& n) {
  if (n.account != nullptr) {
    word_if(n.what == "grants", "for");
    write(*n.account);
  }
  if (!n.roles.empty()) {
    word("using");
    list(n.roles);
  }
  if (n.what == "profile") {
    for (unsigned i = 0; i < n.words.count; ++i) {
      if (i != 0) raw(",");
      word(n.words[i]);
    }
  }
  bool log = n.what.ends_with(" events");
  if (n.like != nullptr) {
    word_if(log, "in");
    word_if(!log && !n.what.starts_with("plugins soname"), "like");
    expr(*n.like);
  }
  where(n.where);
  if (n.number != nullptr) {
    word_if(n.what == "profile", "for query");
    word_if(log, "from");
    expr(*n.number);
  }
  order_by(n.order_by);
  limit(n.limit);
  if (!n.words.empty() && n.what != "profile") {
    word("for channel");
    string(n.words[0]);
  }
}

void Writer::write(const Use& n) {
  word("use");
  name(n.target);
}

void Writer::write(const Explain& n) {
  static constexpr std::string_view kVerbs[] = {"explain", "analyze", "vexplain"};
  word(kVerbs[static_cast<int>(n.verb)]);
  word_if(n.extended, "extended");
  word_if(n.partitions, "partitions");
  word_if(n.analyze, "analyze");
  if (n.verb == ExplainVerb::kVexplain) {
    word_if(!n.format.empty(), n.format);
  } else if (!n.format.empty()) {
    word("format =");
    name(n.format);
  }
  if (!n.into.empty()) {
    word("into");
    UserVariable variable{};
    variable.name = n.into;
    write(variable);
  }
  if (!n.schema.empty()) {
    word("for schema");
    name(n.schema);
  }
  if (n.connection != nullptr) {
    word("for connection");
    expr(*n.connection);
  }
  if (n.statement != nullptr) {
    // ANALYZE TABLE is another statement than ANALYZE (TABLE t).
    bool analyzes_table =
        n.verb == ExplainVerb::kAnalyze && n.format.empty() && begins_with_table(*n.statement);
    word_if(analyzes_table, "(");
    node(*n.statement);
    if (analyzes_table) raw(")");
  }
  if (n.table != nullptr) write(*n.table);
  if (!n.column.empty()) name(n.column);
  if (n.pattern != nullptr) write(*n.pattern);
}

// ---- transactions ----

void Writer::write(const Begin& n) {
  word("start transaction");  // in a stored program BEGIN would begin a block
  word_if(n.snapshot, "with consistent snapshot");
  if (n.snapshot && n.access != AccessMode::kUnset) raw(",");
  access_mode(n.access);
}

void Writer::chain_release(Tristate chain, Tristate release) {
  word_if(chain == Tristate::kYes, "and chain");
  word_if(chain == Tristate::kNo, "and no chain");
  word_if(release == Tristate::kYes, "release");
  word_if(release == Tristate::kNo, "no release");
}

void Writer::write(const Commit& n) {
  word("commit");
  chain_release(n.chain, n.release);
}

void Writer::write(const Rollback& n) {
  word("rollback");
  chain_release(n.chain, n.release);
  if (n.to_savepoint.empty()) return;
  word("to savepoint");
  name(n.to_savepoint);
}

void Writer::write(const Savepoint& n) {
  word("savepoint");
  name(n.name);
}

void Writer::write(const ReleaseSavepoint& n) {
  word("release savepoint");
  name(n.name);
}

void Writer::write(const Xa& n) {
  word("xa");
  word(n.verb);
  bool first = true;
  for (const Literal* part : {n.gtrid, n.bqual, n.format_id}) {
    if (part == nullptr) continue;
    if (!first) raw(",");
    first = false;
    write(*part);
  }
  word_if(!n.suffix.empty(), n.suffix);
}

void Writer::write(const LockedTable& n) {
  write(*n.table);
  alias(n.alias);
  word(n.lock);
}

void Writer::write(const LockTables& n) {
  word("lock tables");
  list(n.tables);
  wait(n.wait_s, n.nowait);
}

void Writer::write(const UnlockTables&) { word("unlock tables"); }

// ---- sessions and servers ----

// A name may be taken for a word of KILL.
void Writer::kill_id(const Expr& id) {
  bool bare = is<Literal>(&id) || is<Parameter>(&id) || is<UserVariable>(&id) || is<SystemVariable>(&id) ||
              is<Subquery>(&id);
  if (const auto* call = as<FunctionCall>(&id)) {
    bare = call->schema.empty() && call->args.empty() && call->over == nullptr && is_bare_name(call->name) &&
           !needs_quotes(call->name);
  }
  if (bare) return expr(id);
  word("(");
  expr(id);
  raw(")");
}

void Writer::write(const Kill& n) {
  static constexpr std::string_view kWhats[] = {"", "query", "query id"};
  word("kill");
  word_if(!n.force.empty(), n.force);
  word_if(n.what != KillWhat::kConnection, kWhats[static_cast<int>(n.what)]);
  if (n.id != nullptr) kill_id(*n.id);
  if (n.user == nullptr) return;
  word("user");
  write(*n.user);
}

void Writer::write(const Prepare& n) {
  word("prepare");
  name(n.name);
  word("from");
  expr(*n.from);
}

void Writer::write(const Execute& n) {
  word("execute");
  if (n.immediate != nullptr) {
    word("immediate");
    expr(*n.immediate);
  } else {
    name(n.name);
  }
  if (n.arguments.empty()) return;
  word("using");
  list(n.arguments);
}

void Writer::write(const Deallocate& n) {
  word("deallocate prepare");
  name(n.name);
}

void Writer::write(const Flush& n) {
  word("flush");
  word_if(n.no_write_to_binlog, "no_write_to_binlog");
  for (unsigned i = 0; i < n.what.count; ++i) {
    if (i != 0) raw(",");
    word(n.what[i]);
  }
  list(n.tables);
  word_if(!n.lock.empty(), n.lock);
  if (n.channel == nullptr) return;
  word_if(n.what[0] == "relay logs", "for channel");
  write(*n.channel);
}

void Writer::write(const TableMaintenance& n) {
  word(n.verb);
  word_if(n.no_write_to_binlog, "no_write_to_binlog");
  word(n.view ? "view" : "table");
  list(n.tables);
  word_if(!n.options.empty(), n.options);
}

void Writer::write(const DiagnosticsItem& n) {
  name(n.name);
  word("=");
  expr(*n.value);
}

void Writer::write(const Signal& n) {
  word(n.resignal ? "resignal" : "signal");
  literal_clause("sqlstate", n.sqlstate);
  if (!n.condition.empty()) name(n.condition);
  if (n.set.empty()) return;
  word("set");
  list(n.set);
}

void Writer::write(const GetDiagnostics& n) {
  word("get");
  word_if(!n.area.empty(), n.area);
  word("diagnostics");
  if (n.condition != nullptr) {
    word("condition");
    expr(*n.condition);
  }
  for (unsigned i = 0; i < n.items.count; ++i) {
    if (i != 0) raw(",");
    expr(*n.items[i]->value);
    word("=");
    name(n.items[i]->name);
  }
}

void Writer::write(const Raw& n) {
  word(n.verb);
  word_if(!n.text.empty(), n.text);
}

}  // namespace kintsugi::sql
