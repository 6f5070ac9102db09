// SPDX-License-Identifier: Apache-2.0
#include "geo/text/duration_text.hpp"

#include <algorithm>
#include <cstdint>

namespace probes {
namespace {

struct Unit {
    std::int64_t seconds;
    char letter;
};
constexpr Unit units[] = {
    {86'400, 'd'},
    {3'600, 'h'},
    {60, 'm'},
    {1, 's'},
};

std::string seconds_text(std::int64_t seconds) {
    const auto* unit = units;
    while (unit->seconds > 1 && seconds < unit->seconds) ++unit;
    auto text = std::to_string(seconds / unit->seconds) + unit->letter;
    if (unit->seconds == 1) return text;
    const auto rest = seconds % unit->seconds / unit[1].seconds;
    if (rest > 0) text += std::to_string(rest) + unit[1].letter;
    return text;
}

std::string two_digits(std::int64_t number) {
    return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

}  // namespace

std::string duration_text(std::chrono::nanoseconds duration) {
    using std::chrono::seconds;
    return seconds_text(
        std::max(std::chrono::duration_cast<seconds>(duration), seconds{0}).count());
}

std::string time_left_text(std::chrono::nanoseconds duration) {
    return duration_text(std::chrono::ceil<std::chrono::seconds>(duration));
}

std::string interval_text(std::chrono::milliseconds interval) {
    if (interval.count() % 1000 == 0) return seconds_text(interval.count() / 1000);
    return std::to_string(interval.count()) + "ms";
}

std::string round_trip_text(std::chrono::microseconds round_trip) {
    const auto micros = std::max<std::int64_t>(round_trip.count(), 0);
    auto text = std::to_string(micros / 1000);
    if (micros < 1'000) {
        text += '.' + two_digits(micros / 10);
    } else if (micros < 100'000) {
        text += '.' + std::to_string(micros / 100 % 10);
    }
    return text + "ms";
}

}  // namespace probes
