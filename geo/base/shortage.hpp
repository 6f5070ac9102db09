// SPDX-License-Identifier: Apache-2.0
#pragma once
// Faults that say nothing about a file: there will be descriptors and memory again.

#include <cerrno>
#include <string>
#include <system_error>

namespace geo {

/// Throws std::system_error when `fault`, an errno, is for want of descriptors or memory, so that
/// the caller's attempt as a whole fails and is made again, instead of the file being at fault.
inline void throw_if_shortage(int fault, const std::string& path) {
    if (fault == EMFILE || fault == ENFILE || fault == ENOMEM)
        throw std::system_error{fault, std::generic_category(), path};
}

}  // namespace geo
