// SPDX-License-Identifier: Apache-2.0
#include "dnsd/sockets/own_addresses.hpp"

#include "geo/place/socket_address.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>

#include <ifaddrs.h>

namespace net {
namespace {

constexpr std::size_t most = 256;

}  // namespace

std::vector<geo::Prefix> own_addresses() {
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return {};
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner{all, &::freeifaddrs};
    std::vector<geo::Prefix> found;
    for (const auto* at = all; at != nullptr && found.size() < most; at = at->ifa_next) {
        const auto address = geo::address_in(at->ifa_addr);
        if (!address || geo::loopback(*address)) continue;
        const geo::Prefix own{*address, static_cast<std::uint8_t>(geo::width(address->family))};
        if (std::ranges::find(found, own) == found.end()) found.push_back(own);
    }
    std::ranges::sort(found, {}, [](const geo::Prefix& prefix) {
        return std::tuple{prefix.address.family, prefix.address.bits};
    });
    return found;
}

}  // namespace net
