// Stored programs and their statements.

#include "sql/grammar/characters.h"
#include "sql/print/writer.h"

namespace kintsugi::sql {

void Writer::statements(const List<Statement*>& statements) {
  for (const Statement* statement : statements) {
    node(*statement);
    raw(";");
  }
}

void Writer::label(std::string_view label) {
  if (label.empty()) return;
  strict_name(label);
  raw(":");
}

void Writer::write(const RoutineParameter& n) {
  word_if(!n.mode.empty(), n.mode);
  name(n.name);
  write(*n.type);
}

void Writer::write(const CreateTrigger& n) {
  word(n.or_replace ? "create or replace" : "create");
  definer(n.definer);
  word("trigger");
  word_if(n.if_not_exists, "if not exists");
  write(*n.name);
  word(n.time);
  word(n.event);
  word("on");
  write(*n.table);
  word("for each row");
  if (!n.order.empty()) {
    word(n.order);
    name(n.other);
  }
  node(*n.body);
}

void Writer::write(const CreateRoutine& n) {
  word(n.or_replace ? "create or replace" : "create");
  definer(n.definer);
  word_if(n.aggregate, "aggregate");
  word(n.function ? "function" : "procedure");
  word_if(n.if_not_exists, "if not exists");
  write(*n.name);
  if (n.soname != nullptr) {
    word("returns");
    write(*n.returns);
    return literal_clause("soname", n.soname);
  }
  parenthesised(n.parameters);
  if (n.returns != nullptr) {
    word("returns");
    write(*n.returns);
  }
  for (const Option* option : n.options) write(*option);
  node(*n.body);
}

void Writer::write(const AlterRoutine& n) {
  word(n.function ? "alter function" : "alter procedure");
  write(*n.name);
  for (const Option* option : n.options) write(*option);
}

void Writer::write(const CreateEvent& n) {
  word(n.alter ? "alter" : n.or_replace ? "create or replace" : "create");
  definer(n.definer);
  word("event");
  word_if(n.if_not_exists, n.alter ? "if exists" : "if not exists");
  write(*n.name);
  word_if(n.at != nullptr || n.every != nullptr, "on schedule");
  if (n.at != nullptr) {
    word("at");
    expr(*n.at);
  }
  if (n.every != nullptr) {
    word("every");
    expr(*n.every->value);
    word(n.every->unit);
  }
  if (n.starts != nullptr) {
    word("starts");
    expr(*n.starts);
  }
  if (n.ends != nullptr) {
    word("ends");
    expr(*n.ends);
  }
  word_if(n.preserve == Tristate::kYes, "on completion preserve");
  word_if(n.preserve == Tristate::kNo, "on completion not preserve");
  if (n.rename_to != nullptr) {
    word("rename to");
    write(*n.rename_to);
  }
  word_if(!n.status.empty(), n.status);
  comment(n.comment);
  if (n.body == nullptr) return;
  word("do");
  node(*n.body);
}

void Writer::write(const Block& n) {
  label(n.label);
  word(n.not_atomic ? "begin not atomic" : "begin");
  statements(n.statements);
  word("end");
}

void Writer::write(const Declare& n) {
  word("declare");
  names(n.names);
  switch (n.declares) {
    case DeclareKind::kCondition: {
      word("condition for");
      return condition(*n.condition);
    }
    case DeclareKind::kCursor:
      word("cursor");
      if (!n.parameters.empty()) parenthesised(n.parameters);
      word("for");
      return node(*n.query);
    case DeclareKind::kVariable:
      break;
  }
  write(*n.type);
  if (n.default_value == nullptr) return;
  word("default");
  expr(*n.default_value);
}

// A string is a SQLSTATE, a number an error's.
void Writer::condition(const Expr& condition) {
  const auto* literal = as<Literal>(&condition);
  word_if(literal != nullptr && literal->literal == LiteralKind::kString, "sqlstate");
  expr(condition);
}

void Writer::write(const DeclareHandler& n) {
  word("declare");
  word(n.action);
  word("handler for");
  for (unsigned i = 0; i < n.conditions.count; ++i) {
    if (i != 0) raw(",");
    condition(*n.conditions[i]);
  }
  node(*n.body);
}

void Writer::write(const Branch& n) {
  if (n.condition != nullptr) {
    expr(*n.condition);
    word("then");
  } else {
    word("else");
  }
  statements(n.statements);
}

void Writer::write(const If& n) {
  for (unsigned i = 0; i < n.branches.count; ++i) {
    word_if(n.branches[i]->condition != nullptr, i == 0 ? "if" : "elseif");
    write(*n.branches[i]);
  }
  word("end if");
}

void Writer::write(const CaseStatement& n) {
  word("case");
  if (n.operand != nullptr) expr(*n.operand);
  for (const Branch* branch : n.branches) {
    word_if(branch->condition != nullptr, "when");
    write(*branch);
  }
  word("end case");
}

void Writer::write(const Loop& n) {
  label(n.label);
  switch (n.loop) {
    case LoopKind::kLoop:
      word("loop");
      statements(n.statements);
      return word("end loop");
    case LoopKind::kWhile:
      word("while");
      expr(*n.condition);
      word("do");
      statements(n.statements);
      return word("end while");
    case LoopKind::kRepeat:
      word("repeat");
      statements(n.statements);
      word("until");
      expr(*n.condition);
      return word("end repeat");
  }
}

void Writer::write(const ForLoop& n) {
  label(n.label);
  word("for");
  name(n.variable);
  word("in");
  word_if(n.reverse, "reverse");
  if (n.query != nullptr) {
    in_parentheses(*n.query);
  } else {
    expr(*n.low, Level::kBitOr);
  }
  if (n.high != nullptr) {
    word("..");
    expr(*n.high, Level::kBitOr);
  }
  word("do");
  statements(n.statements);
  word("end for");
}

void Writer::write(const Jump& n) {
  word(n.iterate ? "iterate" : "leave");
  name(n.label);
}

void Writer::write(const Return& n) {
  word("return");
  expr(*n.value);
}

void Writer::write(const Cursor& n) {
  word(n.verb);
  // FETCH NEXT FROM c, and not of a cursor of that name.
  if (same_word(n.name, "next")) {
    quoted_name(n.name);
  } else if (!n.name.empty()) {
    name(n.name);
  }
  if (!n.arguments.empty()) parenthesised(n.arguments);
  if (n.into.empty()) return;
  word("into");
  names(n.into);
}

}  // namespace kintsugi::sql
