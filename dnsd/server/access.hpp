// SPDX-License-Identifier: Apache-2.0
#pragma once
// "Permission denied" says neither whose permission nor what of the way to a file denies it: these
// say both, for the user and the groups that this process has.

#include <string>

namespace control {

/// Which folder on the way to a file, or the file itself, keeps this process from reading it, to stand
/// behind the file's path:
///   user "isochrone" may not enter the folder /etc/isochrone (root:root, 0700)
///   user "isochrone" may not read it (root:root, 0600)
/// Empty when it may be read, and when it is not there.
[[nodiscard]] std::string denied_reading(const std::string& path);

/// The same of making files in a folder.
[[nodiscard]] std::string denied_writing(const std::string& folder);

/// The owner of a file, or of the nearest folder above it that can be looked at: "isochrone", or
/// "user 1005" without a name. Empty when there is none.
[[nodiscard]] std::string owner_of(const std::string& path);

}  // namespace control
