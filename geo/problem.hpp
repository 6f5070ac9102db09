// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is wrong with a file that an operator wrote. A reader collects all of it before it gives up.

#include <cstddef>
#include <string>
#include <vector>

namespace geo {

struct Problem {
    std::string file;
    std::size_t line = 0;    // from 1; 0 when the file as a whole is meant
    std::size_t column = 0;  // from 1, in octets; 0 when the line as a whole is meant
    std::string path;        // "edges.singapore.location"; empty outside of JSON
    std::string text;        // what was expected and what was found
};

using Problems = std::vector<Problem>;

/// "zones/a.json:7:23: edges.singapore.location: expected …"
[[nodiscard]] std::string to_text(const Problem& problem);

}  // namespace geo
