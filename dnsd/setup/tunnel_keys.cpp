// SPDX-License-Identifier: Apache-2.0
#include "dnsd/setup/tunnel_keys.hpp"

#include "dnsd/tsig/base64.hpp"

#include <array>
#include <memory>

#include <openssl/evp.h>

namespace setup {

geo::Result<KeyPair> make_tunnel_keys() {
    struct Free {
        void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    };
    const std::unique_ptr<EVP_PKEY, Free> key{EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")};
    std::array<std::uint8_t, 32> secret{};
    std::array<std::uint8_t, 32> open{};
    auto size = secret.size();
    if (!key || EVP_PKEY_get_raw_private_key(key.get(), secret.data(), &size) != 1 ||
        EVP_PKEY_get_raw_public_key(key.get(), open.data(), &size) != 1)
        return geo::Error{"OpenSSL makes no keys for the tunnel"};
    return KeyPair{transfer::to_base64(secret), transfer::to_base64(open)};
}

}  // namespace setup
