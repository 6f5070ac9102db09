// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads what a query asks, in one pass over its octets. No allocation.

#include "dnsd/wire/client_subnet.hpp"
#include "dnsd/wire/message.hpp"
#include "zones/name/name.hpp"
#include "zones/name/record_type.hpp"

#include <optional>

namespace wire {

/// The content of OPT (RFC 6891 §6).
struct Edns {
    std::uint16_t payload = 0;  // octets that the client accepts over UDP
    std::uint8_t version = 0;
    bool dnssec_ok = false;
    bool nsid = false;
    bool keepalive = false;
    std::optional<ClientSubnet> subnet;
    Octets cookie{};  // the option where it lies in the query, well formed; empty: none
};

struct Request {
    Octets message;
    zones::Name name;
    zones::RrType type = 0;
    std::uint16_t rr_class = 0;
    std::size_t question_end = 0;  // 0 while the question has not been read, or when there is none
    std::optional<Edns> edns;
    std::size_t tsig_at =
        0;  // where TSIG begins, its last record (RFC 8945 §5.1); 0: there is none

    [[nodiscard]] bool is_signed() const noexcept { return tsig_at != 0; }
};

/// Reads the question and OPT of a `message` that has a whole header. Any result but NoError is the
/// RCODE to answer with; `request` then has the parts that could be read. Reading goes on after
/// more than one question and after a fault in OPT's version or options, so OPT and TSIG behind
/// these are still read. BadVers takes precedence over the faults of options, because their meaning
/// belongs to a version (RFC 6891 §6.1.3). NoError with a `question_end` of 0 is a query for a
/// cookie alone (RFC 7873 §5.4).
[[nodiscard]] Rcode read_request(Octets message, Request& request) noexcept;

}  // namespace wire
