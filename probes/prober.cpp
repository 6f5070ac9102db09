// SPDX-License-Identifier: Apache-2.0
#include "probes/prober.hpp"

#include <algorithm>
#include <vector>

namespace probes {
namespace {

constexpr unsigned most_doublings = 16;

}  // namespace

bool Prober::wanted(const Candidate& candidate, Time now) const {
    if (!geo::routable(candidate.address) || candidate.seen < now - limits_.in_use) return false;
    if (candidate.measured && *candidate.measured > now - limits_.fresh) return false;
    const auto& silent = silent_.at(static_cast<std::size_t>(candidate.population));
    const auto* silence = silent.find(network_of(candidate.address));
    return silence == nullptr || silence->until <= now;
}

void Prober::consider(std::span<const Candidate> candidates, Time now) {
    std::vector<Candidate> chosen;
    for (const auto& candidate : candidates) {
        if (wanted(candidate, now)) chosen.push_back(candidate);
    }
    const auto sooner = [](const Candidate& a, const Candidate& b) {
        const auto measured = [](const Candidate& of) { return of.measured.value_or(Time::min()); };
        return measured(a) != measured(b) ? measured(a) < measured(b) : a.seen > b.seen;
    };
    const auto count = std::min(chosen.size(), limits_.queue);
    const auto end = chosen.begin() + static_cast<std::ptrdiff_t>(count);
    std::ranges::partial_sort(chosen, end, sooner);
    queue_.assign(chosen.begin(), end);
}

std::optional<Candidate> Prober::next() {
    if (queue_.empty()) return std::nullopt;
    const auto candidate = queue_.front();
    queue_.pop_front();
    return candidate;
}

void Prober::answered(const Candidate& candidate) {
    auto* silence = silent(candidate.population).find(network_of(candidate.address));
    if (silence != nullptr) *silence = {};
}

void Prober::unanswered(const Candidate& candidate, Time now) {
    auto& silent_here = silent(candidate.population);
    auto& silence = silent_here[network_of(candidate.address)];
    const auto doublings = std::min(silence.count, most_doublings);
    silence.until = now + std::min(limits_.longest_rest, limits_.first_rest * (1 << doublings));
    ++silence.count;
    if (silent_here.size() > limits_.silent) make_room(silent_here);
}

/// Half of them leave: those that have been silent least often are soonest known again.
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
