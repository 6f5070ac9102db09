// SPDX-License-Identifier: Apache-2.0
#pragma once
// A TUN device in another process's network namespace, read and written from this one.

#include <string>

#include <sys/types.h>

namespace wan {

/// The name that the device has in each namespace.
constexpr const char* device_name = "wan";

/// Makes the device in the network namespace of a process. Its descriptor does not block, and the
/// device goes when it is closed. Throws std::system_error.
[[nodiscard]] int open_device(pid_t process);

}  // namespace wan
