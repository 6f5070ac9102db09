// SPDX-License-Identifier: Apache-2.0
#include "dnsd/threads/surely.hpp"

#include <spdlog/spdlog.h>

namespace control {

void tell_failed(const char* what, const char* why) {
    spdlog::error("{} failed: {}", what, why);
}

}  // namespace control
