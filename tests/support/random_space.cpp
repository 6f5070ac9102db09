// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_space.hpp"

#include <stdexcept>
#include <string>

namespace support {

std::uint64_t draw(Generator& generator, std::uint64_t low, std::uint64_t high) {
    const auto count = high - low + 1;
    return count == 0 ? generator() : low + generator() % count;
}

geo::Address random_address(Generator& generator, geo::Family family) {
    return random_address_in(generator, {{family, 0}, 0});
}

geo::Address random_address_in(Generator& generator, const geo::Prefix& prefix) {
    const auto family = prefix.address.family;
    const auto high = geo::Bits{generator()} << 64;
    const auto drawn = (high | generator()) & geo::mask(geo::width(family));
    return {family, prefix.address.bits | (drawn & ~geo::mask(prefix.length))};
}

geo::Prefix random_prefix(Generator& generator, geo::Family family, unsigned shortest,
                          unsigned longest) {
    const auto at = random_address(generator, family);
    return prefix_around(at, static_cast<unsigned>(draw(generator, shortest, longest)));
}

geo::Address address(std::string_view text) {
    if (const auto found = geo::read_address(text)) return *found;
    throw std::invalid_argument{"no address: " + std::string{text}};
}

geo::Prefix prefix(std::string_view text) {
    if (const auto found = geo::read_prefix(text)) return *found;
    throw std::invalid_argument{"no prefix: " + std::string{text}};
}

geo::Prefix sibling(const geo::Prefix& prefix) {
    auto other = prefix;
    other.address.bits ^= geo::Bits{1} << (128 - prefix.length);
    return other;
}

geo::Address last_of(const geo::Prefix& prefix) {
    const auto family = prefix.address.family;
    const auto inside = ~geo::mask(prefix.length) & geo::mask(geo::width(family));
    return {family, prefix.address.bits | inside};
}

std::optional<geo::Address> behind(const geo::Prefix& prefix) {
    if (prefix.length == 0) return std::nullopt;
    const auto family = prefix.address.family;
    const auto next = prefix.address.bits + (geo::Bits{1} << (128 - prefix.length));
    if (next == 0) return std::nullopt;
    return geo::Address{family, next};
}

geo::Prefix space_of(Embedding embedding) {
    switch (embedding) {
        case Embedding::Mapped:
            return prefix("::ffff:0:0/96");
        case Embedding::Nat64:
            return prefix("64:ff9b::/96");
        case Embedding::SixToFour:
            return prefix("2002::/16");
        case Embedding::Teredo:
            return prefix("2001::/32");
    }
    throw std::invalid_argument{"no embedding"};
}

unsigned offset_of(Embedding embedding) {
    return embedding == Embedding::SixToFour ? 16 : 96;
}

geo::Address embed(Embedding embedding, const geo::Address& client, geo::Bits rest) {
    const auto space = space_of(embedding);
    const auto offset = offset_of(embedding);
    const auto hidden = embedding == Embedding::Teredo ? ~client.bits & geo::mask(32) : client.bits;
    const auto fixed = geo::mask(space.length) | geo::mask(32) >> offset;
    return {geo::Family::V6, space.address.bits | hidden >> offset | (rest & ~fixed)};
}

}  // namespace support
