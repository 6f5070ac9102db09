// SPDX-License-Identifier: Apache-2.0
#include "geo/place/place.hpp"

#include "geo/place/countries.hpp"

namespace geo {

std::optional<Coordinates> Place::point() const noexcept {
    if (has_point()) return Coordinates{latitude, longitude};
    if (const auto* known = find_country(country.text())) return known->centre;
    if (const auto* known = find_continent(continent.text())) return known->centre;
    return std::nullopt;
}

std::string_view Place::continent_code() const noexcept {
    if (!continent.empty()) return continent.text();
    if (const auto* known = find_country(country.text())) return known->continent;
    return {};
}

void Place::fill_from(const Place& other) noexcept {
    if (asn == 0) asn = other.asn;
    const bool lies_here =
        other.continent_code() == continent.text() && (other.has_point() || !other.country.empty());
    if (has_point() || !country.empty() || (!continent.empty() && !lies_here)) return;
    const auto own_asn = asn;
    *this = other;
    asn = own_asn;
}

void Place::complete_from(const Place& other) noexcept {
    fill_from(other);
    if (!country.empty() || (!continent.empty() && continent != other.continent_code())) return;
    country = other.country;
    continent = other.continent;
}

}  // namespace geo
