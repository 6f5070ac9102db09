// SPDX-License-Identifier: Apache-2.0
#include "zones/file/zone_ttls.hpp"

#include "zones/json/duration.hpp"

#include <algorithm>
#include <string>

namespace zones {
namespace {

constexpr std::uint32_t default_steer_ttl = 60;  // a dead edge is out of caches within a minute
constexpr std::uint32_t default_min_ttl = 5;
constexpr std::uint32_t unreadable_ttl = 0x7FFFFFFF;  // no "min_ttl" is above it

}  // namespace

void ZoneTtls::read(const Json& root) {
    if (const auto ttl = root.find("ttl")) ttl_ = read_seconds(*ttl).value_or(unreadable_ttl);
    if (const auto min_ttl = root.find("min_ttl")) min_ttl_ = read_seconds(*min_ttl);
}

std::uint32_t ZoneTtls::of_steer(const Json& tree) const {
    if (const auto own = tree.find("ttl")) return read_seconds(*own).value_or(unreadable_ttl);
    return ttl_.value_or(default_steer_ttl);
}

std::uint32_t ZoneTtls::least_of_steer(const Json& tree, std::uint32_t ttl) const {
    const auto own = tree.find("min_ttl");
    const auto said = own ? read_seconds(*own) : min_ttl_;
    if (!said || *said <= ttl) return said.value_or(std::min(ttl, default_min_ttl));
    const std::string numbers =
        " (" + std::to_string(*said) + ") is above the TTL (" + std::to_string(ttl) + ")";
    own ? own->fault("\"min_ttl\"" + numbers)
        : tree.fault("the zone's \"min_ttl\"" + numbers + " of this name");
    return ttl;
}

}  // namespace zones
