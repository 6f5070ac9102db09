// SPDX-License-Identifier: Apache-2.0
#pragma once
// Transaction signatures (RFC 8945), hmac-sha256 only, over messages as octets. ldns has functions
// for this too, but these take parsed packets, which a transfer of 100,000 records cannot afford.
// They also check neither the time nor the key's name, and cannot say BADTIME.

#include "dnsd/tsig/keys.hpp"
#include "dnsd/wire/message.hpp"
#include "dnsd/wire/tsig_record.hpp"

#include <boost/system/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace transfer {

using Message = std::vector<std::uint8_t>;
using UnixSeconds = std::uint64_t;

using wire::TsigFault;
using wire::TsigRecord;

/// Reads the TSIG of a message, its last record (RFC 8945 §5.1). Fails with Unsigned when there is
/// none, and with Malformed when TSIG or the message is.
[[nodiscard]] boost::system::result<TsigRecord, TsigFault> read_tsig(wire::Octets message);

/// Returns the message as it was before it was signed: without TSIG, with its original ID.
[[nodiscard]] Message without_tsig(wire::Octets message, const TsigRecord& tsig);

/// Signs and verifies a query and the messages of its answer, each over the one before (RFC 8945
/// §5.3). The asker signs and then verifies; the answering side does it the other way round.
class TsigChain {
 public:
    explicit TsigChain(const TsigKey& key) : key_{&key} {}

    /// Appends TSIG. `error` is BadTime or None; `time` is the signer's own time. Throws as
    /// mac_of() does, and then leaves the message as it was.
    void sign(Message& message, UnixSeconds time, TsigFault error = TsigFault::None);
    /// Verifies the next message. An answer that reports an error, BADTIME say, yields the fault of
    /// that name. Throws as mac_of() does.
    [[nodiscard]] TsigFault verify(wire::Octets message, UnixSeconds now);

    /// The most octets that `sign` appends.
    [[nodiscard]] std::size_t size() const noexcept;

 private:
    [[nodiscard]] Message digested(wire::Octets message, const TsigRecord& tsig) const;

    const TsigKey* key_;
    std::vector<std::uint8_t> previous_;  // MAC of the message before
    unsigned passed_ = 0;                 // messages, the query included
    UnixSeconds asked_ = 0;               // time of the query, for BADTIME
};

/// Returns the time of the machine's clock.
[[nodiscard]] UnixSeconds unix_now();

constexpr std::size_t mac_size = 32;  // octets
/// Returns the HMAC-SHA256 with the key's secret (RFC 2104, FIPS 180-4). Throws bad_alloc when the
/// library lacks the memory for it, because an empty code must not count as one.
[[nodiscard]] std::array<std::uint8_t, mac_size> mac_of(const TsigKey& key, wire::Octets digested);

}  // namespace transfer
