// SPDX-License-Identifier: Apache-2.0
#pragma once
// The text of a file that an operator wrote. Control path.

#include "geo/problem.hpp"

#include <optional>
#include <string>

namespace zones {

/// All of a file of at most 1 GiB; nothing, with a problem, when it cannot be read.
/// Throws std::system_error when the machine has no descriptor or memory for it: that is no fault of
/// the file, and over when others give some back.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path,
                                                   geo::Problems& problems);

}  // namespace zones
