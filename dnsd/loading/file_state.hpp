// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a file looked when it was last seen. Files are looked at twice a second rather than watched:
// that works for renames, for writing in place, through symbolic links, on network file systems and
// on bind mounts alike.

#include <cstdint>
#include <string>

#include <sys/types.h>

namespace control {

struct FileState {
    bool there = false;
    bool readable = false;  // by this process
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t changed_ns = 0;  // time of the last change of its content
    std::int64_t touched_ns = 0;  // and of its owner and mode: a secret may be one by now

    bool operator==(const FileState&) const = default;
};

[[nodiscard]] FileState state_of(const std::string& path);
[[nodiscard]] FileState state_of(int descriptor);

}  // namespace control
