// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a peer answers to IXFR or AXFR, record by record: the differences since a serial, all of the
// zone, or word that there is nothing new (RFC 1995 §4, RFC 5936 §2.2). Nothing is changed before
// the last record has come. No sockets; bounded by limits, whatever is sent.

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
    /// Octets of memory, about: of one zone, and of what a transfer changes until it is brought.
    std::size_t held = 64U << 20;
};

enum class IncomingFault : std::uint8_t {
    None,
    Broken,    // no DNS message, or not an answer to the query
    Refused,   // the peer says another RCODE than NOERROR
    Sequence,  // records in an order that no transfer has
    Record,    // an owner out of the zone, or what is no line of text
    Mismatch,  // the differences are not those of what is known: all of the zone is needed
    TooMuch,
};
[[nodiscard]] const char* to_text(IncomingFault fault) noexcept;

/// By owner. A peer chooses those, but not where they fall.
template <class Text>
using RecordTable = std::unordered_map<std::string, Text, geo::KeyedHash, std::equal_to<>>;

/// What is known of a zone.
struct KnownZone {
    Serial serial = 0;
    SoaTimes times;
    RecordTable<std::string> records;
    std::int64_t held = 0;  // octets of memory that the records take, about
};

class Incoming {
 public:
    /// `known` is null for AXFR; it outlives this, and stays as it is until `bring`.
    Incoming(const zones::Name& apex, const KnownZone* known, IncomingLimits limits = {})
        : apex_{apex}, known_{known}, limits_{limits} {}

    /// Takes a message of the answer, verified and without its TSIG.
    [[nodiscard]] IncomingFault take(wire::Octets message);
    [[nodiscard]] bool done() const noexcept { return state_ == State::Done; }

    /// Once it is done: brings a part of what has changed into `zone`, which is what was known, and
    /// tells it; again and again until all is `brought`. So nobody waits long for a large zone. In
    /// between, `zone` has its old serial, and must not be changed otherwise.
    [[nodiscard]] Changes bring(KnownZone& zone);
    [[nodiscard]] bool brought() const noexcept { return brought_; }

    /// Octets of memory that it takes, about.
    [[nodiscard]] std::size_t held() const noexcept { return held_; }

 private:
    enum class State : std::uint8_t { First, Second, Whole, Removing, Adding, Done };
    struct Soa {
        Serial serial = 0;
        SoaTimes times;
    };
    using All = RecordTable<std::string>;
    using Difference = RecordTable<std::optional<std::string>>;

    [[nodiscard]] IncomingFault take(const Record& record, wire::Octets message);
    [[nodiscard]] IncomingFault take_soa(const Soa& soa);
    [[nodiscard]] IncomingFault take_text(const Record& record);
    [[nodiscard]] IncomingFault remove(std::string owner, const std::string& text);
    [[nodiscard]] IncomingFault add(std::string owner, std::string text);
    /// From now on the owner has this text, or none. Only what differs from what is known is held.
    void differ(std::string owner, std::optional<std::string> text);
    [[nodiscard]] bool too_much() const noexcept;
    void remove_others(KnownZone& zone, Changes& changes, std::size_t& looked_at);
    static void set(KnownZone& zone, All::node_type node, Changes& changes);
    /// After the differences taken so far.
    [[nodiscard]] const std::string* current(const std::string& owner) const;
    [[nodiscard]] static std::optional<Soa> read_soa(const Record& record, wire::Octets message);

    zones::Name apex_;
    const KnownZone* known_;
    IncomingLimits limits_;
    State state_ = State::First;
    Soa latest_;          // the zone's when all has come
    Serial reached_ = 0;  // by the differences so far
    bool whole_ = false;
    std::size_t octets_ = 0;
    std::int64_t growth_ = 0;       // records added, less those removed
    std::int64_t growth_held_ = 0;  // the same in octets of memory
    std::size_t held_ = 0;
    All all_;  // when whole_
    Difference difference_;
    std::string resume_;  // where comparing goes on
    bool compared_ = false;
    bool brought_ = false;
};

}  // namespace transfer
