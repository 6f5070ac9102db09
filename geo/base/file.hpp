// SPDX-License-Identifier: Apache-2.0
#pragma once
// Small files, read and replaced as a whole. Control thread: these calls wait for the disk.

#include "geo/base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace probes {

/// Returns all of a file; nothing when there is no file of this name. Fails for a pipe, a device, a
/// folder, and a file of more than `limit` octets.
[[nodiscard]] geo::Result<std::optional<std::string>> read_file(const std::string& path,
                                                                std::size_t limit);

/// Writes all of `text` to a descriptor. False, with errno set, when it cannot.
[[nodiscard]] bool write_all(int file, std::string_view text);

/// Replaces a file by `text`. Whoever reads it finds all of the old text or all of the new, after a
/// loss of power too. Only the owner may read and write the new file (mode 0600), whatever the
/// umask. The text is first written to "PATH.new" beside the file, so a file may have one writer
/// only. On an error the old file stays, and "PATH.new" is removed. One error is different: the
/// folder is synced last, and when that fails, the new file is in place already but may not survive
/// a loss of power.
[[nodiscard]] std::optional<geo::Error> replace_file(const std::string& path,
                                                     std::string_view text);

}  // namespace probes
