// SPDX-License-Identifier: Apache-2.0
#pragma once
// The COOKIE option (RFC 7873 §4): 8 octets from the client, then none or 8 to 32 from the server.

#include "dnsd/wire/message.hpp"

#include <cstddef>

namespace wire {

constexpr std::size_t client_cookie_size = 8;

/// True if the length is one of these; any other is FORMERR (RFC 7873 §5.2.2).
[[nodiscard]] constexpr bool well_formed_cookie(Octets option) noexcept {
    return option.size() == client_cookie_size || (option.size() >= 16 && option.size() <= 40);
}

}  // namespace wire
