// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writes all files of a folder, or none.

#include "dnsd/setup/plan.hpp"
#include "geo/base/result.hpp"

#include <functional>
#include <optional>
#include <string>

namespace setup {

/// Looks at the files where they lie for the time being; false: they are not kept.
using Approve = std::function<bool(const std::string& folder)>;

/// Writes the files into a new folder (mode 0700; files 0644, or 0600 where only the owner reads) and
/// has it approved. The folder is made beside its place and renamed: it is there as a whole or not at
/// all. All files have the same time. Returns what is wrong; then nothing is left. What exists already
/// at `path` is an error.
[[nodiscard]] std::optional<geo::Error> write_folder(const std::string& path, const Files& files,
                                                     const Approve& approve);

}  // namespace setup
