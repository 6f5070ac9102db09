// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads zone files in master format (RFC 1035 §5), with $ORIGIN, $INCLUDE and $TTL (RFC 2308 §4),
// TTLs with units ("1h30m"), and the generic forms of RFC 3597. Control path.

#include "geo/base/file_text.hpp"
#include "geo/base/problem.hpp"
#include "geo/base/source.hpp"
#include "zones/name/name.hpp"
#include "zones/name/record.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

struct MasterRecord {
    Name owner;
    RrType type = 0;
    std::uint32_t ttl = 0;  // seconds
    Rdata rdata;
    FilePosition position;
};

/// Reads a file and the files that it includes. Afterwards it reports problems at the place of a
/// record: a file and a line.
class MasterFile final : public Source {
 public:
    MasterFile(geo::Problems& problems, Texts& from) : problems_{&problems}, from_{&from} {}

    /// Calls `take` with each record that can be read, in the order of the file. Whatever cannot be
    /// read is a fault. A relative name is relative to `origin` until the first $ORIGIN; without an
    /// origin it is a fault.
    void read(const std::string& path, const std::optional<WrittenName>& origin,
              const std::function<void(const MasterRecord&)>& take);

    void fault_at(FilePosition position, std::string text) const override;
    void warn_at(FilePosition position, std::string text) const override;

 private:
    friend class MasterParser;
    void report(FilePosition position, std::string text, geo::Severity severity) const;

    geo::Problems* problems_;
    Texts* from_;
    std::vector<std::string> paths_;  // by FilePosition::part
    std::optional<std::uint32_t> default_ttl_;
    mutable std::size_t reported_[2] = {0, 0};  // faults, warnings
};

}  // namespace zones
