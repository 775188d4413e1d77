// Expressions: any text compiles or is refused; the three ways of matching agree; expressions made from a
// tree match as the definition says.
#include "enum/ere.h"

#include "base/check.h"
#include "unit/enum/ere_model.h"

using namespace emc::enumrec;

namespace {

void CheckText(std::string_view input)
{
    const bool ignore_case = !input.empty() && (input[0] & 1) != 0;
    if (!input.empty()) input.remove_prefix(1);
    const size_t cut = std::min(input.find('\n'), input.size());
    const auto ere = Ere::Compile(input.substr(0, cut), ignore_case);
    if (!ere) {
        EMC_CHECK(ere.Error().offset <= cut && !Text(ere.Error().error).empty());
        return;
    }
    EMC_CHECK(ere->Groups() <= 9 && ere->Positions() <= 512);
    const std::string_view subject = input.substr(std::min(cut + 1, input.size())).substr(0, 150);
    const auto match = ere->Find(subject);
    EMC_CHECK(match.has_value() == ere->Search(subject));
    EMC_CHECK(!ere->MatchesWhole(subject) || match.has_value());
    if (!match) return;
    for (const auto& span : match->spans)
        EMC_CHECK(!span || (span->first <= span->second && span->second <= subject.size()));
    EMC_CHECK(match->spans[0].has_value());
    const bool whole = match->spans[0]->first == 0 && match->spans[0]->second == subject.size();
    EMC_CHECK(!ere->MatchesWhole(subject) || whole);
    EMC_CHECK(!Substitute("x\\1\\9", subject, *match).empty());
}

void CheckTree(const uint8_t* data, size_t size)
{
    emc::test::ModelSource source(data, size);
    std::string subject;
    for (unsigned i = source.Pick(9); i > 0; --i)
        subject.push_back(static_cast<char>('a' + source.Pick(3)));
    emc::test::ModelMaker maker(source);
    const auto tree = maker.Make();
    const std::string text = emc::test::ModelText(tree);
    emc::test::ModelMatcher model(subject);
    const auto want = model.Find(tree);
    if (!model.Finished()) return;
    const auto ere = Ere::Compile(text);
    EMC_CHECK(ere.HasValue() && ere->Groups() == maker.Groups());
    const auto got = ere->Find(subject);
    EMC_CHECK(got.has_value() == want.has_value());
    EMC_CHECK(!got || got->spans == *want);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    CheckText({reinterpret_cast<const char*>(data), size});
    CheckTree(data, size);
    return 0;
}
