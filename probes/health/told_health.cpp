// SPDX-License-Identifier: Apache-2.0
#include "probes/health/told_health.hpp"

#include <utility>

namespace probes {

bool ToldHealth::tell(std::span<const Seen> edges, Contact contact, Time now,
                      std::chrono::seconds wall) {
    std::map<std::string, ToldState, std::less<>> known;
    HealthLines records;
    for (const auto& [edge, state, since, check] : edges) {
        auto begin = std::max(wall - std::chrono::floor<std::chrono::seconds>(now - since),
                              std::chrono::seconds{0});
        const auto before = known_.find(edge);
        if (before != known_.end() && before->second.state == state &&
            before->second.since == since) {
            begin = before->second.wall;
        }
        known.emplace(edge, ToldState{state, since, begin});
        const bool sees = state != State::Unknown && contact == Contact::Connected;
        records.emplace(
            health_owner(edge),
            to_text(HealthRecord{.state = state, .since = begin, .sees = sees, .check = check}));
    }
    records.emplace(node_owner, to_text(NodeRecord{.cut_off = contact == Contact::CutOff}));
    known_ = std::move(known);
    return std::exchange(records_, std::move(records)) != records_;
}

}  // namespace probes
