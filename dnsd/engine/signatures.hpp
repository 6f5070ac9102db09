// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the engine needs of TSIG (RFC 8945): to know whether the signer of a query has a key of
// ours.

#include "dnsd/wire/tsig_record.hpp"

namespace engine {

class Signatures {
 public:
    Signatures() = default;
    Signatures(const Signatures&) = delete;
    Signatures& operator=(const Signatures&) = delete;
    virtual ~Signatures() = default;

    /// Judges the signature of a query: None when a known key made it, at about the present time. A
    /// query that cannot be verified, for lack of memory say, has a fault. On any thread.
    [[nodiscard]] virtual wire::TsigFault judge(wire::Octets query) const noexcept = 0;
};

}  // namespace engine
