// SPDX-License-Identifier: Apache-2.0
#pragma once
// The fields of the types whose RDATA is numbers, names and strings. Our own code reads these from
// words and checks them in wire form, because ldns silently reads some as another record (it takes
// a name whose first label is "@" for the origin) and refuses forms that other servers accept.
// Control path.

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
    Texts,       // one or more strings
    Tag,         // a string of letters and digits behind its length
    Rest,        // one string up to the end of the RDATA, without a length
    MaybeRest,   // the same, or empty
    Parameters,  // parameters of a service (RFC 9460)
};

/// Returns the fields of a type in their order; empty for the types that are left to ldns.
[[nodiscard]] std::span<const Field> layout_of(RrType type) noexcept;

/// Appends the fields that the words say; relative names are relative to `origin`. Returns what is
/// wrong; empty when nothing is.
[[nodiscard]] std::string write_fields(std::span<const Field> fields, std::span<const Word> words,
                                       const WrittenName& origin,
                                       std::vector<std::uint8_t>& octets);

/// Calls `each` with each field of RDATA, its offset and its size. Returns why the octets are not
/// exactly these fields; empty when they are.
[[nodiscard]] std::string walk_fields(
    std::span<const Field> fields, std::span<const std::uint8_t> octets,
    const std::function<void(Field, std::size_t at, std::size_t size)>& each);

}  // namespace zones
