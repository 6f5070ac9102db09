// SPDX-License-Identifier: Apache-2.0
#pragma once
// The data section of a MaxMind database (format 2.0, "Output Data Section"): values, one after the
// other. The first octet of a value has its type in the upper 3 bits and its size in the lower 5.
// Types from 8 on have 0 as type there, and the next octet holds the type less 7. A size field of
// 29, 30 or 31 means that one, two or three more octets extend the size. A pointer gives the
// position of the value in the section. This is read here and not by the library, because the
// library looks for one key at a time. Vendors and writers use thirty keys for the fields that are
// read, and a city database has a million records.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace geo {

struct MmdbValue {
    enum class Type : std::uint8_t {
        Pointer = 1,
        Text = 2,
        Double = 3,
        Octets = 4,
        Uint16 = 5,
        Uint32 = 6,
        Map = 7,
        Int32 = 8,
        Uint64 = 9,
        Uint128 = 10,
        Array = 11,
        Boolean = 14,
        Float = 15,
    };

    Type type = Type::Boolean;
    std::uint32_t size = 0;  // octets; of a map or an array: entries; of a boolean: its value
    std::uint32_t at = 0;    // position in the section of the octets, or of the first entry
    std::span<const std::uint8_t> octets;  // empty for a map, an array or a boolean

    /// Returns the octets of a text or of octets; empty for other types.
    [[nodiscard]] std::string_view text() const noexcept;
    /// Returns a number of any type; nothing for other values.
    [[nodiscard]] std::optional<double> number() const noexcept;
    /// Returns the value for people: "\"north\"", "91.5", "a map".
    [[nodiscard]] std::string shown() const;
};

/// Reads values, at most `values_left` of them: a damaged record may contain itself.
class MmdbValues {
 public:
    MmdbValues(std::span<const std::uint8_t> section, std::size_t values_left) noexcept
        : section_{section}, left_{values_left} {}

    /// Returns the value at `place`, or the one that a pointer at `place` leads to. Nothing when it
    /// is damaged.
    [[nodiscard]] std::optional<MmdbValue> at(std::uint32_t place) noexcept;
    /// Returns the position after the value at `place` and all values in it. Nothing when it is
    /// damaged.
    [[nodiscard]] std::optional<std::uint32_t> behind(std::uint32_t place) noexcept;

 private:
    [[nodiscard]] std::optional<MmdbValue> read(std::uint32_t place) noexcept;
    [[nodiscard]] std::optional<std::uint32_t> number_at(std::uint32_t place,
                                                         std::uint32_t octets) const noexcept;
    [[nodiscard]] std::optional<std::uint32_t> target_of(const MmdbValue& pointer) const noexcept;

    std::span<const std::uint8_t> section_;
    std::size_t left_;
};

}  // namespace geo
