// SPDX-License-Identifier: Apache-2.0
#include "dnsd/doctor/delegation_gaps.hpp"

#include "geo/place/address.hpp"

#include <algorithm>
#include <set>

namespace doctor {
namespace {

/// Example addresses (RFC 5737, RFC 3849): the zone was copied and not finished.
bool is_example(const geo::Address& address) {
    static const std::vector<geo::Prefix> prefixes{
        *geo::read_prefix("192.0.2.0/24"), *geo::read_prefix("198.51.100.0/24"),
        *geo::read_prefix("203.0.113.0/24"), *geo::read_prefix("2001:db8::/32")};
    return std::ranges::any_of(prefixes,
                               [&](const auto& prefix) { return prefix.contains(address); });
}

}  // namespace

std::vector<zones::Name> outside_servers(const zones::Zone& zone) {
    std::vector<zones::Name> found;
    for (const auto& server : zone.name_servers()) {
        if (server.addresses.empty()) found.push_back(server.name);
    }
    return found;
}

std::vector<std::string> delegation_gaps(const zones::Zone& zone) {
    std::vector<std::string> gaps;
    std::set<std::string> addresses;
    std::size_t count = 0;
    bool any_v4 = !outside_servers(zone).empty();
    std::string unreachable;
    std::string examples;
    for (const auto& server : zone.name_servers()) {
        for (const auto& address : server.addresses) {
            ++count;
            addresses.insert(geo::to_text(address));
            any_v4 |= address.family == geo::Family::V4;
            if (!geo::routable(address)) unreachable += " " + geo::to_text(address);
            if (is_example(address)) examples += " " + geo::to_text(address);
        }
    }
    if (!unreachable.empty())
        gaps.push_back("addresses that the internet can reach, instead of" + unreachable);
    if (!examples.empty())
        gaps.push_back("your own addresses, instead of those for examples:" + examples);
    if (zone.name_servers().size() < 2) {
        gaps.emplace_back(
            "a second name server; many registries want two, and one machine fails now and then");
    } else if (addresses.size() < count) {
        gaps.emplace_back(
            "name servers on machines of their own: an address serves more than one of them");
    }
    if (!any_v4) gaps.emplace_back("an IPv4 address: many resolvers have no IPv6");
    return gaps;
}

}  // namespace doctor
