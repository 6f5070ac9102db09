// SPDX-License-Identifier: Apache-2.0
#pragma once
// The text of a file that an operator wrote. Only regular files are read: a pipe would block the
// reader, and reading a device may do anything. Control path.

#include "geo/base/result.hpp"

#include <cstddef>
#include <string>

namespace geo {

/// Returns all of a regular file of at most `limit` octets. The error says what is wrong, without
/// the path. Throws std::system_error, which names the path, when the machine has no descriptor or
/// memory for it. That is not the file's fault, and passes when others give some back.
[[nodiscard]] Result<std::string> read_regular_file(const std::string& path, std::size_t limit);

}  // namespace geo
