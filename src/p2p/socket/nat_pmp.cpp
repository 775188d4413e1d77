#include "base/clock.h"
#include "base/thread.h"
#include "p2p/socket/gateway.h"
#include "p2p/socket/sockaddr.h"

#ifdef EMC_WITH_NATPMP

#include <arpa/inet.h>
#include <natpmp.h>
#include <poll.h>

namespace emc::p2p {

namespace {

using Result = base::Expected<natpmpresp_t, std::string>;

constexpr int64_t MICROS = 1'000;
constexpr int POLL_MS = 100;
/// The library asks again ever later, nine times; four are enough for a router next door.
constexpr int MAP_PATIENCE_MS = 4'000;

std::string Reason(int code)
{
    switch (code) {
    case NATPMP_ERR_CANNOTGETGATEWAY:
        return "this computer has no default route";
    case NATPMP_ERR_NOGATEWAYSUPPORT:
    case NATPMP_TRYAGAIN:
        return "the router does not answer";
    case NATPMP_ERR_NOTAUTHORIZED:
        return "the router does not allow it";
    default:
        return "error " + std::to_string(code);
    }
}

/// A conversation with the router of the default route.
class Talk
{
public:
    Talk() : m_state(initnatpmp(&m_natpmp, 0, 0)) {}

    ~Talk()
    {
        if (m_state == 0) closenatpmp(&m_natpmp);
    }

    Talk(const Talk&) = delete;
    Talk& operator=(const Talk&) = delete;

    Result Address(const base::StopFlag& stop)
    {
        if (m_state != 0) return base::Unexpected(Reason(m_state));
        return Answer(sendpublicaddressrequest(&m_natpmp), NATPMP_RESPTYPE_PUBLICADDRESS, MAP_PATIENCE_MS,
                      stop);
    }

    Result Map(uint16_t port, uint32_t seconds, int patience_ms, const base::StopFlag& stop)
    {
        if (m_state != 0) return base::Unexpected(Reason(m_state));
        const uint16_t outside = seconds == 0 ? 0 : port;
        return Answer(sendnewportmappingrequest(&m_natpmp, NATPMP_PROTOCOL_TCP, port, outside, seconds),
                      NATPMP_RESPTYPE_TCPPORTMAPPING, patience_ms, stop);
    }

private:
    Result Answer(int sent, uint16_t type, int patience_ms, const base::StopFlag& stop)
    {
        if (sent < 0) return base::Unexpected(Reason(sent));
        const int64_t end = base::SteadyMicros() + patience_ms * MICROS;
        natpmpresp_t answer{};
        int state = NATPMP_TRYAGAIN;
        while (state == NATPMP_TRYAGAIN && base::SteadyMicros() < end && !stop.Requested()) {
            pollfd source{m_natpmp.s, POLLIN, 0};
            (void)poll(&source, 1, POLL_MS);
            state = readnatpmpresponseorretry(&m_natpmp, &answer);
            if (state == 0 && answer.type != type) state = NATPMP_TRYAGAIN;
        }
        if (state != 0) return base::Unexpected(Reason(state));
        return answer;
    }

    natpmp_t m_natpmp{};
    int m_state;
};

class NatPmpGateway final : public Gateway
{
public:
    [[nodiscard]] std::string_view Name() const override { return "NAT-PMP"; }

    [[nodiscard]] base::Expected<Endpoint, std::string> Map(uint16_t port,
                                                            const base::StopFlag& stop) override
    {
        Talk talk;
        const auto address = talk.Address(stop);
        if (!address) return base::Unexpected(address.Error());
        const auto mapped = talk.Map(port, MAPPING_SEC, MAP_PATIENCE_MS, stop);
        if (!mapped) return base::Unexpected(mapped.Error());
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr = address->pnu.publicaddress.addr;
        where.sin_port = htons(mapped->pnu.newportmapping.mappedpublicport);
        sockaddr generic{};
        std::memcpy(&generic, &where, sizeof(where));
        return FromSockaddr(&generic);
    }

    void Unmap(uint16_t port) override
    {
        const base::StopFlag never;
        (void)Talk().Map(port, 0, UNMAP_PATIENCE_MS, never);
    }
};

} // namespace

std::unique_ptr<Gateway> MakeNatPmpGateway()
{
    return std::make_unique<NatPmpGateway>();
}

} // namespace emc::p2p

#else

std::unique_ptr<emc::p2p::Gateway> emc::p2p::MakeNatPmpGateway()
{
    return nullptr;
}

#endif
