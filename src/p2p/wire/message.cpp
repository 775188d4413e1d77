#include "p2p/wire/message.h"

namespace emc::p2p {
namespace {

using Result = base::Expected<Message, WireError>;

struct Row {
    std::string_view command;
    Result (*parse)(base::ByteSpan payload);
};

template <typename T>
Result Parse(base::ByteSpan payload)
{
    FieldReader in(T::COMMAND, payload);
    T message;
    message.Read(in);
    if (const auto error = in.Finish()) return base::Unexpected(*error);
    return Message(std::move(message));
}

template <typename... Ts>
constexpr std::array<Row, sizeof...(Ts)> MakeTable(const std::variant<Ts...>* /*type*/)
{
    return {Row{Ts::COMMAND, Parse<Ts>}...};
}

constexpr auto TABLE = MakeTable(static_cast<const Message*>(nullptr));

} // namespace

std::string_view CommandOf(const Message& message)
{
    return TABLE[message.index()].command;
}

base::Bytes SerializePayload(const Message& message)
{
    base::Bytes out;
    codec::Writer writer(out);
    std::visit([&writer](const auto& fields) { fields.Write(writer); }, message);
    return out;
}

base::Expected<Message, WireError> ParseMessage(std::string_view command, base::ByteSpan payload)
{
    for (const Row& row : TABLE) {
        if (row.command == command) return row.parse(payload);
    }
    return base::Unexpected(WireError{.fault = WireFault::UnknownCommand});
}

std::vector<std::string_view> KnownCommands()
{
    std::vector<std::string_view> names;
    for (const Row& row : TABLE)
        names.push_back(row.command);
    return names;
}

} // namespace emc::p2p
