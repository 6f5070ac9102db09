// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/own_addresses.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <tuple>

#include <ifaddrs.h>
#include <netinet/in.h>

namespace net {
namespace {

constexpr std::size_t most = 256;

std::optional<geo::Address> address_in(const sockaddr* from) {
    if (from == nullptr) return std::nullopt;
    std::array<std::uint8_t, 16> octets{};
    if (from->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, from, sizeof v4);
        std::memcpy(octets.data(), &v4.sin_addr, sizeof v4.sin_addr);
        return geo::address_from(geo::Family::V4, octets);
    }
    if (from->sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 v6{};
    std::memcpy(&v6, from, sizeof v6);
    std::memcpy(octets.data(), &v6.sin6_addr, octets.size());
    return geo::address_from(geo::Family::V6, octets);
}

}  // namespace

std::vector<geo::Prefix> own_addresses() {
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return {};
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner{all, &::freeifaddrs};
    std::vector<geo::Prefix> found;
    for (const auto* at = all; at != nullptr && found.size() < most; at = at->ifa_next) {
        const auto address = address_in(at->ifa_addr);
        if (!address || is_loopback(*address)) continue;
        const geo::Prefix own{*address, static_cast<std::uint8_t>(geo::width(address->family))};
        if (std::ranges::find(found, own) == found.end()) found.push_back(own);
    }
    std::ranges::sort(found, {}, [](const geo::Prefix& prefix) {
        return std::tuple{prefix.address.family, prefix.address.bits};
    });
    return found;
}

bool is_loopback(const geo::Address& address) noexcept {
    if (address.family == geo::Family::V4) return address.bits >> 120 == 127;
    return address.bits == 1;
}

}  // namespace net
