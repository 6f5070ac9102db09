// SPDX-License-Identifier: Apache-2.0
#pragma once
// What all nodes have reported, in the form that a model is made of: numbered, in an order that
// does not depend on who reported first.

#include "geo/latency/estimator.hpp"
#include "geo/place/address.hpp"
#include "geo/place/population.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace geo {

/// A network that was measured.
struct KnownNetwork {
    Population population = Population::Clients;
    Prefix prefix;
    Place place;
};
/// True if `a` comes before `b`: by population, then family, then address.
[[nodiscard]] bool network_before(const KnownNetwork& a, const KnownNetwork& b) noexcept;

/// A host whose place a node reports. Two nodes mean the same landmark only if both its name and
/// its place agree, so no node can move what others have measured.
struct KnownLandmark {
    std::string name;
    Place place;
};

struct LatencyFacts {
    EdgeSites edges;                 // that may measure
    std::vector<std::string> nodes;  // by edge: what its node says of itself, another text for each
                                     // process; empty: it has said nothing. May be left out
    std::vector<bool> reporting;  // by edge: its measurements come in, so sending clients teaches
    std::vector<std::optional<double>> home_ms;  // by edge: round trip to the server behind it
    std::vector<KnownNetwork> networks;          // in the order of network_before()
    std::vector<KnownLandmark> landmarks;        // numbered after the networks in `measurements`
    std::vector<Measurement> measurements;
};

/// Collects measurements in any order, each with the network or landmark that is its client.
class MeasurementList {
 public:
    void reserve(std::size_t count) { networks_.reserve(count); }
    void add(const KnownNetwork& network, const Measurement& measurement);
    void add(const KnownLandmark& landmark, const Measurement& measurement);
    /// Moves all measurements into `facts`, in the model's order and with its numbers. The list is
    /// empty afterwards.
    void move_into(LatencyFacts& facts);

 private:
    using LandmarkKey = std::tuple<std::string, float, float>;
    std::vector<std::pair<KnownNetwork, Measurement>> networks_;
    std::vector<std::pair<std::size_t, Measurement>> at_landmarks_;
    std::map<LandmarkKey, std::size_t> numbers_;
    std::vector<KnownLandmark> landmarks_;
};

/// True if the networks that both know are at the same places.
[[nodiscard]] bool same_places(const LatencyFacts& a, const LatencyFacts& b);
/// True if `now` knows a node, a way home, or the round trip to a landmark that `then` lacks. Both
/// must have the same edges.
[[nodiscard]] bool has_news(const LatencyFacts& now, const LatencyFacts& then);
/// Returns `then` with that news added. For a node that is new since `then`, all that it reported
/// replaces what the node before it had reported. Where both know a way home, the newer one counts.
[[nodiscard]] LatencyFacts with_news(const LatencyFacts& then, const LatencyFacts& now);

}  // namespace geo
