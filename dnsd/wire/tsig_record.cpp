// SPDX-License-Identifier: Apache-2.0
#include "dnsd/wire/tsig_record.hpp"

#include "dnsd/wire/message_name.hpp"

namespace wire {
namespace {

constexpr std::size_t record_head = 10;  // type, class, TTL, length

std::uint64_t read48(Octets octets, std::size_t at) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 6; ++i) value = value << 8 | octets[at + i];
    return value;
}

/// False when the lengths in it do not add up.
bool read_rdata(Octets rdata, TsigRecord& tsig) noexcept {
    const auto algorithm = zones::Name::read(rdata);
    if (!algorithm) return false;
    tsig.algorithm = *algorithm;
    rdata = rdata.subspan(algorithm->length());
    if (rdata.size() < tsig_fixed_rdata) return false;
    tsig.time = read48(rdata, 0);
    tsig.fudge = read16(rdata, 6);
    const std::size_t mac = read16(rdata, 8);
    if (rdata.size() < tsig_fixed_rdata + mac) return false;
    tsig.mac = rdata.subspan(10, mac);
    tsig.original_id = read16(rdata, 10 + mac);
    tsig.error = read16(rdata, 12 + mac);
    tsig.other = rdata.subspan(tsig_fixed_rdata + mac);
    return tsig.other.size() == read16(rdata, 14 + mac);
}

}  // namespace

std::optional<TsigRecord> read_tsig_record(Octets message, std::size_t at) noexcept {
    TsigRecord tsig;
    tsig.at = at;
    if (!read_name(message, at, tsig.key) || message.size() - at < record_head) return std::nullopt;
    const std::size_t length = read16(message, at + 8);
    const bool any_class = read16(message, at + 2) == tsig_class;
    const bool no_ttl = read16(message, at + 4) == 0 && read16(message, at + 6) == 0;
    const auto rdata = message.subspan(at + record_head);
    if (!any_class || !no_ttl || rdata.size() != length || !read_rdata(rdata, tsig))
        return std::nullopt;
    return tsig;
}

}  // namespace wire
