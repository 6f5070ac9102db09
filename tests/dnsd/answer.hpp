// SPDX-License-Identifier: Apache-2.0
#pragma once
// Responses as ldns reads them: a second opinion on what the server writes.

#include "tests/dnsd/query.hpp"

#include <cstdint>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <vector>

namespace support {

/// Records in presentation format with single blanks: "www.example. 60 IN A 192.0.2.1".
using Lines = std::vector<std::string>;

struct Answer {
    Bytes bytes;  // empty: there was no response
    std::uint16_t id = 0;
    std::uint16_t flags = 0;  // octets 2 and 3, RCODE included
    std::string rcode;        // all of its bits, with those in OPT
    Lines question;           // "www.example. IN A"
    Lines answer;
    Lines authority;
    Lines additional;
    std::optional<Opt> opt{};

    [[nodiscard]] bool silent() const { return bytes.empty(); }
    [[nodiscard]] bool aa() const { return (flags & 0x0400) != 0; }
    [[nodiscard]] bool tc() const { return (flags & 0x0200) != 0; }
    /// Returns the content of an option; nothing if it is not there.
    [[nodiscard]] std::optional<Bytes> option(std::uint16_t code) const;
    /// Returns the scope of the client subnet option; -1 if there is none.
    [[nodiscard]] int scope() const;
    [[nodiscard]] int extended_error() const;
    /// Returns the RDATA of all answers of this type, in order.
    [[nodiscard]] Lines data(const std::string& type) const;
};

/// Throws if ldns cannot read the response, or octets follow the last record.
[[nodiscard]] Answer decode(std::span<const std::uint8_t> response);

/// Returns the type in a record's line: "A", or "TYPE65280".
[[nodiscard]] std::string type_of(const std::string& line);
/// Returns the owner in a record's line.
[[nodiscard]] std::string owner_of(const std::string& line);
[[nodiscard]] Lines sorted(Lines lines);

}  // namespace support
