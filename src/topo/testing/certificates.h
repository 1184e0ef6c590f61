#pragma once

#include <string>

#include "base/error.h"
#include "base/task.h"

namespace kintsugi::topo::testing {

/// An authority of its own and certificates that it signs, as PEM files in a folder; made by the openssl
/// program. They are good for two days.
class Certificates {
 public:
  struct Pair {
    std::string certificate;  ///< file
    std::string key;          ///< file
  };
  /// `folder` exists, and stays as long as the files are needed.
  static Task<Result<Certificates>> make(std::string folder);

  /// The authority's own certificate.
  std::string ca() const { return folder_ + "/ca.pem"; }
  /// For 127.0.0.1, as server and as client. `common_name`: "" for none.
  Task<Result<Pair>> sign(std::string name, std::string common_name) const;

 private:
  explicit Certificates(std::string folder) : folder_(std::move(folder)) {}

  std::string folder_;
};

}  // namespace kintsugi::topo::testing
