#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

/// What servers and their programs print when something is wrong, told to a person. Pure.
namespace kintsugi::tablet {

/// The last lines that are errors, at most so many; empty if none is.
std::string error_lines(std::string_view log, std::size_t lines_max);

/// Why a server did not come up: `log` is the part of its error log that it wrote meanwhile. kPortTaken, or
/// kMysqldNotStarted with what to do about the causes that are known.
Error explain_start_failure(std::string_view log, const std::string& exit, std::uint16_t port);

/// Whether a server that ended by itself did so for its data: `log` is what it wrote meanwhile. Not where the
/// disk, its rights, the settings or the memory are to blame.
bool blames_data(std::string_view log);

/// Why a data directory could not be made: `output` is what the program printed. kInitialiseFailed.
Error explain_initialise_failure(const std::string& program, const std::string& exit,
                                 std::string_view output);

}  // namespace kintsugi::tablet
