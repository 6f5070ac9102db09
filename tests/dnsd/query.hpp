// SPDX-License-Identifier: Apache-2.0
#pragma once
// Queries as octets, right, or wrong in any way that a test wants (RFC 1035 §4.1, RFC 6891 §6.1).

#include "geo/place/address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace support {

using Bytes = std::vector<std::uint8_t>;

struct Option {
    std::uint16_t code = 0;
    Bytes content{};

    bool operator==(const Option&) const = default;
};

struct Opt {
    std::uint16_t payload = 1232;
    std::uint8_t version = 0;
    std::uint16_t flags = 0;
    std::vector<Option> options{};
};

struct Query {
    std::string name = ".";
    std::string type = "A";
    std::uint16_t rr_class = 1;
    std::uint16_t id = 0x1234;
    std::uint16_t flags = 0;
    std::optional<Opt> opt{};
};

/// Offsets of the flags and counts in a header.
constexpr std::size_t flags_at = 2;
constexpr std::size_t questions_at = 4;
constexpr std::size_t answers_at = 6;
constexpr std::size_t additional_at = 10;

[[nodiscard]] Bytes to_bytes(const Query& query);
/// Returns OPT as a record.
[[nodiscard]] Bytes to_bytes(const Opt& opt);
/// Returns a query with OPT, but without a question.
[[nodiscard]] Bytes without_question(const Opt& opt);

void append(Bytes& to, const Bytes& what);
void put16(Bytes& to, std::size_t value);
void set16(Bytes& in, std::size_t at, std::size_t value);

/// Returns the wire form of a name, with the case of its letters. Throws if the text is no name.
[[nodiscard]] Bytes name_bytes(std::string_view text);
/// Throws for unknown mnemonics.
[[nodiscard]] std::uint16_t type_number(const std::string& mnemonic);

/// Returns the client subnet option for a prefix such as "192.0.2.0/24" (RFC 7871 §6).
[[nodiscard]] Option client_subnet(const geo::Prefix& prefix, std::uint8_t scope = 0);
[[nodiscard]] Option client_subnet(std::string_view prefix, std::uint8_t scope = 0);

/// Returns a query with this client subnet; without the option if `subnet` is empty.
[[nodiscard]] Query query_from(std::string name, std::string type, std::string_view subnet);

}  // namespace support
