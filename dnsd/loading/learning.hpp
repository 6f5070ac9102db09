// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the thread of loads does with the measurements of all nodes: it takes in what they tell, and
// has the served zones steered by it. Belongs to that thread, and is there only on a node.

#include "dnsd/loading/steered_loader.hpp"
#include "dnsd/nodes/changes.hpp"
#include "geo/base/problem.hpp"
#include "probes/path/prober.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace control {

/// What a look at the measurements has come to.
struct Steered {
    std::optional<zones::Catalog> catalog{};  // nothing: nothing was due
    std::vector<probes::Candidate> others{};  // networks that other nodes have seen
    geo::Problems problems{};
};

class Learning {
 public:
    /// Keeps the measurements if that is due.
    using Tend = std::function<void()>;

    /// `loader`, and all that `tend` uses, outlive this. The loader has steering when anything here
    /// is called.
    Learning(SteeredLoader& loader, Tend tend) : loader_{loader}, tend_{std::move(tend)} {}

    /// Takes in what the node at an edge has told. Logs when there is no memory for all of it.
    void hear(const std::string& edge, const transfer::Changes& changes);
    /// Steers the zones if that is due, and tends the measurements.
    void steer(Steered& steered);

 private:
    SteeredLoader& loader_;
    Tend tend_;
};

}  // namespace control
