/// emercoin-cli: turns words into a JSON-RPC call and prints the answer.
#pragma once

#include "app/setup.h"

namespace emc::app {

/// Where and as whom to call.
struct RpcTarget {
    std::string host = "127.0.0.1";
    uint16_t port = 0;
    std::string path = "/";
    std::string user_and_password;
    int timeout_sec = 900;
};

/// One HTTP exchange. The error says why there was no answer.
struct HttpAnswer {
    int status = 0;
    std::string body;
};

[[nodiscard]] base::Expected<HttpAnswer, std::string> PostJson(const RpcTarget& target,
                                                               const std::string& body);

/// The request body for a method and its words; throws nothing: the error is a sentence.
[[nodiscard]] base::Expected<std::string, std::string>
MakeRequest(const std::string& method, const std::vector<std::string>& words, bool named);

/// Runs the program. `input` is read for -stdin. Returns the exit status: 0, or the absolute RPC error code,
/// or 1.
[[nodiscard]] int RunCli(const std::vector<std::string>& arguments);

} // namespace emc::app
