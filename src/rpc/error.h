/// JSON-RPC errors: the codes of Bitcoin Core and Emercoin Core that clients match on.
#pragma once

#include <stdexcept>
#include <string>

namespace emc::interfaces {
struct Failure;
}

namespace emc::rpc {

enum class Code : int {
    ParseError = -32700,
    InvalidRequest = -32600,
    MethodNotFound = -32601,
    InvalidParams = -32602,
    InternalError = -32603,

    Misc = -1,
    Type = -3,
    Wallet = -4,
    AddressOrKey = -5,
    InsufficientFunds = -6,
    OutOfMemory = -7,
    Parameter = -8,
    NotConnected = -9,
    InitialDownload = -10,
    WalletLabel = -11,
    UnlockNeeded = -13,
    WrongPassphrase = -14,
    EncryptionState = -15,
    EncryptionFailed = -16,
    WalletNotFound = -18,
    WalletNotSpecified = -19,
    Database = -20,
    Deserialization = -22,
    NodeAlreadyAdded = -23,
    NodeNotAdded = -24,
    Verify = -25,
    VerifyRejected = -26,
    AlreadyInChain = -27,
    Warmup = -28,
    NodeNotConnected = -29,
    InvalidRange = -30,
    P2pDisabled = -31,
    MethodDeprecated = -32,
    WalletAlreadyLoaded = -35,
    WalletExists = -36,
};

/// Thrown by call handlers only; caught by the dispatcher, never past it.
class RpcError : public std::runtime_error
{
public:
    RpcError(Code code, const std::string& message);
    explicit RpcError(const interfaces::Failure& failure);

    [[nodiscard]] int ErrorCode() const { return m_code; }

private:
    int m_code;
};

} // namespace emc::rpc
