#include "topo/detail/etcd_messages.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <boost/json.hpp>

namespace kintsugi::topo::etcd {
namespace {

namespace json = boost::json;

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

Error malformed(std::string_view what) {
  return {kStoreRefused, fmt::format("etcd's answer is not understood: {}", what)};
}

// 64-bit numbers come as text, and not at all if they are 0.
std::int64_t number(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  if (value == nullptr) return 0;
  if (const auto* text = value->if_string()) {
    std::int64_t result = 0;
    std::from_chars(text->data(), text->data() + text->size(), result);
    return result;
  }
  boost::system::error_code error;
  const auto result = value->to_number<std::int64_t>(error);
  return error ? 0 : result;
}

bool flag(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  return value != nullptr && value->is_bool() && value->get_bool();
}

const json::object* child(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  return value == nullptr ? nullptr : value->if_object();
}

const json::array& items(const json::object& object, std::string_view name) {
  static const json::array kNone;
  const json::value* value = object.if_contains({name.data(), name.size()});
  const json::array* array = value == nullptr ? nullptr : value->if_array();
  return array == nullptr ? kNone : *array;
}

Result<std::string> bytes(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  if (value == nullptr) return std::string();
  if (!value->is_string()) return failure(malformed(name));
  return from_base64(view(value->get_string()));
}

Result<json::object> parse_object(std::string_view body) {
  boost::system::error_code error;
  json::value value = json::parse({body.data(), body.size()}, error);
  if (error || !value.is_object()) return failure(malformed(body.substr(0, 200)));
  return std::move(value.get_object());
}

Revision header_revision(const json::object& object) {
  const json::object* header = child(object, "header");
  return header == nullptr ? 0 : number(*header, "revision");
}

Result<Node> parse_node(const json::object& kv, const std::string& root) {
  Result<std::string> key = bytes(kv, "key");
  Result<std::string> value = bytes(kv, "value");
  if (!key || !value) return failure(key ? value.error() : key.error());
  if (!key->starts_with(root)) return failure(malformed("a key outside of the cluster's root"));
  return Node{key->substr(root.size()), *std::move(value), number(kv, "mod_revision"),
              number(kv, "create_revision")};
}

Result<std::vector<Node>> parse_nodes(const json::array& kvs, const std::string& root) {
  std::vector<Node> nodes;
  for (const json::value& kv : kvs) {
    if (!kv.is_object()) return failure(malformed("kvs"));
    Result<Node> node = parse_node(kv.get_object(), root);
    if (!node) return failure(node.error());
    nodes.push_back(*std::move(node));
  }
  return nodes;
}

// The first key after all that begin with the prefix.
std::string range_end(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < have ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) text += k <= have ? kAlphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

Result<std::string> from_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  while (text.ends_with('=')) text.remove_suffix(1);
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    const std::size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return failure(malformed("base64"));
    group = group << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(group >> bits & 0xff);
    }
  }
  return bytes;
}

std::string range_request(const std::string& root, const std::string& key, bool prefix, bool keys_only) {
  json::object request;
  request["key"] = base64(root + key);
  if (prefix) request["range_end"] = base64(range_end(root + key));
  if (keys_only) request["keys_only"] = true;
  return json::serialize(request);
}

Result<RangeReply> parse_range(std::string_view body, const std::string& root) {
  Result<json::object> object = parse_object(body);
  if (!object) return failure(object.error());
  Result<std::vector<Node>> nodes = parse_nodes(items(*object, "kvs"), root);
  if (!nodes) return failure(nodes.error());
  return RangeReply{*std::move(nodes), header_revision(*object)};
}

std::string transaction_request(const std::string& root, const Transaction& transaction) {
  json::array compares;
  json::array writes;
  json::array reads;
  for (const Transaction::Compare& compare : transaction.compares) {
    compares.push_back({{"key", base64(root + compare.key)},
                        {"target", "MOD"},
                        {"result", "EQUAL"},
                        {"mod_revision", std::to_string(compare.revision)}});
    reads.push_back({{"request_range", {{"key", base64(root + compare.key)}}}});
  }
  for (const Transaction::Write& write : transaction.writes) {
    const std::string key = base64(root + write.key);
    if (!write.value) {
      writes.push_back({{"request_delete_range", {{"key", key}}}});
      continue;
    }
    json::object put{{"key", key}, {"value", base64(*write.value)}};
    if (write.lease != 0) put["lease"] = std::to_string(write.lease);
    writes.push_back({{"request_put", std::move(put)}});
  }
  return json::serialize(json::object{
      {"compare", std::move(compares)}, {"success", std::move(writes)}, {"failure", std::move(reads)}});
}

Result<TransactionResult> parse_transaction(std::string_view body, const std::string& root) {
  Result<json::object> object = parse_object(body);
  if (!object) return failure(object.error());
  TransactionResult result;
  result.committed = flag(*object, "succeeded");
  result.revision = header_revision(*object);
  if (result.committed) return result;
  for (const json::value& response : items(*object, "responses")) {
    const json::object* range =
        response.is_object() ? child(response.get_object(), "response_range") : nullptr;
    if (range == nullptr) return failure(malformed("responses"));
    Result<std::vector<Node>> nodes = parse_nodes(items(*range, "kvs"), root);
    if (!nodes) return failure(nodes.error());
    for (Node& node : *nodes) result.current.push_back(std::move(node));
  }
  return result;
}

std::string watch_request(const std::string& root, const std::string& prefix, Revision from) {
  return json::serialize(json::object{{"create_request",
                                       {{"key", base64(root + prefix)},
                                        {"range_end", base64(range_end(root + prefix))},
                                        {"start_revision", std::to_string(from)}}}});
}

Result<WatchReply> parse_watch(std::string_view line, const std::string& root) {
  Result<json::object> object = parse_object(line);
  if (!object) return failure(object.error());
  WatchReply reply;
  const json::object* result = child(*object, "result");
  if (result == nullptr) {
    const Refusal refusal = parse_refusal(500, line);
    return failure(kStoreUnavailable, fmt::format("etcd ended a watch: {}", refusal.message));
  }
  reply.created = flag(*result, "created");
  reply.cancelled = flag(*result, "canceled");
  reply.compacted = number(*result, "compact_revision");
  reply.revision = header_revision(*result);
  if (const json::value* reason = result->if_contains("cancel_reason");
      reason != nullptr && reason->is_string()) {
    reply.reason = view(reason->get_string());
  }
  for (const json::value& event : items(*result, "events")) {
    const json::object* kv = event.is_object() ? child(event.get_object(), "kv") : nullptr;
    if (kv == nullptr) return failure(malformed("events"));
    Result<Node> node = parse_node(*kv, root);
    if (!node) return failure(node.error());
    const json::value* type = event.get_object().if_contains("type");
    const bool removed = type != nullptr && type->is_string() && view(type->get_string()) == "DELETE";
    reply.events.push_back({*std::move(node), removed});
  }
  return reply;
}

std::string grant_request(std::int64_t ttl_s) {
  return json::serialize(json::object{{"TTL", std::to_string(ttl_s)}});
}

Result<LeaseId> parse_grant(std::string_view body) {
  Result<json::object> object = parse_object(body);
  if (!object) return failure(object.error());
  const LeaseId lease = number(*object, "ID");
  if (lease == 0) return failure(malformed(body.substr(0, 200)));
  return lease;
}

std::string lease_request(LeaseId lease) {
  return json::serialize(json::object{{"ID", std::to_string(lease)}});
}

Result<bool> parse_keep_alive(std::string_view body) {
  Result<json::object> object = parse_object(body);
  if (!object) return failure(object.error());
  const json::object* result = child(*object, "result");
  if (result == nullptr) return failure(malformed(body.substr(0, 200)));
  return number(*result, "TTL") > 0;
}

std::string authenticate_request(const std::string& user, const std::string& password) {
  return json::serialize(json::object{{"name", user}, {"password", password}});
}

Result<std::string> parse_token(std::string_view body) {
  Result<json::object> object = parse_object(body);
  if (!object) return failure(object.error());
  const json::value* token = object->if_contains("token");
  if (token == nullptr || !token->is_string()) return failure(malformed("there is no token in it"));
  return std::string(view(token->get_string()));
}

bool WatchReply::denied() const { return reason.find("permission denied") != std::string::npos; }

bool Refusal::says(std::string_view words) const { return message.find(words) != std::string::npos; }

bool Refusal::not_begun() const { return says("no leader") || says("not leader"); }

bool Refusal::lease_not_found() const { return says("requested lease not found"); }

// etcd gives the same code for much else that is wrong with a request, so its words count.
bool Refusal::wants_token() const {
  return code == kUnauthenticated || says("user name is empty") || says("revision of auth store is old");
}

bool Refusal::denied() const {
  return wants_token() || code == kPermissionDenied || status == 401 || status == 403 ||
         says("authentication failed") || says("CommonName of client");
}

bool Refusal::auth_is_off() const { return says("authentication is not enabled"); }

Refusal parse_refusal(int status, std::string_view body) {
  Refusal refusal;
  refusal.status = status;
  refusal.message = fmt::format("HTTP status {}", status);
  Result<json::object> object = parse_object(body);
  if (!object) {
    if (status == 502 || status == 503 || status == 504) refusal.code = Refusal::kUnavailable;
    // What stands in front of the gateway answers in plain words.
    constexpr std::size_t kWordsMax = 200;
    while (body.ends_with('\n')) body.remove_suffix(1);
    if (!body.empty()) refusal.message += fmt::format(": {}", body.substr(0, kWordsMax));
    return refusal;
  }
  const json::object* inner = child(*object, "error");
  const json::object& error = inner == nullptr ? *object : *inner;
  refusal.code = static_cast<int>(number(error, inner == nullptr ? "code" : "grpc_code"));
  for (const char* name : {"error", "message"}) {
    if (const json::value* text = error.if_contains(name); text != nullptr && text->is_string()) {
      refusal.message = view(text->get_string());
    }
  }
  return refusal;
}

}  // namespace kintsugi::topo::etcd
