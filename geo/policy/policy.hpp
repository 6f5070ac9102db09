// SPDX-License-Identifier: Apache-2.0
#pragma once
// Routing policies: a small tree for each steered name, and what it comes to at one place.
// The tree is data; reading it from a zone file is the business of `zones`.

#include "geo/latency/edge.hpp"
#include "geo/place/address.hpp"
#include "geo/place/coordinates.hpp"
#include "geo/place/place.hpp"
#include "geo/place/region.hpp"
#include "geo/policy/outcome.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace geo {

/// Makes an edge seem nearer (positive) or farther (negative) than it is.
struct Bias {
    double kilometres = 0;
    double share = 0;  // of the distance or of the milliseconds: 0.2 takes a fifth off
    bool operator==(const Bias&) const = default;
};

/// A row of a `geo` table: who is meant. From most to least specific; Prefix beats Asn, and so on.
struct Match {
    enum class Kind : std::uint8_t { Prefix, Asn, Subdivision, Country, Continent, Any };
    Kind kind = Kind::Any;
    Prefix prefix{};        // Kind::Prefix
    std::uint32_t asn = 0;  // Kind::Asn
    Code<2> area{};         // country or continent code
    Code<3> subdivision{};  // with `area` the country
    bool operator==(const Match&) const = default;
};

/// The way whose round trip `latency` compares: that to the edge, or that and the edge's own to
/// the server behind it.
enum class Via : std::uint8_t { Edge, Home };

struct Policy {
    enum class Kind : std::uint8_t { Edge, Nearest, Latency, Geo, Weighted, Failover, All };
    struct Row {
        Match match;
        std::uint32_t child = 0;
    };

    Kind kind = Kind::Edge;
    EdgeIndex edge = 0;                  // Edge
    std::vector<Policy> children;        // Nearest and Latency: edges only
    std::vector<std::uint32_t> weights;  // Weighted: one for each child
    std::vector<Bias> biases;            // Nearest, Latency: one for each child
    std::vector<Row> rows;               // Geo: many rows may share a child
    std::uint16_t answers = 1;           // from how many children an answer is taken
    std::uint16_t ranked = 3;            // Nearest, Latency: edges ranked before zone order goes on
    Via via = Via::Edge;                 // Latency
};

/// Milliseconds by edge of the zone, where more is known than the prior; empty otherwise.
struct RoundTrips {
    std::span<const double> client{};  // between the client and each edge
    std::span<const double> home{};    // between each edge and the server behind it
};

/// Two policies with equal keys have equal outcomes for every client: they can share a map.
[[nodiscard]] std::string key_of(const Policy& policy, const EdgeSites& sites);

/// What is known of one client when a policy is run.
struct Subject {
    Place place;
    /// The prefixes that the policies name and that hold the client, longest first.
    std::span<const Prefix> within;
    RoundTrips round_trips{};
};

/// The prefixes that a policy names and that hold the address, longest first.
[[nodiscard]] std::vector<Prefix> named_prefixes(const Policy& policy, const Address& address);
/// All that it names, in no order.
[[nodiscard]] std::vector<Prefix> named_prefixes(const Policy& policy);
/// Whether a policy of this kind stands anywhere in the tree.
[[nodiscard]] bool uses(const Policy& policy, Policy::Kind kind);

/// The row of a `geo` table that speaks for the subject: the most specific one; null when none does.
[[nodiscard]] const Policy::Row* matching_row(const Policy& policy, const Subject& subject);

/// The children of a `nearest` or `latency` policy in the order in which they serve the place: the
/// `ranked` best, then the rest as the zone lists them. All as listed where neither the place has a
/// point nor a round trip is known.
[[nodiscard]] std::vector<std::uint32_t> ranking(const Policy& policy, const EdgeSites& sites,
                                                 const Place& place,
                                                 const RoundTrips& round_trips = {});

/// Kilometres from the point to a child of a `nearest` policy, less its bias.
[[nodiscard]] double biased_distance(const Policy& policy, std::uint32_t child,
                                     const EdgeSites& sites, const UnitVector& point);

/// Estimated milliseconds from the client to a child of a `latency` policy, by the way that it
/// compares, less its bias: a share of the milliseconds, and kilometres at what the prior takes for
/// each. The prior stands for the client's way where `round_trips` does not say, which it must
/// where there is no `client`.
[[nodiscard]] double biased_latency(const Policy& policy, std::uint32_t child,
                                    const EdgeSites& sites, const std::optional<Position>& client,
                                    const RoundTrips& round_trips = {});

/// Runs the policy for the subject and writes what it comes to into `outcomes`.
OutcomeId evaluate(const Policy& policy, const EdgeSites& sites, const Subject& subject,
                   Outcomes& outcomes);

}  // namespace geo
