// A message that parses writes bytes that parse to the same again. First byte: which message.
#include "p2p/wire/message.h"

using namespace emc;
using namespace emc::p2p;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const auto commands = KnownCommands();
    if (size == 0) return 0;
    const std::string_view command = commands[data[0] % commands.size()];
    const auto message = ParseMessage(command, base::ByteSpan(data, size).subspan(1));
    if (!message) {
        EMC_CHECK(message.Error().message == command && Text(message.Error()).starts_with(command));
        return 0;
    }
    EMC_CHECK(CommandOf(*message) == command);
    const base::Bytes bytes = SerializePayload(*message);
    const auto again = ParseMessage(command, bytes);
    EMC_CHECK(again && SerializePayload(*again) == bytes);
    return 0;
}
