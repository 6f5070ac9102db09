// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads a peer's answer to IXFR or AXFR, record by record: the differences since a serial, the
// whole zone, or word that there is nothing new (RFC 1995 §4, RFC 5936 §2.2). Changes nothing
// before the last record has come. Uses no sockets, and limits what it holds, whatever the peer
// sends.

#include "dnsd/nodes/measurement_zone.hpp"
#include "dnsd/wire/record_reader.hpp"
#include "geo/base/sip_hash.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

namespace transfer {

struct IncomingLimits {
    std::size_t records = 250'000;   // of one zone
    std::size_t octets = 64U << 20;  // of one transfer
    /// Approximate octets of memory, for one zone, and likewise for the changes that a transfer
    /// holds until they are brought in.
    std::size_t held = 64U << 20;
};

enum class IncomingFault : std::uint8_t {
    None,
    Broken,    // no DNS message, or no response
    Refused,   // the RCODE is not NOERROR
    Sequence,  // records in an order that no transfer has
    Record,    // an owner outside the zone, or a text that is no single line
    Mismatch,  // differences to another zone than the known one: the whole zone is needed
    TooMuch,
};
[[nodiscard]] const char* to_text(IncomingFault fault) noexcept;

/// Values by owner. The hash is keyed: a peer chooses the owners, but not their buckets.
template <class Text>
using RecordTable = std::unordered_map<std::string, Text, geo::KeyedHash, std::equal_to<>>;

/// A peer's zone as this node knows it.
struct KnownZone {
    Serial serial = 0;
    SoaTimes times;
    RecordTable<std::string> records;
    std::int64_t held = 0;  // approximate octets of memory of the records
};

class Incoming {
 public:
    /// `known` is null for AXFR. It outlives this, and nobody changes it before bring().
    Incoming(const zones::Name& apex, const KnownZone* known, IncomingLimits limits = {})
        : apex_{apex}, known_{known}, limits_{limits} {}

    /// Takes one message of the answer. The caller has verified it and cut off its TSIG.
    [[nodiscard]] IncomingFault take(wire::Octets message);
    [[nodiscard]] bool done() const noexcept { return stage_ == Stage::Done; }

    /// Once done(): brings up to 2000 changes into `zone`, which is the known zone, and returns
    /// them. Call it until brought(); the parts keep a large zone from holding up the thread. Until
    /// then `zone` has its old serial, and nobody else may change it.
    [[nodiscard]] Changes bring(KnownZone& zone);
    [[nodiscard]] bool brought() const noexcept { return brought_; }

    /// Returns the approximate octets of memory that the changes take.
    [[nodiscard]] std::size_t held() const noexcept { return held_; }

 private:
    enum class Stage : std::uint8_t { First, Second, Whole, Removing, Adding, Done };
    struct Soa {
        Serial serial = 0;
        SoaTimes times;
    };
    using All = RecordTable<std::string>;
    using Difference = RecordTable<std::optional<std::string>>;

    [[nodiscard]] IncomingFault take(const wire::Record& record, wire::Octets message);
    [[nodiscard]] IncomingFault take_soa(const Soa& soa);
    [[nodiscard]] IncomingFault take_text(const wire::Record& record);
    [[nodiscard]] IncomingFault remove(std::string owner, const std::string& text);
    [[nodiscard]] IncomingFault add(std::string owner, std::string text);
    /// Notes that the owner now has this text, or none. Holds only what differs from the known
    /// zone.
    void differ(std::string owner, std::optional<std::string> text);
    [[nodiscard]] bool too_much() const noexcept;
    void remove_others(KnownZone& zone, Changes& changes, std::size_t& looked_at);
    static void set(KnownZone& zone, All::node_type node, Changes& changes);
    /// Returns the owner's text after the differences taken so far; null if it has none.
    [[nodiscard]] const std::string* current(const std::string& owner) const;
    [[nodiscard]] static std::optional<Soa> read_soa(const wire::Record& record,
                                                     wire::Octets message);

    zones::Name apex_;
    const KnownZone* known_;
    IncomingLimits limits_;
    Stage stage_ = Stage::First;
    Soa latest_;          // of the zone after the transfer
    Serial reached_ = 0;  // after the differences taken so far
    bool whole_ = false;
    std::size_t octets_ = 0;
    std::int64_t growth_ = 0;       // records added, less those removed
    std::int64_t growth_held_ = 0;  // the same in octets of memory
    std::size_t held_ = 0;
    All all_;  // if whole_
    Difference difference_;
    std::string resume_;  // the owner at which comparing goes on
    bool compared_ = false;
    bool brought_ = false;
};

}  // namespace transfer
