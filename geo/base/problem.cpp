// SPDX-License-Identifier: Apache-2.0
#include "geo/base/problem.hpp"

#include "geo/text/printable.hpp"

#include <algorithm>

namespace geo {

std::string to_text(const Problem& problem) {
    std::string text = problem.file;
    if (problem.line > 0) text += ":" + std::to_string(problem.line);
    if (problem.column > 0) text += ":" + std::to_string(problem.column);
    text += ": ";
    if (!problem.path.empty()) text += problem.path + ": ";
    if (problem.severity == Severity::Warning) text += "warning: ";
    return printable(text + problem.text);
}

bool any_fault(const Problems& problems) {
    return std::ranges::any_of(
        problems, [](const Problem& problem) { return problem.severity == Severity::Fault; });
}

}  // namespace geo
