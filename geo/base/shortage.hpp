// SPDX-License-Identifier: Apache-2.0
#pragma once
// Errors that say nothing about a file: the machine lacks descriptors or memory for the moment.

#include <cerrno>
#include <string>
#include <system_error>

namespace geo {

/// Throws std::system_error when `fault`, an errno, means a lack of descriptors or memory. The
/// caller's whole attempt then fails and is made again, and the file is not blamed.
inline void throw_if_shortage(int fault, const std::string& path) {
    if (fault == EMFILE || fault == ENFILE || fault == ENOMEM)
        throw std::system_error{fault, std::generic_category(), path};
}

}  // namespace geo
