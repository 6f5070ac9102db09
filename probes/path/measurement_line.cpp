// SPDX-License-Identifier: Apache-2.0
#include "probes/path/measurement_line.hpp"

#include "geo/place/network.hpp"
#include "geo/text/fact_line.hpp"
#include "probes/path/measurements.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

namespace probes {
namespace {

struct Range {
    double low;
    double high;
};
constexpr Range round_trips{0.01, 10'000};  // milliseconds
constexpr Range variations{0, 10'000};
constexpr std::uint32_t most_samples = 1'000'000;
constexpr std::uint64_t highest_rate = 1'000'000'000'000;  // octets a second
constexpr std::int64_t last_second = 253'402'300'799;      // of the year 9999

constexpr double share_that_matters = 0.02;
constexpr double milliseconds_that_matter = 0.3;
constexpr double loss_that_matters = 0.01;
constexpr std::chrono::minutes time_that_matters{10};

constexpr std::array<std::string_view, 2> populations{".clients", ".resolvers"};

enum class Zeros : std::uint8_t { Kept, Dropped };  // behind the last digit that says something

std::string decimal_text(double value, int decimals, Zeros zeros) {
    std::array<char, 64> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                   std::chars_format::fixed, decimals);
    std::string text{digits.data(), end.ptr};
    if (zeros == Zeros::Dropped && text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
    }
    return text;
}

template <class T>
std::optional<T> whole_number(std::string_view text) {
    T number{};
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return number;
}

/// Reads digits as people write them: no exponent, and no word such as "nan".
std::optional<double> decimal(std::string_view text, std::string_view unit, Range range) {
    if (!text.ends_with(unit)) return std::nullopt;
    text.remove_suffix(unit.size());
    if (text.find_first_not_of("-0123456789.") != std::string_view::npos) return std::nullopt;
    const auto number = whole_number<double>(text);
    if (!number || *number < range.low || *number > range.high) return std::nullopt;
    return number;
}

template <class T>
bool put_if(std::optional<T> read, T& to) {
    if (read) to = *read;
    return read.has_value();
}

template <class T>
std::optional<T> at_most(std::optional<T> number, T limit) {
    return number && *number <= limit ? number : std::nullopt;
}

bool read_round_trip(std::string_view text, ToldMeasurement& told) {
    return put_if(decimal(text, "ms", round_trips), told.round_trip_ms);
}

bool read_variation(std::string_view text, ToldMeasurement& told) {
    return put_if(decimal(text, "ms", variations), told.variation_ms);
}

bool read_samples(std::string_view text, ToldMeasurement& told) {
    return put_if(at_most(whole_number<std::uint32_t>(text), most_samples), told.samples);
}

bool read_lost(std::string_view text, ToldMeasurement& told) {
    const auto percent = decimal(text, "%", {0, 100});
    if (percent) told.lost = *percent / 100;
    return percent.has_value();
}

bool read_rate(std::string_view text, ToldMeasurement& told) {
    return put_if(at_most(whole_number<std::uint64_t>(text), highest_rate), told.rate);
}

bool read_seen_text(std::string_view text, ToldMeasurement& told) {
    const auto seconds = whole_number<std::int64_t>(text);
    if (!seconds || *seconds < 0 || *seconds > last_second) return false;
    told.seen = std::chrono::sys_seconds{std::chrono::seconds{*seconds}};
    return true;
}

bool read_at(std::string_view text, ToldMeasurement& told) {
    told.at = geo::read_address(text);
    return told.at && geo::routable(*told.at);
}

bool read_latitude(std::string_view text, ToldMeasurement& told) {
    if (!told.place) told.place.emplace();
    return put_if(decimal(text, "", {-90, 90}), told.place->latitude);
}

bool read_longitude(std::string_view text, ToldMeasurement& told) {
    if (!told.place) told.place.emplace();
    return put_if(decimal(text, "", {-180, 180}), told.place->longitude);
}

struct Key {
    std::string_view name;
    bool (*read)(std::string_view text, ToldMeasurement& told);
};
constexpr Key keys[] = {
    {"rtt", read_round_trip}, {"var", read_variation}, {"samples", read_samples},
    {"lost", read_lost},      {"rate", read_rate},     {"seen", read_seen_text},
    {"at", read_at},          {"lat", read_latitude},  {"lon", read_longitude},
};

/// The keys that a line has had, as bits in the order of the table.
using Keys = std::uint32_t;

constexpr Keys bit_of(std::string_view name) {
    for (std::size_t i = 0; i < std::size(keys); ++i) {
        if (keys[i].name == name) return Keys{1} << i;
    }
    return 0;
}

bool read_pair(std::string_view pair, ToldMeasurement& told, Keys& had) {
    const auto equals = pair.find('=');
    if (equals == 0 || equals == std::string_view::npos) return false;
    const auto bit = bit_of(pair.substr(0, equals));
    if (bit == 0) return true;
    if ((had & bit) != 0) return false;
    had |= bit;
    return keys[std::countr_zero(bit)].read(pair.substr(equals + 1), told);
}

double in(Range range, double value) {
    return std::isnan(value) ? range.high : std::clamp(value, range.low, range.high);
}

}  // namespace

std::string told_text(const ToldMeasurement& told) {
    const auto number = [](double value, int decimals) {
        return decimal_text(value, decimals, Zeros::Dropped);
    };
    const auto seen = std::chrono::floor<std::chrono::minutes>(told.seen).time_since_epoch();
    FactLine line;
    line.add("rtt", number(in(round_trips, told.round_trip_ms), 3) + "ms");
    line.add("var", number(in(variations, told.variation_ms), 1) + "ms");
    line.add("samples", std::to_string(std::min(told.samples, most_samples)));
    line.add("lost", number(100 * in({0, 1}, told.lost), 1) + "%");
    if (told.rate != 0) line.add("rate", std::to_string(std::min(told.rate, highest_rate)));
    line.add("seen", std::to_string(std::clamp<std::int64_t>(std::chrono::seconds{seen}.count(), 0,
                                                             last_second)));
    if (told.at) line.add("at", geo::to_text(*told.at));
    if (told.place) {
        line.add("lat", decimal_text(in({-90, 90}, told.place->latitude), 2, Zeros::Kept));
        line.add("lon", decimal_text(in({-180, 180}, told.place->longitude), 2, Zeros::Kept));
    }
    return line.text();
}

std::optional<ToldMeasurement> read_told(std::string_view text, std::chrono::sys_seconds now) {
    constexpr auto needed = bit_of("rtt") | bit_of("samples") | bit_of("seen");
    constexpr auto place = bit_of("lat") | bit_of("lon");
    if (text.size() > FactLine::max_length) return std::nullopt;
    ToldMeasurement told;
    Keys had = 0;
    while (!text.empty()) {
        const auto pair = text.substr(0, text.find(' '));
        if (!read_pair(pair, told, had)) return std::nullopt;
        text.remove_prefix(std::min(pair.size() + 1, text.size()));
    }
    if ((had & needed) != needed) return std::nullopt;
    if ((had & place) != 0 && (had & place) != place) return std::nullopt;
    told.seen = std::min(told.seen, now);
    return told;
}

bool differs_enough(const ToldMeasurement& told, const ToldMeasurement& now) {
    const auto moved = std::abs(now.round_trip_ms - told.round_trip_ms);
    const auto small =
        std::max(milliseconds_that_matter, share_that_matters * std::abs(told.round_trip_ms));
    return moved > small || std::bit_width(now.samples) != std::bit_width(told.samples) ||
           std::abs(now.lost - told.lost) > loss_that_matters ||
           now.seen - told.seen > time_that_matters || now.place != told.place ||
           now.at.has_value() != told.at.has_value();
}

std::string network_owner(const geo::Prefix& network, geo::Population population) {
    auto text = geo::to_text(network);
    std::ranges::replace(text, '.', '-');
    return text.append(populations[static_cast<std::size_t>(population)]);
}

std::optional<NetworkOwner> read_network_owner(std::string_view owner) {
    const auto end = std::min(owner.find('.'), owner.size());
    const auto* const population = std::ranges::find(populations, owner.substr(end));
    if (population == populations.end()) return std::nullopt;
    std::string text{owner.substr(0, end)};
    std::ranges::replace(text, '-', '.');
    const auto network = geo::read_prefix(text);
    if (!network || *network != geo::path_network(network->address) || !geo::routable(*network))
        return std::nullopt;
    const NetworkOwner found{*network,
                             static_cast<geo::Population>(population - populations.begin())};
    // Each network has one owner only: leading zeros or capitals would make a second one.
    return network_owner(found.network, found.population) == owner ? std::optional{found}
                                                                   : std::nullopt;
}

}  // namespace probes
