// SPDX-License-Identifier: Apache-2.0
#pragma once
// The fields of the types whose RDATA is numbers, names and strings: read from words and looked at in
// wire form by our own code. ldns reads some of these as another record without a word (a name whose
// first label is "@" as the origin), and refuses forms that other servers take. Control path.

#include "zones/name/record_type.hpp"
#include "zones/name/value_words.hpp"
#include "zones/name/written_name.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

enum class Field : std::uint8_t {
    Octet,       // a number of 8 bits
    Short,       // 16 bits
    Long,        // 32 bits
    Time,        // 32 bits; "1h30m" in text
    Name,        //
    Text,        // a string of at most 255 octets behind its length
    MaybeText,   // the same, or nothing
    Texts,       // one or more of them
    Tag,         // a string of letters and digits behind its length
    Rest,        // one string up to the end of the RDATA, without a length
    MaybeRest,   // the same, or empty
    Parameters,  // of a service (RFC 9460)
};

/// In their order; empty for the types that are left to ldns.
[[nodiscard]] std::span<const Field> layout_of(RrType type) noexcept;

/// Appends what the words say, relative names behind `origin`. Returns what is wrong; empty when
/// nothing is.
[[nodiscard]] std::string write_fields(std::span<const Field> fields, std::span<const Word> words,
                                       const WrittenName& origin,
                                       std::vector<std::uint8_t>& octets);

/// Hands on each field of RDATA with its place and size. Returns what keeps the octets from having
/// these fields and no more; empty when nothing does.
[[nodiscard]] std::string walk_fields(
    std::span<const Field> fields, std::span<const std::uint8_t> octets,
    const std::function<void(Field, std::size_t at, std::size_t size)>& each);

}  // namespace zones
