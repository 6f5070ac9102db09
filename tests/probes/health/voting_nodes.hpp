// SPDX-License-Identifier: Apache-2.0
#pragma once
// One node's view of a vote: what it sees, what it hears from the others, and what is agreed.

#include "probes/health/quorum.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace probes_test {

/// Nodes stand at edges a, b, c …; this one at a. Views are a letter an edge: U, D, '?', and '.'
/// for an edge without checks.
class VotingNodes {
 public:
    explicit VotingNodes(std::size_t count);

    /// What node `name` says; a view that begins with '!' is that of a node that is cut off.
    void hear(const std::string& name, std::string_view view);
    void lose(const std::string& names);

    [[nodiscard]] probes::Agreement judge(std::string_view own);
    /// As letters, behind '!' when this node is cut off.
    [[nodiscard]] std::string states(std::string_view own);

    probes::Time now{std::chrono::seconds{1'000'000}};
    std::string lost_home;
    probes::Quorum quorum{"a"};

 private:
    std::vector<std::string> names_;
};

}  // namespace probes_test
