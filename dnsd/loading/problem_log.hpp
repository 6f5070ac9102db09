// SPDX-License-Identifier: Apache-2.0
#pragma once
// Problems of files in the server's log: faults are errors, all others warnings.

#include "geo/base/problem.hpp"

namespace control {

void log(const geo::Problems& problems);

}  // namespace control
