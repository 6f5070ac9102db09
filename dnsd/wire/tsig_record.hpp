// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads TSIG as a record (RFC 8945 §4.2); the signature is not verified here.

#include "dnsd/wire/message.hpp"
#include "zones/name/name.hpp"

#include <cstdint>
#include <optional>

namespace wire {

/// What is wrong with a signature: values of the TSIG error field, where it has one.
enum class TsigFault : std::uint16_t {
    None = 0,
    BadSig = 16,
    BadKey = 17,
    BadTime = 18,
    BadTrunc = 22,
    Unsigned = 0xFFFE,   // there is no TSIG
    Malformed = 0xFFFF,  // FORMERR
};

/// The TSIG record of a message; its spans point into the message.
struct TsigRecord {
    std::size_t at = 0;  // where the record begins: without it the message ends here
    zones::Name key;
    zones::Name algorithm;
    std::uint64_t time = 0;   // seconds since 1970
    std::uint16_t fudge = 0;  // seconds
    Octets mac;
    std::uint16_t original_id = 0;
    std::uint16_t error = 0;
    Octets other;
};

constexpr std::uint16_t tsig_class = 255;     // ANY
constexpr std::size_t tsig_fixed_rdata = 16;  // octets besides algorithm, MAC and other data

/// Reads the record at `at`, whose type is TSIG and which is the last of the message. Returns
/// nothing when it is malformed.
[[nodiscard]] std::optional<TsigRecord> read_tsig_record(Octets message, std::size_t at) noexcept;

}  // namespace wire
