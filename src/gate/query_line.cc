#include "gate/query_line.h"

#include <boost/json.hpp>

#include "base/utf8.h"
#include "gate/query_shapes.h"
#include "gate/session.h"
#include "gate/statement/statement.h"

namespace kintsugi::gate {
namespace {

namespace json = boost::json;

constexpr std::size_t kTextBytesMax = 4096;
constexpr std::size_t kTraceBytesMax = 128;

double milliseconds(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

std::string shown_text(Session& session, const EndedStatement& ended, std::string_view shape_text) {
  if (!session.worker().options().query_log_literals) return std::string(shape_text);
  const std::string text = text_with_parameters(session, ended.sent);
  return utf8_only(std::string_view(text).substr(0, kTextBytesMax));
}

void add_error(json::object& line, const Error& error, bool with_message) {
  line["error"] = error.mysql_errno();
  if (!error.is(kServerError)) line["code"] = error.code().name;
  if (with_message) line["message"] = utf8_only(error.message());
}

}  // namespace

std::string_view trace_of(std::string_view text) {
  constexpr std::string_view kKey = "traceparent='";
  const std::size_t found = text.rfind(kKey);  // sqlcommenter appends its comment
  if (found == std::string_view::npos) return {};
  const std::string_view rest = text.substr(found + kKey.size());
  const std::size_t end = rest.find('\'');
  return end == std::string_view::npos || end > kTraceBytesMax ? std::string_view() : rest.substr(0, end);
}

std::string query_line(Session& session, const EndedStatement& ended, WallTime at, Duration took,
                       std::uint64_t shape, std::string_view shape_text) {
  const ClientIdentity& identity = session.identity();
  json::object line;
  line["time"] = to_rfc3339(at, true);
  line["user"] = utf8_only(identity.user);
  line["host"] = identity.peer;
  line["session"] = identity.connection_id;
  line["keyspace"] = utf8_only(session.state().target.text());
  line["shape"] = shape_name(shape);
  line["text"] = shown_text(session, ended, shape_text);
  line["tier"] = plan::tier_name(ended.tier);
  line["shards"] = ended.use.shards();
  line["rows"] = ended.use.rows;
  line["bytes"] = ended.use.bytes;
  line["ms"] = milliseconds(took);
  line["waited_ms"] = milliseconds(ended.use.waited);
  if (ended.plan != nullptr && !ended.plan->directives.workload.empty())
    line["workload"] = utf8_only(ended.plan->directives.workload);
  if (const std::string_view trace = trace_of(ended.sent.text); !trace.empty())
    line["trace"] = utf8_only(trace);
  if (ended.error != nullptr) add_error(line, *ended.error, session.worker().options().query_log_literals);
  return json::serialize(line);
}

}  // namespace kintsugi::gate
