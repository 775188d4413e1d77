/// The faces of a running node, all in one.
#pragma once

namespace emc::interfaces {

class BlockMaker;
class Broadcaster;
class CallBatches;
class CallBook;
class ChainControl;
class ChainEvents;
class ChainReader;
class DnsControl;
class IndexReader;
class MinerControl;
class NameReader;
class NetControl;
class NodeControl;
class NotifyControl;
class PoolControl;
class PoolReader;
class SnapshotControl;
class StakingControl;
class WalletsApi;
class WorkSource;

/// The rooms a user of the node may ask. Pointers are null for what this process does not have; they live
/// until the node is stopped.
struct Rooms {
    const ChainReader* chain = nullptr;
    const NameReader* names = nullptr;
    const IndexReader* index = nullptr;
    ChainControl* chain_control = nullptr;
    SnapshotControl* snapshots = nullptr;
    ChainEvents* events = nullptr;
    const PoolReader* pool = nullptr;
    PoolControl* pool_control = nullptr;
    Broadcaster* broadcaster = nullptr;
    BlockMaker* block_maker = nullptr;
    WorkSource* work = nullptr;
    MinerControl* miner = nullptr;
    StakingControl* staking = nullptr;
    NetControl* net = nullptr;
    NodeControl* node = nullptr;
    DnsControl* dns = nullptr;
    CallBook* calls = nullptr;
    CallBatches* call_batches = nullptr;
    WalletsApi* wallets = nullptr;
    const NotifyControl* notify = nullptr;
};

} // namespace emc::interfaces
