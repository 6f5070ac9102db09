// SPDX-License-Identifier: Apache-2.0
#pragma once
// Queries as octets, and replies as ldns reads them.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace e2e {

using Octets = std::vector<std::uint8_t>;

struct Query {
    std::string name;        // absolute, without escapes
    std::string type = "A";  // as ldns writes it
    std::uint16_t id = 1;
    std::string subnet = {};  // "81.2.69.0/24"; empty: no client subnet option
    bool edns = false;        // a query with a subnet has EDNS anyway
    bool keepalive = false;   // asks for the TCP idle time (RFC 7828)
    bool recursion = false;   // RD, for resolvers
};
[[nodiscard]] Octets to_octets(const Query& query);

struct Reply {
    std::uint16_t id = 0;
    std::string rcode;  // "NOERROR"
    bool response = false;
    bool authoritative = false;
    bool truncated = false;
    std::string question;             // name, in the case in which it came
    std::vector<std::string> answer;  // "name type data"
    std::vector<std::string> authority;
    std::optional<unsigned> scope;      // of the client subnet option
    std::optional<unsigned> keepalive;  // units of 100 ms

    /// Returns the data of the answer, in order.
    [[nodiscard]] std::vector<std::string> data() const;
};

/// Throws if ldns cannot read the reply.
[[nodiscard]] Reply read_reply(std::span<const std::uint8_t> octets);

}  // namespace e2e
