// SPDX-License-Identifier: Apache-2.0
#include "zones/master/master_zone.hpp"

#include "zones/name/name_table.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace zones {
namespace {

constexpr RrType nsec3 = 50;
constexpr RrType nsec3param = 51;

bool is_signing(RrType type) {
    constexpr std::array types{rr::RRSIG, rr::NSEC, nsec3, nsec3param, rr::DNSKEY};
    return std::ranges::find(types, type) != types.end();
}

/// The records of a file, which become RRsets once all are there.
class RecordCollector {
 public:
    explicit RecordCollector(const MasterFile& file) : file_{file} {}

    void take(const MasterRecord& record);
    [[nodiscard]] bool has_soa() const noexcept { return has_soa_; }
    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
    /// Puts the records of a set side by side, drops duplicates, and gives all of a set one TTL
    /// (RFC 2181 §5).
    [[nodiscard]] Contents contents();

 private:
    struct Row {
        std::uint32_t owner = 0;
        RrType type = 0;
        std::uint32_t length = 0;
        std::uint32_t at = 0;  // in octets_
        std::uint32_t ttl = 0;
        FilePosition position;
    };

    [[nodiscard]] const Name& apex() const noexcept { return names_.common(); }
    void settle_apex(const Name& apex);
    void settle_set(std::span<Row> rows);
    void warn_of_left_out() const;
    [[nodiscard]] std::span<const std::uint8_t> octets_of(const Row& row) const {
        return std::span{octets_}.subspan(row.at, row.length);
    }
    [[nodiscard]] bool same(const Row& one, const Row& other) const;

    const MasterFile& file_;
    NameTable names_{Name{}};  // below the root before the SOA is read, below the apex afterwards
    bool has_soa_ = false;
    std::vector<Row> rows_;
    std::vector<std::uint8_t> octets_;
    std::size_t left_out_ = 0;
    FilePosition first_left_out_;
};

void RecordCollector::take(const MasterRecord& record) {
    if (record.type == rr::SOA && !std::exchange(has_soa_, true)) settle_apex(record.owner);
    if (!record.owner.within(apex())) {
        return file_.fault_at(record.position,
                              record.owner.text() + " is outside of the zone " + apex().text());
    }
    if (is_signing(record.type)) {
        if (left_out_++ == 0) first_left_out_ = record.position;
        return;
    }
    rows_.push_back({.owner = names_.add(record.owner),
                     .type = record.type,
                     .length = static_cast<std::uint32_t>(record.rdata.octets.size()),
                     .at = static_cast<std::uint32_t>(octets_.size()),
                     .ttl = record.ttl,
                     .position = record.position});
    octets_.insert(octets_.end(), record.rdata.octets.begin(), record.rdata.octets.end());
}

/// Called when the SOA shows which zone this is: the records before it get names below its apex.
void RecordCollector::settle_apex(const Name& apex) {
    NameTable own{apex};
    own.add(apex);  // the first of all names, as if the SOA had come first
    std::vector<Row> rows;
    for (auto& row : rows_) {
        const auto owner = names_.name(row.owner);
        if (!owner.within(apex)) {
            file_.fault_at(row.position, owner.text() + " is outside of the zone " + apex.text());
            continue;
        }
        row.owner = own.add(owner);
        rows.push_back(row);
    }
    rows_ = std::move(rows);
    names_ = std::move(own);
}

Contents RecordCollector::contents() {
    warn_of_left_out();
    const auto order = [](const Row& row) { return std::pair{row.owner, row.type}; };
    if (!std::ranges::is_sorted(rows_, {}, order)) std::ranges::stable_sort(rows_, {}, order);
    Contents contents{apex()};
    contents.expect(names_.size());
    std::vector<std::span<const std::uint8_t>> rdatas;
    for (std::span<Row> rest{rows_}; !rest.empty();) {
        const auto key = order(rest.front());
        std::size_t count = 1;
        while (count < rest.size() && order(rest[count]) == key) ++count;
        const auto rows = rest.first(count);
        if (count > 1) settle_set(rows);
        rdatas.clear();
        for (const auto& row : rows) {
            if (row.type != 0) rdatas.push_back(octets_of(row));
        }
        const auto& first = rows.front();
        contents.add(names_.name(first.owner), first.type, first.ttl, rdatas, first.position);
        rest = rest.subspan(count);
    }
    return contents;
}

void RecordCollector::warn_of_left_out() const {
    if (left_out_ == 0) return;
    file_.warn_at(first_left_out_, "this and all other records of DNSSEC but DS (" +
                                       std::to_string(left_out_) +
                                       " in all) are left out: the zone is served unsigned");
}

/// A record that stands there twice gets type 0.
void RecordCollector::settle_set(std::span<Row> rows) {
    const auto lowest = std::ranges::min_element(rows, {}, &Row::ttl)->ttl;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        if (rows[i].ttl == rows[0].ttl) continue;
        file_.warn_at(rows[i].position,
                      "all records of a name and type have one TTL (RFC 2181 §5.2): "
                      "the lowest, " +
                          std::to_string(lowest) + ", is used");
        break;
    }
    std::size_t twins = 0;
    FilePosition first_twin;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].ttl = lowest;
        const auto twin = [&](const Row& row) { return row.type != 0 && same(row, rows[i]); };
        if (std::ranges::none_of(rows.first(i), twin)) continue;
        if (twins++ == 0) first_twin = rows[i].position;
        rows[i].type = 0;
    }
    if (twins == 0) return;
    file_.warn_at(first_twin, twins == 1 ? "the record stands here twice"
                                         : "this record and " + std::to_string(twins - 1) +
                                               " more of its name and type stand here twice");
}

bool RecordCollector::same(const Row& one, const Row& other) const {
    const auto fold = [](std::uint8_t octet) { return lower(octet); };
    return std::ranges::equal(octets_of(one), octets_of(other), {}, fold, fold) &&
           same_value(one.type, octets_of(one), octets_of(other));
}

}  // namespace

std::unique_ptr<MasterZone> MasterZone::load(const std::string& path,
                                             const std::optional<WrittenName>& origin,
                                             geo::Problems& problems, Texts& from) {
    std::unique_ptr<MasterZone> zone{new MasterZone{problems, from}};
    RecordCollector records{zone->file_};
    zone->file_.read(path, origin, [&](const MasterRecord& record) { records.take(record); });
    if (!records.has_soa()) {
        if (!geo::any_fault(problems)) {
            const std::string found = records.empty() ? "no record" : "none";
            problems.push_back({.file = path,
                                .path = {},
                                .text = "expected the zone's SOA record, found " + found});
        }
        return nullptr;
    }
    zone->contents_ = records.contents();
    return zone;
}

void MasterZone::fault_of_zone(std::string text) const {
    const auto soa = std::ranges::find(contents_.sets(), rr::SOA, &Contents::Set::type);
    if (soa != contents_.sets().end()) file_.fault_at(soa->where, std::move(text));
}

}  // namespace zones
