// SPDX-License-Identifier: Apache-2.0
#include "zones/name/name.hpp"

#include "zones/name/octets.hpp"
#include "zones/name/written_name.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace zones {
namespace {

/// Mixes in all bits of the product, so that each bit of a word affects each bit of the hash.
std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) noexcept {
    constexpr std::uint64_t factor = 0x9FB21C651E98DF25ULL;
    __extension__ using Product = unsigned __int128;
    const auto product = Product{hash ^ word} * factor;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Lower-cases as many octets as a `Lane` has at once: vectors of the compiler, for any processor.
template <class Lanes>
void lower_lanes(const std::uint8_t* from, std::uint8_t* to) noexcept {
    auto lanes = load<Lanes>(from);
    const auto is_upper = lanes - 'A' < 26;
    lanes |= reinterpret_cast<Lanes>(is_upper) & 32;
    std::memcpy(to, &lanes, sizeof lanes);
}

/// Lower-cases whole names in wire form: a length octet is at most 63, which is no letter. The last
/// step overlaps octets that are done already and never passes the end.
void copy_lower(const std::uint8_t* from, std::uint8_t* to, std::size_t size) noexcept {
    using Eight [[gnu::vector_size(8)]] = std::uint8_t;
    using Sixteen [[gnu::vector_size(16)]] = std::uint8_t;
    if (size >= 16) {
        for (std::size_t at = 0; at + 16 < size; at += 16) lower_lanes<Sixteen>(from + at, to + at);
        lower_lanes<Sixteen>(from + size - 16, to + size - 16);
    } else if (size >= 8) {
        lower_lanes<Eight>(from, to);
        lower_lanes<Eight>(from + size - 8, to + size - 8);
    } else {
        for (std::size_t at = 0; at < size; ++at) to[at] = lower(from[at]);
    }
}

}  // namespace

Name::Name() noexcept {
    octets_[0] = 0;
    starts_[0] = 0;
    hashes_[0] = root_hash;
}

std::uint32_t hash_label(std::uint32_t parent, const std::uint8_t* label) noexcept {
    std::uint64_t hash = parent;
    std::size_t left = *label + std::size_t{1};
    for (; left > word_size; label += word_size, left -= word_size)
        hash = mixed(hash, load<std::uint64_t>(label));
    // The last word holds at least one octet of the label; only the label's octets count.
    constexpr bool first_is_low = std::endian::native == std::endian::little;
    const auto unused = (word_size - left) * 8;
    const auto last = load<std::uint64_t>(label);
    hash = mixed(hash, first_is_low ? last << unused : last >> unused);
    return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

std::optional<Name> Name::read(std::span<const std::uint8_t> wire) noexcept {
    std::optional<Name> name{Name{}};
    if (!name->assign(wire)) name.reset();
    return name;
}

bool Name::assign(std::span<const std::uint8_t> wire) noexcept {
    const auto end = std::min(wire.size(), max_name_length);
    std::size_t at = 0;
    std::size_t labels = 0;
    for (;; ++labels) {
        if (at >= end) return false;  // also when the last label has run out
        starts_[labels] = static_cast<std::uint8_t>(at);
        const std::size_t size = wire[at];
        if (size == 0) break;
        if (size > 63) return false;
        at += size + 1;
    }
    length_ = static_cast<std::uint8_t>(at + 1);
    label_count_ = static_cast<std::uint8_t>(labels);
    copy_lower(wire.data(), octets_.data(), length_);
    std::memset(octets_.data() + length_, 0, word_size);
    hash_labels();
    return true;
}

void Name::hash_labels() noexcept {
    hashes_[label_count_] = root_hash;
    for (std::size_t i = label_count_; i-- > 0;)
        hashes_[i] = hash_label(hashes_[i + 1], octets_.data() + starts_[i]);
}

std::optional<Name> Name::from_text(std::string_view text, const Name& origin) {
    const auto written = WrittenName::from_text(text, origin);
    return written ? std::optional{written->folded()} : std::nullopt;
}

bool Name::within(const Name& zone) const noexcept {
    if (label_count_ < zone.label_count_) return false;
    const auto tail = suffix(label_count_ - std::size_t{zone.label_count_});
    return tail.size() == zone.length() &&
           std::memcmp(tail.data(), zone.octets_.data(), tail.size()) == 0;
}

Name Name::parent() const noexcept {
    if (label_count_ == 0) return *this;
    return *read(suffix(1));
}

std::string Name::text() const {
    return name_text(wire());
}

std::string name_text(std::span<const std::uint8_t> wire) {
    std::string text;
    for (std::size_t at = 0; at < wire.size() && wire[at] != 0; at += wire[at] + std::size_t{1}) {
        for (const auto octet : wire.subspan(at + 1, wire[at])) {
            if (octet <= ' ' || octet >= 0x7F) {
                text += '\\';
                text += static_cast<char>('0' + octet / 100);
                text += static_cast<char>('0' + octet / 10 % 10);
                text += static_cast<char>('0' + octet % 10);
                continue;
            }
            if (std::string_view{".\\\"();@$"}.find(static_cast<char>(octet)) !=
                std::string_view::npos) {
                text += '\\';
            }
            text += static_cast<char>(octet);
        }
        text += '.';
    }
    return text.empty() ? "." : text;
}

std::string zone_text(const Name& apex) {
    auto text = apex.text();
    if (text.size() > 1) text.pop_back();  // without the dot at its end, as zone files have it
    return text;
}

}  // namespace zones
