// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/file_state.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace control {

namespace {

std::int64_t nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

FileState state_in(const struct stat& status, bool readable) {
    return {.there = true,
            .readable = readable,
            .device = status.st_dev,
            .inode = status.st_ino,
            .size = status.st_size,
            .changed_ns = nanoseconds(status.st_mtim),
            .touched_ns = nanoseconds(status.st_ctim)};
}

}  // namespace

FileState state_of(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return {};
    return state_in(status, ::faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) == 0);
}

FileState state_of(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 ? state_in(status, true) : FileState{};
}

}  // namespace control
