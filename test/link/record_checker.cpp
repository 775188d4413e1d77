// Checks `enum:` records with the rooms enum, codec, crypto and base alone: no script, no names, no chain.
// With arguments NUMBER VALUE it checks that record; without, a few built-in ones. Last line: the counts.
#include "enum/number.h"
#include "enum/record.h"

#include <cstdio>
#include <string>
#include <string_view>

namespace {

using emc::enumrec::Number;

struct Sample {
    std::string_view digits;
    std::string_view value;
    bool good;
};

constexpr Sample SAMPLES[] = {
    {"18009359935", "E2U+sip=100|10|!^(.*)$!sip:17772325555@in.callcentric.com!", true},
    {"442079460000", "E2U+sip=100|10|!^.*$!sip:desk@example.org!", true},
    {"18009359935", "", false},
    {"18009359935", "E2U+sip=100|10|!^(.*$!sip:17772325555@in.callcentric.com!", false},
    {"18009359935", "no record at all", false},
};

/// True when `value` is a record for the number and its canonical text reads back the same.
bool Check(std::string_view digits, std::string_view value, std::string& why)
{
    const auto number = Number::FromDigits(digits);
    if (!number) {
        why = "not a telephone number";
        return false;
    }
    const auto record = emc::enumrec::ParseRecord(value, *number);
    if (!record) {
        why = std::string{emc::enumrec::Text(record.Error().error)};
        return false;
    }
    const auto again = emc::enumrec::ParseRecord(emc::enumrec::PrintRecord(*record), *number);
    why = "the canonical text reads back differently";
    return again && *again == *record;
}

} // namespace

int main(int argc, char* argv[])
{
    std::string why;
    if (argc == 3) {
        const bool good = Check(argv[1], argv[2], why);
        std::printf("%s\n", good ? "good" : why.c_str());
        return good ? 0 : 1;
    }
    int passed = 0;
    int failed = 0;
    for (const Sample& sample : SAMPLES) {
        if (Check(sample.digits, sample.value, why) == sample.good) {
            ++passed;
            continue;
        }
        ++failed;
        std::printf("%.*s: %s\n", static_cast<int>(sample.value.size()), sample.value.data(),
                    sample.good ? why.c_str() : "should have been refused");
    }
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
