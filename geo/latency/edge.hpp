// SPDX-License-Identifier: Apache-2.0
#pragma once
// An edge as estimates and policies know it: a number and a location.

#include "geo/place/coordinates.hpp"
#include "geo/place/region.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace geo {

/// The index of an edge in its zone's list.
using EdgeIndex = std::uint16_t;

/// The location of an edge; nothing when its zone gives none.
struct EdgeSite {
    std::optional<Coordinates> at;
    Position position;  // of `at`

    EdgeSite() = default;
    explicit EdgeSite(Coordinates point) noexcept : at{point}, position{position_at(point)} {}

    [[nodiscard]] std::optional<Position> known_position() const noexcept {
        return at ? std::optional{position} : std::nullopt;
    }
};
using EdgeSites = std::vector<EdgeSite>;

}  // namespace geo
