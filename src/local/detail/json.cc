#include "local/detail/json.h"

#include <boost/describe.hpp>
#include <boost/json.hpp>

#include "local/errors.h"

namespace kintsugi::local {

BOOST_DESCRIBE_STRUCT(SpecSource, (), (file, text, files))
BOOST_DESCRIBE_STRUCT(State, (), (cluster, wanted, spec, retained_shards, vschemas, aliases, gates, ports))
BOOST_DESCRIBE_STRUCT(ProcessRecord, (), (pid, started_ticks, fingerprint))
BOOST_DESCRIBE_STRUCT(ProcessTable, (), (boot_id, processes))
BOOST_DESCRIBE_STRUCT(ApplyRequest, (), (spec, allow_data_loss))
BOOST_DESCRIBE_STRUCT(ProgressEvent, (), (state, subject, text, elapsed_ms, error))
BOOST_DESCRIBE_STRUCT(ProcessStatus, (),
                      (name, kind, state, pid, restarts, uptime_s, host, ports, detail, log))
BOOST_DESCRIBE_STRUCT(SupervisorStatus, (), (pid))
BOOST_DESCRIBE_STRUCT(ClusterStatus, (), (cluster, dir, state, supervisor, processes, notes))

namespace detail {

namespace {

template <class T>
std::string write(const T& value) {
  return boost::json::serialize(boost::json::value_from(value));
}

template <class T>
Result<void> read(std::string_view text, T& value) {
  // The library tells of what does not fit by exceptions; they end here.
  try {
    value = boost::json::value_to<T>(boost::json::parse({text.data(), text.size()}));
    return {};
  } catch (const std::exception& error) {
    return failure(kInvalidArgument, error.what());
  }
}

}  // namespace

std::string to_json(const State& value) { return write(value); }
std::string to_json(const ProcessTable& value) { return write(value); }
std::string to_json(const ApplyRequest& value) { return write(value); }
std::string to_json(const ProgressEvent& value) { return write(value); }
std::string to_json(const ClusterStatus& value) { return write(value); }

Result<void> from_json(std::string_view text, State& value) { return read(text, value); }
Result<void> from_json(std::string_view text, ProcessTable& value) { return read(text, value); }
Result<void> from_json(std::string_view text, ApplyRequest& value) { return read(text, value); }
Result<void> from_json(std::string_view text, ProgressEvent& value) { return read(text, value); }
Result<void> from_json(std::string_view text, ClusterStatus& value) { return read(text, value); }

}  // namespace detail

}  // namespace kintsugi::local
