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

/// Puts `text` into a file's place, so that whoever reads it, after a loss of power too, finds all
/// of the old or all of the new. Its owner alone may read and write it, whatever the umask (mode
/// 0600). The new one is written as "PATH.new" beside it, so a file may have
/// one writer only. On a fault the old file stays, and "PATH.new" is gone. One fault is different:
/// when the folder cannot be synced, which comes last, the new file is there already, but may not
/// survive a loss of power.
[[nodiscard]] std::optional<geo::Error> replace_file(const std::string& path,
                                                     std::string_view text);

}  // namespace probes
