// SPDX-License-Identifier: Apache-2.0
#include "geo/source/mmdb_fields.hpp"

#include "geo/text/trimmed.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <system_error>

namespace geo {
namespace {

// clang-format off
constexpr FieldSpot spots[] = {
    {FieldGroup::Country,     "isocode",                  Field::Country,     1},
    {FieldGroup::Country,     "code",                     Field::Country,     1},
    {FieldGroup::Country,     "alpha2",                   Field::Country,     1},
    {FieldGroup::Top,         "countrycode",              Field::Country,     2},
    {FieldGroup::Top,         "countryisocode",           Field::Country,     2},
    {FieldGroup::Top,         "countryiso",               Field::Country,     2},
    {FieldGroup::Top,         "countrycode2",             Field::Country,     2},
    {FieldGroup::Top,         "country",                  Field::Country,     3},
    {FieldGroup::Top,         "cc",                       Field::Country,     4},
    {FieldGroup::Top,         "isocode",                  Field::Country,     4},
    {FieldGroup::Registered,  "isocode",                  Field::Country,     5},
    {FieldGroup::Registered,  "code",                     Field::Country,     5},
    {FieldGroup::Top,         "registeredcountry",        Field::Country,     5},
    {FieldGroup::Top,         "registeredcountrycode",    Field::Country,     5},
    {FieldGroup::Top,         "registeredcountryisocode", Field::Country,     5},
    {FieldGroup::Represented, "isocode",                  Field::Country,     6},
    {FieldGroup::Represented, "code",                     Field::Country,     6},
    {FieldGroup::Top,         "representedcountry",       Field::Country,     6},
    {FieldGroup::Top,         "representedcountrycode",   Field::Country,     6},
    {FieldGroup::Top,         "representedcountryisocode", Field::Country,    6},
    {FieldGroup::Continent,   "code",                     Field::Continent,   1},
    {FieldGroup::Continent,   "isocode",                  Field::Continent,   1},
    {FieldGroup::Top,         "continentcode",            Field::Continent,   2},
    {FieldGroup::Top,         "continent",                Field::Continent,   3},
    {FieldGroup::Subdivision, "isocode",                  Field::Subdivision, 1},
    {FieldGroup::Subdivision, "code",                     Field::Subdivision, 1},
    {FieldGroup::Top,         "subdivisioncode",          Field::Subdivision, 2},
    {FieldGroup::Top,         "subdivisionisocode",       Field::Subdivision, 2},
    {FieldGroup::Top,         "subdivision1isocode",      Field::Subdivision, 2},
    {FieldGroup::Top,         "regioncode",               Field::Subdivision, 2},
    {FieldGroup::Top,         "statecode",                Field::Subdivision, 2},
    {FieldGroup::Top,         "subdivision",              Field::Subdivision, 3},
    {FieldGroup::Top,         "subdivisions",             Field::Subdivision, 3},
    {FieldGroup::Top,         "region",                   Field::Subdivision, 4},
    {FieldGroup::Top,         "state",                    Field::Subdivision, 4},
    {FieldGroup::Top,         "latitude",                 Field::Latitude,    1},
    {FieldGroup::Top,         "lat",                      Field::Latitude,    2},
    {FieldGroup::Top,         "longitude",                Field::Longitude,   1},
    {FieldGroup::Top,         "lng",                      Field::Longitude,   2},
    {FieldGroup::Top,         "lon",                      Field::Longitude,   2},
    {FieldGroup::Top,         "long",                     Field::Longitude,   2},
    {FieldGroup::Top,         "loc",                      Field::Point,       1},
    {FieldGroup::Top,         "coordinates",              Field::Point,       2},
    {FieldGroup::Top,         "autonomoussystemnumber",   Field::Asn,         1},
    {FieldGroup::Top,         "asn",                      Field::Asn,         2},
    {FieldGroup::Top,         "asnumber",                 Field::Asn,         2},
    {FieldGroup::As,          "autonomoussystemnumber",   Field::Asn,         2},
    {FieldGroup::As,          "asn",                      Field::Asn,         2},
    {FieldGroup::As,          "number",                   Field::Asn,         2},
    {FieldGroup::Top,         "as",                       Field::Asn,         3},
};
// clang-format on

/// Maps in which fields stand, and lists whose first entry is such a map or such a field.
struct Inside {
    std::string_view key;
    FieldGroup group;
};
constexpr Inside insides[] = {
    {"continent", FieldGroup::Continent},
    {"country", FieldGroup::Country},
    {"registeredcountry", FieldGroup::Registered},
    {"representedcountry", FieldGroup::Represented},
    {"subdivisions", FieldGroup::Subdivision},
    {"subdivision", FieldGroup::Subdivision},
    {"region", FieldGroup::Subdivision},
    {"as", FieldGroup::As},
    {"asn", FieldGroup::As},
    {"autonomoussystem", FieldGroup::As},
    {"location", FieldGroup::Top},
    {"traits", FieldGroup::Top},
    {"geo", FieldGroup::Top},
    {"network", FieldGroup::Top},
    {"connection", FieldGroup::Top},
};

char upper(char c) noexcept {
    return 'a' <= c && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool is_digit(char c) noexcept {
    return '0' <= c && c <= '9';
}

}  // namespace

std::string_view folded_key(std::string_view key, std::array<char, 32>& room) noexcept {
    std::size_t length = 0;
    for (const char c : key) {
        if (c == '_' || c == '-' || c == ' ' || c == '.') continue;
        if (length == room.size()) return {};
        room[length++] = 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return {room.data(), length};
}

const FieldSpot* find_spot(FieldGroup group, std::string_view key) noexcept {
    const auto* found = std::ranges::find_if(
        spots, [&](const FieldSpot& spot) { return spot.group == group && spot.key == key; });
    return found == std::end(spots) ? nullptr : found;
}

std::optional<FieldGroup> group_under(std::string_view key) noexcept {
    const auto* found = std::ranges::find(insides, key, &Inside::key);
    if (found == std::end(insides)) return std::nullopt;
    return found->group;
}

bool says_nothing(std::string_view text) noexcept {
    constexpr std::string_view nothing[] = {"", "-", "null", "NULL", "None", "nan", "NaN", "N/A"};
    return std::ranges::find(nothing, text) != std::end(nothing);
}

Code<3> read_code(std::string_view text) noexcept {
    std::array<char, 3> code{};
    if (text.size() < 1 || text.size() > code.size()) return {};
    std::ranges::transform(text, code.begin(), upper);
    const std::string_view folded{code.data(), text.size()};
    const auto fits = [](char c) { return ('A' <= c && c <= 'Z') || is_digit(c); };
    return std::ranges::all_of(folded, fits) ? Code<3>{folded} : Code<3>{};
}

std::optional<double> read_decimal(std::string_view text) noexcept {
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto [behind, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc{} || behind != end) return std::nullopt;
    return number;
}

std::optional<double> read_as_number(std::string_view text) noexcept {
    for (const char letter : {'A', 'S', 'N'}) {
        if (!text.empty() && upper(text.front()) == letter) text.remove_prefix(1);
    }
    text = trimmed(text);
    const auto* end = std::ranges::find_if_not(text, is_digit);
    const auto digits = static_cast<std::size_t>(end - text.begin());
    const bool ends = digits == text.size() || text[digits] == ' ' || text[digits] == ',';
    return digits > 0 && ends ? read_decimal(text.substr(0, digits)) : std::nullopt;
}

}  // namespace geo
