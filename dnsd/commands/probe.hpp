// SPDX-License-Identifier: Apache-2.0
#pragma once
// `isochrone probe`: runs the checks of edges once, from this machine, and says what came of it.

#include "zones/zone/catalog.hpp"

#include <string>
#include <vector>

namespace commands {

struct Trial {
    std::string text;    // a line for each check
    bool found = false;  // whether any edge matches
    bool passed = true;  // whether all its checks pass
};

/// All checks at once, so that this takes no longer than the slowest. `patterns` are as those of a
/// drain; none at all mean all edges.
[[nodiscard]] Trial try_checks(const zones::Catalog& catalog,
                               const std::vector<std::string>& patterns);

}  // namespace commands
