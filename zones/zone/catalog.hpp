// SPDX-License-Identifier: Apache-2.0
#pragma once
// All zones that are served, and the maps of their steered names. Immutable: a change of any zone
// or database makes a new catalog, which shares what has not changed.

#include "geo/latency/latency_model.hpp"
#include "geo/policy/edge_board.hpp"
#include "geo/policy/layered_map.hpp"
#include "zones/name/name_table.hpp"
#include "zones/zone/zone.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace zones {

struct ServedZone {
    std::shared_ptr<const Zone> zone;
    std::vector<geo::LayeredMap> maps{};                // one for each steer, in the zone's order
    std::shared_ptr<geo::EdgeBoard> board{};            // of the zone's edges; null: all are up
    std::shared_ptr<const geo::ZoneLatency> latency{};  // the measured latencies; null: none
    // The latencies measured when the maps of unmeasured clients were made; null: none.
    std::shared_ptr<const geo::ZoneLatency> base_latency{};
};

class Catalog {
 public:
    Catalog() = default;
    /// The names of the zones must differ.
    explicit Catalog(std::vector<ServedZone> zones);

    /// Returns the zone at `name` or the nearest one above it; null when there is none. Query path.
    [[nodiscard]] const ServedZone* find(const Name& name) const noexcept;
    [[nodiscard]] const std::vector<ServedZone>& zones() const noexcept { return zones_; }

 private:
    std::vector<ServedZone> zones_;
    NameTable names_{Name{}};
    std::size_t most_labels_ = 0;  // of any zone's name: no longer suffix is looked up
};

}  // namespace zones
