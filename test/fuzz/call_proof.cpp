// Proofs of calls and CAR files: what is read is written back byte for byte, and a proof of random bytes
// proves nothing about an empty block.
#include "base/check.h"
#include "primitives/block.h"
#include "reward/car.h"
#include "reward/proof_file.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan bytes(data, size);
    if (const auto proof = reward::ParseProof(bytes)) {
        EMC_CHECK(base::AsText(reward::WriteProof(*proof)) == base::AsText(bytes));
        const auto checked = reward::CheckProof(*proof, primitives::Block{});
        EMC_CHECK(!checked && checked.Error() == reward::ProofError::NoReward);
    } else {
        EMC_CHECK(!reward::Text(proof.Error()).empty());
    }
    if (const auto content = reward::ReadCar(bytes)) {
        EMC_CHECK(reward::ReadCar(reward::MakeCar(*content).bytes) == content);
    }
    const auto car = reward::MakeCar(bytes);
    const auto back = reward::ReadCar(car.bytes);
    EMC_CHECK(back && base::AsText(*back) == base::AsText(bytes));
    return 0;
}
