// SPDX-License-Identifier: Apache-2.0
#pragma once
// Looks at who may write a zone file. Whoever may do so decides what this server answers. If the
// file names programs to run (checks with "command") or files to read ($INCLUDE), the server runs
// and reads them with its own rights. Then the file's owner and mode matter as those of a key do.

#include "geo/base/problem.hpp"

#include <cstdint>
#include <string>

namespace control {

/// What a zone file can make the server do.
enum class FilePower : std::uint8_t {
    Records,  // give answers
    Server,   // use the rights of its process: run programs, read files
};

/// Looks at a zone file and its folder, and appends what is wrong with either to `problems`.
///
///   everybody may write it                               fault with `Server`, else warning
///   it belongs to neither root nor this process's user   warning with `Server`
///   a group may write it that is neither root's, this    warning with `Server`
///   process's nor its owner's own
///
/// A sticky folder, such as /tmp, does not count as one that everybody may write.
void look_at_writers(const std::string& path, FilePower power, geo::Problems& problems);

}  // namespace control
