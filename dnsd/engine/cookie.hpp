// SPDX-License-Identifier: Apache-2.0
#pragma once
// Server cookies (RFC 7873) as RFC 9018 §4 makes them, so that all servers with one secret take each
// other's. A server cookie behind the client's eight octets:
//   0 version, 1 · 1..3 reserved, 0 · 4..7 seconds since 1970 · 8..15 SipHash-2-4 of the client's
//   cookie, these first eight octets, and the client's address
// No state, no allocation.

#include "dnsd/wire/cookie.hpp"
#include "geo/base/sip_hash.hpp"
#include "geo/place/address.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace engine {

/// What a query says of who sent it.
enum class CookieState : std::uint8_t {
    None,        // no such option
    ClientOnly,  // a client that has no cookie of ours yet
    Bad,         // one that is not ours, or too old
    Good         // the client has got an answer of ours at this address within the last hour
};

constexpr std::size_t cookie_size = 24;  // octets: the client's and the server's
using Cookie = std::array<std::uint8_t, cookie_size>;

struct CookieReply {
    CookieState state = CookieState::None;
    Cookie cookie;  // of the response; no meaning in state None
};

/// A cookie for this client that counts from `now`, in seconds since 1970 modulo 2^32.
[[nodiscard]] Cookie make_cookie(const geo::SipKey& secret, std::span<const std::uint8_t, 8> client,
                                 const geo::Address& address, std::uint32_t now) noexcept;

/// Judges the option of a query, which is well formed, and makes that of the response. A cookie is
/// good for an hour, and 5 minutes before its time, as clocks of servers differ; for half an hour it
/// comes back as it is (RFC 9018 §4.3). All secrets are accepted; the first one, of which there has
/// to be one, makes new cookies (§5). Times are compared as serial numbers (RFC 1982), so that none
/// of it ends in 2106.
[[nodiscard]] CookieReply answer_cookie(std::span<const geo::SipKey> secrets, wire::Octets option,
                                        const geo::Address& address, std::uint32_t now) noexcept;

}  // namespace engine
