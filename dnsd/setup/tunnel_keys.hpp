// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keys for WireGuard, as `wg genkey` and `wg pubkey` make them: X25519 (RFC 7748), by OpenSSL.

#include "dnsd/setup/plan.hpp"
#include "geo/base/result.hpp"

namespace setup {

/// Makes a new pair. Fails only when OpenSSL does.
[[nodiscard]] geo::Result<KeyPair> make_tunnel_keys();

}  // namespace setup
