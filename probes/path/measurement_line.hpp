// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a node tells others about its measurements: one line of facts per subject:
//
//   rtt=12.345ms var=1.2ms samples=17 lost=0.3% rate=1250000 seen=1795530000 at=203.0.113.57
//
//   rtt      the windowed minimum of the round trip
//   var      the mean deviation of the round trip
//   samples  the number of measurements behind these
//   lost     the share of measurements without an answer, or of segments that were sent again
//   rate     octets a second: the most that the path has shown; left out when not known
//   seen     the last answer, in seconds since 1970, cut to whole minutes: what does not change
//            keeps its text
//   at       an address that was seen, so that others can ask it; networks only
//   lat, lon degrees; landmarks only
//
// The owner of a record says whom its line is about:
//
//   203-0-113-0/24.clients · 2001:db8:1::/48.resolvers · london.landmarks · singapore.edges · home
//
// A line may come from a hostile peer: it is refused as a whole if any part of it is out of range.

#include "geo/place/address.hpp"
#include "geo/place/coordinates.hpp"
#include "geo/place/population.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace probes {

struct ToldMeasurement {
    double round_trip_ms = 0;
    double variation_ms = 0;
    std::uint32_t samples = 0;
    double lost = 0;         // 0 to 1
    std::uint64_t rate = 0;  // octets a second; 0: not known
    std::chrono::sys_seconds seen;
    std::optional<geo::Address> at;
    std::optional<geo::Coordinates> place;
};

/// Returns a line of at most 255 octets. A number out of range is written as the nearest in range.
[[nodiscard]] std::string told_text(const ToldMeasurement& told);

/// Reads a line. Nothing when it is no such line, or says something impossible: a round trip that
/// is not from 0.01 ms to 10 s, an address that is not on the internet. Unknown keys are ignored:
/// they come from a later version. A time in the future becomes `now`, because clocks differ.
[[nodiscard]] std::optional<ToldMeasurement> read_told(std::string_view text,
                                                       std::chrono::sys_seconds now);

/// True if `now` is news to those who know `told`: the round trip differs by more than 2 % and 0.3
/// ms, the samples by a power of two, the loss by more than a hundredth, or the last answer is more
/// than 10 minutes later. A new place, and an address that appears or disappears, is news as well.
[[nodiscard]] bool differs_enough(const ToldMeasurement& told, const ToldMeasurement& now);

struct NetworkOwner {
    geo::Prefix network;
    geo::Population population = geo::Population::Clients;

    bool operator==(const NetworkOwner&) const = default;
};

[[nodiscard]] std::string network_owner(const geo::Prefix& network, geo::Population population);

/// Reads an owner. Nothing when it does not name a network that can be measured: a /24 of IPv4 or a
/// /48 of IPv6 on the internet, spelled as network_owner() does.
[[nodiscard]] std::optional<NetworkOwner> read_network_owner(std::string_view owner);

}  // namespace probes
