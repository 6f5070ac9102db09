// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tells a signed message from its copies: whoever reads a message on its way can send it again, any
// number of times, until the time in it is too old (RFC 8945 §10.3). Bounded; pure.

#include "dnsd/tsig/tsig.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <set>

namespace transfer {

/// What identifies a signature.
struct SignatureStamp {
    UnixSeconds time = 0;
    std::array<std::uint8_t, mac_size> mac{};

    auto operator<=>(const SignatureStamp&) const = default;
};
[[nodiscard]] inline SignatureStamp stamp_of(const TsigRecord& tsig) {
    SignatureStamp stamp{.time = tsig.time};
    const auto size = std::min(tsig.mac.size(), stamp.mac.size());
    std::copy_n(tsig.mac.begin(), size, stamp.mac.begin());
    return stamp;
}

class SeenSignatures {
 public:
    static constexpr std::size_t most = 1024;

    /// True if the signature comes for the first time. One that is as old as a forgotten one counts
    /// as seen.
    [[nodiscard]] bool is_first(const SignatureStamp& stamp) {
        if (stamp.time < from_ || !seen_.insert(stamp).second) return false;
        if (seen_.size() > most) {
            from_ = seen_.begin()->time + 1;
            seen_.erase(seen_.begin());
        }
        return true;
    }

 private:
    std::set<SignatureStamp> seen_;  // by time
    UnixSeconds from_ = 0;
};

}  // namespace transfer
