// SPDX-License-Identifier: Apache-2.0
#include "zones/json/duration.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace zones {
namespace {

constexpr std::int64_t largest = 0x7FFFFFFF;
constexpr std::string_view wanted =
    "seconds from 0 to 2147483647, or a time like \"5m\", \"1h\", \"2d\"";
constexpr std::array units{std::pair{'s', 1}, std::pair{'m', 60}, std::pair{'h', 3600},
                           std::pair{'d', 86400}, std::pair{'w', 604800}};

std::optional<std::int64_t> milliseconds_in(std::string_view text) {
    if (!text.ends_with("ms")) {
        const auto seconds = seconds_in(text);
        return seconds ? std::optional{*seconds * 1000} : std::nullopt;
    }
    std::uint32_t number = 0;
    const auto* end = text.data() + text.size() - 2;
    const auto [behind, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc{} || behind != end) return std::nullopt;
    return number;
}

}  // namespace

std::optional<std::int64_t> seconds_in(std::string_view text) {
    std::uint32_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [behind, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc{} || end - behind != 1) return std::nullopt;
    for (const auto& [letter, seconds] : units) {
        if (letter == *behind) return std::int64_t{number} * seconds;
    }
    return std::nullopt;
}

std::optional<std::uint32_t> read_seconds(const Json& value) {
    std::optional<std::int64_t> seconds;
    if (value.is(Json::Kind::String)) {
        seconds = seconds_in(value.text());
    } else {
        seconds = value.integer(0, largest, wanted);
        if (!seconds) return std::nullopt;
    }
    if (seconds && *seconds >= 0 && *seconds <= largest)
        return static_cast<std::uint32_t>(*seconds);
    value.expected(wanted);
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> read_milliseconds(const Json& value,
                                                           std::chrono::milliseconds low,
                                                           std::chrono::milliseconds high,
                                                           std::string_view what) {
    if (!value.is(Json::Kind::String)) {
        using Seconds = std::chrono::duration<double>;
        const auto seconds = value.number(Seconds{low}.count(), Seconds{high}.count(), what);
        if (!seconds) return std::nullopt;
        return std::chrono::milliseconds{std::llround(*seconds * 1000)};
    }
    const auto count = milliseconds_in(value.text());
    if (count && low.count() <= *count && *count <= high.count()) {
        return std::chrono::milliseconds{*count};
    }
    value.expected(what);
    return std::nullopt;
}

}  // namespace zones
