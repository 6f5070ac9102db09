// SPDX-License-Identifier: Apache-2.0
#include "geo/source/places_file.hpp"

#include "geo/place/countries.hpp"
#include "geo/text/trimmed.hpp"
#include "geo/text/utf8.hpp"

#include <charconv>
#include <map>
#include <optional>

namespace geo {
namespace {

constexpr std::string_view header = "prefix,latitude,longitude,country,asn";

/// Reads one line field by field, and keeps its position for messages.
class Row {
 public:
    Row(std::string_view line, std::size_t number, const std::string& file, Problems& problems)
        : line_{line}, number_{number}, file_{file}, problems_{problems} {}

    std::string_view next() {
        if (at_ > line_.size()) return field_ = {};
        auto comma = line_.find(',', at_);
        if (comma == std::string_view::npos) comma = line_.size();
        field_at_ = at_;
        at_ = comma + 1;
        field_ = trimmed(line_.substr(field_at_, comma - field_at_));
        if (!field_.empty()) {
            field_at_ = static_cast<std::size_t>(field_.data() - line_.data());
        }
        return field_;
    }
    [[nodiscard]] bool at_end() const { return at_ > line_.size(); }
    void fail(const std::string& wanted) {
        good_ = false;
        problems_.push_back(
            {.file = file_,
             .line = number_,
             .column = field_at_ + 1,
             .path = {},
             .text = "expected " + wanted + ", found \"" + std::string{field_} + "\""});
    }
    [[nodiscard]] bool good() const { return good_; }

    /// Reads the next field as a number within the limits; nothing when the field is empty.
    template <class T>
    std::optional<T> number(T low, T high, const std::string& wanted) {
        const auto text = next();
        if (text.empty()) return std::nullopt;
        T value{};
        const auto* end = text.data() + text.size();
        const auto [behind, fault] = std::from_chars(text.data(), end, value);
        if (fault == std::errc{} && behind == end && value >= low && value <= high) return value;
        fail(wanted);
        return std::nullopt;
    }

 private:
    std::string_view line_;
    std::size_t number_;
    const std::string& file_;
    Problems& problems_;
    std::size_t at_ = 0;
    std::size_t field_at_ = 0;
    std::string_view field_;
    bool good_ = true;
};

std::optional<PlaceRow> read_row(Row& row) {
    PlaceRow result;
    const auto first = row.next();
    if (first.find(';') != std::string_view::npos) {
        row.fail("fields between commas, as in \"203.0.113.0/24,52.52,13.40,DE,64500\"");
        return std::nullopt;
    }
    const auto prefix = read_prefix(first);
    if (!prefix) row.fail("a prefix like 203.0.113.0/24 without bits behind its length");
    const auto latitude = row.number(-90.0, 90.0, "a latitude from -90 to 90");
    const auto longitude = row.number(-180.0, 180.0, "a longitude from -180 to 180");
    if (latitude.has_value() != longitude.has_value()) row.fail("both coordinates or none");
    const auto country = row.next();
    if (!country.empty() && find_country(country) == nullptr) {
        row.fail("a country code of ISO 3166-1 in capitals");
    }
    const auto asn = row.number<std::uint32_t>(1, 4294967295U, "an AS number");
    if (!row.at_end()) {
        row.next();
        row.fail("five fields: " + std::string{header});
    }
    if (!latitude && country.empty() && !asn) row.fail("a country, coordinates or an AS number");
    if (!row.good()) return std::nullopt;
    result.prefix = *prefix;
    if (latitude && longitude) {
        result.place.latitude = static_cast<float>(*latitude);
        result.place.longitude = static_cast<float>(*longitude);
    }
    result.place.country = country;
    result.place.asn = asn.value_or(0);
    return result;
}

}  // namespace

std::vector<PlaceRow> read_places(std::string_view text, const std::string& file,
                                  Problems& problems) {
    std::vector<PlaceRow> rows;
    if (is_utf16(text)) {
        problems.push_back({.file = file, .path = {}, .text = std::string{utf16_fault}});
        return rows;
    }
    text = without_mark(text);
    std::map<std::string, std::size_t> seen;
    std::size_t number = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        ++number;
        const auto content = trimmed(line);
        if (content.empty() || content.front() == '#' || (rows.empty() && content == header))
            continue;
        Row reader{line, number, file, problems};
        const auto row = read_row(reader);
        if (!row) continue;
        const auto [first, added] = seen.try_emplace(to_text(row->prefix), number);
        if (!added) {
            problems.push_back({.file = file,
                                .line = number,
                                .column = 1,
                                .path = {},
                                .text = to_text(row->prefix) + " stands in line " +
                                        std::to_string(first->second) + " already"});
            continue;
        }
        rows.push_back(*row);
    }
    return rows;
}

}  // namespace geo
