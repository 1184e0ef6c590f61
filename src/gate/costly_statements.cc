#include "gate/costly_statements.h"

#include <algorithm>
#include <map>

namespace kintsugi::gate {
namespace {

void sum_up(CostlyStatement& sum, CostlyStatement&& more) {
  more.runs += sum.runs;
  more.failures += sum.failures;
  more.total += sum.total;
  more.longest = std::max(more.longest, sum.longest);
  if (more.reason.empty()) more.reason = std::move(sum.reason);
  sum = std::move(more);
}

}  // namespace

void CostlyStatements::add(const sql::StatementKey& shape, CostlyStatement run) {
  const auto found = std::ranges::find_if(
      entries_, [&](const Entry& entry) { return entry.shape == shape && entry.sum.tier == run.tier; });
  if (found == entries_.end()) {
    if (entries_.size() == kShapesMax) entries_.pop_back();
    entries_.push_front({shape, std::move(run)});
    return;
  }
  sum_up(found->sum, std::move(run));
  entries_.splice(entries_.begin(), entries_, found);
}

std::vector<CostlyStatement> CostlyStatements::all() const {
  std::vector<CostlyStatement> out;
  for (const Entry& entry : entries_) out.push_back(entry.sum);
  return out;
}

std::string shape_text(std::string_view sql, const sql::Fingerprint& fingerprint) {
  std::string out;
  std::size_t at = 0;
  for (const sql::LiteralToken& literal : fingerprint.literals) {
    if (out.size() > CostlyStatements::kTextBytesMax) break;
    out += sql.substr(at, literal.offset - at);
    out += '?';
    at = literal.offset + literal.length;
  }
  if (at < sql.size()) out += sql.substr(at, CostlyStatements::kTextBytesMax);
  if (out.size() > CostlyStatements::kTextBytesMax) out.resize(CostlyStatements::kTextBytesMax);
  return out;
}

std::vector<CostlyStatement> merged(std::vector<CostlyStatement> all) {
  std::ranges::sort(all, {}, &CostlyStatement::last);
  std::map<std::pair<std::string, plan::Tier>, CostlyStatement> by_text;
  for (CostlyStatement& one : all) {
    const auto [place, fresh] = by_text.try_emplace({one.text, one.tier}, one);
    if (!fresh) sum_up(place->second, std::move(one));
  }
  std::vector<CostlyStatement> out;
  for (auto& [text, sum] : by_text) out.push_back(std::move(sum));
  std::ranges::sort(out, std::ranges::greater(), &CostlyStatement::last);
  return out;
}

}  // namespace kintsugi::gate
