/// What calls give, field by field: the schema is made from this, and the functional tests hold every reply
/// against it.
///
/// A shape is a word, a list, an object or a choice of them:
///   text; hash (64 hex digits); hex; int; num (a fraction may follow); bool; null; any; 'this very text';
///   never (the call always ends in an error)
///   [ shape ]    a list of any length
///   { name: shape, sometimes_there?: shape, *: shape }    no other fields; * stands for fields of any name
///   { ..@Name, name: shape }    the fields of a shared shape and others
///   shape | shape    one or the other
///   @Name    a shape that several calls share
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace emc::rpc {

struct Shape {
    std::string_view name; ///< of the call, or with @ of a shared shape
    std::string_view text;
};

using ShapeTable = std::span<const Shape>;

[[nodiscard]] ShapeTable ChainShapes();  ///< shapes_chain.cpp: blocks, transactions, mempool, mining
[[nodiscard]] ShapeTable NetShapes();    ///< shapes_net.cpp: peers, control, tools
[[nodiscard]] ShapeTable NameShapes();   ///< shapes_names.cpp: names, numbers, calls, DNS
[[nodiscard]] ShapeTable WalletShapes(); ///< shapes_wallet.cpp

/// All of them. (shapes_net.cpp)
[[nodiscard]] std::vector<const Shape*> AllShapes();

} // namespace emc::rpc
