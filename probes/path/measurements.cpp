// SPDX-License-Identifier: Apache-2.0
#include "probes/path/measurements.hpp"

#include "geo/place/network.hpp"

#include <algorithm>
#include <limits>

namespace probes {
namespace {

constexpr std::uint64_t few_segments = 20;  // of which a share says nothing yet
constexpr float gain = 0.25F;               // of a new value in an average
/// A network measured often is worth as much as one seen later, by up to a day.
constexpr std::chrono::minutes worth_of_a_sample{15};
constexpr std::uint32_t most_worth = 96;  // samples
/// For a connection that was never seen open: whoever connects and closes was no client.
constexpr std::uint64_t least_to_count = 1000;  // octets that it took

std::uint32_t smaller_known(std::uint32_t a, std::uint32_t b) {
    if (a == 0) return b;
    return b == 0 ? a : std::min(a, b);
}

/// Packs as much of a number as fits: a path of more than an hour, or of more than 34 Gbit/s.
template <class T>
std::uint32_t packed(T number) {
    return static_cast<std::uint32_t>(
        std::clamp<T>(number, 0, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

void Measurements::leave_out(std::vector<geo::Address> addresses) {
    left_out_ = std::move(addresses);
    bool any = false;
    for (const auto& address : left_out_) {
        const auto network = geo::path_network(address);
        auto* known = networks_.find(network);
        if (known == nullptr || known->seen == none_yet || address_of(network, *known) != address)
            continue;
        if (known->measured()) ++unmeasured_;
        known->last = none_yet;
        known->seen = none_yet;
        any = true;
    }
    if (any)
        erase_if([](const Network& known) { return !known.measured() && known.seen == none_yet; });
}

bool Measurements::counts(const geo::Address& address) const {
    return geo::routable(address) && std::ranges::find(left_out_, address) == left_out_.end();
}

void Measurements::observe(std::span<const Connection> connections, Time now) {
    networks_.each_value([](Network& known) { known.connections = 0; });
    for (auto& [cookie, told] : connections_) told.open = false;
    for (const auto& connection : connections) {
        // Before the kernel's first measurement there is nothing to take.
        if (connection.min_round_trip.count() > 0 && counts(connection.client))
            observe(connection, now);
    }
    std::erase_if(connections_, [](const auto& entry) { return !entry.second.open; });
    make_room();
}

void Measurements::observe_ended(std::span<const Connection> connections, Time now) {
    for (const auto& connection : connections) {
        if (connection.min_round_trip.count() == 0 || !counts(connection.client) ||
            connection.octets_acknowledged < least_to_count)
            continue;
        observe(connection, now);
        --network_at(connection.client).connections;
    }
    make_room();
}

void Measurements::observe(const Connection& connection, Time now) {
    auto& network = network_at(connection.client);
    see(network, connection.client, now);
    const bool fresh = measure(network, connection.min_round_trip, now);
    const auto [entry, begun] = connections_.try_emplace(connection.cookie);
    auto& told = entry->second;
    told.open = true;
    if (begun || now - told.counted >= limits_.window) {
        told.counted = now;
        ++network.samples;
        vary(network, connection.variation, fresh);
    }
    const auto sent =
        connection.segments_out - std::min(told.segments_out, connection.segments_out);
    if (sent >= few_segments) {
        const auto again = connection.segments_repeated -
                           std::min(told.segments_repeated, connection.segments_repeated);
        const auto share = static_cast<float>(again) / static_cast<float>(sent);
        network.repeated = fresh ? share : network.repeated + (share - network.repeated) * gain;
        told.segments_out = connection.segments_out;
        told.segments_repeated = connection.segments_repeated;
    }
    ++network.connections;
    if (!connection.application_limited)
        network.best = std::max(network.best, packed(connection.delivery_rate));
}

void Measurements::note(const geo::Address& address, Time now) {
    if (!counts(address)) return;
    see(network_at(address), address, now);
    make_room();
}

void Measurements::add(const geo::Address& address, std::chrono::microseconds round_trip,
                       std::chrono::microseconds variation, Time now) {
    auto& network = network_at(address);
    const bool first = measure(network, round_trip, now);
    ++network.samples;
    vary(network, variation, first);
    make_room();
}

Measurements::Network& Measurements::network_at(const geo::Address& address) {
    const auto before = networks_.size();
    auto& network = networks_[geo::path_network(address)];
    unmeasured_ += networks_.size() - before;
    return network;
}

void Measurements::see(Network& network, const geo::Address& address, Time now) {
    network.seen = now;
    const auto length = geo::path_network(address).length;
    geo::write_octets({address.family, address.bits << length}, network.host);
}

bool Measurements::measure(Network& network, std::chrono::microseconds round_trip, Time now) {
    const bool first = !network.measured();
    if (first) --unmeasured_;
    if (first || now - network.window_began >= limits_.window) begin_window(network, now);
    network.last = now;
    network.least = smaller_known(network.least, packed(round_trip.count()));
    return first;
}

void Measurements::vary(Network& network, std::chrono::microseconds variation, bool first) {
    const auto before = static_cast<float>(network.variation);
    const auto next = static_cast<float>(packed(variation.count()));
    network.variation = static_cast<std::uint32_t>(first ? next : before + (next - before) * gain);
}

void Measurements::begin_window(Network& network, Time now) const {
    // A window older than the one before says nothing about the path now.
    const bool adjoins = network.measured() && now - network.window_began < 2 * limits_.window;
    network.least_before = adjoins ? network.least : 0;
    network.best_before = adjoins ? network.best : 0;
    network.least = 0;
    network.best = 0;
    network.window_began = now;
}

geo::Address Measurements::address_of(const geo::Prefix& network, const Network& known) {
    const auto host = geo::address_from(geo::Family::V6, known.host).bits >> network.length;
    return {network.address.family, network.address.bits | host};
}

NetworkMeasurement Measurements::measurement_of(const geo::Prefix& network, const Network& known) {
    using std::chrono::microseconds;
    NetworkMeasurement measurement{
        .round_trip = microseconds{smaller_known(known.least, known.least_before)},
        .variation = microseconds{known.variation},
        .samples = known.samples,
        .connections = known.connections,
        .repeated = known.repeated,
        .delivery_rate = std::max(known.best, known.best_before),
        .last = known.last,
        .seen = {},
        .address = {}};
    if (known.seen == none_yet) return measurement;
    measurement.seen = known.seen;
    measurement.address = address_of(network, known);
    return measurement;
}

Time Measurements::usefulness(const Network& network) {
    return std::max(network.last, network.seen) +
           worth_of_a_sample * std::min(network.samples, most_worth);
}

/// Removes a sixteenth more than needed, so that this is not done at every reading.
void Measurements::make_room() {
    if (networks_.size() <= limits_.networks) return;
    std::vector<Time> worth;
    worth.reserve(networks_.size());
    networks_.each_value([&](const Network& known) { worth.push_back(usefulness(known)); });
    const auto excess = networks_.size() - limits_.networks + limits_.networks / 16;
    const auto last =
        worth.begin() + static_cast<std::ptrdiff_t>(std::min(excess, worth.size() - 1));
    std::ranges::nth_element(worth, last);
    const Time limit = *last;
    // Of the networks worth exactly `limit`, only so many have to leave.
    auto equals = std::count(worth.begin(), last, limit);
    erase_if([&](const Network& known) {
        const auto own = usefulness(known);
        return own < limit || (own == limit && equals-- > 0);
    });
}

void Measurements::forget(Time oldest) {
    erase_if([&](const Network& known) { return std::max(known.last, known.seen) < oldest; });
}

template <class Predicate>
void Measurements::erase_if(Predicate leaves) {
    networks_.erase_if([&](const Network& known) {
        const bool gone = leaves(known);
        if (gone && !known.measured()) --unmeasured_;
        return gone;
    });
}

/// The window counts as begun at the last measurement: what is known expires as if nothing had
/// stopped.
void Measurements::restore(const geo::Prefix& network, const NetworkMeasurement& measurement) {
    if (networks_.find(network) != nullptr) return;
    auto& known = networks_[network];
    known.last = measurement.last;
    known.window_began = measurement.last;
    known.least = packed(measurement.round_trip.count());
    known.best = packed(measurement.delivery_rate);
    known.variation = packed(measurement.variation.count());
    known.samples = measurement.samples;
    known.repeated = measurement.repeated;
    if (measurement.seen && measurement.address) {
        see(known, *measurement.address, *measurement.seen);
    }
    make_room();
}

std::optional<NetworkMeasurement> Measurements::find(const geo::Prefix& network) const {
    const auto* known = networks_.find(network);
    if (known == nullptr || !known->measured()) return std::nullopt;
    return measurement_of(network, *known);
}

std::vector<InUse> Measurements::in_use(Time oldest) const {
    std::vector<InUse> found;
    networks_.each([&](const geo::Prefix& network, const Network& known) {
        if (known.seen == none_yet || known.seen < oldest) return;
        found.push_back({.network = network,
                         .address = address_of(network, known),
                         .seen = known.seen,
                         .measured = known.measured() ? std::optional{known.last} : std::nullopt});
    });
    return found;
}

std::vector<std::pair<geo::Prefix, NetworkMeasurement>> Measurements::newest(
    std::size_t count) const {
    std::vector<std::pair<geo::Prefix, NetworkMeasurement>> all;
    networks_.each([&](const geo::Prefix& network, const Network& known) {
        if (known.measured()) all.emplace_back(network, measurement_of(network, known));
    });
    const auto newer = [](const auto& a, const auto& b) { return a.second.last > b.second.last; };
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()));
    std::ranges::partial_sort(all, end, newer);
    all.erase(end, all.end());
    return all;
}

}  // namespace probes
