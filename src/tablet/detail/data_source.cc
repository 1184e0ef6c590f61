#include "tablet/detail/data_source.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <array>
#include <csignal>

#include "base/log.h"
#include "mysql/auth.h"
#include "rpc/server.h"
#include "runtime/cancel.h"
#include "runtime/child_pipe.h"
#include "runtime/process.h"
#include "tablet/detail/files.h"
#include "tablet/errors.h"
#include "topo/key_range.h"

namespace kintsugi::tablet {
namespace {

const Logger kLog{"tablet"};

constexpr Duration kWordHolds = std::chrono::minutes(1);
constexpr Duration kStatement = 15s;
constexpr std::size_t kPieceBytes = 128u << 10;
constexpr std::size_t kSaidBytes = 2000;

}  // namespace

std::string copy_proof(const std::string& password, const std::string& word, const std::string& donor,
                       const std::string& to) {
  const std::string text = "copy " + word + ' ' + donor + ' ' + to;
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  ::HMAC(EVP_sha256(), password.data(), static_cast<int>(password.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data(), &size);
  return topo::to_hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), size));
}

Task<Result<v1::OfferCopyResponse>> DataSource::offer(std::string server_version) {
  Result<std::string> gtids = co_await executed();
  if (!gtids) co_return failure(std::move(gtids.error()));
  if (Clock::now() >= word_ends_) {
    word_ = topo::to_hex(mysql::secure_random()(16));
    word_ends_ = Clock::now() + kWordHolds;
  }
  v1::OfferCopyResponse response;
  response.set_word(word_);
  response.set_flavour(std::string(parts_.flavour.name()));
  response.set_server_version(std::move(server_version));
  response.set_data_bytes(data_bytes(parts_.files.data));
  response.set_gtid_executed(std::move(*gtids));
  response.set_streams(!parts_.flavour.copy_command({}).empty());
  co_return response;
}

Result<void> DataSource::check(const v1::CopyDataRequest& request) {
  if (busy_) return failure(kCopyRefused, parts_.alias + " is giving its data to another tablet");
  const bool known = !word_.empty() && request.word() == word_ && Clock::now() < word_ends_;
  if (!known) return failure(kCopyRefused, "the word has run out: OfferCopy gives a new one");
  const std::string proof = copy_proof(parts_.password, word_, parts_.alias, request.to());
  const bool right = request.proof().size() == proof.size() &&
                     ::CRYPTO_memcmp(proof.data(), request.proof().data(), proof.size()) == 0;
  if (!right) {
    return failure(kCopyRefused, request.to() + " does not know the password of the replication account of " +
                                     parts_.alias);
  }
  word_.clear();
  word_ends_ = {};
  return {};
}

Task<Result<std::string>> DataSource::executed() {
  ServerSession session(parts_.login);
  Result<std::string> gtids = co_await executed_gtids(session, parts_.flavour, Clock::now() + kStatement);
  co_return gtids;
}

/// Of the copy that has just been given.
Task<Result<std::string>> DataSource::executed_in_copy() {
  Result<std::string> info = read_file(parts_.files.copy_tmp + '/' + parts_.flavour.position_file());
  if (!info) co_return failure(std::move(info.error()));
  const Result<std::vector<std::string>> queries = parts_.flavour.position_queries(*info);
  if (!queries) co_return failure(queries.error());
  ServerSession session(parts_.login);
  std::vector<QueryRows> answers;
  for (const std::string& query : *queries) {
    Result<QueryRows> rows = co_await session.query(query, Clock::now() + kStatement);
    if (!rows) co_return failure(std::move(rows.error()));
    answers.push_back(std::move(*rows));
  }
  const Result<std::string> later =
      co_await executed_gtids(session, parts_.flavour, Clock::now() + kStatement);
  if (!later) co_return failure(later.error());
  co_return parts_.flavour.copied_gtids(answers, *later);
}

Task<Result<void>> DataSource::copy(v1::CopyDataRequest request, rpc::Sink& sink) {
  const Result<void> allowed = check(request);
  if (!allowed) co_return allowed;
  busy_ = true;
  const Time began = Clock::now();
  kLog.info("copy.begun", {{"alias", parts_.alias}, {"to", request.to()}});
  Result<void> done = co_await stream(sink);
  busy_ = false;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began).count();
  if (done) {
    kLog.info("copy.given", {{"alias", parts_.alias}, {"to", request.to()}, {"took_ms", took}});
  } else {
    kLog.warning("copy.failed", {{"alias", parts_.alias}, {"to", request.to()}, {"error", done.error()}});
  }
  co_return done;
}

Task<Result<void>> DataSource::stream(rpc::Sink& sink) {
  const TabletFiles& files = parts_.files;
  Result<void> made = remove_tree(files.copy_tmp);
  if (made) made = make_folder(files.copy_tmp, 0700);
  if (!made) co_return made;
  Result<runtime::ChildPipe> pipe = runtime::ChildPipe::make();
  if (!pipe) co_return failure(std::move(pipe.error()));
  const std::uint64_t log_offset = file_size(files.copy_log);
  runtime::ProcessSpec spec;
  spec.command =
      parts_.flavour.copy_command({files.my_cnf, files.socket, files.data, files.copy_tmp, parts_.os_user});
  if (spec.command.empty()) co_return failure(kCopyRefused, "servers of this flavour fetch data themselves");
  const std::string program = spec.command.front();
  spec.directory = files.root;
  spec.output_file = files.copy_log;
  spec.output_fd = pipe->childs_end();
  Result<runtime::Process> process = runtime::Process::start(std::move(spec));
  if (!process) co_return failure(kCopyFailed, process.error().message());
  pipe->close_childs_end();
  runtime::Stream& output = pipe->stream();
  const runtime::Cancel::Callback gone(&sink.gone(), [&output] { output.abort(); });
  std::string buffer(kPieceBytes, '\0');
  for (;;) {
    const Result<std::size_t> count = co_await output.read_some(buffer);
    if (!count) co_return failure(count.error());  // ends the program
    if (*count == 0) break;
    v1::CopyPiece piece;
    piece.set_data(buffer.data(), *count);
    Result<void> sent = co_await sink.send(piece);
    if (!sent) co_return sent;
  }
  const runtime::ExitStatus status = co_await process->wait();
  if (!status.ok()) {
    co_return failure(kCopyFailed, program + " ended with " + status.text() +
                                       " and said: " + read_tail(files.copy_log, log_offset, kSaidBytes));
  }
  Result<std::string> gtids = co_await executed_in_copy();
  if (!gtids) co_return failure(std::move(gtids.error()));
  v1::CopyPiece end;
  end.set_end(true);
  end.set_gtid_executed(std::move(*gtids));
  Result<void> sent = co_await sink.send(end);
  co_return sent;
}

}  // namespace kintsugi::tablet
