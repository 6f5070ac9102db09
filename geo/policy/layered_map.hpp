// SPDX-License-Identifier: Apache-2.0
#pragma once
// A compiled map, with a second map of the same policy over it for each population: what was
// measured. The second map says `nothing` where the base decides. Immutable.

#include "geo/place/population.hpp"
#include "geo/policy/map.hpp"

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

    /// A look-up in progress, in both layers at once.
    class Search {
     public:
        [[nodiscard]] bool done() const noexcept { return over_ == nullptr && base_ == nullptr; }
        /// Valid only when done() is true.
        [[nodiscard]] const Found& found() const noexcept { return found_; }

     private:
        friend class LayeredMap;
        const Map* over_ = nullptr;  // null when this layer has been searched
        const Map* base_ = nullptr;  // null when this layer has been searched
        Map::Search above_;
        Map::Search below_;
        Found found_;
    };

    LayeredMap(std::shared_ptr<const Map> base) : base_{std::move(base)} {}
    /// Takes one overlay per population, null where nothing was measured.
    LayeredMap(std::shared_ptr<const Map> base, std::array<Overlay, 2> overlays)
        : base_{std::move(base)}, overlays_{std::move(overlays)} {}

    [[nodiscard]] const std::shared_ptr<const Map>& base() const noexcept { return base_; }
    [[nodiscard]] const Overlay& overlay(Population population) const noexcept {
        return overlays_[static_cast<std::size_t>(population)];
    }

    /// Finds the client's outcome. The scope holds for both layers: within it neither gives another
    /// outcome. Query path.
    [[nodiscard]] Found find(const Address& client, Population population) const noexcept {
        auto search = begin(client, population);
        while (!advance(search)) {
        }
        return search.found();
    }
    /// The same in steps, like those of Map.
    [[nodiscard]] Search begin(const Address& client, Population population) const noexcept {
        Search search;
        search.base_ = base_.get();
        search.below_ = base_->begin(client);
        search.over_ = overlay(population).get();
        search.found_.map = search.over_;
        if (search.over_ != nullptr) search.above_ = search.over_->begin(client);
        return search;
    }
    /// True when the outcome has been found; do not call it again after that.
    [[nodiscard]] bool advance(Search& search) const noexcept {
        if (search.base_ != nullptr && search.base_->advance(search.below_)) search.base_ = nullptr;
        if (search.over_ != nullptr && search.over_->advance(search.above_)) search.over_ = nullptr;
        if (search.base_ != nullptr || search.over_ != nullptr) return false;
        const auto above = search.above_.found();
        const auto below = search.below_.found();
        search.found_ = {search.found_.map, above.outcome, above.scope};
        if (above.outcome == Outcomes::nothing())
            search.found_ = {base_.get(), below.outcome, std::max(below.scope, above.scope)};
        return true;
    }

    bool operator==(const LayeredMap&) const = default;

 private:
    std::shared_ptr<const Map> base_;
    std::array<Overlay, 2> overlays_{};
};

}  // namespace geo
