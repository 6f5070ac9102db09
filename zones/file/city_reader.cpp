// SPDX-License-Identifier: Apache-2.0
#include "zones/file/city_reader.hpp"

#include "geo/place/cities.hpp"
#include "geo/text/suggestion.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace zones {
namespace {

constexpr std::size_t most_choices = 8;

using Cities = std::vector<const geo::City*>;

std::string choices_of(const Cities& cities) {
    std::string text;
    for (std::size_t i = 0; i < std::min(cities.size(), most_choices); ++i)
        text += (text.empty() ? "\"" : ", \"") + full_name(*cities[i]) + '"';
    return text + (cities.size() > most_choices ? ", …" : "");
}

std::string_view without_blanks(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

/// Another spelling, or another place of this name.
Cities spelled_like(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& city : geo::cities()) names.push_back(city.name);
    return geo::find_cities(nearest_word(name, names));
}

/// Cities that begin like the first word, then those of the country behind the last comma.
Cities near_to(std::string_view text, std::string_view name) {
    constexpr std::size_t shortest = 3;  // what is shorter is a code
    const auto first_word = name.substr(0, name.find(' '));
    if (first_word.size() >= shortest) {
        if (auto like = geo::cities_like(first_word); !like.empty()) return like;
    }
    const auto comma = text.rfind(',');
    const auto country = comma == std::string_view::npos ? std::string_view{}
                                                         : without_blanks(text.substr(comma + 1));
    if (country.empty()) return {};
    // A code means what it stands for there, and no name that begins like it.
    auto like = geo::cities_like(country);
    const auto folded = [](char c) {
        return 'a' <= c && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    };
    const bool code = country.size() == 2;
    std::erase_if(like, [&](const geo::City* city) {
        return code && !std::ranges::equal(city->country, country, {}, {}, folded);
    });
    return like;
}

}  // namespace

std::optional<geo::EdgeSite> read_city(const Json& value) {
    const auto text = value.text();
    const auto found = geo::find_cities(text);
    if (found.size() == 1) return geo::EdgeSite{found.front()->at};
    const auto quoted = '"' + std::string{text} + '"';
    if (!found.empty()) {
        value.fault(quoted + " can mean " + choices_of(found));
        return std::nullopt;
    }
    const auto name = without_blanks(text.substr(0, text.find(',')));
    std::string choices;
    if (const auto spelled = spelled_like(name); !name.empty() && !spelled.empty()) {
        choices = "; did you mean " + choices_of(spelled) + "?";
    } else if (const auto near = near_to(text, name); !near.empty()) {
        choices = "; known are " + choices_of(near);
    }
    value.fault("unknown city " + quoted + choices +
                " (\"isochrone cities\" lists all; coordinates always do: [latitude, longitude])");
    return std::nullopt;
}

}  // namespace zones
