// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which edges an operator has taken out of the answers, and until when: at all nodes of the zone, at
// this one alone, or both. Pure: time is the caller's.

#include "probes/check/tracker.hpp"
#include "probes/health/state_file.hpp"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace probes {

class Drains {
 public:
    /// In place of one of the same reach that the edge may have.
    void add(Drain drain);
    /// Ends the one of all nodes.
    void end(const std::string& zone, const std::string& edge);
    /// Ends those whose edge matches one of the patterns; which these were.
    std::vector<Drain> end_matching(const std::vector<std::string>& patterns);
    /// Ends those whose time is over; whether there were any.
    bool end_until(Time now);

    /// The one that lasts longest; null for an edge that is not drained.
    [[nodiscard]] const Drain* find(const std::string& zone, const std::string& edge) const;
    /// When the next one ends; nothing when none does by itself.
    [[nodiscard]] std::optional<Time> next_end() const;
    /// Whether any drain of a zone ends by itself.
    [[nodiscard]] bool ends_in(const std::string& zone) const;
    [[nodiscard]] std::vector<Drain> all() const;

 private:
    std::map<std::tuple<std::string, std::string, Reach>, Drain> drains_;  // by zone and edge
};

}  // namespace probes
