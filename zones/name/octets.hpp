// SPDX-License-Identifier: Apache-2.0
#pragma once
// Copies and compares short runs of octets: most names and records are too short to be worth a call
// of the C library. The last step overlaps octets that are done already and never passes the end.

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace zones {

template <class Word>
[[nodiscard]] Word load(const std::uint8_t* at) noexcept {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

// These two work on the two ends of a run that is at least one and at most two Words long:

template <class Word>
void copy_ends(std::uint8_t* to, const std::uint8_t* from, std::size_t size) noexcept {
    const auto first = load<Word>(from);
    const auto last = load<Word>(from + size - sizeof(Word));
    std::memcpy(to, &first, sizeof first);
    std::memcpy(to + size - sizeof(Word), &last, sizeof last);
}

template <class Word>
[[nodiscard]] bool equal_ends(const std::uint8_t* one, const std::uint8_t* other,
                              std::size_t size) noexcept {
    return load<Word>(one) == load<Word>(other) &&
           load<Word>(one + size - sizeof(Word)) == load<Word>(other + size - sizeof(Word));
}

/// The two must not overlap.
inline void copy_octets(std::uint8_t* to, const std::uint8_t* from, std::size_t size) noexcept {
    using Sixteen [[gnu::vector_size(16)]] = std::uint8_t;
    if (size > 32) {
        std::memcpy(to, from, size);
    } else if (size >= 16) {
        copy_ends<Sixteen>(to, from, size);
    } else if (size >= 8) {
        copy_ends<std::uint64_t>(to, from, size);
    } else if (size >= 4) {
        copy_ends<std::uint32_t>(to, from, size);
    } else {
        for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
    }
}

[[nodiscard]] inline bool equal_octets(const std::uint8_t* one, const std::uint8_t* other,
                                       std::size_t size) noexcept {
    if (size < 4) {
        for (std::size_t i = 0; i < size; ++i) {
            if (one[i] != other[i]) return false;
        }
        return true;
    }
    if (size < 8) return equal_ends<std::uint32_t>(one, other, size);
    if (size <= 16) return equal_ends<std::uint64_t>(one, other, size);
    for (std::size_t at = 0; at + 8 < size; at += 8) {
        if (load<std::uint64_t>(one + at) != load<std::uint64_t>(other + at)) return false;
    }
    return load<std::uint64_t>(one + size - 8) == load<std::uint64_t>(other + size - 8);
}

}  // namespace zones
