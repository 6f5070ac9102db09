// SPDX-License-Identifier: Apache-2.0
#pragma once
// Server cookies (RFC 7873) in the form of RFC 9018 §4, so that all servers with one secret accept
// each other's. No state, no allocation. A server cookie, after the client's eight octets:
//   0 version, 1 · 1..3 reserved, 0 · 4..7 seconds since 1970 · 8..15 SipHash-2-4 of the client's
//   cookie, these first eight octets, and the client's address

#include "dnsd/wire/cookie.hpp"
#include "geo/base/sip_hash.hpp"
#include "geo/place/address.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace engine {

/// What the cookie of a query says of its sender.
enum class CookieState : std::uint8_t {
    None,        // the query has no cookie, or cookies are off
    ClientOnly,  // the client has no cookie of ours yet
    Bad,         // the cookie is not ours, or too old
    Good         // this address got an answer of ours within the last hour
};

constexpr std::size_t cookie_size = 24;  // octets: the client's and the server's
using Cookie = std::array<std::uint8_t, cookie_size>;

struct CookieReply {
    CookieState state = CookieState::None;
    Cookie cookie;  // for the response; no meaning in state None
};

/// Makes a cookie for this client that counts from `now`, in seconds since 1970 modulo 2^32.
[[nodiscard]] Cookie make_cookie(const geo::SipKey& secret, std::span<const std::uint8_t, 8> client,
                                 const geo::Address& address, std::uint32_t now) noexcept;

/// Judges the cookie option of a query, which must be well formed, and makes the response's cookie.
/// A cookie is good for an hour. One up to 5 minutes ahead of our time is good too, because
/// servers' clocks differ. A cookie of the first secret comes back unchanged for half an hour (RFC
/// 9018 §4.3). `secrets` has at least one secret: all are accepted, the first one makes new cookies
/// (§5). Times are compared as serial numbers (RFC 1982), so this works beyond 2106.
[[nodiscard]] CookieReply answer_cookie(std::span<const geo::SipKey> secrets, wire::Octets option,
                                        const geo::Address& address, std::uint32_t now) noexcept;

}  // namespace engine
