/// Keys and scripts given one by one, as a provider for signing.
#pragma once

#include "script/descriptor.h"
#include "script/sign.h"

namespace emc::script {

/// What Provider() finds. Private keys are wiped when it dies. Not thread-safe.
class KeySet
{
public:
    KeySet();
    ~KeySet();
    KeySet(const KeySet&) = delete;
    KeySet& operator=(const KeySet&) = delete;

    /// The key by its id, as an x-only key, and tweaked for outputs without scripts (BIP 86).
    void Add(const crypto::PrivateKey& key);
    /// A script behind a script hash, of either kind.
    void Add(const Bytes& script);
    /// All a descriptor tells at one index: keys with their origins, scripts, Taproot trees.
    void Add(const DescriptorOutputs& outputs);
    /// Valid as long as the set.
    [[nodiscard]] SigningProvider Provider() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::script
