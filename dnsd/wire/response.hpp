// SPDX-License-Identifier: Apache-2.0
#pragma once
// Writes a response: the question as it was asked, ready RRsets, and at the end OPT, for which room
// is kept from the start. An RRset is written whole or not at all. No allocation.

#include "dnsd/wire/request.hpp"
#include "dnsd/wire/tsig_record.hpp"
#include "zones/zone/zone.hpp"

#include <optional>
#include <string_view>

namespace wire {

/// What goes into OPT beyond what the request's OPT calls for.
struct OptContent {
    std::string_view nsid;                   // empty: not sent
    std::optional<std::uint16_t> keepalive;  // in units of 100 ms (RFC 7828 §3.1)
    ExtendedError error = ExtendedError::None;
    std::uint8_t scope = 0;  // scope of the client subnet
    Octets cookie{};         // the client's and the server's cookie; empty: not sent
};

class Response {
 public:
    /// `out` must be at least `limit` octets long. `limit` includes OPT and is at least 512.
    Response(const Request& request, std::span<std::uint8_t> out, std::size_t limit) noexcept;

    /// Keeps `octets` octets free for OPT from now on.
    void reserve(std::size_t octets) noexcept { reserved_ = octets; }

    /// Appends a ready RRset. `owner` is the offset of its owner in the message, `apex` the offset
    /// of the zone's name. Returns false, and writes nothing, when there is no room.
    [[nodiscard]] bool add(Section section, const zones::WireSet& set, std::size_t owner,
                           std::size_t apex) noexcept;
    /// Appends one record whose RDATA is an uncompressed name or other octets.
    [[nodiscard]] bool add(Section section, std::size_t owner, zones::RrType type, RrClass rr_class,
                           std::uint32_t ttl, Octets rdata) noexcept;

    /// Returns the offset of the RDATA of the record that begins at `record`.
    [[nodiscard]] static std::size_t rdata_at(std::size_t record) noexcept { return record + 12; }
    /// Returns the offset of the record after the one that begins at `record`.
    [[nodiscard]] std::size_t next_record(std::size_t record) const noexcept {
        return record + 12 + read16(out_, record + 10);
    }
    /// Gives this TTL to the record that begins at `record` and to all after it.
    void set_ttl(std::size_t record, std::uint32_t ttl) noexcept;
    /// True if one of the records from `record` to the end has this RDATA.
    [[nodiscard]] bool has_rdata(std::size_t record, Octets rdata) const noexcept;
    /// Copies the name at offset `at` of this message, without pointers and with the case of its
    /// letters. Returns its length; 0 when it is longer than `to`.
    [[nodiscard]] std::size_t copy_name(std::size_t at, std::span<std::uint8_t> to) const noexcept;
    /// Returns the offset of that name without its first `labels` labels.
    [[nodiscard]] std::size_t suffix_at(std::size_t at, std::size_t labels) const noexcept;

    void set_flags(std::uint16_t flags) noexcept { flags_ |= flags; }
    void clear_flags(std::uint16_t flags) noexcept {
        flags_ = static_cast<std::uint16_t>(flags_ & ~flags);
    }
    void set_rcode(Rcode rcode) noexcept { rcode_ = rcode; }
    [[nodiscard]] Rcode rcode() const noexcept { return rcode_; }
    /// Removes everything after the question.
    void clear() noexcept;
    /// The same, and sets TC.
    void truncate() noexcept;

    /// Octets written so far, which is the offset of the next record.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool has_answers() const noexcept { return counts_[0] > 0; }

    /// Writes OPT if the request had it, and the header. Returns the size of the message.
    [[nodiscard]] std::size_t finish(const OptContent& content, std::uint16_t payload) noexcept;
    /// The same for a request whose TSIG is not verified: NOTAUTH with the fault in a TSIG without
    /// a MAC (RFC 8945 §5.2), or FORMERR. Sets TC when there is no room for that TSIG (§5.3).
    [[nodiscard]] std::size_t refuse_signature(TsigFault fault, const OptContent& content,
                                               std::uint16_t payload) noexcept;

 private:
    [[nodiscard]] bool room_for(std::size_t octets) const noexcept {
        return size_ + octets + reserved_ <= limit_;
    }
    void count(Section section, std::size_t records) noexcept {
        auto& counter = counts_[static_cast<std::size_t>(section)];
        counter = static_cast<std::uint16_t>(counter + records);
    }
    void put(std::size_t value) noexcept;  // 16 bits
    void put(Octets octets) noexcept;
    void write_opt(const OptContent& content, std::uint16_t payload) noexcept;
    void write_unsigned(const TsigRecord& tsig, TsigFault fault) noexcept;
    [[nodiscard]] std::size_t write_header() noexcept;

    const Request& request_;
    std::span<std::uint8_t> out_;
    std::size_t limit_;
    std::size_t reserved_ = 0;
    std::size_t size_ = header_size;
    std::uint16_t flags_ = flag_qr;
    Rcode rcode_ = Rcode::NoError;
    std::uint16_t counts_[3] = {0, 0, 0};
};

/// Returns the octets that OPT takes for this request and content.
[[nodiscard]] std::size_t opt_size(const Request& request, const OptContent& content) noexcept;

}  // namespace wire
