// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which names of a zone are at a cut, below one, have a DNAME, or stand above a wildcard. Control
// path.

#include "zones/zone/contents.hpp"
#include "zones/zone/node_store.hpp"

#include <cstdint>
#include <vector>

namespace zones {

class NameMarks {
 public:
    explicit NameMarks(const Contents& contents);

    /// Returns flags of NodeStore, by the number of a name; so does has() for one of them.
    [[nodiscard]] std::uint8_t flags(std::uint32_t number) const { return flags_[number]; }
    [[nodiscard]] bool has(std::uint32_t number, NodeStore::Flag flag) const {
        return (flags_[number] & flag) != 0;
    }

 private:
    std::vector<std::uint8_t> flags_;
};

/// Returns the number of the name in the zone that each record of an NS RRset leads to, or
/// NameTable::none.
[[nodiscard]] std::vector<std::uint32_t> targets_of(const Contents& contents,
                                                    const Contents::Set& name_servers);

}  // namespace zones
