/// The call families. A new call is a row in one of these files and nothing else.
#pragma once

#include "rpc/call.h"

namespace emc::rpc {

using CallTable = std::vector<CallSpec>;

/// One table of several, in their order.
[[nodiscard]] CallTable Joined(std::initializer_list<CallTable> parts);

[[nodiscard]] const CallTable& ControlCalls(); ///< calls_control.cpp: help, stop, uptime, logging …
[[nodiscard]] const CallTable& ChainCalls();   ///< calls_chain.cpp: blocks, headers, coins
[[nodiscard]] const CallTable&
ChainStatsCalls();                             ///< calls_chain_stats.cpp: figures of blocks and of the chain
[[nodiscard]] const CallTable& ScanCalls();    ///< calls_scan.cpp: coins and blocks by descriptor
[[nodiscard]] const CallTable& WaitCalls();    ///< calls_wait.cpp: waiting for blocks
[[nodiscard]] const CallTable& ClassicCalls(); ///< calls_classic.cpp: calls of Emercoin Core
[[nodiscard]] const CallTable& IndexCalls();   ///< calls_index.cpp: optional indexes, block filters
[[nodiscard]] const CallTable& PoolCalls();    ///< calls_pool.cpp
[[nodiscard]] const CallTable& PoolControlCalls(); ///< calls_pool_control.cpp: packages, priorities, files
[[nodiscard]] const CallTable& FeeCalls();         ///< calls_fees.cpp: estimates
[[nodiscard]] const CallTable& ProofCalls();    ///< calls_proof.cpp: transactions proven to stand in a block
[[nodiscard]] const CallTable& RawTxCalls();    ///< calls_rawtx.cpp
[[nodiscard]] const CallTable& RawSignCalls();  ///< calls_rawsign.cpp: signing with keys given, combining
[[nodiscard]] const CallTable& PsbtCalls();     ///< calls_psbt.cpp: partially signed transactions
[[nodiscard]] const CallTable& MiningCalls();   ///< calls_mining.cpp
[[nodiscard]] const CallTable& SnapshotCalls(); ///< calls_snapshot.cpp: states in files
[[nodiscard]] const CallTable& NetCalls();      ///< calls_net.cpp: what peers and the network do
[[nodiscard]] const CallTable& WorkCalls();    ///< calls_work.cpp: templates, merged mining, the miner inside
[[nodiscard]] const CallTable& StakingCalls(); ///< calls_staking.cpp
[[nodiscard]] const CallTable& NetControlCalls(); ///< calls_net_control.cpp: addnode, setban, addresses
[[nodiscard]] const CallTable& NotifyCalls();     ///< calls_notify.cpp: ZeroMQ
[[nodiscard]] const CallTable& UtilCalls();       ///< calls_util.cpp: addresses, messages, descriptors
[[nodiscard]] const CallTable& NameCalls();       ///< calls_names.cpp: reading names
[[nodiscard]] const CallTable& EnumCalls();       ///< calls_enum.cpp: numbers, records, resolving
[[nodiscard]] const CallTable& RecordCalls();     ///< calls_records.cpp: records of own calls
[[nodiscard]] const CallTable& BatchCalls();      ///< calls_batches.cpp: batches of calls and their rewards
[[nodiscard]] const CallTable& DnsCalls();        ///< calls_dns.cpp: the DNS server
[[nodiscard]] const CallTable& WalletCalls();     ///< calls_wallet.cpp: balances, history
[[nodiscard]] const CallTable& DescriptorCalls(); ///< calls_descriptors.cpp: without a wallet
[[nodiscard]] const CallTable& WalletKeyCalls();  ///< calls_wallet_keys.cpp: addresses, keys
[[nodiscard]] const CallTable&
WalletFileCalls(); ///< calls_wallet_files.cpp: making, loading, copying wallets
[[nodiscard]] const CallTable& WalletExportCalls(); ///< calls_wallet_export.cpp: labels and tables in files
[[nodiscard]] const CallTable& WalletLockCalls();   ///< calls_wallet_lock.cpp: encryption, recovery phrase
[[nodiscard]] const CallTable& WalletImportCalls(); ///< calls_wallet_import.cpp: descriptors, dumps, multisig
[[nodiscard]] const CallTable& WalletNameCalls();   ///< calls_wallet_names.cpp: name_new …
[[nodiscard]] const CallTable& WalletHistoryCalls(); ///< calls_wallet_history.cpp: what came in, groups
[[nodiscard]] const CallTable& WalletSendCalls();    ///< calls_wallet_send.cpp: paying, replacing
[[nodiscard]] const CallTable& WalletPsbtCalls(); ///< calls_wallet_psbt.cpp: funding, signing, locked coins

/// Where a mined block's reward goes: the address of an argument, else one that the wallet keeps for it under
/// the label "mining". −5, −18, −19. (calls_mining.cpp)
[[nodiscard]] base::Bytes PayoutScript(const Request& request, size_t argument);

} // namespace emc::rpc
