// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the fields of a place stand in the records of GeoIP databases, and how they are spelled:
// MaxMind and DB-IP have maps in maps ("country": {"iso_code": "DE"}), IPinfo, ip-location-db and
// what is made of tables has flat ones ("country_code": "DE", "asn": "AS3356", "lat": "50.1").

#include "geo/place/place.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace geo {

enum class Field : std::uint8_t {
    Continent,
    Country,
    Subdivision,
    Latitude,
    Longitude,
    Point,  // both in one text
    Asn,
};
constexpr std::size_t field_count = 7;

/// Which map a key stands in.
enum class FieldGroup : std::uint8_t {
    Top,
    Continent,
    Country,
    Registered,
    Represented,
    Subdivision,
    As,
};

/// A key that means a field. Of several that a record has, the lowest rank counts.
struct FieldSpot {
    FieldGroup group;
    std::string_view key;
    Field field;
    std::uint8_t rank;
};

/// Keys are compared without case and signs: `countryCode` is `country_code`. This is how they are
/// told apart, in the room given; empty for one that is longer than any that is known.
[[nodiscard]] std::string_view folded_key(std::string_view key,
                                          std::array<char, 32>& room) noexcept;

/// Null when a folded key means nothing there.
[[nodiscard]] const FieldSpot* find_spot(FieldGroup group, std::string_view key) noexcept;
/// What the map under a folded key of the top has fields of.
[[nodiscard]] std::optional<FieldGroup> group_under(std::string_view key) noexcept;

/// Writers of tables put "", "-" and the like where nothing is known.
[[nodiscard]] bool says_nothing(std::string_view text) noexcept;
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;
/// A code of two or three letters or digits, in capitals; empty for any other text.
[[nodiscard]] Code<3> read_code(std::string_view text) noexcept;
/// "-74.01"; nothing when anything else is in it.
[[nodiscard]] std::optional<double> read_decimal(std::string_view text) noexcept;
/// "AS3356", "3356", "AS3356 Level 3 Parent, LLC".
[[nodiscard]] std::optional<double> read_as_number(std::string_view text) noexcept;

}  // namespace geo
