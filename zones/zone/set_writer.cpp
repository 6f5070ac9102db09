// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/set_writer.hpp"

#include "geo/base/big_endian.hpp"
#include "zones/name/record.hpp"

#include <algorithm>
#include <array>

namespace zones {
namespace {

constexpr std::size_t max_set_length = 65535 - 12 - 255 - 4;  // beside the header and the question
constexpr std::size_t max_records = 0xFFFF;

/// Returns the length of a name in wire form at the beginning of `octets`.
std::size_t name_length(std::span<const std::uint8_t> octets) {
    std::size_t at = 0;
    while (at < octets.size() && octets[at] != 0) at += octets[at] + std::size_t{1};
    return std::min(at + 1, octets.size());
}

}  // namespace

void put_record_head(std::vector<std::uint8_t>& to, RrType type, std::uint32_t ttl) {
    geo::append_number(to, 0xC00C, 2);
    geo::append_number(to, type, 2);
    geo::append_number(to, 1, 2);  // IN
    geo::append_number(to, ttl, 4);
}

void SetWriter::clear() {
    octets_.clear();
    fixups_.clear();
}

SetWriter::Written SetWriter::write(RrType type, std::uint32_t ttl, const Records& records) {
    Written written{.set = {.type = type, .rr_count = 1},
                    .octets_at = octets_.size(),
                    .fixups_at = fixups_.size()};
    set_at_ = octets_.size();
    written.fits = records.size() <= max_records;
    for (const auto rdata : records) {
        if (!written.fits) break;
        put_record_head(octets_, type, ttl);
        const auto length_at = octets_.size();
        geo::append_number(octets_, 0, 2);
        write_rdata(type, rdata);
        geo::write16(octets_, length_at, octets_.size() - length_at - 2);
        written.fits = octets_.size() - set_at_ <= max_set_length;
    }
    if (!written.fits) {
        octets_.resize(written.octets_at);
        fixups_.resize(written.fixups_at);
        return written;
    }
    written.set.rr_count = static_cast<std::uint16_t>(records.size());
    written.set.length = static_cast<std::uint16_t>(octets_.size() - set_at_);
    written.set.fixup_count = static_cast<std::uint16_t>(fixups_.size() - written.fixups_at);
    return written;
}

NewSet SetWriter::set(const Written& written) const {
    return {.set = written.set,
            .octets = std::span{octets_}.subspan(written.octets_at, written.set.length),
            .fixups = std::span{fixups_}.subspan(written.fixups_at, written.set.fixup_count)};
}

void SetWriter::write_rdata(RrType type, std::span<const std::uint8_t> rdata) {
    const auto names = compressible_names(type);
    put(rdata.first(names.before));
    rdata = rdata.subspan(names.before);
    for (unsigned i = 0; i < names.count; ++i) {
        const auto length = name_length(rdata);
        write_name(rdata.first(length));
        rdata = rdata.subspan(length);
    }
    put(rdata);
}

/// Writes a name and leaves as much of it as possible to a pointer into the apex's name. Labels
/// with capitals are written out, because answers show them as the file has them (RFC 4343 §4.1).
void SetWriter::write_name(std::span<const std::uint8_t> name) {
    std::array<std::size_t, max_labels + 1> starts;
    std::size_t labels = 0;
    std::size_t at = 0;
    for (; at < name.size() && name[at] != 0; at += name[at] + std::size_t{1})
        starts[labels++] = at;
    starts[labels] = at;
    std::size_t shared = 0;  // labels from the end
    while (shared < std::min(labels, apex_.label_count()) &&
           std::ranges::equal(name.subspan(starts[labels - shared - 1]),
                              apex_.suffix(apex_.label_count() - shared - 1))) {
        ++shared;
    }
    put(name.first(starts[labels - shared]));
    if (shared == 0) {
        octets_.push_back(0);
        return;
    }
    fixups_.push_back(static_cast<std::uint16_t>(octets_.size() - set_at_));
    geo::append_number(octets_, apex_.label_at(apex_.label_count() - shared), 2);
}

}  // namespace zones
