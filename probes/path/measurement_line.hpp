// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a node tells others of what it has measured, a line of facts for each subject:
//
//   rtt=12.345ms var=1.2ms samples=17 lost=0.3% rate=1250000 seen=1795530000 at=203.0.113.57
//
//   rtt      the windowed minimum; var: its mean deviation
//   samples  how many measurements that is out of; lost: the share that got no answer, or of
//            segments that were sent again
//   rate     octets a second, the most that the path has shown; left out when it is not known
//   seen     seconds since 1970 of the last answer, in whole minutes: what does not change is to
//            keep its text
//   at       an address that was seen, so that others can ask it; of networks only
//   lat, lon degrees, of landmarks only
//
// Whom a line is about stands in the owner of its record:
//
//   203-0-113-0/24.clients · 2001:db8:1::/48.resolvers · london.landmarks · singapore.edges · home
//
// What is read may come from a hostile peer: it is refused as a whole if any of it is out of range.

#include "geo/place/address.hpp"
#include "geo/place/coordinates.hpp"
#include "geo/place/population.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace probes {

struct Told {
    double round_trip_ms = 0;
    double variation_ms = 0;
    std::uint32_t samples = 0;
    double lost = 0;         // 0 to 1
    std::uint64_t rate = 0;  // octets a second; 0: not known
    std::chrono::sys_seconds seen;
    std::optional<geo::Address> at;
    std::optional<geo::Coordinates> place;
};

/// At most 255 octets, numbers out of range as the nearest in it.
[[nodiscard]] std::string told_text(const Told& told);

/// Nothing when it is no such line, or says what cannot be: a round trip that is not from 0.01 ms
/// to 10 s, an address that is not of the internet. Keys that are not known are passed over: they
/// are of a later version. A time in the future is `now`, as clocks differ.
[[nodiscard]] std::optional<Told> read_told(std::string_view text, std::chrono::sys_seconds now);

/// Whether `now` is news to those who have `told`: the round trip by more than 2 % and 0.3 ms, the
/// samples by a power of two, the loss by more than a hundredth, or seen 10 minutes later.
[[nodiscard]] bool differs_enough(const Told& told, const Told& now);

struct NetworkOwner {
    geo::Prefix network;
    geo::Population population = geo::Population::Clients;

    bool operator==(const NetworkOwner&) const = default;
};

[[nodiscard]] std::string network_owner(const geo::Prefix& network, geo::Population population);

/// Nothing when `owner` is none of a network that can be measured: /24 of IPv4 and /48 of IPv6, on
/// the internet, in the spelling of network_owner().
[[nodiscard]] std::optional<NetworkOwner> read_network_owner(std::string_view owner);

}  // namespace probes
