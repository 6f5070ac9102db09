// SPDX-License-Identifier: Apache-2.0
#pragma once
// Addresses and prefixes for property tests. All of it follows from the seed of the generator.

#include "geo/place/address.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <string_view>

namespace support {

using Generator = std::mt19937_64;

/// Uniform in [low, high], the same on every machine (std::uniform_int_distribution is not).
[[nodiscard]] std::uint64_t draw(Generator& generator, std::uint64_t low, std::uint64_t high);

[[nodiscard]] geo::Address random_address(Generator& generator, geo::Family family);
[[nodiscard]] geo::Address random_address_in(Generator& generator, const geo::Prefix& prefix);
/// Of a length in [shortest, longest].
[[nodiscard]] geo::Prefix random_prefix(Generator& generator, geo::Family family, unsigned shortest,
                                        unsigned longest);

/// Throws when the text is none.
[[nodiscard]] geo::Address address(std::string_view text);
[[nodiscard]] geo::Prefix prefix(std::string_view text);

using geo::prefix_around;
/// The other half of the prefix that is one bit shorter. `prefix` is not of length 0.
[[nodiscard]] geo::Prefix sibling(const geo::Prefix& prefix);
[[nodiscard]] geo::Address last_of(const geo::Prefix& prefix);
/// The first address behind a prefix; nothing when the address space ends with it.
[[nodiscard]] std::optional<geo::Address> behind(const geo::Prefix& prefix);

/// The forms in which IPv6 carries an IPv4 client, with how many bits stand before it.
enum class Embedding : std::uint8_t { Mapped, Nat64, SixToFour, Teredo };
constexpr Embedding embeddings[] = {Embedding::Mapped, Embedding::Nat64, Embedding::SixToFour,
                                    Embedding::Teredo};
[[nodiscard]] geo::Prefix space_of(Embedding embedding);
[[nodiscard]] unsigned offset_of(Embedding embedding);
/// The address of an IPv4 client. What the form leaves open is filled by `rest`.
[[nodiscard]] geo::Address embed(Embedding embedding, const geo::Address& client,
                                 geo::Bits rest = 0);

}  // namespace support
