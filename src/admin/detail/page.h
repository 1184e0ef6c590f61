#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "admin/admin_server.h"
#include "admin/detail/status_view.h"
#include "base/log.h"
#include "base/options.h"

namespace kintsugi::admin {

/// Self-contained HTML: no script, style, font or picture comes from elsewhere; light or dark as the reader's
/// system is. All text is escaped.
std::string status_page(const StatusView& view);
std::string index_page(const About& about);
std::string readiness_page(const About& about, const std::vector<Readiness::Named>& checks);
std::string config_page(const About& about, const std::vector<OptionValue>& options);
std::string log_page(const About& about, const std::map<std::string, LogLevel>& levels,
                     const std::vector<std::string>& problems);

/// A StatusSection as a page; with a button if `action` is not empty.
std::string own_page(const About& about, const OwnPage& page, const StatusSection& section);

/// Those that every process has.
extern const std::vector<PageLink> kPages;

}  // namespace kintsugi::admin
