// Accounts and privileges.

#include "sql/print/writer.h"

namespace kintsugi::sql {

void Writer::write(const Account& n) {
  if (n.current_user) return word("current_user()");
  if (n.current_role) return word("current_role");
  if (n.user_call) return word("user()");
  string(n.user);
  if (!n.has_host) return;
  raw("@");
  print_string(out_, n.host, options_);
}

void Writer::identification(const AccountSpec& n) {
  if (!n.plugin.empty()) {
    word_if(!n.alternative_or, "with");
    string(n.plugin);
  }
  if (n.random_password) word("by random password");
  if (n.password != nullptr) {
    bool call = n.password_keyword;
    word(call ? "using password(" : "by");
    write(*n.password);
    if (call) raw(")");
  }
  if (n.auth_string != nullptr) {
    word(n.password_keyword ? "by password" : "as");
    write(*n.auth_string);
  }
}

void Writer::alternative(const AccountSpec& n) {
  if (n.change.empty()) {
    word(n.alternative_or ? "or" : "and identified");
    return identification(n);
  }
  bool with_identification = n.factor == 0 || n.change == "add" || n.change == "modify";
  bool number_first = !with_identification && n.change != "drop";
  if (!number_first) word(n.change);
  if (n.factor != 0) {
    number(n.factor);
    word("factor");
  }
  if (number_first) word(n.change);
  word_if(with_identification, "identified");
  if (with_identification) return identification(n);
  if (n.auth_string != nullptr) write(*n.auth_string);
}

void Writer::write(const AccountSpec& n) {
  write(*n.account);
  bool identified =
      !n.plugin.empty() || n.random_password || n.password != nullptr || n.auth_string != nullptr;
  if (identified) {
    word("identified");
    identification(n);
  }
  for (const AccountSpec* alternative : n.alternatives) this->alternative(*alternative);
  for (const Option* option : n.options) write(*option);
}

void Writer::tls_and_resources(const List<Option*>& tls, const List<Option*>& resources) {
  if (!tls.empty()) {
    word("require");
    for (const Option* option : tls) write(*option);
  }
  if (resources.empty()) return;
  word("with");
  for (const Option* option : resources) write(*option);
}

void Writer::write(const CreateUser& n) {
  word(n.alter ? "alter" : n.or_replace ? "create or replace" : "create");
  word(n.role ? "role" : "user");
  word_if(n.if_exists, n.alter ? "if exists" : "if not exists");
  list(n.accounts);
  if (n.admin != nullptr) {
    word("with admin");
    write(*n.admin);
  }
  if (!n.default_role.empty() || !n.default_roles.empty()) {
    word("default role");
    role_choice(n.default_role, n.default_roles);
  }
  tls_and_resources(n.tls, n.resources);
  for (const Option* option : n.options) write(*option);
}

void Writer::write(const DropUser& n) {
  word(n.role ? "drop role" : "drop user");
  word_if(n.if_exists, "if exists");
  list(n.accounts);
}

void Writer::write(const RenameUser& n) {
  word("rename user");
  for (unsigned i = 0; i + 1 < n.accounts.count; i += 2) {
    if (i != 0) raw(",");
    write(*n.accounts[i]);
    word("to");
    write(*n.accounts[i + 1]);
  }
}

void Writer::write(const GrantPrivilege& n) {
  word(n.name);
  if (!n.columns.empty()) name_list(n.columns);
}

void Writer::grant_what(const GrantBase& n) {
  if (n.proxy != nullptr) {
    word("proxy on");
    return write(*n.proxy);
  }
  list(n.privileges);
  list(n.roles);
  if (n.on == nullptr) return;
  word("on");
  word_if(!n.object.empty(), n.object);
  space();
  auto part = [this](std::string_view name) {
    if (name == "*") return raw("*");
    print_name(out_, name, options_);
  };
  if (!n.on->schema.empty()) {
    part(n.on->schema);
    raw(".");
  }
  part(n.on->name);
}

void Writer::write(const Grant& n) {
  word("grant");
  grant_what(n);
  word("to");
  list(n.to);
  tls_and_resources(n.tls, {});
  word_if(n.grant_option || n.admin_option || !n.resources.empty(), "with");
  word_if(n.grant_option, "grant option");
  word_if(n.admin_option, "admin option");
  for (const Option* option : n.resources) write(*option);
  if (n.as_user == nullptr) return;
  word("as");
  write(*n.as_user);
  if (n.as_role.empty()) return;
  word("with role");
  role_choice(n.as_role == "of" ? std::string_view() : n.as_role, n.as_roles);
}

void Writer::write(const Revoke& n) {
  word("revoke");
  word_if(n.if_exists, "if exists");
  word_if(n.admin_option, "admin option for");
  word_if(n.all_grants, "all privileges, grant option");
  grant_what(n);
  word("from");
  list(n.to);
  word_if(n.ignore_unknown_user, "ignore unknown user");
}

}  // namespace kintsugi::sql
