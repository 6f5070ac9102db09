// SPDX-License-Identifier: Apache-2.0
#pragma once
// The edges that an operator has taken out of the answers, and until when: at all nodes of the
// zone, at this node alone, or both. Pure: time is the caller's.

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
    /// Adds a drain. It replaces one of the same reach on the same edge.
    void add(Drain drain);
    /// Ends the edge's drain at all nodes; one at this node alone stays.
    void end(const std::string& zone, const std::string& edge);
    /// Ends the drains whose edge matches one of the patterns, and returns them.
    std::vector<Drain> end_matching(const std::vector<std::string>& patterns);
    /// Ends the drains whose time is over. True if there were any.
    bool end_until(Time now);

    /// Returns the edge's drain that lasts longest; null for an edge that is not drained.
    [[nodiscard]] const Drain* find(const std::string& zone, const std::string& edge) const;
    /// Returns when the next drain ends; nothing when none ends by itself.
    [[nodiscard]] std::optional<Time> next_end() const;
    /// True if any drain of a zone ends by itself.
    [[nodiscard]] bool ends_in(const std::string& zone) const;
    [[nodiscard]] std::vector<Drain> all() const;

 private:
    std::map<std::tuple<std::string, std::string, DrainReach>, Drain> drains_;  // zone, edge, reach
};

}  // namespace probes
