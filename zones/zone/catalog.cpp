// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/catalog.hpp"

#include <algorithm>
#include <utility>

namespace zones {

Catalog::Catalog(std::vector<ServedZone> zones) : zones_{std::move(zones)} {
    for (const auto& served : zones_) {
        names_.add(served.zone->apex());
        most_labels_ = std::max(most_labels_, served.zone->apex().label_count());
    }
}

const ServedZone* Catalog::find(const Name& name) const noexcept {
    const auto count = name.label_count();
    for (auto label = count - std::min(count, most_labels_); label <= count; ++label) {
        const auto number = names_.find(name, label);
        if (number != NameTable::none) return &zones_[number];
    }
    return nullptr;
}

}  // namespace zones
