// SPDX-License-Identifier: Apache-2.0
#pragma once
// What another thread has found out for a query of an observed name.

#include <cstdint>
#include <string>
#include <vector>

namespace engine {

/// The answer to an observed name.
struct Observation {
    std::vector<std::string> lines;  // one TXT record each, at most 255 octets
    std::uint8_t scope = 0;
};

}  // namespace engine
