// SPDX-License-Identifier: Apache-2.0
#include "probes/measurements.hpp"

#include <algorithm>

namespace probes {
namespace {

constexpr std::uint8_t network_bits_v4 = 24;
constexpr std::uint8_t network_bits_v6 = 48;
constexpr std::uint64_t few_segments = 20;  // of which a share says nothing yet
constexpr float gain = 0.25F;               // of a new value in an average
/// What has been seen often is worth as much as what has been seen later, up to a day.
constexpr std::chrono::minutes worth_of_a_sample{15};
constexpr std::uint32_t most_worth = 96;  // samples

template <class T>
T smaller_known(T a, T b) {
    if (a == T{}) return b;
    return b == T{} ? a : std::min(a, b);
}

Time usefulness(const Measurement& measurement) {
    return measurement.last + worth_of_a_sample * std::min(measurement.samples, most_worth);
}

}  // namespace

geo::Prefix network_of(const geo::Address& client) noexcept {
    const auto length = client.family == geo::Family::V4 ? network_bits_v4 : network_bits_v6;
    return {
        {client.family, client.bits & geo::mask(length)},
        length
    };
}

std::size_t Measurements::Hash::operator()(const geo::Prefix& network) const noexcept {
    const auto bits = network.address.bits >> 64;  // longer networks than /64 do not come
    return static_cast<std::size_t>(bits * 0x9E3779B97F4A7C15ULL >> 7) ^
           static_cast<std::size_t>(network.address.family);
}

void Measurements::observe(std::span<const Connection> connections, Time now) {
    for (auto& [network, known] : networks_) known.sum.connections = 0;
    for (auto& [cookie, told] : connections_) told.open = false;
    for (const auto& connection : connections) {
        // Before the first measurement of the kernel's there is nothing to tell.
        if (connection.min_round_trip.count() > 0 && geo::routable(connection.client))
            observe(connection, now);
    }
    std::erase_if(connections_, [](const auto& entry) { return !entry.second.open; });
    if (networks_.size() > limits_.networks) make_room();
}

void Measurements::observe(const Connection& connection, Time now) {
    auto& network = networks_[network_of(connection.client)];
    auto& sum = network.sum;
    const bool fresh = sum.samples == 0;
    if (fresh || now - network.window_began >= limits_.window) begin_window(network, now);

    const auto [entry, begun] = connections_.try_emplace(connection.cookie);
    auto& told = entry->second;
    told.open = true;
    const auto average = [&](auto& value, auto next) {
        using Value = std::remove_reference_t<decltype(value)>;
        value = fresh ? Value(next) : Value(value + (next - value) * gain);
    };
    if (begun || now - told.counted >= limits_.window) {
        told.counted = now;
        ++sum.samples;
        const auto variation = static_cast<float>(sum.variation.count());
        const auto next = static_cast<float>(connection.variation.count());
        sum.variation = std::chrono::microseconds{
            static_cast<std::int64_t>(fresh ? next : variation + (next - variation) * gain)};
    }
    const auto sent =
        connection.segments_out - std::min(told.segments_out, connection.segments_out);
    if (sent >= few_segments) {
        const auto again = connection.segments_repeated -
                           std::min(told.segments_repeated, connection.segments_repeated);
        average(sum.repeated, static_cast<float>(again) / static_cast<float>(sent));
        told.segments_out = connection.segments_out;
        told.segments_repeated = connection.segments_repeated;
    }
    ++sum.connections;
    sum.last = now;
    network.least = smaller_known(network.least, connection.min_round_trip);
    sum.round_trip = smaller_known(network.least, network.least_before);
    if (!connection.application_limited)
        network.best = std::max(network.best, connection.delivery_rate);
    sum.delivery_rate = std::max(network.best, network.best_before);
}

void Measurements::begin_window(Network& network, Time now) const {
    // What is older than the window before says nothing of the path as it is now.
    const bool adjoins = now - network.window_began < 2 * limits_.window;
    network.least_before = adjoins ? network.least : std::chrono::microseconds{0};
    network.best_before = adjoins ? network.best : 0;
    network.least = std::chrono::microseconds{0};
    network.best = 0;
    network.window_began = now;
}

/// A sixteenth more than needed, so that this is not done at every reading.
void Measurements::make_room() {
    std::vector<Time> worth;
    worth.reserve(networks_.size());
    for (const auto& [network, known] : networks_) worth.push_back(usefulness(known.sum));
    const auto excess = networks_.size() - limits_.networks + limits_.networks / 16;
    const auto last =
        worth.begin() + static_cast<std::ptrdiff_t>(std::min(excess, worth.size() - 1));
    std::ranges::nth_element(worth, last);
    const Time limit = *last;
    // Of those that are worth as much as the first one to stay, only so many have to leave.
    auto equals = std::count(worth.begin(), last, limit);
    std::erase_if(networks_, [&](const auto& entry) {
        const auto own = usefulness(entry.second.sum);
        return own < limit || (own == limit && equals-- > 0);
    });
}

void Measurements::forget(Time oldest) {
    std::erase_if(networks_, [&](const auto& entry) { return entry.second.sum.last < oldest; });
}

/// Its windows count as begun when it was last seen: what it knows leaves as if it had gone on.
void Measurements::restore(const geo::Prefix& network, const Measurement& measurement) {
    const auto [entry, added] = networks_.try_emplace(network);
    if (!added) return;
    auto& known = entry->second;
    known.sum = measurement;
    known.sum.connections = 0;
    known.window_began = measurement.last;
    known.least = measurement.round_trip;
    known.best = measurement.delivery_rate;
    if (networks_.size() > limits_.networks) make_room();
}

std::optional<Measurement> Measurements::find(const geo::Prefix& network) const {
    const auto found = networks_.find(network);
    if (found == networks_.end()) return std::nullopt;
    return found->second.sum;
}

std::vector<std::pair<geo::Prefix, Measurement>> Measurements::newest(std::size_t count) const {
    std::vector<std::pair<geo::Prefix, Measurement>> all;
    for (const auto& [network, known] : networks_) all.emplace_back(network, known.sum);
    const auto newer = [](const auto& a, const auto& b) { return a.second.last > b.second.last; };
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()));
    std::ranges::partial_sort(all, end, newer);
    all.erase(end, all.end());
    return all;
}

}  // namespace probes
