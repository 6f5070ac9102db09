// SPDX-License-Identifier: Apache-2.0
#include "geo/source/mmdb_value.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

namespace geo {
namespace {

using Type = MmdbValue::Type;

constexpr unsigned first_extended = 8, last_extended = 15;  // types with an octet of their own
constexpr std::size_t longest_shown = 24;                   // octets of a text that is told

bool has_entries(Type type) noexcept {
    return type == Type::Map || type == Type::Array;
}

/// A number above 64 bits loses digits here, but is out of every range that is asked for.
std::optional<double> unsigned_number(std::span<const std::uint8_t> octets) noexcept {
    double number = 0;
    for (const auto octet : octets) number = number * 256 + octet;
    return number;
}

std::uint64_t big_endian(std::span<const std::uint8_t> octets) noexcept {
    std::uint64_t number = 0;
    for (const auto octet : octets) number = number << 8 | octet;
    return number;
}

}  // namespace

std::string_view MmdbValue::text() const noexcept {
    if (type != Type::Text && type != Type::Octets) return {};
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

std::optional<double> MmdbValue::number() const noexcept {
    switch (type) {
        case Type::Uint16:
        case Type::Uint32:
        case Type::Uint64:
        case Type::Uint128:
            return unsigned_number(octets);
        case Type::Int32: {
            // Fewer than four octets mean a positive number: only leading octets of 0 may be left
            // out.
            if (octets.size() > 4) return std::nullopt;
            return std::bit_cast<std::int32_t>(static_cast<std::uint32_t>(big_endian(octets)));
        }
        case Type::Double:
            if (octets.size() != 8) return std::nullopt;
            return std::bit_cast<double>(big_endian(octets));
        case Type::Float:
            if (octets.size() != 4) return std::nullopt;
            return std::bit_cast<float>(static_cast<std::uint32_t>(big_endian(octets)));
        case Type::Pointer:
        case Type::Text:
        case Type::Octets:
        case Type::Map:
        case Type::Array:
        case Type::Boolean:
            break;
    }
    return std::nullopt;
}

std::string MmdbValue::shown() const {
    if (const auto value = number()) {
        std::array<char, 32> digits{};
        const auto [end, fault] = std::to_chars(digits.begin(), digits.end(), *value);
        return {digits.begin(), end};
    }
    if (type == Type::Map) return "a map";
    if (type == Type::Array) return "a list";
    if (type == Type::Boolean) return size == 0 ? "false" : "true";
    std::string shown{text().substr(0, longest_shown)};
    std::ranges::replace_if(
        shown, [](unsigned char c) { return c < ' ' || c >= 0x7F || c == '"'; }, '?');
    return '"' + shown + (text().size() > longest_shown ? "...\"" : "\"");
}

std::optional<MmdbValue> MmdbValues::at(std::uint32_t place) noexcept {
    auto value = read(place);
    if (!value || value->type != Type::Pointer) return value;
    const auto target = target_of(*value);
    value = target ? read(*target) : std::nullopt;
    // A pointer may not lead to another pointer.
    return value && value->type != Type::Pointer ? value : std::nullopt;
}

std::optional<std::uint32_t> MmdbValues::behind(std::uint32_t place) noexcept {
    // `open` is the number of values still to pass. Nested values add to it.
    for (std::uint64_t open = 1; open > 0; --open) {
        const auto value = read(place);
        if (!value) return std::nullopt;
        place = value->at;
        if (!has_entries(value->type)) place += static_cast<std::uint32_t>(value->octets.size());
        if (has_entries(value->type))
            open += std::uint64_t{value->size} * (value->type == Type::Map ? 2 : 1);
    }
    return place;
}

std::optional<MmdbValue> MmdbValues::read(std::uint32_t place) noexcept {
    if (left_ == 0 || place >= section_.size()) return std::nullopt;
    --left_;
    const unsigned control = section_[place++];
    MmdbValue value{.type = static_cast<Type>(control >> 5), .size = control & 31, .octets = {}};
    if (value.type == Type::Pointer) {
        // The upper two of these five bits are the length of the pointer's value, less 1.
        const auto length = value.size / 8 + 1;
        if (place + length > section_.size()) return std::nullopt;
        value.at = place;
        value.octets = section_.subspan(place, length);
        return value;
    }
    if (control >> 5 == 0) {
        if (place >= section_.size()) return std::nullopt;
        const auto type = section_[place++] + 7U;
        if (type < first_extended || type > last_extended) return std::nullopt;
        value.type = static_cast<Type>(type);
    }
    if (value.size >= 29) {
        const auto more = value.size - 28;
        const auto rest = number_at(place, more);
        if (!rest) return std::nullopt;
        constexpr std::array<std::uint32_t, 3> least{29, 285, 65821};
        value.size = least[more - 1] + *rest;
        place += more;
    }
    value.at = place;
    if (has_entries(value.type) || value.type == Type::Boolean) return value;
    if (value.size > section_.size() - place) return std::nullopt;
    value.octets = section_.subspan(place, value.size);
    return value;
}

std::optional<std::uint32_t> MmdbValues::number_at(std::uint32_t place,
                                                   std::uint32_t octets) const noexcept {
    if (place > section_.size() || octets > section_.size() - place) return std::nullopt;
    return static_cast<std::uint32_t>(big_endian(section_.subspan(place, octets)));
}

/// Returns a pointer's target. The lower three bits of its size are the upper bits of the value,
/// unless the value has four octets of its own. Each length begins where the shorter one ends.
std::optional<std::uint32_t> MmdbValues::target_of(const MmdbValue& pointer) const noexcept {
    constexpr std::array<std::uint32_t, 4> least{0, 2048, 526336, 0};
    const auto length = pointer.octets.size();
    const std::uint64_t upper = length == 4 ? 0 : std::uint64_t{pointer.size & 7} << 8 * length;
    const auto target = upper + big_endian(pointer.octets) + least[length - 1];
    if (target >= section_.size()) return std::nullopt;
    return static_cast<std::uint32_t>(target);
}

}  // namespace geo
