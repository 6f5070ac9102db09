// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads files whose text is a secret. A file that others have access to is a fault.

#include "geo/base/result.hpp"

#include <string>

namespace transfer {

/// Returns the text of the file. It is a fault when users other than its owner and group can read
/// the file, when users other than its owner can write it, when it belongs to anybody but root and
/// this process's user, or when it is larger than 64 KiB. The error does not name the file.
[[nodiscard]] geo::Result<std::string> read_secret_file(const std::string& path);

}  // namespace transfer
