// SPDX-License-Identifier: Apache-2.0
#pragma once
// What this node tells its peers, as a zone with a journal: each change makes a new serial and an
// entry of what it removed and added, from which a peer that is not too far behind is served
// (RFC 1995). Views are immutable and shared, so a transfer goes on from the one it began with
// while the zone changes. No sockets, no clock.
//
// Cost: a publication copies the buckets that it changes, of some 25 records each at 100,000.

#include "dnsd/nodes/changes.hpp"
#include "geo/base/sip_hash.hpp"
#include "zones/name/name.hpp"
#include "zones/name/serial.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace transfer {

using zones::is_newer;
using zones::Serial;

/// Serials count sixteenths of a second since 1970, modulo 2^32, and go up by at least one with
/// each publication. So a node that starts anew is ahead of what it published before, without
/// having kept anything, unless its clock was set back: then its peers see a serial that goes
/// backwards, and take the whole zone.
[[nodiscard]] Serial serial_at(std::chrono::system_clock::time_point now);
/// The timers of a SOA.
struct SoaTimes {
    std::chrono::seconds refresh{30};
    std::chrono::seconds retry{10};
    std::chrono::seconds expire{600};
};

/// What a zone's records need beside themselves.
struct ZoneFace {
    zones::Name apex;
    zones::Name name_server;  // in SOA and NS
    SoaTimes times;
};

struct ZoneRecord {
    std::string owner;
    std::string text;
};
using RecordList = std::shared_ptr<const std::vector<ZoneRecord>>;

/// A part of a transfer: the SOA with a serial, or records.
struct Piece {
    Serial serial = 0;
    RecordList records;  // null: the SOA
};

class MeasurementZone {
 public:
    explicit MeasurementZone(ZoneFace face);

    /// Changes records. False, and the serial stays, when nothing is other than before. Owners and
    /// texts that no zone can hold are left out.
    bool publish(const Changes& changes, Serial now);
    /// The same; what is not in `all` is removed.
    bool replace(const Records& all, Serial now);

    [[nodiscard]] Serial serial() const noexcept { return serial_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] const std::string* find(std::string_view owner) const;
    /// Whether a record's owner ends in this one.
    [[nodiscard]] bool has_below(std::string_view owner) const;

    /// All of the zone: SOA, records, SOA. NS is not a record of this list.
    [[nodiscard]] std::vector<Piece> whole() const;
    /// What has changed since `serial` (RFC 1995 §4); one SOA alone when nothing has. Nothing comes
    /// back when the journal does not reach that far, or the whole zone is less.
    [[nodiscard]] std::optional<std::vector<Piece>> since(Serial serial) const;

    [[nodiscard]] const ZoneFace& face() const noexcept { return face_; }

 private:
    static constexpr std::size_t bucket_count = 4096;
    struct Entry {
        Serial from = 0;
        Serial to = 0;
        RecordList removed;
        RecordList added;
        [[nodiscard]] std::size_t size() const { return removed->size() + added->size(); }
    };
    [[nodiscard]] std::size_t bucket_of(std::string_view owner) const noexcept;
    struct Edit {
        std::size_t bucket = 0;
        const std::string* owner = nullptr;
        const std::string* text = nullptr;  // null: to be removed
    };
    void add_new(const Records& records, std::vector<Edit>& edits) const;
    bool apply(std::vector<Edit> edits, Serial now);
    void take_out(std::vector<ZoneRecord>& bucket, const std::string& owner,
                  std::vector<ZoneRecord>& removed);
    /// A record with this owner has come, or gone: what it ends in has one more below it, or one less.
    enum class Has : std::uint8_t { Come, Gone };
    void count_ends(std::string_view owner, Has has);
    void note(Entry entry);

    ZoneFace face_;
    geo::KeyedHash hash_;  // owners name networks, whose choice is that of strangers
    Serial serial_ = 0;
    bool published_ = false;  // at least once: before, there is no serial
    std::size_t size_ = 0;
    std::vector<RecordList> buckets_;                       // null: empty
    std::map<std::string, std::size_t, std::less<>> ends_;  // records below: few names, "clients" …
    std::deque<Entry> journal_;                             // the oldest first
    std::size_t journal_size_ = 0;                          // records
};

}  // namespace transfer
