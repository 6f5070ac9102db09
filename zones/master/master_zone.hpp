// SPDX-License-Identifier: Apache-2.0
#pragma once
// The RRsets of a zone file in master format, whose records may stand in any order. A record takes
// about 40 octets; the file's text is freed once it is read.

#include "geo/base/file_text.hpp"
#include "geo/base/problem.hpp"
#include "zones/master/master_file.hpp"
#include "zones/name/name_table.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace zones {

class MasterZone {
 public:
    struct Set {
        Name owner;
        RrType type = 0;
        std::uint32_t ttl = 0;
        std::vector<Rdata> rdatas;
        FilePosition position;
    };

    /// Loads the zone that the first SOA names, wherever in the file it stands. Returns null when
    /// there is no SOA. After any other fault the zone lacks the faulty records. All DNSSEC records
    /// except DS are left out with a warning, because the server does not sign.
    [[nodiscard]] static std::unique_ptr<MasterZone> load(const std::string& path,
                                                          const std::optional<WrittenName>& origin,
                                                          geo::Problems& problems, Texts& from);

    [[nodiscard]] const Name& apex() const noexcept { return names_.common(); }
    /// Calls `take` with each RRset: names in the order of the file, the types of a name in
    /// ascending order.
    void for_each_set(const std::function<void(Set&)>& take) const;
    [[nodiscard]] std::size_t name_count() const noexcept { return names_.size(); }
    [[nodiscard]] const Source& source() const noexcept { return file_; }

 private:
    struct Row {
        std::uint32_t owner = 0;
        RrType type = 0;
        std::uint16_t length = 0;
        std::uint32_t at = 0;  // in octets_
        std::uint32_t ttl = 0;
        FilePosition position;
    };
    MasterZone(geo::Problems& problems, Texts& from) : file_{problems, from} {}

    void take(const MasterRecord& record);
    void settle_apex(const Name& apex);
    void settle();
    [[nodiscard]] std::size_t end_of_set(std::size_t begin) const;
    void settle_set(std::span<Row> rows);
    [[nodiscard]] std::vector<std::uint8_t> octets_of(const Row& row) const;
    [[nodiscard]] Rdata rdata(const Row& row) const;
    [[nodiscard]] bool same(const Row& one, const Row& other) const;

    MasterFile file_;
    NameTable names_{Name{}};  // below the root before the SOA is read, below the apex afterwards
    bool has_soa_ = false;
    std::vector<Row> rows_;
    std::vector<std::uint8_t> octets_;
    std::size_t left_out_ = 0;
    FilePosition first_left_out_;
};

}  // namespace zones
