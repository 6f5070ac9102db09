// SPDX-License-Identifier: Apache-2.0
#pragma once
// SipHash-2-4 with 64 bits of output (Aumasson and Bernstein, 2012). RFC 9018 §4.4 makes server
// cookies with it. It also hashes the keys of tables when strangers or other nodes choose these
// keys: without the process's secret key nobody can choose keys that collide.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace geo {

/// The two halves of 16 octets, each read with its lowest octet first.
struct SipKey {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    bool operator==(const SipKey&) const = default;
};

/// Reads up to 8 octets as a number, the lowest octet first.
[[nodiscard]] constexpr std::uint64_t read_little_endian(
    std::span<const std::uint8_t> octets) noexcept {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < octets.size(); ++i) word |= std::uint64_t{octets[i]} << 8 * i;
    return word;
}

[[nodiscard]] constexpr SipKey sip_key(std::span<const std::uint8_t, 16> octets) noexcept {
    return {read_little_endian(octets.first<8>()), read_little_endian(octets.last<8>())};
}

/// Returns a key from the machine's source of randomness.
[[nodiscard]] SipKey random_sip_key();
/// Returns the key of this process: drawn at the first call, the same from then on.
[[nodiscard]] const SipKey& process_sip_key();

class SipHash {
 public:
    constexpr explicit SipHash(const SipKey& key) noexcept
        : v0_{key.low ^ 0x736F6D6570736575},
          v1_{key.high ^ 0x646F72616E646F6D},
          v2_{key.low ^ 0x6C7967656E657261},
          v3_{key.high ^ 0x7465646279746573} {}

    /// Returns the hash of the whole message. Use each SipHash for one message only.
    [[nodiscard]] constexpr std::uint64_t of(std::span<const std::uint8_t> message) noexcept {
        const auto size = message.size();
        for (; message.size() >= 8; message = message.subspan(8))
            take(read_little_endian(message.first(8)));
        return end(read_little_endian(message), size);
    }

    /// The same hash word by word. take() is called for each full eight octets, read with the
    /// lowest first. end() gets the rest, up to seven octets, and the message's whole `size` in
    /// octets.
    constexpr void take(std::uint64_t word) noexcept {
        v3_ ^= word;
        round();
        round();
        v0_ ^= word;
    }
    [[nodiscard]] constexpr std::uint64_t end(std::uint64_t rest, std::size_t size) noexcept {
        take(std::uint64_t{size} << 56 | rest);
        v2_ ^= 0xFF;
        for (int i = 0; i < 4; ++i) round();
        return v0_ ^ v1_ ^ v2_ ^ v3_;
    }

 private:
    constexpr void round() noexcept {
        v0_ += v1_;
        v1_ = std::rotl(v1_, 13) ^ v0_;
        v0_ = std::rotl(v0_, 32);
        v2_ += v3_;
        v3_ = std::rotl(v3_, 16) ^ v2_;
        v0_ += v3_;
        v3_ = std::rotl(v3_, 21) ^ v0_;
        v2_ += v1_;
        v1_ = std::rotl(v1_, 17) ^ v2_;
        v2_ = std::rotl(v2_, 32);
    }

    std::uint64_t v0_, v1_, v2_, v3_;
};

/// A hash for tables, keyed with the process's key.
class KeyedHash {
 public:
    using is_transparent = void;

    [[nodiscard]] std::size_t operator()(std::uint64_t number) const noexcept {
        SipHash hash{key_};
        hash.take(number);
        return hash.end(0, sizeof number);
    }
    [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept {
        return SipHash{key_}.of({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    }

 private:
    SipKey key_ = process_sip_key();
};

}  // namespace geo
