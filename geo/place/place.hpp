// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known about where a client is. Kept small: a city database has half a million places.

#include "geo/place/coordinates.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace geo {

/// A code of at most N ASCII characters; empty when nothing is known.
template <std::size_t N>
struct Code {
    std::array<char, N> characters{};

    constexpr Code() = default;
    /// A text longer than N is not a code, and gives an empty one.
    constexpr Code(std::string_view text) noexcept {
        if (text.size() > N) return;
        for (std::size_t i = 0; i < text.size(); ++i) characters[i] = text[i];
    }
    [[nodiscard]] constexpr std::string_view text() const noexcept {
        std::size_t length = 0;
        while (length < N && characters[length] != '\0') ++length;
        return {characters.data(), length};
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return characters[0] == '\0'; }
    bool operator==(const Code&) const = default;
};

struct Place {
    static constexpr float unknown = std::numeric_limits<float>::quiet_NaN();

    float latitude = unknown;   // degrees
    float longitude = unknown;  // degrees
    std::uint32_t asn = 0;      // 0: unknown
    Code<2> continent;          // "EU"
    Code<2> country;            // ISO 3166-1 alpha-2
    Code<3> subdivision;        // ISO 3166-2 without the country: "CA" in US-CA

    [[nodiscard]] bool has_point() const noexcept { return latitude == latitude; }
    [[nodiscard]] bool located() const noexcept {
        return has_point() || !country.empty() || !continent.empty();
    }

    /// Returns the point if known, else the centre of the country, else that of the continent, else
    /// nothing.
    [[nodiscard]] std::optional<Coordinates> point() const noexcept;
    /// Returns the continent as given, else the continent of the country; empty when neither is
    /// known.
    [[nodiscard]] std::string_view continent_code() const noexcept;

    /// Takes from `other` what is unknown here. The AS number and the location are taken
    /// separately. A location is taken as a whole or not at all, so one source's country never
    /// meets another's point. Where only a continent is known here, a country or point on that
    /// continent replaces it.
    void fill_from(const Place& other) noexcept;
    /// The same, and adds the country where only a point is known. For the last source that is
    /// asked.
    void complete_from(const Place& other) noexcept;
};

}  // namespace geo
