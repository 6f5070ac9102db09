// SPDX-License-Identifier: Apache-2.0
#pragma once
// Explains "Permission denied": says which user was denied, and which folder or file on the path
// denies it. Judges by the user and the groups of this process.

#include "geo/base/problem.hpp"

#include <string>

namespace control {

/// Says what keeps this process from reading a file: a folder on the path, or the file itself. The
/// text follows the file's path in a message:
///   user "isochrone" may not enter the folder /etc/isochrone (root:root, 0700)
///   user "isochrone" may not read it (root:root, 0600)
/// Empty if the process may read the file, or there is no such file.
[[nodiscard]] std::string denied_reading(const std::string& path);

/// The same for making files in a folder.
[[nodiscard]] std::string denied_writing(const std::string& folder);

/// Returns the owner of a file, or of the nearest folder above it that this process can look at:
/// "isochrone", or "user 1005" if the user has no name. Empty if there is none.
[[nodiscard]] std::string owner_of(const std::string& path);

/// Adds to problems with files that may not be read: which user may not, and what denies it.
void explain_denials(geo::Problems& problems);

}  // namespace control
