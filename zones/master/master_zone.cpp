// SPDX-License-Identifier: Apache-2.0
#include "zones/master/master_zone.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace zones {
namespace {

constexpr RrType nsec3 = 50;
constexpr RrType nsec3param = 51;

bool is_signing(RrType type) {
    constexpr std::array types{rr::RRSIG, rr::NSEC, nsec3, nsec3param, rr::DNSKEY};
    return std::ranges::find(types, type) != types.end();
}

}  // namespace

std::unique_ptr<MasterZone> MasterZone::load(const std::string& path,
                                             const std::optional<WrittenName>& origin,
                                             geo::Problems& problems, Texts& from) {
    std::unique_ptr<MasterZone> zone{new MasterZone{problems, from}};
    zone->file_.read(path, origin, [&](const MasterRecord& record) { zone->take(record); });
    if (!zone->has_soa_) {
        if (!geo::any_fault(problems)) {
            const std::string found = zone->rows_.empty() ? "no record" : "none";
            problems.push_back({.file = path,
                                .path = {},
                                .text = "expected the zone's SOA record, found " + found});
        }
        return nullptr;
    }
    if (zone->left_out_ > 0) {
        zone->file_.warn_at(zone->first_left_out_,
                            "this and all other records of DNSSEC but DS (" +
                                std::to_string(zone->left_out_) +
                                " in all) are left out: the zone is served unsigned");
    }
    zone->settle();
    return zone;
}

void MasterZone::take(const MasterRecord& record) {
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
                     .length = static_cast<std::uint16_t>(record.rdata.octets.size()),
                     .at = static_cast<std::uint32_t>(octets_.size()),
                     .ttl = record.ttl,
                     .position = record.position});
    octets_.insert(octets_.end(), record.rdata.octets.begin(), record.rdata.octets.end());
}

/// Called when the SOA shows which zone this is: the records before it get names below its apex.
void MasterZone::settle_apex(const Name& apex) {
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

/// Puts the records of a set side by side, drops duplicates, and gives all of a set one TTL
/// (RFC 2181 §5).
void MasterZone::settle() {
    const auto order = [](const Row& row) { return std::pair{row.owner, row.type}; };
    if (!std::ranges::is_sorted(rows_, {}, order)) std::ranges::stable_sort(rows_, {}, order);
    for (std::size_t begin = 0; begin < rows_.size();) {
        const auto end = end_of_set(begin);
        if (end - begin > 1) settle_set(std::span{rows_}.subspan(begin, end - begin));
        begin = end;
    }
    std::erase_if(rows_, [](const Row& row) { return row.type == 0; });
}

std::size_t MasterZone::end_of_set(std::size_t begin) const {
    auto end = begin + 1;
    while (end < rows_.size() && rows_[end].owner == rows_[begin].owner &&
           rows_[end].type == rows_[begin].type) {
        ++end;
    }
    return end;
}

void MasterZone::settle_set(std::span<Row> rows) {
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

std::vector<std::uint8_t> MasterZone::octets_of(const Row& row) const {
    const auto octets = std::span{octets_}.subspan(row.at, row.length);
    return {octets.begin(), octets.end()};
}

Rdata MasterZone::rdata(const Row& row) const {
    auto octets = octets_of(row);
    auto names = compressible_names(row.type, octets);
    return {.octets = std::move(octets), .names = std::move(names)};
}

bool MasterZone::same(const Row& one, const Row& other) const {
    const std::span octets{octets_};
    const auto fold = [](std::uint8_t octet) { return lower(octet); };
    return std::ranges::equal(octets.subspan(one.at, one.length),
                              octets.subspan(other.at, other.length), {}, fold, fold) &&
           same_value(one.type, octets_of(one), octets_of(other));
}

void MasterZone::for_each_set(const std::function<void(Set&)>& take) const {
    Set set;
    for (std::size_t begin = 0; begin < rows_.size();) {
        const auto end = end_of_set(begin);
        set = {.owner = names_.name(rows_[begin].owner),
               .type = rows_[begin].type,
               .ttl = rows_[begin].ttl,
               .rdatas = {},
               .position = rows_[begin].position};
        for (; begin < end; ++begin) set.rdatas.push_back(rdata(rows_[begin]));
        take(set);
    }
}

}  // namespace zones
