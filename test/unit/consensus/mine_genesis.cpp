// Finds the nonce of a genesis block: mine_genesis TIME BITS [FIRST_NONCE]. Prints time, nonce and hash. When
// all nonces of a second are used up it goes on with the next second.
#include "consensus/genesis.h"
#include "consensus/target.h"

#include <cstdlib>
#include <iostream>

int main(int argc, char* argv[])
{
    using namespace emc;
    if (argc < 3 || argc > 4) {
        std::cerr << "usage: " << argv[0] << " TIME BITS [FIRST_NONCE]\n";
        return 2;
    }
    consensus::GenesisSeed seed;
    seed.time = static_cast<uint32_t>(std::strtoul(argv[1], nullptr, 10));
    seed.bits = static_cast<uint32_t>(std::strtoul(argv[2], nullptr, 16));
    if (argc == 4) seed.nonce = static_cast<uint32_t>(std::strtoul(argv[3], nullptr, 10));
    const auto target = consensus::TargetOf(seed.bits);
    if (!target) {
        std::cerr << "bits give no target\n";
        return 2;
    }
    primitives::BlockHeader header = consensus::MakeGenesis(seed).header;
    while (base::U256::FromHash(header.Hash()) > *target) {
        if (++header.nonce == 0) ++header.time;
    }
    std::cout << "time " << header.time << " nonce " << header.nonce << " hash "
              << base::ReversedHex(header.Hash()) << "\n";
    return 0;
}
