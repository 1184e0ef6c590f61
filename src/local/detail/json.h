#pragma once

#include <string>
#include <string_view>

#include "local/protocol.h"
#include "local/state.h"

/// The structs of this folder as JSON, member by member. Reading one back wants every member to be there.
namespace kintsugi::local::detail {

std::string to_json(const State& value);
std::string to_json(const ProcessTable& value);
std::string to_json(const ApplyRequest& value);
std::string to_json(const ProgressEvent& value);
std::string to_json(const ClusterStatus& value);

Result<void> from_json(std::string_view text, State& value);
Result<void> from_json(std::string_view text, ProcessTable& value);
Result<void> from_json(std::string_view text, ApplyRequest& value);
Result<void> from_json(std::string_view text, ProgressEvent& value);
Result<void> from_json(std::string_view text, ClusterStatus& value);

}  // namespace kintsugi::local::detail
