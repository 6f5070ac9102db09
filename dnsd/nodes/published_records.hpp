// SPDX-License-Identifier: Apache-2.0
#pragma once
// Remembers what this node has told the others. It tells a line again only if the line says
// something new, so an hour in which nothing happens costs next to nothing.

#include "dnsd/nodes/changes.hpp"
#include "probes/path/measurement_line.hpp"

#include <map>
#include <string>

namespace control {

class Telling {
 public:
    /// Takes all measurements as they are now, by owner. Returns those that differ enough from what
    /// was told, and the owners that are gone, and counts them as told.
    [[nodiscard]] transfer::Changes measured(
        const std::map<std::string, probes::ToldMeasurement>& now);
    /// The same for lines of text, which are told again with any difference.
    [[nodiscard]] transfer::Changes stated(const transfer::Records& now);

 private:
    std::map<std::string, probes::ToldMeasurement> measured_;
    transfer::Records stated_;
};

}  // namespace control
