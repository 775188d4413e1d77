/// One function object of several, for std::visit.
#pragma once

namespace emc::p2p {

template <typename... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};

template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

} // namespace emc::p2p
