// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/cookie.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

namespace engine {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t hashed_size = 16;  // of a cookie: all before the hash
constexpr std::int32_t longest_age = 3600;
constexpr std::int32_t kept_age = 1800;
constexpr std::int32_t most_ahead = 300;

/// Eight octets as a number, the lowest first.
std::uint64_t word_at(const std::uint8_t* octets) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, octets, sizeof word);
    return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

/// Of the first 16 octets and the address, whose octets stand from the highest bits down.
std::uint64_t hash_of(const geo::SipKey& secret, std::span<const std::uint8_t> cookie,
                      const geo::Address& address) noexcept {
    geo::SipHash hash{secret};
    hash.take(word_at(cookie.data()));
    hash.take(word_at(cookie.data() + 8));
    const auto high = __builtin_bswap64(static_cast<std::uint64_t>(address.bits >> 64));
    if (address.family == geo::Family::V4) return hash.end(high, hashed_size + 4);
    hash.take(high);
    hash.take(__builtin_bswap64(static_cast<std::uint64_t>(address.bits)));
    return hash.end(0, hashed_size + 16);
}

/// Returns the seconds since the cookie was made; negative when its time is still to come.
std::int32_t age_of(wire::Octets cookie, std::uint32_t now) noexcept {
    const auto made =
        std::uint32_t{wire::read16(cookie, 12)} << 16 | std::uint32_t{wire::read16(cookie, 14)};
    return static_cast<std::int32_t>(now - made);
}

/// Returns the number of the secret that made the cookie; nothing when no secret of ours did, or
/// when its time is out of range.
std::optional<std::size_t> maker_of(std::span<const geo::SipKey> secrets, wire::Octets cookie,
                                    const geo::Address& address, std::uint32_t now) noexcept {
    if (cookie.size() != cookie_size || cookie[wire::client_cookie_size] != version) return {};
    const auto age = age_of(cookie, now);
    if (age > longest_age || age < -most_ahead) return {};
    const auto found = word_at(cookie.data() + hashed_size);
    // One comparison of whole words: the time it takes does not tell how much of a guess is right.
    const auto made = [&](const geo::SipKey& secret) {
        return hash_of(secret, cookie, address) == found;
    };
    const auto maker = std::ranges::find_if(secrets, made);
    if (maker == secrets.end()) return {};
    return static_cast<std::size_t>(maker - secrets.begin());
}

}  // namespace

Cookie make_cookie(const geo::SipKey& secret, std::span<const std::uint8_t, 8> client,
                   const geo::Address& address, std::uint32_t now) noexcept {
    Cookie cookie{};
    std::memcpy(cookie.data(), client.data(), client.size());
    cookie[8] = version;
    wire::write16(cookie, 12, now >> 16);
    wire::write16(cookie, 14, now & 0xFFFF);
    const auto hash = hash_of(secret, cookie, address);
    for (std::size_t i = 0; i < 8; ++i)
        cookie[hashed_size + i] = static_cast<std::uint8_t>(hash >> 8 * i);
    return cookie;
}

CookieReply answer_cookie(std::span<const geo::SipKey> secrets, wire::Octets option,
                          const geo::Address& address, std::uint32_t now) noexcept {
    CookieReply reply;
    const auto maker = maker_of(secrets, option, address, now);
    if (maker) {
        reply.state = CookieState::Good;
    } else {
        const bool alone = option.size() == wire::client_cookie_size;
        reply.state = alone ? CookieState::ClientOnly : CookieState::Bad;
    }
    if (maker == 0 && age_of(option, now) <= kept_age) {
        std::memcpy(reply.cookie.data(), option.data(), cookie_size);
    } else {
        reply.cookie =
            make_cookie(secrets.front(), option.first<wire::client_cookie_size>(), address, now);
    }
    return reply;
}

}  // namespace engine
