// SPDX-License-Identifier: Apache-2.0
#pragma once
// Files whose text is a secret: read only where nobody else can.

#include "geo/base/problem.hpp"

#include <optional>
#include <string>

namespace transfer {

/// The text of such a file. One that others than its owner and group can read, that others than its
/// owner can write, that belongs to anybody but root and this process's user, or that is larger than
/// 64 KiB is a fault, and nothing comes back.
[[nodiscard]] std::optional<std::string> read_secret_file(const std::string& path,
                                                          geo::Problems& problems);

}  // namespace transfer
