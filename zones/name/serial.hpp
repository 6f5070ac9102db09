// SPDX-License-Identifier: Apache-2.0
#pragma once
// The serial of a zone, and which of two is newer.

#include <cstdint>

namespace zones {

using Serial = std::uint32_t;

/// True if `serial` is newer than `than` (RFC 1982 §3.2).
[[nodiscard]] constexpr bool is_newer(Serial serial, Serial than) noexcept {
    return serial != than && serial - than < 0x8000'0000U;
}

}  // namespace zones
