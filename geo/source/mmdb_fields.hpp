// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the fields of a place stand in the records of GeoIP databases, and how they are spelled.
// MaxMind and DB-IP nest maps ("country": {"iso_code": "DE"}). IPinfo, ip-location-db and databases
// made from tables use flat keys ("country_code": "DE", "asn": "AS3356", "lat": "50.1").

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
    Point,  // latitude and longitude in one value
    Asn,
};
constexpr std::size_t field_count = 7;

/// The map that a key stands in.
enum class FieldGroup : std::uint8_t {
    Top,
    Continent,
    Country,
    Registered,
    Represented,
    Subdivision,
    As,
};

/// A key that means a field. When a record has several keys for one field, the lowest rank counts.
struct FieldSpot {
    FieldGroup group;
    std::string_view key;
    Field field;
    std::uint8_t rank;
};

/// Returns a key in the form in which keys are compared: lower case, without "_", "-", "." and
/// blanks, so `countryCode` equals `country_code`. The text is stored in `room`. Empty for a key
/// that does not fit there, which is longer than any known key.
[[nodiscard]] std::string_view folded_key(std::string_view key,
                                          std::array<char, 32>& room) noexcept;

/// Returns the field that a folded key means in a group; null when it means none.
[[nodiscard]] const FieldSpot* find_spot(FieldGroup group, std::string_view key) noexcept;
/// Returns the group of the fields in the map under a folded top-level key; nothing for other keys.
[[nodiscard]] std::optional<FieldGroup> group_under(std::string_view key) noexcept;

/// True for "", "-" and the other texts that writers of tables use for an unknown value.
[[nodiscard]] bool says_nothing(std::string_view text) noexcept;
/// Returns a code of one to three letters or digits, in capitals; empty for any other text.
[[nodiscard]] Code<3> read_code(std::string_view text) noexcept;
/// Reads a decimal number such as "-74.01"; nothing when the text contains anything else.
[[nodiscard]] std::optional<double> read_decimal(std::string_view text) noexcept;
/// Reads the number in "AS3356", "3356" or "AS3356 Level 3 Parent, LLC"; nothing for other texts.
[[nodiscard]] std::optional<double> read_as_number(std::string_view text) noexcept;

}  // namespace geo
