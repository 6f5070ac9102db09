// SPDX-License-Identifier: Apache-2.0
#pragma once
// The records that this node tells its peers, as a zone with a journal. Each change makes a new
// serial, and a journal entry with the records that it removed and added. The journal serves peers
// that are not too far behind (RFC 1995). Lists of records are immutable and shared, so a transfer
// goes on with the version it began with while the zone changes. No sockets, no clock.
//
// Cost: a publication copies the buckets that it changes; at 100,000 records each has some 25.

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

/// Returns sixteenths of a second since 1970, modulo 2^32. A zone's serial goes up by at least one
/// with each publication. So a restarted node is ahead of everything it published before, although
/// it has kept nothing. If its clock was set back, its peers see a serial that goes backwards, and
/// take the whole zone.
[[nodiscard]] Serial serial_at(std::chrono::system_clock::time_point now);
/// The timers of a SOA.
struct SoaTimes {
    std::chrono::seconds refresh{30};
    std::chrono::seconds retry{10};
    std::chrono::seconds expire{600};
};

/// What the messages about a zone need besides its records.
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

/// A part of a transfer: records, or the SOA with a serial.
struct Piece {
    Serial serial = 0;
    RecordList records;  // null: the SOA
};

class MeasurementZone {
 public:
    explicit MeasurementZone(ZoneFace face);

    /// Changes records. If nothing differs from before, keeps the serial and returns false. Leaves
    /// out records that fail is_owner() or is_text().
    bool publish(const Changes& changes, Serial now);
    /// The same, and removes every record that is not in `all`.
    bool replace(const Records& all, Serial now);

    [[nodiscard]] Serial serial() const noexcept { return serial_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] const std::string* find(std::string_view owner) const;
    /// True if a record exists below this owner.
    [[nodiscard]] bool has_below(std::string_view owner) const;

    /// Returns the whole zone: SOA, records, SOA. NS is not in this list.
    [[nodiscard]] std::vector<Piece> whole() const;
    /// Returns the changes since `serial` (RFC 1995 §4): one SOA alone if there are none. Returns
    /// nothing if the journal does not reach back that far, or the differences are more than 1000
    /// records and more than the whole zone.
    [[nodiscard]] std::optional<std::vector<Piece>> since(Serial serial) const;

    [[nodiscard]] const ZoneFace& face() const noexcept { return face_; }

 private:
    static constexpr std::size_t bucket_count = 4096;
    struct JournalEntry {
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
    /// Counts that a record with this owner has come or gone below each name in which the owner
    /// ends.
    enum class Has : std::uint8_t { Come, Gone };
    void count_ends(std::string_view owner, Has has);
    void note(JournalEntry entry);

    ZoneFace face_;
    geo::KeyedHash hash_;  // keyed, as owners name networks, which strangers choose
    Serial serial_ = 0;
    bool published_ = false;  // at least once; before, there is no serial
    std::size_t size_ = 0;
    std::vector<RecordList> buckets_;                       // null: empty
    std::map<std::string, std::size_t, std::less<>> ends_;  // records below a name like "clients"
    std::deque<JournalEntry> journal_;                      // oldest first
    std::size_t journal_size_ = 0;                          // records
};

}  // namespace transfer
