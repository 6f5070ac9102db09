// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a file looked when it was last seen. The server looks at files twice a second instead of
// watching them. That works alike for renames, for writing in place, through symbolic links, on
// network file systems and on bind mounts.

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
    std::int64_t changed_ns = 0;  // time of the last change of the content
    std::int64_t touched_ns = 0;  // the same with owner and mode: a chmod may mend a key file

    bool operator==(const FileState&) const = default;
};

[[nodiscard]] FileState state_of(const std::string& path);
[[nodiscard]] FileState state_of(int descriptor);

}  // namespace control
