// SPDX-License-Identifier: Apache-2.0
#include "zones/catalog.hpp"

#include <utility>

namespace zones {

Catalog::Catalog(std::vector<ServedZone> zones) : zones_{std::move(zones)} {
    for (const auto& served : zones_) names_.add(served.zone->apex());
}

const ServedZone* Catalog::find(const Name& name) const noexcept {
    for (std::size_t label = 0; label <= name.label_count(); ++label) {
        const auto number = names_.find(name, label);
        if (number != NameTable::none) return &zones_[number];
    }
    return nullptr;
}

}  // namespace zones
