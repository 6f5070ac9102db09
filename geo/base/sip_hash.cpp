// SPDX-License-Identifier: Apache-2.0
#include "geo/base/sip_hash.hpp"

#include <random>

namespace geo {

SipKey random_sip_key() {
    std::random_device source;  // getrandom(2) or its equal on all systems that we build on
    const auto word = [&] { return std::uint64_t{source()} << 32 | source(); };
    const auto low = word();
    return {.low = low, .high = word()};
}

const SipKey& process_sip_key() {
    static const SipKey key = random_sip_key();
    return key;
}

}  // namespace geo
