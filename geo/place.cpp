// SPDX-License-Identifier: Apache-2.0
#include "geo/place.hpp"

#include "geo/countries.hpp"

namespace geo {

std::optional<Coordinates> Place::point() const noexcept {
    if (has_point()) return Coordinates{latitude, longitude};
    if (const auto* known = find_country(country.text())) return known->centre;
    return std::nullopt;
}

std::string_view Place::continent_code() const noexcept {
    if (!continent.empty()) return continent.text();
    if (const auto* known = find_country(country.text())) return known->continent;
    return {};
}

void Place::fill_from(const Place& other) noexcept {
    if (asn == 0) asn = other.asn;
    if (located()) return;
    const auto own_asn = asn;
    *this = other;
    asn = own_asn;
}

}  // namespace geo
