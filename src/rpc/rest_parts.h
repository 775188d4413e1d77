/// What the parts of REST share. Inside of this room only.
#pragma once

#include "rpc/call.h"
#include "rpc/http_server.h"

namespace emc::rpc {

/// A refusal with its HTTP status; caught by RestAnswer.
class RestError : public std::runtime_error
{
public:
    RestError(int status, const std::string& text) : std::runtime_error(text), m_status(status) {}

    [[nodiscard]] int Status() const { return m_status; }

private:
    int m_status;
};

enum class RestFormat : uint8_t { Binary, Hex, JsonText };

/// A request whose path has been taken apart.
struct RestRequest {
    const Services& services;
    const HttpRequest& http;
    std::string what; ///< the path behind the route, without ".json"
    RestFormat format = RestFormat::JsonText;

    /// A field of the query, percent-decoded; nullopt when absent. 400 when it is not decodable.
    [[nodiscard]] std::optional<std::string> Query(std::string_view key) const;
    /// The field as a number from 1 to 2000, how many headers to give; 400 otherwise.
    [[nodiscard]] size_t Count(const std::string& text) const;
    /// "true" or "false"; 400 otherwise.
    [[nodiscard]] bool Flag(std::string_view key, bool fallback) const;
    /// 64 hex digits as a hash; 400 otherwise.
    [[nodiscard]] static base::Hash256 Hash(const std::string& text);
    /// What the JSON-RPC call of that name gives.
    [[nodiscard]] Json Call(std::string_view name, std::vector<Json> args) const;
};

[[nodiscard]] HttpReply RestJson(const Json& value);
/// The bytes as such, or as hex and a line feed.
[[nodiscard]] HttpReply RestBytes(RestFormat format, base::ByteSpan bytes);

[[nodiscard]] HttpReply RestTx(const RestRequest& request);
[[nodiscard]] HttpReply RestBlock(const RestRequest& request);
[[nodiscard]] HttpReply RestBlockTxids(const RestRequest& request);
[[nodiscard]] HttpReply RestHeaders(const RestRequest& request);
[[nodiscard]] HttpReply RestBlockHash(const RestRequest& request);
[[nodiscard]] HttpReply RestFilter(const RestRequest& request);
[[nodiscard]] HttpReply RestFilterHeaders(const RestRequest& request);
/// Unspent outputs named in the path or the body (BIP 64).
[[nodiscard]] HttpReply RestCoins(const RestRequest& request);

} // namespace emc::rpc
