// SPDX-License-Identifier: Apache-2.0
#pragma once
// What this node has told the others: a line is told again only when it says something new, so that
// an hour in which nothing happens costs next to nothing.

#include "dnsd/nodes/changes.hpp"
#include "probes/path/measurement_line.hpp"

#include <map>
#include <string>

namespace control {

class Telling {
 public:
    /// From all measurements as they are now, by owner, to what has to be told of them.
    [[nodiscard]] transfer::Changes measured(const std::map<std::string, probes::Told>& now);
    /// The same for lines of text.
    [[nodiscard]] transfer::Changes stated(const std::map<std::string, std::string>& now);

 private:
    std::map<std::string, probes::Told> measured_;
    std::map<std::string, std::string> stated_;
};

}  // namespace control
