#include "topo/testing/certificates.h"

#include <iterator>
#include <vector>

#include "base/time.h"
#include "runtime/process.h"

namespace kintsugi::topo::testing {
namespace {

// A new key and a certificate for it.
Task<Result<void>> request(std::string file, std::string subject, std::vector<std::string> more) {
  runtime::ProcessSpec spec;
  spec.command = {"openssl",
                  "req",
                  "-x509",
                  "-newkey",
                  "ec",
                  "-pkeyopt",
                  "ec_paramgen_curve:P-256",
                  "-nodes",
                  "-days",
                  "2",
                  "-subj",
                  std::move(subject),
                  "-keyout",
                  file + ".key",
                  "-out",
                  file + ".pem"};
  spec.command.insert(spec.command.end(), std::make_move_iterator(more.begin()),
                      std::make_move_iterator(more.end()));
  const Result<runtime::ProcessOutput> done =
      co_await runtime::run_process(std::move(spec), Clock::now() + std::chrono::seconds(20));
  if (!done) co_return failure(done.error());
  if (!done->status.ok()) co_return failure(kInternal, done->error);
  co_return Result<void>();
}

}  // namespace

Task<Result<Certificates>> Certificates::make(std::string folder) {
  const Result<void> made = co_await request(folder + "/ca", "/CN=Kintsugi test authority", {});
  if (!made) co_return failure(made.error());
  co_return Certificates(std::move(folder));
}

Task<Result<Certificates::Pair>> Certificates::sign(std::string name, std::string common_name) const {
  const std::string file = folder_ + '/' + name;
  std::vector<std::string> more = {
      "-CA",     folder_ + "/ca.pem",           "-CAkey",  folder_ + "/ca.key",
      "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "extendedKeyUsage=serverAuth,clientAuth"};
  const Result<void> made =
      co_await request(file, common_name.empty() ? "/" : "/CN=" + common_name, std::move(more));
  if (!made) co_return failure(made.error());
  co_return Pair{file + ".pem", file + ".key"};
}

}  // namespace kintsugi::topo::testing
