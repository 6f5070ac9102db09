// SPDX-License-Identifier: Apache-2.0
#include "geo/source/mmdb_record.hpp"

#include "geo/place/countries.hpp"
#include "geo/source/mmdb_fields.hpp"
#include "geo/text/trimmed.hpp"

#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace geo {
namespace {

using Type = MmdbValue::Type;

constexpr unsigned deepest = 3;  // a map in a map in a map

/// Returns a key in the form in which values are shown: it may have any octets, and any number of
/// them.
std::string shown(std::string_view key) {
    const auto* octets = reinterpret_cast<const std::uint8_t*>(key.data());
    return MmdbValue{.type = Type::Text, .octets = {octets, key.size()}}.shown();
}

class RecordReader {
 public:
    RecordReader(MmdbValues& values, PlaceParts parts, bool explaining)
        : values_{values}, parts_{parts}, explaining_{explaining} {}

    void read(std::uint32_t at) {
        const auto record = values_.at(at);
        if (!record) return;
        if (record->type == Type::Map) return read_map(*record, FieldGroup::Top, deepest);
        // sing-box has a country's code instead of a record.
        take({FieldGroup::Top, "", Field::Country, 1}, "", *record);
    }
    [[nodiscard]] Place place() const;
    /// Valid only when explaining.
    [[nodiscard]] std::string not_understood() const;

 private:
    void read_map(const MmdbValue& map, FieldGroup group, unsigned depth_left);
    void read_value(FieldGroup group, std::string_view key, std::string_view shown_key,
                    const MmdbValue& value, unsigned depth_left);
    void take(const FieldSpot& spot, std::string_view shown_key, const MmdbValue& value);
    [[nodiscard]] bool wanted(Field field) const;
    [[nodiscard]] bool read_field(const FieldSpot& spot, const MmdbValue& value);
    [[nodiscard]] bool read_country(const FieldSpot& spot, std::string_view text);
    [[nodiscard]] bool read_continent(const FieldSpot& spot, std::string_view text);
    [[nodiscard]] bool read_subdivision(const FieldSpot& spot, std::string_view text);
    [[nodiscard]] bool read_degrees(const FieldSpot& spot, std::optional<double> number);
    [[nodiscard]] bool read_point(const FieldSpot& spot, const MmdbValue& value);
    [[nodiscard]] bool read_asn(const FieldSpot& spot, std::optional<double> number);
    bool claim(const FieldSpot& spot) {
        auto& rank = ranks_[static_cast<std::size_t>(spot.field)];
        if (spot.rank >= rank) return false;
        rank = spot.rank;
        return true;
    }
    [[nodiscard]] bool has(Field field) const {
        return ranks_[static_cast<std::size_t>(field)] != none;
    }

    static constexpr std::uint8_t none = 255;
    static constexpr std::uint8_t last = 254;

    MmdbValues& values_;
    PlaceParts parts_;
    bool explaining_;
    Place place_;
    double latitude_ = 0;
    double longitude_ = 0;
    std::array<std::uint8_t, field_count> ranks_{none, none, none, none, none, none, none};
    bool knows_a_key_ = false;
    std::string unknown_keys_;
    std::array<std::string, field_count> unread_;  // of each field the first that cannot be read
};

void RecordReader::read_map(const MmdbValue& map, FieldGroup group, unsigned depth_left) {
    auto at = map.at;
    for (std::uint32_t entry = 0; entry < map.size; ++entry) {
        const auto key = values_.at(at);
        const auto behind_key = values_.behind(at);
        if (!key || !behind_key) return;
        const auto value = values_.at(*behind_key);
        if (!value) return;
        std::array<char, 32> room{};
        read_value(group, folded_key(key->text(), room), key->text(), *value, depth_left);
        if (entry + 1 == map.size) return;
        const auto next = values_.behind(*behind_key);
        if (!next) return;
        at = *next;
    }
}

void RecordReader::read_value(FieldGroup group, std::string_view key, std::string_view shown_key,
                              const MmdbValue& value, unsigned depth_left) {
    const auto inside = group == FieldGroup::Top ? group_under(key) : std::nullopt;
    knows_a_key_ |= inside.has_value();
    if (inside && value.type == Type::Map) {
        if (depth_left > 1) read_map(value, *inside, depth_left - 1);
        return;
    }
    if (inside && value.type == Type::Array) {
        // Lists, such as that of subdivisions, begin with the largest entry.
        const auto first = value.size == 0 ? std::nullopt : values_.at(value.at);
        if (first && first->type != Type::Array && depth_left > 1)
            read_value(group, key, shown_key, *first, depth_left - 1);
        return;
    }
    if (const auto* spot = find_spot(group, key)) return take(*spot, shown_key, value);
    if (explaining_ && !inside && group == FieldGroup::Top && unknown_keys_.size() < 60)
        unknown_keys_ += (unknown_keys_.empty() ? "" : ", ") + shown(shown_key);
}

void RecordReader::take(const FieldSpot& spot, std::string_view shown_key, const MmdbValue& value) {
    knows_a_key_ = true;
    if (!wanted(spot.field) || read_field(spot, value) || !explaining_) return;
    auto& unread = unread_[static_cast<std::size_t>(spot.field)];
    if (!unread.empty()) return;
    unread = (shown_key.empty() ? "it" : shown(shown_key)) + " is " + value.shown();
}

bool RecordReader::wanted(Field field) const {
    switch (field) {
        case Field::Subdivision:
            return parts_.subdivision;
        case Field::Latitude:
        case Field::Longitude:
        case Field::Point:
            return parts_.point;
        case Field::Asn:
            return parts_.asn;
        case Field::Continent:
        case Field::Country:
            break;
    }
    return true;
}

/// False when the value cannot be read. A value that means "not known" can be read.
bool RecordReader::read_field(const FieldSpot& spot, const MmdbValue& value) {
    const auto text = trimmed(value.text());
    const bool textual = value.type == Type::Text || value.type == Type::Octets;
    if (textual && says_nothing(text)) return true;
    switch (spot.field) {
        case Field::Continent:
            return read_continent(spot, text);
        case Field::Country:
            return read_country(spot, text);
        case Field::Subdivision:
            return read_subdivision(spot, text);
        case Field::Latitude:
        case Field::Longitude:
            return read_degrees(spot, textual ? read_decimal(text) : value.number());
        case Field::Point:
            return read_point(spot, value);
        case Field::Asn:
            break;
    }
    return read_asn(spot, textual ? read_as_number(text) : value.number());
}

bool RecordReader::read_country(const FieldSpot& spot, std::string_view text) {
    const auto code = read_code(text);
    if (code.text().size() != 2) return false;
    const FieldSpot spread{spot.group, "", Field::Continent, last};
    if (find_country(code.text()) != nullptr) {
        if (claim(spot)) place_.country = code.text();
    } else if (code.text() == "EU" && claim(spread)) {
        // Registries use these codes for a whole continent. "ZZ" and others are nowhere.
        place_.continent = std::string_view{"EU"};
    } else if (code.text() == "AP" && claim(spread)) {
        place_.continent = std::string_view{"AS"};
    }
    return true;
}

bool RecordReader::read_continent(const FieldSpot& spot, std::string_view text) {
    const auto code = read_code(text);
    if (find_continent(code.text()) == nullptr) return false;
    if (claim(spot)) place_.continent = code.text();
    return true;
}

/// Reads a code alone or after its country: "CA", "US-CA". Many databases have names there, which
/// are not codes.
bool RecordReader::read_subdivision(const FieldSpot& spot, std::string_view text) {
    if (text.size() > 3 && text[2] == '-') text.remove_prefix(3);
    const auto code = read_code(text);
    if (!code.empty() && claim(spot)) place_.subdivision = code;
    return true;
}

bool RecordReader::read_degrees(const FieldSpot& spot, std::optional<double> number) {
    const bool north = spot.field == Field::Latitude;
    // NaN is never within the limits.
    if (!number || !(std::abs(*number) <= (north ? 90 : 180))) return false;
    if (claim(spot)) (north ? latitude_ : longitude_) = *number;
    return true;
}

/// Reads "40.7,-74.0".
bool RecordReader::read_point(const FieldSpot& spot, const MmdbValue& value) {
    const auto text = value.text();
    const auto comma = text.find(',');
    if (comma == std::string_view::npos) return false;
    const auto rank = static_cast<std::uint8_t>(spot.rank + 100);
    return read_degrees({spot.group, "", Field::Latitude, rank},
                        read_decimal(trimmed(text.substr(0, comma)))) &&
           read_degrees({spot.group, "", Field::Longitude, rank},
                        read_decimal(trimmed(text.substr(comma + 1))));
}

bool RecordReader::read_asn(const FieldSpot& spot, std::optional<double> number) {
    if (!number || !(*number >= 0 && *number <= 4294967295.0)) return false;
    const auto asn = static_cast<std::uint32_t>(*number);
    if (static_cast<double>(asn) != *number) return false;
    if (asn != 0 && claim(spot)) place_.asn = asn;
    return true;
}

Place RecordReader::place() const {
    auto place = place_;
    const bool nowhere = latitude_ == 0 && longitude_ == 0;
    if (has(Field::Latitude) && has(Field::Longitude) && !nowhere) {
        place.latitude = static_cast<float>(latitude_);
        place.longitude = static_cast<float>(longitude_);
    }
    return place;
}

std::string RecordReader::not_understood() const {
    const auto unread = [this](Field field) -> const std::string& {
        return unread_[static_cast<std::size_t>(field)];
    };
    if (!knows_a_key_ && !unknown_keys_.empty())
        return "none of its keys is known: " + unknown_keys_;
    const bool continent = has(Field::Continent) || has(Field::Country);
    const bool point = has(Field::Latitude) && has(Field::Longitude);
    if (!has(Field::Country) && !unread(Field::Country).empty()) return unread(Field::Country);
    if (!continent && !unread(Field::Continent).empty()) return unread(Field::Continent);
    for (const auto field : {Field::Latitude, Field::Longitude, Field::Point})
        if (!point && !unread(field).empty()) return unread(field);
    return has(Field::Asn) ? std::string{} : unread(Field::Asn);
}

}  // namespace

Place read_record(MmdbValues values, std::uint32_t at, PlaceParts parts,
                  std::string* not_understood) {
    RecordReader reader{values, parts, not_understood != nullptr};
    reader.read(at);
    if (not_understood != nullptr) {
        if (auto text = reader.not_understood(); !text.empty()) *not_understood = std::move(text);
    }
    return reader.place();
}

}  // namespace geo
