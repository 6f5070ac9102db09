// SPDX-License-Identifier: Apache-2.0
#pragma once
// Routing policies: a small tree for each steered name, and what it comes to at one place. The tree
// is data; `zones` reads it from a zone file.

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

/// The clients that a row of a `geo` table means. Kinds go from most to least specific: Prefix
/// beats Asn, and so on.
struct Match {
    enum class Kind : std::uint8_t { Prefix, Asn, Subdivision, Country, Continent, Any };
    Kind kind = Kind::Any;
    Prefix prefix{};        // Kind::Prefix
    std::uint32_t asn = 0;  // Kind::Asn
    Code<2> area{};         // country or continent code
    Code<3> subdivision{};  // its country is in `area`
    bool operator==(const Match&) const = default;
};

/// The path whose round trip `latency` compares: the one to the edge, or the same plus the edge's
/// own path to the server behind it.
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
    std::uint16_t answers = 1;           // how many children an answer is taken from
    std::uint16_t ranked = 3;            // Nearest, Latency: how many lead; the rest as listed
    Via via = Via::Edge;                 // Latency
};

/// Milliseconds by edge of the zone, where more than the prior is known; otherwise empty.
struct RoundTrips {
    std::span<const double> client{};  // between the client and each edge
    std::span<const double> home{};    // between each edge and the server behind it
};

/// Returns a key. Two policies with equal keys have equal outcomes for every client, so they can
/// share a map.
[[nodiscard]] std::string key_of(const Policy& policy, const EdgeSites& sites);

/// What is known of one client when a policy is run.
struct Subject {
    Place place;
    /// Of the prefixes that the policies name, those that hold the client, longest first.
    std::span<const Prefix> within;
    RoundTrips round_trips{};
};

/// Of the prefixes that a policy names, returns those that hold the address, longest first.
[[nodiscard]] std::vector<Prefix> named_prefixes(const Policy& policy, const Address& address);
/// Returns all prefixes that a policy names, in no order.
[[nodiscard]] std::vector<Prefix> named_prefixes(const Policy& policy);
/// True if a policy of this kind stands anywhere in the tree.
[[nodiscard]] bool uses(const Policy& policy, Policy::Kind kind);

/// Returns the most specific row of a `geo` table that matches the subject; null when none does.
[[nodiscard]] const Policy::Row* matching_row(const Policy& policy, const Subject& subject);

/// Returns the children of a `nearest` or `latency` policy in the order in which they serve the
/// place: the `ranked` best first, then the rest in zone order. All are in zone order when the
/// place has no point and no round trip is known.
[[nodiscard]] std::vector<std::uint32_t> ranking(const Policy& policy, const EdgeSites& sites,
                                                 const Place& place,
                                                 const RoundTrips& round_trips = {});

/// Returns the kilometres from the point to a child of a `nearest` policy, less the child's bias.
[[nodiscard]] double biased_distance(const Policy& policy, std::uint32_t child,
                                     const EdgeSites& sites, const UnitVector& point);

/// Returns the estimated milliseconds from the client to a child of a `latency` policy, by the
/// policy's `via`, less the child's bias. The bias takes off a share of the milliseconds, and its
/// kilometres at the prior's milliseconds per kilometre. The prior stands in when `round_trips` has
/// no client figures; `client` must be known then.
[[nodiscard]] double biased_latency(const Policy& policy, std::uint32_t child,
                                    const EdgeSites& sites, const std::optional<Position>& client,
                                    const RoundTrips& round_trips = {});

/// Runs the policy for the subject, adds the outcome to `outcomes` and returns its number.
OutcomeId evaluate(const Policy& policy, const EdgeSites& sites, const Subject& subject,
                   Outcomes& outcomes);

}  // namespace geo
