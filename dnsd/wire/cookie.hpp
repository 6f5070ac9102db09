// SPDX-License-Identifier: Apache-2.0
#pragma once
// The COOKIE option (RFC 7873 §4): 8 octets of the client, then nothing or 8 to 32 of the server.

#include "dnsd/wire/message.hpp"

#include <cstddef>

namespace wire {

constexpr std::size_t client_cookie_size = 8;

/// Any other length is FORMERR (RFC 7873 §5.2.2).
[[nodiscard]] constexpr bool well_formed_cookie(Octets option) noexcept {
    return option.size() == client_cookie_size || (option.size() >= 16 && option.size() <= 40);
}

}  // namespace wire
