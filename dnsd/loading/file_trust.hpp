// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who may write a zone file may say what this server answers. Where the file names programs to be run
// (checks with "command") or files to be read ($INCLUDE), they are run and read with this server's
// rights, so its owner and mode count as those of a key do.

#include "geo/base/problem.hpp"

#include <cstdint>
#include <string>

namespace control {

/// What a zone file can have done.
enum class Reach : std::uint8_t {
    Records,  // answers
    Server,   // what this process may do: run programs, read files
};

/// A fault where everybody may write a file of such reach, or add one to its folder. A warning where
/// everybody may write another one; where one with reach belongs to neither root nor this process's
/// user; and where a group may write it that is neither root's, this process's nor its owner's own.
void look_at_writers(const std::string& path, Reach reach, geo::Problems& problems);

}  // namespace control
