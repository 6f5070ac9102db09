// SPDX-License-Identifier: Apache-2.0
#include "probes/health/drains.hpp"

#include "probes/health/drain_pattern.hpp"

#include <algorithm>

namespace probes {

void Drains::add(Drain drain) {
    drains_.insert_or_assign({drain.zone, drain.edge, drain.reach}, std::move(drain));
}

void Drains::end(const std::string& zone, const std::string& edge) {
    drains_.erase({zone, edge, DrainReach::AllNodes});
}

std::vector<Drain> Drains::end_matching(const std::vector<std::string>& patterns) {
    std::vector<Drain> ended;
    std::erase_if(drains_, [&](const auto& entry) {
        const Drain& drain = entry.second;
        const bool wanted = std::ranges::any_of(patterns, [&](const std::string& pattern) {
            return matches(pattern, drain.zone, drain.edge);
        });
        if (wanted) ended.push_back(drain);
        return wanted;
    });
    return ended;
}

bool Drains::end_until(Time now) {
    return std::erase_if(drains_, [&](const auto& entry) {
               return entry.second.until && *entry.second.until <= now;
           }) > 0;
}

const Drain* Drains::find(const std::string& zone, const std::string& edge) const {
    if (drains_.empty()) return nullptr;
    const Drain* longest = nullptr;
    for (const auto reach : {DrainReach::AllNodes, DrainReach::ThisNode}) {
        const auto found = drains_.find({zone, edge, reach});
        if (found == drains_.end()) continue;
        const auto& drain = found->second;
        const bool longer = longest == nullptr || !drain.until ||
                            (longest->until && *drain.until > *longest->until);
        if (longer) longest = &drain;
    }
    return longest;
}

std::optional<Time> Drains::next_end() const {
    std::optional<Time> next;
    for (const auto& [key, drain] : drains_) {
        if (drain.until) next = next ? std::min(*next, *drain.until) : *drain.until;
    }
    return next;
}

bool Drains::ends_in(const std::string& zone) const {
    for (auto at = drains_.lower_bound({zone, "", DrainReach::AllNodes}); at != drains_.end();
         ++at) {
        if (std::get<0>(at->first) != zone) break;
        if (at->second.until) return true;
    }
    return false;
}

std::vector<Drain> Drains::all() const {
    std::vector<Drain> all;
    for (const auto& [key, drain] : drains_) all.push_back(drain);
    return all;
}

}  // namespace probes
