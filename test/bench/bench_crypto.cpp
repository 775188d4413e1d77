// Hashing and signatures. Ceilings beside them: OpenSSL's digest for SHA-256, the bare library calls for
// signatures.
#include "crypto/hash.h"
#include "crypto/keys.h"
#include "crypto/muhash.h"
#include "crypto/p256.h"
#include "crypto/random.h"
#include "crypto/sha256.h"
#include "crypto/sha256_impl.h"

#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>

namespace {

using namespace emc;

constexpr size_t MEGABYTE = size_t{1} << 20;

void CountBytes(benchmark::State& state, size_t bytes_a_turn)
{
    state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(bytes_a_turn));
}

void Blocks(benchmark::State& state, const crypto::Sha256Backend& backend)
{
    const base::Bytes data(MEGABYTE, 0x5a);
    std::array<uint32_t, 8> hash = crypto::SHA256_START;
    for (auto _ : state)
        backend.blocks(hash.data(), data.data(), data.size() / 64);
    benchmark::DoNotOptimize(hash);
    CountBytes(state, data.size());
}

void Pairs(benchmark::State& state, const crypto::Sha256Backend& backend)
{
    const base::Bytes data(MEGABYTE, 0x5a);
    base::Bytes out(data.size() / 2);
    for (auto _ : state) {
        backend.pairs(out.data(), data.data(), data.size() / 64);
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * (data.size() / 64)));
}

void Sha256OpenSsl(benchmark::State& state)
{
    const base::Bytes data(MEGABYTE, 0x5a);
    std::array<uint8_t, 32> out{};
    for (auto _ : state)
        EVP_Digest(data.data(), data.size(), out.data(), nullptr, EVP_sha256(), nullptr);
    benchmark::DoNotOptimize(out);
    CountBytes(state, data.size());
}

void Sha256dOf(benchmark::State& state)
{
    base::Bytes data(static_cast<size_t>(state.range(0)), 0x5a);
    for (auto _ : state)
        data[0] = crypto::Sha256d(data).bytes[0];
    CountBytes(state, data.size());
}

void Hash160Of33(benchmark::State& state)
{
    base::Bytes data(33, 2);
    for (auto _ : state)
        data[1] = crypto::Hash160Of(data).bytes[0];
}

void Ripemd160Own(benchmark::State& state)
{
    base::Bytes data(MEGABYTE, 0x5a);
    for (auto _ : state)
        data[0] = crypto::Ripemd160(data).bytes[0];
    CountBytes(state, data.size());
}

void Ripemd160OpenSsl(benchmark::State& state)
{
    const base::Bytes data(MEGABYTE, 0x5a);
    std::array<uint8_t, 20> out{};
    for (auto _ : state)
        EVP_Digest(data.data(), data.size(), out.data(), nullptr, EVP_ripemd160(), nullptr);
    benchmark::DoNotOptimize(out);
    CountBytes(state, data.size());
}

void SipHash32(benchmark::State& state)
{
    base::Hash256 data;
    for (auto _ : state)
        data.bytes[0] = static_cast<uint8_t>(crypto::SipHash24(1, 2, data.Span()));
}

struct Signed {
    crypto::PrivateKey key;
    crypto::PublicKey point;
    base::Hash256 hash;
    base::Bytes der;
    crypto::XOnlyKey x_only;
    crypto::Signature64 schnorr;
};

Signed MakeSigned()
{
    Signed out;
    crypto::TestRandom random(1);
    out.key = crypto::PrivateKey::Generate(random);
    out.point = out.key.Public();
    random.Fill(out.hash.bytes);
    out.der = out.key.SignEcdsa(out.hash);
    out.x_only = crypto::ToXOnly(out.point)->key;
    out.schnorr = out.key.SignSchnorr(out.hash, out.hash);
    return out;
}

void EcdsaVerify(benchmark::State& state)
{
    const Signed made = MakeSigned();
    bool good = true;
    for (auto _ : state)
        good &= crypto::VerifyEcdsa(made.point, made.hash, made.der);
    if (!good) state.SkipWithError("does not verify");
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}

void EcdsaVerifyBare(benchmark::State& state)
{
    const Signed made = MakeSigned();
    secp256k1_pubkey point{};
    secp256k1_ecdsa_signature signature{};
    const auto* context = secp256k1_context_static;
    int good = secp256k1_ec_pubkey_parse(context, &point, made.point.Span().data(), made.point.Span().size());
    good &= secp256k1_ecdsa_signature_parse_der(context, &signature, made.der.data(), made.der.size());
    for (auto _ : state)
        good &= secp256k1_ecdsa_verify(context, &signature, made.hash.data(), &point);
    if (good != 1) state.SkipWithError("does not verify");
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}

void SchnorrVerify(benchmark::State& state)
{
    const Signed made = MakeSigned();
    bool good = true;
    for (auto _ : state)
        good &= crypto::VerifySchnorr(made.x_only, made.hash.Span(), made.schnorr);
    if (!good) state.SkipWithError("does not verify");
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}

void SchnorrVerifyBare(benchmark::State& state)
{
    const Signed made = MakeSigned();
    secp256k1_xonly_pubkey point{};
    const auto* context = secp256k1_context_static;
    int good = secp256k1_xonly_pubkey_parse(context, &point, made.x_only.data());
    for (auto _ : state) {
        good &= secp256k1_schnorrsig_verify(context, made.schnorr.data(), made.hash.data(), 32, &point);
    }
    if (good != 1) state.SkipWithError("does not verify");
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}

void EcdsaSign(benchmark::State& state)
{
    Signed made = MakeSigned();
    for (auto _ : state)
        made.hash.bytes[0] = made.key.SignEcdsa(made.hash).back();
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}

void RecoverKey(benchmark::State& state)
{
    const Signed made = MakeSigned();
    const auto compact = made.key.SignCompact(made.hash);
    for (auto _ : state)
        benchmark::DoNotOptimize(crypto::RecoverCompact(made.hash, compact));
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}

void MuHashInsert(benchmark::State& state)
{
    const base::Bytes element(static_cast<size_t>(state.range(0)), 0x5a);
    crypto::MuHash3072 hash;
    for (auto _ : state)
        hash.Insert(element);
    benchmark::DoNotOptimize(hash);
}

void MuHashCombine(benchmark::State& state)
{
    crypto::MuHash3072 part;
    part.Insert({});
    crypto::MuHash3072 hash;
    for (auto _ : state)
        hash.Combine(part);
    benchmark::DoNotOptimize(hash);
}

void MuHashFinish(benchmark::State& state)
{
    crypto::MuHash3072 hash;
    hash.Insert({}).Remove(base::AsBytes("a"));
    for (auto _ : state)
        benchmark::DoNotOptimize(hash.Finish());
}

/// One benchmark for each SHA-256 implementation of this machine.
bool RegisterBackends()
{
    for (const auto& backend : crypto::Sha256Backends()) {
        const std::string name(backend.name);
        benchmark::RegisterBenchmark(("Sha256Blocks/" + name).c_str(), Blocks, backend);
        benchmark::RegisterBenchmark(("Sha256dPairs/" + name).c_str(), Pairs, backend);
    }
    return true;
}

[[maybe_unused]] const bool REGISTERED = RegisterBackends();

/// Compare with `openssl speed ecdsap256`.
void P256Sign(benchmark::State& state)
{
    crypto::TestRandom random(1);
    const auto key = crypto::P256Key::Generate(random);
    const base::Bytes message(150, 0x5a);
    for (auto _ : state)
        benchmark::DoNotOptimize(key.Sign(message));
}

BENCHMARK(Sha256OpenSsl);
BENCHMARK(Sha256dOf)->Arg(80)->Arg(250)->Arg(100000);
BENCHMARK(Hash160Of33);
BENCHMARK(Ripemd160Own);
BENCHMARK(Ripemd160OpenSsl);
BENCHMARK(SipHash32);
BENCHMARK(EcdsaVerify);
BENCHMARK(EcdsaVerifyBare);
BENCHMARK(SchnorrVerify);
BENCHMARK(SchnorrVerifyBare);
BENCHMARK(EcdsaSign);
BENCHMARK(P256Sign);
BENCHMARK(RecoverKey);
BENCHMARK(MuHashInsert)->Arg(100)->Arg(20'600);
BENCHMARK(MuHashCombine);
BENCHMARK(MuHashFinish);

} // namespace
