// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where an answer came from. Made while a query is answered, by the code that answers.

#include "dnsd/engine/edge_choice.hpp"
#include "dnsd/engine/query.hpp"
#include "geo/place/address.hpp"
#include "geo/policy/layered_map.hpp"
#include "geo/policy/outcome.hpp"
#include "zones/zone/catalog.hpp"
#include "zones/zone/zone.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace engine {

/// How a steered name came to its edges.
struct Steering {
    /// Locates the client, unless reading the query has done so, and chooses edges of this family.
    Steering(const Query& query, std::size_t number, geo::Family family,
             geo::Random& random) noexcept;

    const zones::ServedZone* served;
    const zones::Steer* steer;
    std::size_t index;  // of the steer and of its map
    LocatingAddress locating;
    geo::LayeredMap::Found found;
    EdgeChoice chosen;
    /// Of the client subnet: 0 unless the answer was chosen for the subnet (RFC 7871 §7.2.1) or for
    /// the resolver of a private network (§10).
    std::uint8_t scope = 0;
};

/// For clients that ask why.
struct Trace {
    const zones::ServedZone* zone = nullptr;
    std::optional<Steering> steering{};  // none: the answer does not depend on the client
};

}  // namespace engine
