// SPDX-License-Identifier: Apache-2.0
#pragma once
// What came back from a name server that was asked, and the plain values in it. Octets come from an
// untrusted sender: what cannot be read is left out.

#include "dnsd/tsig/tsig.hpp"
#include "dnsd/wire/message.hpp"
#include "geo/place/address.hpp"
#include "zones/name/name.hpp"
#include "zones/name/record_type.hpp"
#include "zones/name/serial.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace transfer {

/// A message that answers the question, or the reason why there is none.
struct Reply {
    Message message{};    // with a whole header; empty if none came
    std::string fault{};  // "timed out", "connection refused", …; empty if one came

    [[nodiscard]] bool came() const noexcept { return !message.empty(); }
    /// The lower four bits of the RCODE; NoError if no message came.
    [[nodiscard]] wire::Rcode rcode() const noexcept;
    [[nodiscard]] bool authoritative() const noexcept { return flag(wire::flag_aa); }
    [[nodiscard]] bool truncated() const noexcept { return flag(wire::flag_tc); }
    [[nodiscard]] bool has_opt() const;

    /// Returns the name servers of a zone, from the answer or, in a referral, the authority section
    /// (RFC 1034 §4.3.2), each once and in ascending order of their text.
    [[nodiscard]] std::vector<zones::Name> name_servers(const zones::Name& zone) const;
    /// Returns the addresses of a name, from all sections.
    [[nodiscard]] std::vector<geo::Address> addresses(const zones::Name& name) const;
    /// Returns all addresses in the answer section, whatever their owner: a CNAME may lead to them.
    [[nodiscard]] std::vector<geo::Address> answered_addresses() const;
    /// Returns the serial of the zone's SOA in the answer.
    [[nodiscard]] std::optional<zones::Serial> serial(const zones::Name& zone) const;
    /// Returns the strings of each TXT record of the answer, joined.
    [[nodiscard]] std::vector<std::string> texts() const;

 private:
    [[nodiscard]] bool flag(std::uint16_t bit) const noexcept {
        return came() && (wire::read16(message, 2) & bit) != 0;
    }
};

/// Returns "REFUSED", or "RCODE 11" for one that has no name here.
[[nodiscard]] std::string rcode_text(wire::Rcode rcode);

}  // namespace transfer
