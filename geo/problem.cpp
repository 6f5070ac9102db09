// SPDX-License-Identifier: Apache-2.0
#include "geo/problem.hpp"

namespace geo {

std::string to_text(const Problem& problem) {
    std::string text = problem.file;
    if (problem.line > 0) text += ":" + std::to_string(problem.line);
    if (problem.column > 0) text += ":" + std::to_string(problem.column);
    text += ": ";
    if (!problem.path.empty()) text += problem.path + ": ";
    return text + problem.text;
}

}  // namespace geo
