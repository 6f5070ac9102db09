// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is wrong with a file that an operator wrote. A reader collects all problems before it gives
// up.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace geo {

enum class Severity : std::uint8_t {
    Fault,    // the file is not used
    Warning,  // the file is used, but may not do what its writer thinks
};

struct Problem {
    std::string file;
    std::size_t line = 0;    // from 1; 0: the file as a whole
    std::size_t column = 0;  // from 1, in octets; 0: the line as a whole
    std::string path;        // "edges.singapore.location"; empty outside of JSON
    std::string text;        // what was expected and what was found
    Severity severity = Severity::Fault;
};

using Problems = std::vector<Problem>;

/// "zones/a.json:7:23: edges.singapore.location: expected …"
[[nodiscard]] std::string to_text(const Problem& problem);

/// True if any problem is a fault, not a warning.
[[nodiscard]] bool any_fault(const Problems& problems);

}  // namespace geo
