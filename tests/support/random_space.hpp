// SPDX-License-Identifier: Apache-2.0
#pragma once
// Addresses and prefixes for property tests. The generator's seed determines all of them.

#include "geo/place/address.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <string_view>

namespace support {

using Generator = std::mt19937_64;

/// Returns a number, uniform in [low, high], and the same on every machine
/// (std::uniform_int_distribution is not).
[[nodiscard]] std::uint64_t draw(Generator& generator, std::uint64_t low, std::uint64_t high);

[[nodiscard]] geo::Address random_address(Generator& generator, geo::Family family);
[[nodiscard]] geo::Address random_address_in(Generator& generator, const geo::Prefix& prefix);
/// Returns a prefix with a length in [shortest, longest].
[[nodiscard]] geo::Prefix random_prefix(Generator& generator, geo::Family family, unsigned shortest,
                                        unsigned longest);

/// Both throw if the text is no address or prefix.
[[nodiscard]] geo::Address address(std::string_view text);
[[nodiscard]] geo::Prefix prefix(std::string_view text);

using geo::prefix_around;
/// Returns the other half of the prefix that is one bit shorter. The length of `prefix` is not 0.
[[nodiscard]] geo::Prefix sibling(const geo::Prefix& prefix);
[[nodiscard]] geo::Address last_of(const geo::Prefix& prefix);
/// Returns the first address after a prefix; nothing if the address space ends with it.
[[nodiscard]] std::optional<geo::Address> behind(const geo::Prefix& prefix);

/// The forms in which an IPv6 address carries an IPv4 client. space_of() is the prefix of such
/// addresses, and offset_of() the number of bits before the client.
enum class Embedding : std::uint8_t { Mapped, Nat64, SixToFour, Teredo };
constexpr Embedding embeddings[] = {Embedding::Mapped, Embedding::Nat64, Embedding::SixToFour,
                                    Embedding::Teredo};
[[nodiscard]] geo::Prefix space_of(Embedding embedding);
[[nodiscard]] unsigned offset_of(Embedding embedding);
/// Returns the IPv6 address that carries an IPv4 client. `rest` fills the bits that the form leaves
/// open.
[[nodiscard]] geo::Address embed(Embedding embedding, const geo::Address& client,
                                 geo::Bits rest = 0);

}  // namespace support
