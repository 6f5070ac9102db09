// SPDX-License-Identifier: Apache-2.0
#include "probes/path/measurement_file.hpp"

#include "geo/place/network.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace probes {
namespace {

constexpr std::string_view first_line = "isochrone-measurements 2";
constexpr std::string_view first_line_before = "isochrone-clients 1";  // without who was seen
constexpr std::string_view nobody = "-";
constexpr std::string_view last_line = "end";
constexpr double millionths = 1e6;
// Of each number: 31 years in milliseconds, an hour in microseconds …
constexpr std::int64_t largest_age = 1'000'000'000'000;
constexpr std::int64_t largest_time = 3'600'000'000;

/// Takes the next word off the text and returns it; empty when there is none.
std::string_view next_field(std::string_view& text) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
}

std::optional<std::int64_t> next_number(std::string_view& text, std::int64_t largest) {
    const auto word = next_field(text);
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (fault != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    if (number < 0 || number > largest) return std::nullopt;
    return number;
}

std::optional<std::chrono::seconds> read_written(std::string_view line, const Moment& at) {
    if (next_field(line) != "written") return std::nullopt;
    const auto since_boot = next_number(line, largest_age);
    const std::string boot_id{next_field(line)};
    const auto wall = next_number(line, largest_age);
    if (!since_boot || !wall) return std::nullopt;
    return elapsed({.steady = {},
                    .since_boot = std::chrono::seconds{*since_boot},
                    .boot_id = boot_id,
                    .wall = std::chrono::seconds{*wall}},
                   at);
}

struct Line {
    geo::Prefix network;
    std::chrono::milliseconds age{0};
    std::chrono::milliseconds seen_age{0};
    NetworkMeasurement measurement;  // without its times
};

/// Reads who was seen and when: both, or neither. False when malformed.
bool read_seen(std::string_view& text, Line& line) {
    if (text.empty() || text == nobody) return std::exchange(text, {}).size() <= nobody.size();
    const auto address = geo::read_address(next_field(text));
    const auto age = next_number(text, largest_age);
    if (!address || !age || !line.network.contains(*address)) return false;
    line.measurement.address = address;
    line.seen_age = std::chrono::milliseconds{*age};
    return true;
}

std::optional<Line> read_measurement(std::string_view text) {
    const auto network = geo::read_prefix(next_field(text));
    const auto age = next_number(text, largest_age);
    const auto round_trip = next_number(text, largest_time);
    const auto variation = next_number(text, largest_time);
    const auto samples = next_number(text, std::numeric_limits<std::uint32_t>::max());
    const auto repeated = next_number(text, static_cast<std::int64_t>(millionths));
    const auto rate = next_number(text, std::numeric_limits<std::int64_t>::max());
    if (!network || !age || !round_trip || !variation || !samples || !repeated || !rate)
        return std::nullopt;
    if (*network != geo::path_network(network->address)) return std::nullopt;
    Line line;
    line.network = *network;
    line.age = std::chrono::milliseconds{*age};
    line.measurement.round_trip = std::chrono::microseconds{*round_trip};
    line.measurement.variation = std::chrono::microseconds{*variation};
    line.measurement.samples = static_cast<std::uint32_t>(*samples);
    line.measurement.repeated = static_cast<float>(static_cast<double>(*repeated) / millionths);
    line.measurement.delivery_rate = static_cast<std::uint64_t>(*rate);
    if (!read_seen(text, line) || !text.empty()) return std::nullopt;
    return line;
}

std::int64_t age_of(Time time, Time at) {
    const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(at - time);
    return std::max<std::int64_t>(age.count(), 0);
}

std::string line_of(const geo::Prefix& network, const NetworkMeasurement& measurement, Time at) {
    std::string line = geo::to_text(network);
    for (const auto number :
         {age_of(measurement.last, at), std::int64_t{measurement.round_trip.count()},
          std::int64_t{measurement.variation.count()}, std::int64_t{measurement.samples},
          std::int64_t{std::llround(measurement.repeated * millionths)},
          static_cast<std::int64_t>(measurement.delivery_rate)}) {
        line += ' ' + std::to_string(number);
    }
    line += ' ';
    if (!measurement.seen || !measurement.address) return line.append(nobody) + '\n';
    return line + geo::to_text(*measurement.address) + ' ' +
           std::to_string(age_of(*measurement.seen, at)) + '\n';
}

std::string_view next_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

}  // namespace

std::string write_measurements(const Measurements& measurements, const Moment& at) {
    std::string text{first_line};
    text += "\nwritten " + std::to_string(at.since_boot.count()) + ' ' + at.boot_id + ' ' +
            std::to_string(at.wall.count()) + '\n';
    for (const auto& [network, measurement] : measurements.newest(measurements.size())) {
        text += line_of(network, measurement, at.steady);
    }
    return text + std::string{last_line} + '\n';
}

std::string read_measurements(std::string_view text, const Moment& at, std::chrono::seconds max_age,
                              Measurements& measurements) {
    const auto begin = next_line(text);
    if (begin != first_line && begin != first_line_before) {
        return "line 1: expected \"" + std::string{first_line} + "\"";
    }
    const auto gone = read_written(next_line(text), at);
    if (!gone) return "nobody can tell how old it is, so that it is forgotten";
    std::size_t damaged = 0;
    bool ended = false;
    while (!text.empty() && !ended) {
        const auto row = next_line(text);
        ended = row == last_line;
        if (ended) break;
        auto line = read_measurement(row);
        if (!line) {
            ++damaged;
        } else if (line->age + *gone <= max_age) {
            line->measurement.last = at.steady - *gone - line->age;
            if (line->measurement.address)
                line->measurement.seen = at.steady - *gone - line->seen_age;
            measurements.restore(line->network, line->measurement);
        }
    }
    if (damaged > 0) return std::to_string(damaged) + " of its lines are damaged";
    return ended ? "" : "its end is missing";
}

}  // namespace probes
