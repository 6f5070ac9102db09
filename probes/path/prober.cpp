// SPDX-License-Identifier: Apache-2.0
#include "probes/path/prober.hpp"

#include "geo/place/network.hpp"

#include <algorithm>
#include <vector>

namespace probes {
namespace {

constexpr unsigned most_doublings = 16;

}  // namespace

Prober::Kind Prober::kind_of(const Candidate& candidate) noexcept {
    if (candidate.claimed) return Kind::Claimed;
    return candidate.population == geo::Population::Clients ? Kind::Client : Kind::Resolver;
}

bool Prober::wanted(const Candidate& candidate, Time now) const {
    if (!geo::routable(candidate.address) || candidate.seen < now - limits_.in_use) return false;
    if (candidate.measured && *candidate.measured > now - limits_.fresh) return false;
    const auto& silent = sides_[static_cast<std::size_t>(kind_of(candidate))].silent;
    const auto* silence = silent.find(geo::path_network(candidate.address));
    return silence == nullptr || silence->until <= now;
}

void Prober::consider(std::span<const Candidate> candidates, Time now) {
    const auto sooner = [](const Candidate& a, const Candidate& b) {
        const auto measured = [](const Candidate& of) { return of.measured.value_or(Time::min()); };
        return measured(a) != measured(b) ? measured(a) < measured(b) : a.seen > b.seen;
    };
    std::array<std::vector<Candidate>, kinds> chosen;
    for (const auto& candidate : candidates) {
        if (wanted(candidate, now))
            chosen[static_cast<std::size_t>(kind_of(candidate))].push_back(candidate);
    }
    for (std::size_t kind = 0; kind < kinds; ++kind) {
        auto& all = chosen[kind];
        const auto count = std::min(all.size(), limits_.queue);
        const auto end = all.begin() + static_cast<std::ptrdiff_t>(count);
        std::ranges::partial_sort(all, end, sooner);
        sides_[kind].queue.assign(all.begin(), end);
    }
}

std::optional<Candidate> Prober::next() {
    static constexpr std::array turns{Kind::Client, Kind::Resolver, Kind::Client, Kind::Resolver,
                                      Kind::Client, Kind::Resolver, Kind::Client, Kind::Resolver,
                                      Kind::Client, Kind::Claimed};
    const auto turn = turns[turn_++ % turns.size()];
    for (const auto kind : {turn, Kind::Client, Kind::Resolver, Kind::Claimed}) {
        auto& queue = side(kind).queue;
        if (queue.empty()) continue;
        const auto candidate = queue.front();
        queue.pop_front();
        return candidate;
    }
    return std::nullopt;
}

std::size_t Prober::waiting() const noexcept {
    std::size_t waiting = 0;
    for (const auto& side : sides_) waiting += side.queue.size();
    return waiting;
}

void Prober::answered(const Candidate& candidate) {
    auto* silence = side(kind_of(candidate)).silent.find(geo::path_network(candidate.address));
    if (silence != nullptr) *silence = {};
}

void Prober::unanswered(const Candidate& candidate, Time now) {
    auto& silent_here = side(kind_of(candidate)).silent;
    auto& silence = silent_here[geo::path_network(candidate.address)];
    const auto doublings = std::min(silence.count, most_doublings);
    silence.until = now + std::min(limits_.longest_rest, limits_.first_rest * (1 << doublings));
    ++silence.count;
    if (silent_here.size() > limits_.silent) make_room(silent_here);
}

/// Removes half of them: those silent least often, whose silence is soonest known again.
void Prober::make_room(NetworkTable<Silence>& silent) const {
    std::vector<std::uint32_t> counts;
    counts.reserve(silent.size());
    silent.each(
        [&](const geo::Prefix&, const Silence& silence) { counts.push_back(silence.count); });
    const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
    std::ranges::nth_element(counts, middle);
    const auto limit = *middle;
    auto equals = std::count(counts.begin(), middle, limit);
    silent.erase_if([&](const Silence& silence) {
        return silence.count < limit || (silence.count == limit && equals-- > 0);
    });
}

}  // namespace probes
