// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the SOA of a zone: its "soa", or an SOA among its records. Where neither says anything, the
// SOA has defaults. Control path.

#include "zones/json/json.hpp"
#include "zones/name/written_name.hpp"
#include "zones/zone/contents.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace zones {

class SoaReader {
 public:
    /// `changed` is the time of the file, and the serial of a zone that gives none.
    SoaReader(const Json& root, std::uint32_t changed) : root_{root}, serial_{changed} {}

    /// Notes an SOA that stands among the records of the apex. It is a fault beside "soa".
    void note_record(const Json& where);
    /// Reads "soa" and adds the SOA to the zone, unless the zone has it as a record. Comes after
    /// all records.
    void read(const WrittenName& origin, Contents& contents);

    [[nodiscard]] SerialOf serial_of() const noexcept { return serial_of_; }

 private:
    [[nodiscard]] WrittenName read_primary(const std::optional<Json>& value,
                                           const WrittenName& origin) const;

    Json root_;
    std::uint32_t serial_;
    SerialOf serial_of_ = SerialOf::FileTime;
    bool has_record_ = false;
};

}  // namespace zones
