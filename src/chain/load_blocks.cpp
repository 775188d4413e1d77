#include "chain/load_blocks.h"

#include "base/log.h"
#include "chain/progress.h"
#include "storage/flat_files.h"

#include <unordered_map>

namespace emc::chain {
namespace {

using consensus::Rule;

/// Where a block lies in the file.
struct Place {
    uint64_t offset = 0;
    uint32_t bytes = 0;
};

class Loader
{
public:
    Loader(Chain& chain, const ChainDeps& deps, const std::string& path)
        : m_chain(chain), m_deps(deps), m_files(deps.files != nullptr ? *deps.files : storage::SystemFiles()),
          m_path(path), m_progress(deps.log, "reading blocks from " + path)
    {}

    base::Expected<LoadedBlocks, std::string> Run();

private:
    bool Visit(uint64_t offset, base::ByteSpan payload);
    Outcome Give(const primitives::BlockRef& block, Place place);
    void GiveWaiting(const base::Hash256& parent);
    bool Stop();
    [[nodiscard]] std::string NoBlocks() const;

    Chain& m_chain;
    const ChainDeps& m_deps;
    storage::FileSystem& m_files;
    const std::string m_path;
    Progress m_progress;
    std::unique_ptr<storage::File> m_file;
    uint64_t m_size = 0;
    LoadedBlocks m_out;
    std::string m_failure; ///< why the chain takes no more blocks
    std::unordered_multimap<base::Hash256, Place, base::HashOfHash> m_waiting; ///< by parent
};

bool Loader::Stop()
{
    if (!m_out.interrupted) m_out.interrupted = m_deps.interrupted && m_deps.interrupted();
    return m_out.interrupted || !m_failure.empty();
}

Outcome Loader::Give(const primitives::BlockRef& block, Place place)
{
    const auto verdict = m_chain.AcceptBlock(block);
    switch (verdict.outcome) {
    case Outcome::Accepted:
        ++m_out.accepted;
        break;
    case Outcome::Known:
    case Outcome::Held:
        break;
    case Outcome::Waiting:
        if (verdict.rule.rule == Rule::HeaderParentUnknown) {
            m_waiting.emplace(block->header.prev_hash, place);
            break;
        }
        [[fallthrough]];
    case Outcome::Invalid:
    case Outcome::Mutated:
        ++m_out.refused;
        EMC_LOG(m_deps.log, Warning, Chain, "%s: block %s at offset %llu is refused: %s", m_path.c_str(),
                base::ReversedHex(block->header.Hash()).c_str(),
                static_cast<unsigned long long>(place.offset), consensus::Describe(verdict.rule).c_str());
        break;
    case Outcome::Failed:
        m_failure = verdict.text;
        break;
    }
    return verdict.outcome;
}

void Loader::GiveWaiting(const base::Hash256& first)
{
    std::vector<base::Hash256> parents{first};
    while (!parents.empty() && !Stop()) {
        const auto it = m_waiting.find(parents.back());
        if (it == m_waiting.end()) {
            parents.pop_back();
            continue;
        }
        const Place place = it->second;
        m_waiting.erase(it);
        base::Bytes bytes(place.bytes);
        const auto got = m_file->Read(place.offset, bytes);
        const auto block = got && *got == bytes.size() ? primitives::ParseBlock(bytes) : nullptr;
        if (!block) continue; // it was readable a moment ago: the file is being changed
        (void)Give(block, place);
        parents.push_back(block->header.Hash());
    }
}

bool Loader::Visit(uint64_t offset, base::ByteSpan payload)
{
    if (Stop()) return true; // passed over
    const auto block = primitives::ParseBlock(payload);
    if (!block) return false;
    ++m_out.blocks;
    const auto outcome = Give(block, {offset, static_cast<uint32_t>(payload.size())});
    if (outcome == Outcome::Accepted || outcome == Outcome::Held) GiveWaiting(block->header.Hash());
    m_progress.At(static_cast<double>(offset) / static_cast<double>(m_size));
    return true;
}

std::string Loader::NoBlocks() const
{
    std::array<uint8_t, 4> begin{};
    (void)m_file->Read(0, begin);
    for (const char* name : {"main", "test", "regtest"}) {
        const auto* params = consensus::ParamsByName(name);
        if (params->magic_be != m_deps.params.magic_be && storage::BigEndian(params->magic_be) == begin) {
            return m_path + " holds blocks of the network " + name + ", and this node runs " +
                   m_deps.params.name;
        }
    }
    return m_path + " holds no block of the network " + m_deps.params.name +
           ": it must consist of blocks as blk00000.dat has them, or as linearize.py writes them";
}

base::Expected<LoadedBlocks, std::string> Loader::Run()
{
    auto file = m_files.Open(m_path, storage::OpenMode::Read);
    if (!file) return base::Unexpected("Cannot read blocks: " + storage::Describe(file.Error()));
    m_file = std::move(*file);
    m_size = std::max<uint64_t>(1, m_file->Size().ValueOr(uint64_t{0}));
    m_progress.Begin(0);
    const storage::FrameFile source{m_path, storage::BigEndian(m_deps.params.magic_be), 0, 0};
    const auto scanned = storage::ScanFrames(
        m_files, source, [this](uint64_t offset, base::ByteSpan payload) { return Visit(offset, payload); });
    if (!scanned) return base::Unexpected("Cannot read blocks: " + storage::Describe(scanned.Error()));
    if (!m_failure.empty()) return base::Unexpected(m_failure);
    if (m_out.interrupted) return m_out;
    if (m_out.blocks == 0) return base::Unexpected(NoBlocks());
    m_out.loose = m_waiting.size();
    m_out.cut_off = scanned->cut_off;
    return m_out;
}

} // namespace

base::Expected<LoadedBlocks, std::string> LoadBlocks(Chain& chain, const ChainDeps& deps,
                                                     const std::string& path)
{
    EMC_LOG(deps.log, Info, Chain, "reading blocks from %s", path.c_str());
    const auto out = Loader(chain, deps, path).Run();
    if (!out || out->interrupted) return out;
    EMC_LOG(deps.log, Info, Chain, "%s: %llu blocks, %llu new; height %d", path.c_str(),
            static_cast<unsigned long long>(out->blocks), static_cast<unsigned long long>(out->accepted),
            chain.GetTip().height);
    if (out->refused + out->loose != 0) {
        EMC_LOG(deps.log, Warning, Chain, "%s: %llu blocks are refused, %llu have no parent", path.c_str(),
                static_cast<unsigned long long>(out->refused), static_cast<unsigned long long>(out->loose));
    }
    if (out->cut_off) {
        EMC_LOG(deps.log, Warning, Chain, "%s ends inside a block; what is whole was taken", path.c_str());
    }
    return out;
}

} // namespace emc::chain
