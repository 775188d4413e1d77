// Reading records, matching expressions, checking signatures. Beside the expressions stands the C library's
// matcher; beside the signature check, the bare key recovery it cannot do without.
#include "crypto/sha256.h"
#include "names/resolve.h"
#include "unit/names/sample.h"

#include <benchmark/benchmark.h>

#include <regex.h>

using namespace emc;

namespace {

const enumrec::Number NUMBER = *enumrec::Number::FromDigits("18009359935");
const std::string SUBJECT = NUMBER.WithPlus();
constexpr const char* SIMPLE = "^(.*)$";
constexpr const char* TYPICAL = "^\\+1(800|888|877|866)([0-9]{7})$";
constexpr const char* HARD = "((1|8|18)*|(0|9|5|3)*)*x";

const test::Verifier& TheVerifier()
{
    static const test::Verifier VERIFIER("ver:enum", 7);
    return VERIFIER;
}

std::string Value()
{
    return "E2U+sip=100|10|!^\\+1(800|888)([0-9]{7})$!sip:\\2@example.net!\nE2U+email:mailto=100|20|!^.*$!"
           "mailto:a@example.net!\n"
           "TTL=600\n" +
           TheVerifier().Line(NUMBER, test::Owner(1));
}

void RecordParse(benchmark::State& state)
{
    const std::string value = Value();
    for (auto _ : state)
        benchmark::DoNotOptimize(enumrec::ParseRecord(value, NUMBER));
    state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(value.size()));
}

BENCHMARK(RecordParse);

void RecordPrint(benchmark::State& state)
{
    const auto record = enumrec::ParseRecord(Value(), NUMBER);
    for (auto _ : state)
        benchmark::DoNotOptimize(enumrec::PrintRecord(*record));
}

BENCHMARK(RecordPrint);

void EreCompile(benchmark::State& state, const char* text)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(enumrec::Ere::Compile(text));
}

BENCHMARK_CAPTURE(EreCompile, simple, SIMPLE);
BENCHMARK_CAPTURE(EreCompile, typical, TYPICAL);

void EreSearch(benchmark::State& state, const char* text)
{
    const auto ere = enumrec::Ere::Compile(text);
    for (auto _ : state)
        benchmark::DoNotOptimize(ere->Search(SUBJECT));
}

BENCHMARK_CAPTURE(EreSearch, simple, SIMPLE);
BENCHMARK_CAPTURE(EreSearch, typical, TYPICAL);
BENCHMARK_CAPTURE(EreSearch, hard, HARD);

void EreFind(benchmark::State& state, const char* text)
{
    const auto ere = enumrec::Ere::Compile(text);
    for (auto _ : state)
        benchmark::DoNotOptimize(ere->Find(SUBJECT));
}

BENCHMARK_CAPTURE(EreFind, simple, SIMPLE);
BENCHMARK_CAPTURE(EreFind, typical, TYPICAL);

void LibraryCompile(benchmark::State& state, const char* text)
{
    for (auto _ : state) {
        regex_t compiled;
        benchmark::DoNotOptimize(regcomp(&compiled, text, REG_EXTENDED));
        regfree(&compiled);
    }
}

BENCHMARK_CAPTURE(LibraryCompile, simple, SIMPLE);
BENCHMARK_CAPTURE(LibraryCompile, typical, TYPICAL);

void LibraryMatch(benchmark::State& state, const char* text, bool submatches)
{
    regex_t compiled;
    if (regcomp(&compiled, text, REG_EXTENDED) != 0) {
        state.SkipWithError("expression refused");
        return;
    }
    regmatch_t spans[10];
    for (auto _ : state)
        benchmark::DoNotOptimize(regexec(&compiled, SUBJECT.c_str(), submatches ? 10 : 0, spans, 0));
    regfree(&compiled);
}

BENCHMARK_CAPTURE(LibraryMatch, simple_search, SIMPLE, false);
BENCHMARK_CAPTURE(LibraryMatch, typical_search, TYPICAL, false);
BENCHMARK_CAPTURE(LibraryMatch, hard_search, HARD, false);
BENCHMARK_CAPTURE(LibraryMatch, typical_find, TYPICAL, true);

void NameScriptParse(benchmark::State& state)
{
    const auto script =
        names::WriteNameScript(test::Op(names::OpKind::New, "enum:18009359935:0", 365, Value()));
    for (auto _ : state)
        benchmark::DoNotOptimize(names::ParseNameOutput(script));
}

BENCHMARK(NameScriptParse);

/// A state that holds one signed number and its verifier.
struct State {
    test::MapView view;
    script::AddressParams addresses;
    names::NameContext context{1'000, &view, &addresses, nullptr};

    State()
    {
        view.records["ver:enum"] = test::Record(test::Out(3), "name=x", TheVerifier().script, 5'000);
        view.records["enum:18009359935:0"] = test::Record(test::Out(4), Value(), test::Owner(1), 5'000);
    }
};

void SignatureCheck(benchmark::State& state)
{
    const State names;
    const auto sig = TheVerifier().Sign(NUMBER, test::Owner(1), 0);
    const auto owner = test::Owner(1);
    for (auto _ : state)
        benchmark::DoNotOptimize(names::VerifySig(sig, NUMBER, owner, TheVerifier().script, names.context));
}

BENCHMARK(SignatureCheck);

void BareKeyRecovery(benchmark::State& state)
{
    const auto digest = crypto::Sha256Of(base::AsBytes(SUBJECT));
    const auto signature = TheVerifier().key.SignCompact(digest);
    for (auto _ : state)
        benchmark::DoNotOptimize(crypto::RecoverCompact(digest, signature));
}

BENCHMARK(BareKeyRecovery);

/// With a signature cache, as a node that saw the record before.
void Resolve(benchmark::State& state)
{
    State names;
    script::SignatureCache cache(1 << 20, {});
    names.context.cache = &cache;
    const names::ResolveRequest request{NUMBER, {0}, {"ver:enum"}, true, 100, nullptr, nullptr};
    for (auto _ : state)
        benchmark::DoNotOptimize(names::ResolveNumber(request, names.context));
}

BENCHMARK(Resolve);

} // namespace
