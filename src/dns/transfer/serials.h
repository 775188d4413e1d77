/// Serials of the zones (RFC 1035 §3.3.13): they grow with every change of a zone and outlive a restart.
#pragma once

#include "dns/zone/zone_config.h"

#include <atomic>

namespace emc::dns {

/// One serial for each zone: the height of the block that changed it last, or one more than before where that
/// is no larger. Written by one thread, read by all.
class ZoneSerials
{
public:
    /// How far a serial jumps when what was handed out before is not known for certain.
    static constexpr uint32_t JUMP = 1000;

    /// `path`: file in which serials are kept, empty for none. Reads it.
    ZoneSerials(const ZoneConfig& config, std::string path);

    [[nodiscard]] uint32_t Of(const Zone& zone) const
    {
        return m_serials[zone.index].load(std::memory_order_acquire);
    }

    /// The verifiers by which the zones are judged from now on; at first those of the configuration.
    void SetTrusted(std::vector<std::string> trusted) { m_trusted = std::move(trusted); }

    /// At the first complete content after the start: serials stay when the file was written for this tip and
    /// the same zones and verifiers by the same program, else they jump beyond all that may have been handed
    /// out.
    void Resume(const base::Hash256& tip, int32_t height);
    /// A serial beyond `Of`, at least the height. Does not store it.
    [[nodiscard]] uint32_t Next(const Zone& zone, int32_t height) const;

    void Set(const Zone& zone, uint32_t serial)
    {
        m_serials[zone.index].store(serial, std::memory_order_release);
    }

    /// Writes the file, in one step; false when the system would not.
    [[nodiscard]] bool Save(const base::Hash256& tip) const;

private:
    [[nodiscard]] std::string Fingerprint() const;
    void Read(const std::string& text);

    const ZoneConfig& m_config;
    const std::string m_path;
    std::vector<std::string> m_trusted; ///< the writer's alone
    std::string m_saved_for;            ///< tip and fingerprint the file was written for
    std::array<std::atomic<uint32_t>, MAX_ZONES> m_serials{};
};

/// True when serial `a` is newer than `b` (RFC 1982).
[[nodiscard]] inline bool SerialIsNewer(uint32_t a, uint32_t b)
{
    return a != b && static_cast<uint32_t>(a - b) < 0x8000'0000;
}

} // namespace emc::dns
