#include "app/cli.h"
#include "codec/base58.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>

#include <memory>

namespace emc::app {

namespace {

struct Exchange {
    bool done = false;
    int error = -1;
    HttpAnswer answer;
};

void OnAnswer(evhttp_request* request, void* arg)
{
    auto* exchange = static_cast<Exchange*>(arg);
    if (request == nullptr || evhttp_request_get_response_code(request) == 0) return;
    exchange->done = true;
    exchange->answer.status = evhttp_request_get_response_code(request);
    auto* body = evhttp_request_get_input_buffer(request);
    exchange->answer.body.resize(evbuffer_get_length(body));
    evbuffer_remove(body, exchange->answer.body.data(), exchange->answer.body.size());
}

void OnError(evhttp_request_error error, void* arg)
{
    static_cast<Exchange*>(arg)->error = static_cast<int>(error);
}

std::string_view ErrorText(int error)
{
    switch (error) {
    case EVREQ_HTTP_TIMEOUT:
        return "timeout reached";
    case EVREQ_HTTP_EOF:
        return "connection closed";
    case EVREQ_HTTP_INVALID_HEADER:
        return "answer is not HTTP";
    case EVREQ_HTTP_BUFFER_ERROR:
        return "network error";
    case EVREQ_HTTP_DATA_TOO_LONG:
        return "answer is too long";
    default:
        return "no connection";
    }
}

} // namespace

base::Expected<HttpAnswer, std::string> PostJson(const RpcTarget& target, const std::string& body)
{
    const std::unique_ptr<event_base, void (*)(event_base*)> base(event_base_new(), &event_base_free);
    const std::unique_ptr<evhttp_connection, void (*)(evhttp_connection*)> connection(
        evhttp_connection_base_new(base.get(), nullptr, target.host.c_str(), target.port),
        &evhttp_connection_free);
    evhttp_connection_set_timeout(connection.get(),
                                  target.timeout_sec > 0 ? target.timeout_sec : 5 * 365 * 86'400);
    Exchange exchange;
    evhttp_request* request =
        evhttp_request_new(&OnAnswer, &exchange); // the connection owns it from below on
    evhttp_request_set_error_cb(request, &OnError);
    auto* headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "Host", target.host.c_str());
    evhttp_add_header(headers, "Connection", "close");
    evhttp_add_header(headers, "Content-Type", "application/json");
    const std::string login = "Basic " + codec::Base64Encode(base::AsBytes(target.user_and_password));
    evhttp_add_header(headers, "Authorization", login.c_str());
    evbuffer_add(evhttp_request_get_output_buffer(request), body.data(), body.size());
    if (evhttp_make_request(connection.get(), request, EVHTTP_REQ_POST, target.path.c_str()) != 0) {
        return base::Unexpected(std::string("Cannot send an HTTP request"));
    }
    event_base_dispatch(base.get());
    if (!exchange.done) {
        return base::Unexpected("Nobody answers at " + target.host + ":" + std::to_string(target.port) +
                                " (" + std::string(ErrorText(exchange.error)) +
                                "). Is emercoind running, and is -rpcport right?");
    }
    return exchange.answer;
}

} // namespace emc::app
