#include "consensus/params.h"

#include "consensus/genesis.h"
#include "script/script.h"

namespace emc::consensus {

namespace {

constexpr GenesisSeed MAIN_GENESIS{.time = 1795248002, .bits = 0x1d00ffff, .nonce = 1172890062};
constexpr GenesisSeed TEST_GENESIS{.time = 1795248000, .bits = 0x1d0fffff, .nonce = 34711672};
constexpr GenesisSeed REGTEST_GENESIS{.time = 1296688602, .bits = 0x207fffff, .nonce = 0};

void SetGenesis(Params& params, const GenesisSeed& seed)
{
    params.genesis = MakeGenesis(seed);
    params.genesis_hash = params.genesis.header.Hash();
}

Params BuildMain()
{
    Params p;
    p.network = Network::Main;
    p.name = "main";
    p.magic_be = 0xe45c0d11;
    p.p2p_port = 6661;
    p.rpc_port = 6662;
    p.dns_port = 5335;
    p.pow_anchor_bits = 0x1d00ffff;
    p.pow_limit_bits = 0x1d00ffff;
    p.pos_anchor_bits = 0x1a133721;
    p.pos_limit_bits = 0x1b00ffff;
    p.maturity = 32;
    p.kernel_depth = 500;
    p.reorg_limit = 500;
    p.pow_future_sec = 120;
    p.fork_choice_base = 2000;
    SetGenesis(p, MAIN_GENESIS);
    return p;
}

/// The address prefixes test networks share.
script::AddressParams TestAddresses(std::string bech32_prefix)
{
    return {.pubkey_prefix = 111,
            .script_prefix = 196,
            .secret_prefix = 239,
            .ext_public = 0x043587CF,
            .ext_secret = 0x04358394,
            .bech32_prefix = std::move(bech32_prefix)};
}

Params BuildTest()
{
    Params p;
    p.network = Network::Test;
    p.name = "test";
    p.subfolder = "testnet3";
    p.magic_be = 0xe45c0d22;
    p.p2p_port = 16661;
    p.rpc_port = 16662;
    p.dns_port = 15335;
    p.addresses = TestAddresses("te");
    p.pow_anchor_bits = 0x1d0fffff;
    p.pow_limit_bits = 0x1d0fffff;
    p.pos_anchor_bits = 0x1c133721;
    p.pos_limit_bits = 0x1d00ffff;
    p.maturity = 10;
    p.kernel_depth = 50;
    p.reorg_limit = 500;
    p.pow_future_sec = 120;
    p.fork_choice_base = 2000;
    SetGenesis(p, TEST_GENESIS);
    return p;
}

Params BuildRegtest()
{
    Params p;
    p.network = Network::Regtest;
    p.name = "regtest";
    p.subfolder = "regtest";
    p.magic_be = 0xfabfb5da;
    p.p2p_port = 26661;
    p.rpc_port = 26662;
    p.dns_port = 25335;
    p.addresses = TestAddresses("bcrt");
    p.pow_anchor_bits = p.pow_limit_bits = 0x207fffff;
    p.pos_anchor_bits = p.pos_limit_bits = 0x207fffff;
    p.fixed_targets = true;
    p.maturity = 100;
    p.kernel_depth = 20;
    p.reorg_limit = 0;
    p.pow_future_sec = 7200;
    p.fork_choice_base = 0;
    p.subsidy_halving = 150;
    SetGenesis(p, REGTEST_GENESIS);
    return p;
}

} // namespace

primitives::Block MakeGenesis(const GenesisSeed& seed)
{
    primitives::MutableTransaction coinbase;
    coinbase.version = 1;
    primitives::TxIn input;
    input.script_sig = script::ScriptBuilder().Number(0).Push(base::AsBytes(GENESIS_TEXT)).Take();
    coinbase.inputs.push_back(std::move(input));
    coinbase.outputs.push_back({.value = 0, .script_pubkey = {script::OP_RETURN}});

    primitives::Block block;
    block.transactions.push_back(primitives::MakeTx(std::move(coinbase)));
    block.header.version = 4;
    block.header.merkle_root = block.transactions[0]->Txid();
    block.header.time = seed.time;
    block.header.bits = seed.bits;
    block.header.nonce = seed.nonce;
    return block;
}

const Params& MainParams()
{
    static const Params PARAMS = BuildMain();
    return PARAMS;
}

const Params& TestParams()
{
    static const Params PARAMS = BuildTest();
    return PARAMS;
}

const Params& RegtestParams()
{
    static const Params PARAMS = BuildRegtest();
    return PARAMS;
}

const Params* ParamsByName(std::string_view name)
{
    if (name == "main") return &MainParams();
    if (name == "test") return &TestParams();
    if (name == "regtest") return &RegtestParams();
    return nullptr;
}

} // namespace emc::consensus
