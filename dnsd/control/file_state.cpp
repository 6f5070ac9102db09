// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/file_state.hpp"

#include <sys/stat.h>

namespace control {

namespace {

FileState state_in(const struct stat& status) {
    return {
        .there = true,
        .device = status.st_dev,
        .inode = status.st_ino,
        .size = status.st_size,
        .changed_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

}  // namespace

FileState state_of(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? state_in(status) : FileState{};
}

FileState state_of(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 ? state_in(status) : FileState{};
}

}  // namespace control
