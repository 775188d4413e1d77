#include "script/descriptor.h"

#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "script/opcodes.h"

#include <algorithm>

namespace emc::script {

namespace {

using base::Unexpected;
using Function = Descriptor::Function;
using Expression = Descriptor::Expression;
template <typename T>
using Result = base::Expected<T, std::string>;

std::string_view NameOf(Function function)
{
    switch (function) {
    case Function::Addr:
        return "addr";
    case Function::Raw:
        return "raw";
    case Function::Pk:
        return "pk";
    case Function::Pkh:
        return "pkh";
    case Function::Wpkh:
        return "wpkh";
    case Function::Combo:
        return "combo";
    case Function::Multi:
        return "multi";
    case Function::SortedMulti:
        return "sortedmulti";
    case Function::MultiA:
        return "multi_a";
    case Function::SortedMultiA:
        return "sortedmulti_a";
    case Function::Tr:
        return "tr";
    }
    return "";
}

bool IsMulti(Function function)
{
    return function >= Function::Multi && function <= Function::SortedMultiA;
}

bool IsSorted(Function function)
{
    return function == Function::SortedMulti || function == Function::SortedMultiA;
}

enum class Secrets : uint8_t { None, Known, All };

// Writes one expression without its closing bracket; nullopt when a private key is wanted and not there.
std::optional<std::string> Print(const Expression& expression, const AddressParams& params, Secrets secrets)
{
    std::string out = std::string(NameOf(expression.function)) + "(";
    if (expression.function == Function::Addr) return out + expression.address;
    if (expression.function == Function::Raw) return out + base::Hex(expression.script);
    if (IsMulti(expression.function)) out += std::to_string(expression.threshold) + ",";
    bool first = true;
    for (const KeyExpression& key : expression.keys) {
        const bool secret = secrets == Secrets::All || (secrets == Secrets::Known && key.HasSecret());
        const auto text = secret ? key.SecretText(params) : key.Text(params);
        if (!text) return std::nullopt;
        if (!first) out += ',';
        out += *text;
        first = false;
    }
    return out;
}

std::optional<std::string> PrintTree(const std::vector<Descriptor::TreeLeaf>& tree,
                                     const AddressParams& params, Secrets secrets)
{
    std::string out;
    std::vector<bool> open; // per brace: the second half is being written
    for (const auto& leaf : tree) {
        for (; open.size() < leaf.depth; open.push_back(false))
            out += '{';
        const auto text = Print(leaf.expression, params, secrets);
        if (!text) return std::nullopt;
        out += *text + ")";
        for (; !open.empty() && open.back(); open.pop_back())
            out += '}';
        if (open.empty()) continue;
        open.back() = true;
        out += ',';
    }
    return out;
}

struct PrintJob {
    const AddressParams& params;
    bool in_sh;
    bool in_wsh;
    const Expression& inner;
    const std::vector<Descriptor::TreeLeaf>& tree;
};

std::optional<std::string> PrintWhole(const PrintJob& job, Secrets secrets)
{
    auto inner = Print(job.inner, job.params, secrets);
    if (!inner) return std::nullopt;
    std::string out = std::string(job.in_sh ? "sh(" : "") + (job.in_wsh ? "wsh(" : "") + *inner;
    if (!job.tree.empty()) {
        const auto tree = PrintTree(job.tree, job.params, secrets);
        if (!tree) return std::nullopt;
        out += "," + *tree;
    }
    out += std::string(")") + (job.in_wsh ? ")" : "") + (job.in_sh ? ")" : "");
    return out + "#" + DescriptorChecksum(out).value_or("");
}

crypto::XOnlyKey XOnlyOf(const crypto::PublicKey& key)
{
    return *crypto::XOnlyKey::From(key.Span().subspan(1, 32));
}

using Keys = std::vector<crypto::PublicKey>;

Result<Keys> Derive(const Expression& expression, uint32_t index, DescriptorOutputs& out)
{
    Keys keys;
    for (const KeyExpression& key : expression.keys) {
        auto derived = key.At(index);
        if (!derived) return Unexpected(derived.Error());
        keys.push_back(derived->key);
        out.keys.push_back(*std::move(derived));
    }
    return keys;
}

// The script of an expression of the tree: x-only keys.
Bytes LeafScript(const Expression& expression, const Keys& keys)
{
    std::vector<crypto::XOnlyKey> x_only;
    for (const auto& key : keys)
        x_only.push_back(XOnlyOf(key));
    if (!IsMulti(expression.function)) return ScriptBuilder().Push(x_only[0].Span()).Op(OP_CHECKSIG).Take();
    if (IsSorted(expression.function)) std::sort(x_only.begin(), x_only.end());
    ScriptBuilder out;
    for (size_t i = 0; i < x_only.size(); ++i) {
        out.Push(x_only[i].Span()).Op(i == 0 ? uint8_t{OP_CHECKSIG} : uint8_t{OP_CHECKSIGADD});
    }
    return out.Number(expression.threshold).Op(OP_NUMEQUAL).Take();
}

std::vector<Bytes> ComboScripts(const crypto::PublicKey& key, DescriptorOutputs& out)
{
    std::vector<Bytes> scripts = {PayToPubKey(key), PayToPubKeyHash(key.Id())};
    if (!key.IsCompressed()) return scripts;
    scripts.push_back(PayToWitnessKeyHash(key.Id()));
    out.redeem_scripts.push_back(scripts.back());
    scripts.push_back(PayToScriptHash(crypto::Hash160Of(out.redeem_scripts.back())));
    return scripts;
}

// The scripts of everything but tr.
std::vector<Bytes> PlainScripts(const Expression& expression, Keys keys, DescriptorOutputs& out)
{
    switch (expression.function) {
    case Function::Addr:
    case Function::Raw:
        return {expression.script};
    case Function::Pk:
        return {PayToPubKey(keys[0])};
    case Function::Pkh:
        return {PayToPubKeyHash(keys[0].Id())};
    case Function::Wpkh:
        return {PayToWitnessKeyHash(keys[0].Id())};
    case Function::Combo:
        return ComboScripts(keys[0], out);
    default:
        break;
    }
    if (IsSorted(expression.function)) std::sort(keys.begin(), keys.end());
    return {MultiSigScript(expression.threshold, keys)};
}

Result<Bytes> TaprootScript(const crypto::PublicKey& key, const std::vector<Descriptor::TreeLeaf>& tree,
                            uint32_t index, DescriptorOutputs& out)
{
    std::vector<TapLeaf> leaves;
    for (const auto& leaf : tree) {
        const auto keys = Derive(leaf.expression, index, out);
        if (!keys) return Unexpected(keys.Error());
        leaves.push_back({leaf.depth, TAPSCRIPT_LEAF_VERSION, LeafScript(leaf.expression, *keys)});
    }
    auto built = MakeTapOutput(XOnlyOf(key), leaves);
    if (!built) return Unexpected(std::string("This key cannot be tweaked into a Taproot output key."));
    out.taproot = std::move(built->spend);
    return PayToTaproot(built->key);
}

} // namespace

std::vector<const KeyExpression*> Descriptor::Keys() const
{
    std::vector<const KeyExpression*> out;
    for (const auto& key : m_inner.keys)
        out.push_back(&key);
    for (const auto& leaf : m_tree) {
        for (const auto& key : leaf.expression.keys)
            out.push_back(&key);
    }
    return out;
}

bool Descriptor::IsRange() const
{
    const auto keys = Keys();
    return std::any_of(keys.begin(), keys.end(), [](const auto* key) { return key->IsRange(); });
}

bool Descriptor::IsSolvable() const
{
    return m_inner.function != Function::Addr && m_inner.function != Function::Raw;
}

bool Descriptor::HasPrivateKeys() const
{
    const auto keys = Keys();
    return std::any_of(keys.begin(), keys.end(), [](const auto* key) { return key->HasSecret(); });
}

std::string Descriptor::Text() const
{
    return PrintWhole({m_params, m_in_sh, m_in_wsh, m_inner, m_tree}, Secrets::None).value_or("");
}

std::optional<std::string> Descriptor::PrivateText() const
{
    return PrintWhole({m_params, m_in_sh, m_in_wsh, m_inner, m_tree}, Secrets::All);
}

std::string Descriptor::KnownText() const
{
    return PrintWhole({m_params, m_in_sh, m_in_wsh, m_inner, m_tree}, Secrets::Known).value_or("");
}

/// The same with other keys; `change` gives one for each, or nothing.
template <typename Change>
std::optional<Descriptor> Descriptor::With(const Change& change) const
{
    Descriptor out = *this;
    const auto all = [&](Expression& expression) {
        return std::all_of(expression.keys.begin(), expression.keys.end(), [&](KeyExpression& key) {
            auto other = change(key);
            if (other) key = *std::move(other);
            return static_cast<bool>(other);
        });
    };
    bool whole = all(out.m_inner);
    for (auto& leaf : out.m_tree)
        whole = whole && all(leaf.expression);
    return whole ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<Descriptor> Descriptor::Public() const
{
    return With([](const KeyExpression& key) { return key.Public(); });
}

std::optional<Descriptor> Descriptor::At(uint32_t index) const
{
    return With([index](const KeyExpression& key) { return key.Fixed(index); });
}

base::Expected<std::vector<Bytes>, std::string> Descriptor::Scripts(uint32_t index) const
{
    auto all = Expand(index);
    if (!all) return Unexpected(all.Error());
    return std::move(all->scripts);
}

base::Expected<DescriptorOutputs, std::string> Descriptor::Expand(uint32_t index) const
{
    DescriptorOutputs out;
    const auto keys = Derive(m_inner, index, out);
    if (!keys) return Unexpected(keys.Error());
    if (m_inner.function == Function::Tr) {
        auto script = TaprootScript(keys->front(), m_tree, index, out);
        if (!script) return Unexpected(script.Error());
        out.scripts.push_back(*std::move(script));
        return out;
    }
    out.scripts = PlainScripts(m_inner, *keys, out);
    if (m_in_wsh) {
        out.witness_scripts = std::move(out.scripts);
        out.scripts = {PayToWitnessScriptHash(crypto::Sha256Of(out.witness_scripts[0]))};
    }
    if (m_in_sh) {
        out.redeem_scripts = std::move(out.scripts);
        out.scripts = {PayToScriptHash(crypto::Hash160Of(out.redeem_scripts[0]))};
    }
    return out;
}

} // namespace emc::script
