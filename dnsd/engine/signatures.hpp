// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the engine has to know of TSIG (RFC 8945): whether whoever signed a query has a key of ours.

#include "dnsd/wire/tsig_record.hpp"

namespace engine {

class Signatures {
 public:
    Signatures() = default;
    Signatures(const Signatures&) = delete;
    Signatures& operator=(const Signatures&) = delete;
    virtual ~Signatures() = default;

    /// None when it is signed by a key that is known, and now. What cannot be verified, for want of
    /// memory say, is not. On any thread.
    [[nodiscard]] virtual wire::TsigFault judge(wire::Octets query) const noexcept = 0;
};

}  // namespace engine
