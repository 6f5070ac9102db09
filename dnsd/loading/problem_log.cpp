// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/problem_log.hpp"

#include <spdlog/spdlog.h>

namespace control {

void log(const geo::Problems& problems) {
    for (const auto& problem : problems) {
        const auto level =
            problem.severity == geo::Severity::Fault ? spdlog::level::err : spdlog::level::warn;
        spdlog::log(level, "{}", geo::to_text(problem));
    }
}

}  // namespace control
