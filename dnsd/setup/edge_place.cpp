// SPDX-License-Identifier: Apache-2.0
#include "dnsd/setup/edge_place.hpp"

#include "geo/place/cities.hpp"
#include "geo/text/found_text.hpp"
#include "geo/text/trimmed.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

namespace setup {
namespace {

using Place = geo::Result<std::string>;
using Cities = std::vector<const geo::City*>;
constexpr std::size_t most_listed = 6;

std::string letters_of(std::string_view text) {
    std::string letters;
    for (const char c : text) {
        const auto low = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        if (low >= 'a' && low <= 'z') letters += low;
    }
    return letters;
}

std::string listed(const Cities& cities) {
    std::string text;
    for (std::size_t i = 0; i < std::min(cities.size(), most_listed); ++i)
        text += (text.empty() ? "" : ", ") + zones::json_string(geo::full_name(*cities[i]));
    return cities.size() > most_listed ? text + ", …" : text;
}

geo::Error unknown_place(std::string_view text) {
    const auto near = text.empty() ? Cities{} : geo::cities_like(text);
    return {"no city is called " + zones::json_string(text) +
            (near.empty() ? "; `isochrone cities COUNTRY` lists those that are known"
                          : "; like it: " + listed(near)) +
            "; coordinates always do, as in 40.71,-74.01"};
}

Place only_one(const Cities& cities, std::string_view text) {
    if (cities.empty()) return unknown_place(text);
    if (cities.size() > 1)
        return geo::Error{zones::json_string(text) + " may be " + listed(cities)};
    return Place{boost::system::in_place_value,
                 zones::json_string(geo::full_name(*cities.front()))};
}

std::optional<double> read_degrees(std::string_view text, double most) {
    const auto wanted = geo::trimmed(text);
    double degrees = 0;
    const auto [end, fault] =
        std::from_chars(wanted.data(), wanted.data() + wanted.size(), degrees);
    const bool whole = fault == std::errc{} && end == wanted.data() + wanted.size();
    return whole && std::abs(degrees) <= most ? std::optional{degrees} : std::nullopt;
}

/// What an edge in this city may be called, in letters alone.
std::vector<std::string> names_of(const geo::City& city) {
    const auto name = letters_of(city.name);
    const auto state = letters_of(city.subdivision);
    const auto country = letters_of(city.country);
    return {name, name + state, name + country, name + state + country, country + name};
}

}  // namespace

Place read_place(std::string_view text) {
    const auto comma = text.find(',');
    if (comma != std::string_view::npos) {
        const auto latitude = read_degrees(text.substr(0, comma), 90);
        const auto longitude = read_degrees(text.substr(comma + 1), 180);
        if (latitude && longitude)
            return Place{boost::system::in_place_value,
                         "[" + std::string{geo::trimmed(text)} + "]"};
    }
    return only_one(geo::find_cities(text), geo::trimmed(text));
}

Place place_of(std::string_view edge) {
    const auto wanted = letters_of(edge);
    Cities found;
    for (const auto& city : geo::cities()) {
        const auto names = names_of(city);
        if (!wanted.empty() && std::ranges::find(names, wanted) != names.end())
            found.push_back(&city);
    }
    return only_one(found, wanted.empty() ? edge : std::string_view{wanted});
}

}  // namespace setup
