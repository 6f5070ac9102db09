// SPDX-License-Identifier: Apache-2.0
#pragma once
// Transaction signatures (RFC 8945), hmac-sha256 only, on messages as octets. ldns has functions of
// this name, but they take parsed packets, which a transfer of 100,000 records cannot afford; they
// look neither at the time nor at the key's name, and cannot say BADTIME.

#include "dnsd/tsig/keys.hpp"
#include "dnsd/wire/message.hpp"
#include "dnsd/wire/tsig_record.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace transfer {

using Message = std::vector<std::uint8_t>;
using UnixSeconds = std::uint64_t;

using wire::TsigFault;
using wire::TsigRecord;

/// TSIG stands last (RFC 8945 §5.1). Nothing comes back, with `fault` Unsigned when the message has
/// none, and Malformed when it or the message is none.
[[nodiscard]] std::optional<TsigRecord> read_tsig(wire::Octets message, TsigFault& fault);

/// The message as it was before it was signed: without TSIG, with its first ID.
[[nodiscard]] Message without_tsig(wire::Octets message, const TsigRecord& tsig);

/// A query and the messages of its answer, each signed over the one before (RFC 8945 §5.3). The one
/// who asks signs and then verifies, the one who answers the other way round.
class TsigChain {
 public:
    explicit TsigChain(const Key& key) : key_{&key} {}

    /// Appends TSIG. `error` is BadTime or None; `time` the signer's own. Throws as mac_of() does, and
    /// the message is as it was.
    void sign(Message& message, UnixSeconds time, TsigFault error = TsigFault::None);
    /// An answer that is BADTIME or the like is a fault of that name. Throws as mac_of() does.
    [[nodiscard]] TsigFault verify(wire::Octets message, UnixSeconds now);

    /// Octets that `sign` appends.
    [[nodiscard]] std::size_t size() const noexcept;

 private:
    [[nodiscard]] Message digested(wire::Octets message, const TsigRecord& tsig) const;

    const Key* key_;
    std::vector<std::uint8_t> previous_;  // MAC of the message before
    unsigned passed_ = 0;                 // messages, the query included
    UnixSeconds asked_ = 0;               // time of the query, for BADTIME
};

/// Of the machine's clock.
[[nodiscard]] UnixSeconds unix_now();

constexpr std::size_t mac_size = 32;  // octets
/// HMAC-SHA256 with the key's secret (RFC 2104, FIPS 180-4). Throws bad_alloc where the library cannot
/// make it, for want of memory: no code is a code.
[[nodiscard]] std::array<std::uint8_t, mac_size> mac_of(const Key& key, wire::Octets digested);

}  // namespace transfer
