// SPDX-License-Identifier: Apache-2.0
#pragma once
// What all nodes have told, as a model is made of it: by number, in an order that does not depend on
// who told what first.

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
/// By population, family and address.
[[nodiscard]] bool network_before(const KnownNetwork& a, const KnownNetwork& b) noexcept;

/// A host of which a node says where it stands. It is that of another node only where both say the
/// same of it: so no node can move what others have measured.
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

/// Gathers measurements in any order; the client of each is the network or landmark beside it.
class MeasurementList {
 public:
    void reserve(std::size_t count) { networks_.reserve(count); }
    void add(const KnownNetwork& network, const Measurement& measurement);
    void add(const KnownLandmark& landmark, const Measurement& measurement);
    /// Brings them into `facts`, in their order and by their numbers. This is empty then.
    void move_into(LatencyFacts& facts);

 private:
    using LandmarkKey = std::tuple<std::string, float, float>;
    std::vector<std::pair<KnownNetwork, Measurement>> networks_;
    std::vector<std::pair<std::size_t, Measurement>> at_landmarks_;
    std::map<LandmarkKey, std::size_t> numbers_;
    std::vector<KnownLandmark> landmarks_;
};

/// Whether the networks that both know stand at the same places.
[[nodiscard]] bool same_places(const LatencyFacts& a, const LatencyFacts& b);
/// Whether `now` knows a node, a way home, or the way to a landmark which `then` does not. Both have
/// the same edges.
[[nodiscard]] bool has_news(const LatencyFacts& now, const LatencyFacts& then);
/// `then` with those: of a node that `then` did not know, all that it has told and nothing of what
/// the one before had; of two ways home of one node the newer.
[[nodiscard]] LatencyFacts with_news(const LatencyFacts& then, const LatencyFacts& now);

}  // namespace geo
