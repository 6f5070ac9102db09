// SPDX-License-Identifier: Apache-2.0
#pragma once
// A compiled map, and over it what was measured: a second map of the same policy for each
// population, which says `nothing` where it leaves the base to decide. Immutable.

#include "geo/map.hpp"
#include "geo/population.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace geo {

class LayeredMap {
 public:
    struct Found {
        const Map* map = nullptr;  // whose outcomes count
        OutcomeId outcome = 0;
        std::uint8_t scope = 0;  // prefix length in the client's own family
    };
    using Overlay = std::shared_ptr<const Map>;

    LayeredMap(std::shared_ptr<const Map> base) : base_{std::move(base)} {}
    /// By population; null where nothing was measured.
    LayeredMap(std::shared_ptr<const Map> base, std::array<Overlay, 2> overlays)
        : base_{std::move(base)}, overlays_{std::move(overlays)} {}

    [[nodiscard]] const std::shared_ptr<const Map>& base() const noexcept { return base_; }
    [[nodiscard]] const Overlay& overlay(Population population) const noexcept {
        return overlays_[static_cast<std::size_t>(population)];
    }

    /// The scope is that of both layers: within it neither says anything else. Query path.
    [[nodiscard]] Found find(const Address& client, Population population) const noexcept {
        const auto* over = overlay(population).get();
        const auto above = over == nullptr ? Map::Found{} : over->find(client);
        if (above.outcome != Outcomes::nothing()) return {over, above.outcome, above.scope};
        const auto below = base_->find(client);
        return {base_.get(), below.outcome, std::max(below.scope, above.scope)};
    }

    bool operator==(const LayeredMap&) const = default;

 private:
    std::shared_ptr<const Map> base_;
    std::array<Overlay, 2> overlays_{};
};

}  // namespace geo
