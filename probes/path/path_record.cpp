// SPDX-License-Identifier: Apache-2.0
#include "probes/path/path_record.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace probes {
namespace {

constexpr double gain_of_path = 0.25;  // of a new value in an average

}  // namespace

void PathRecord::add(RoundTrip round_trip, Time now) {
    answered_ = answered_ << 1 | (round_trip ? 1U : 0U);
    asked_ = std::min(asked_ + 1, remembered);
    path_.lost = 1 - static_cast<double>(std::popcount(answered_)) / asked_;
    if (!round_trip) return;
    const auto took = static_cast<double>(round_trip->count());
    const auto average = average_.value_or(took);
    const auto deviation = std::abs(took - average);
    const auto before = static_cast<double>(path_.variation.count());
    path_.variation =
        std::chrono::microseconds{std::llround(before + (deviation - before) * gain_of_path)};
    average_ = average + (took - average) * gain_of_path;
    keep_least(*round_trip, now);
}

void PathRecord::add_least(std::chrono::microseconds round_trip, Time now) {
    if (round_trip.count() > 0) keep_least(round_trip, now);
}

void PathRecord::keep_least(std::chrono::microseconds round_trip, Time now) {
    if (window_began_ == Time::min() || now - window_began_ >= window_) {
        const bool adjoins = window_began_ != Time::min() && now - window_began_ < 2 * window_;
        least_before_ = adjoins ? least_ : std::nullopt;
        least_.reset();
        window_began_ = now;
    }
    least_ = std::min(least_.value_or(round_trip), round_trip);
    path_.round_trip = std::min(*least_, least_before_.value_or(*least_));
    ++path_.samples;
    path_.last = now;
}

std::optional<Path> PathRecord::path() const {
    return path_.samples == 0 ? std::nullopt : std::optional{path_};
}

}  // namespace probes
