// SPDX-License-Identifier: Apache-2.0
#pragma once
// A zone that a target has read, served.

#include "dnsd/engine/respond.hpp"
#include "tests/dnsd/answer.hpp"
#include "tests/dnsd/query.hpp"

#include <memory>
#include <optional>

namespace fuzz {

class Served {
 public:
    /// Nothing when its policies make no map.
    [[nodiscard]] static std::optional<Served> make(std::shared_ptr<const zones::Zone> zone);

    /// What is answered over TCP. Throws when ldns cannot read it, or it fails.
    [[nodiscard]] support::Bytes ask(const zones::Name& name, zones::RrType type) const;
    /// Asks for each type at the apex, and for some names that zones of this format often have.
    void ask_around() const;

 private:
    Served() = default;
    engine::Snapshot snapshot_;
};

/// With an OPT record.
[[nodiscard]] support::Bytes query_for(const zones::Name& name, zones::RrType type);

}  // namespace fuzz
