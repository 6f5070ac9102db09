// SPDX-License-Identifier: Apache-2.0
#pragma once
// A zone file in master format, whose records may stand in any order, as the Contents of its zone.

#include "geo/base/file_text.hpp"
#include "geo/base/problem.hpp"
#include "geo/base/source.hpp"
#include "zones/master/master_file.hpp"
#include "zones/zone/contents.hpp"

#include <memory>
#include <optional>
#include <string>

namespace zones {

class MasterZone {
 public:
    /// Loads the zone that the first SOA names, wherever in the file it stands. Returns null when
    /// there is no SOA. After any other fault the zone lacks the faulty records. All DNSSEC records
    /// except DS are left out with a warning, because the server does not sign.
    [[nodiscard]] static std::unique_ptr<MasterZone> load(const std::string& path,
                                                          const std::optional<WrittenName>& origin,
                                                          geo::Problems& problems, Texts& from);

    /// The RRsets: names in the order of the file, the apex first, the types of a name in ascending
    /// order.
    [[nodiscard]] const Contents& contents() const noexcept { return contents_; }
    [[nodiscard]] Contents& contents() noexcept { return contents_; }
    [[nodiscard]] const Source& source() const noexcept { return file_; }
    /// Writes a fault at the SOA.
    void fault_of_zone(std::string text) const;

 private:
    MasterZone(geo::Problems& problems, Texts& from) : file_{problems, from} {}

    MasterFile file_;
    Contents contents_{Name{}};
};

}  // namespace zones
