// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writes RRsets in the form in which they go into messages: see WireSet. Control path.

#include "zones/name/name.hpp"
#include "zones/name/record_type.hpp"
#include "zones/zone/node_store.hpp"
#include "zones/zone/records.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace zones {

/// Appends a record up to its RDLENGTH (RFC 1035 §3.2.1). The owner is a pointer to the question's
/// name.
void put_record_head(std::vector<std::uint8_t>& to, RrType type, std::uint32_t ttl);

class SetWriter {
 public:
    explicit SetWriter(const Name& apex) : apex_{apex} {}

    /// Where a written RRset is.
    struct Written {
        RrSet set;
        std::size_t octets_at = 0;
        std::size_t fixups_at = 0;
        bool fits = true;  // into a message; if not, nothing is written
    };

    /// Forgets what has been written.
    void clear();
    [[nodiscard]] Written write(RrType type, std::uint32_t ttl, const Records& records);
    /// Returns a written RRset; valid until the next write() or clear().
    [[nodiscard]] NewSet set(const Written& written) const;

 private:
    void write_rdata(RrType type, std::span<const std::uint8_t> rdata);
    void write_name(std::span<const std::uint8_t> name);
    void put(std::span<const std::uint8_t> octets) {
        octets_.insert(octets_.end(), octets.begin(), octets.end());
    }

    Name apex_;
    std::vector<std::uint8_t> octets_;
    std::vector<std::uint16_t> fixups_;
    std::size_t set_at_ = 0;  // where the RRset begins that is being written
};

}  // namespace zones
