// SPDX-License-Identifier: Apache-2.0
#pragma once
// The numbers and offsets of the fixed parts of a DNS message (RFC 1035 §4.1, RFC 6891, RFC 8914).

#include "geo/base/big_endian.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace wire {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t header_size = 12;
constexpr std::size_t max_message = 65535;
constexpr std::size_t min_payload = 512;  // what every UDP client accepts (RFC 1035 §4.2.1)

enum class Opcode : std::uint8_t { Query = 0, Notify = 4, Update = 5 };

/// The upper eight bits go into OPT.
enum class Rcode : std::uint16_t {
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NXDomain = 3,
    NotImp = 4,
    Refused = 5,
    YXDomain = 6,
    NotAuth = 9,
    BadVers = 16,
    BadCookie = 23,  // RFC 7873 §8
};

enum class RrClass : std::uint16_t { IN = 1, CH = 3 };

/// The sections of a message that hold records.
enum class Section : std::uint8_t { Answer, Authority, Additional };

enum class OptionCode : std::uint16_t {
    Nsid = 3,           // RFC 5001
    ClientSubnet = 8,   // RFC 7871
    Cookie = 10,        // RFC 7873
    Keepalive = 11,     // RFC 7828
    ExtendedError = 15  // RFC 8914
};

enum class ExtendedError : std::uint16_t { None = 0, NotAuthoritative = 20 };

/// Bits of octets 2 and 3 of the header.
constexpr std::uint16_t flag_qr = 0x8000;
constexpr std::uint16_t flag_aa = 0x0400;
constexpr std::uint16_t flag_tc = 0x0200;
constexpr std::uint16_t flag_rd = 0x0100;

using geo::read16;
using geo::write16;

}  // namespace wire
