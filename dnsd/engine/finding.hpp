// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one look-up of a name found, as a value. A finding says what is answered, and nothing of the
// octets: it is made from a zone (lookup.hpp) and written into a message (render.hpp). It refers to
// the zone.

#include "dnsd/engine/observation.hpp"
#include "geo/place/address.hpp"
#include "geo/policy/edge_board.hpp"
#include "geo/policy/outcome.hpp"
#include "zones/zone/zone.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

namespace engine {

/// Edges whose addresses are answered together, as one RRset.
struct AnswerSet {
    /// Each has an address of the family. They stay where the look-up has chosen them.
    std::span<const geo::EdgeIndex> edges;
    geo::Family family = geo::Family::V4;
    std::uint32_t ttl = 0;  // seconds
};

/// An RRset of the zone, at the name.
struct PlainSet {
    const zones::RrSet* set = nullptr;
};

/// The addresses of edges, at the name.
struct SteeredSet {
    const zones::Steer* steer = nullptr;
    AnswerSet answer;
};

/// The name is an alias.
struct Alias {
    const zones::RrSet* cname = nullptr;
};

/// A DNAME stands above the name and makes an alias of it (RFC 6672 §3).
struct Substitution {
    const zones::RrSet* dname = nullptr;
    std::size_t kept = 0;   // octets of the name before its part that the DNAME replaces
    bool too_long = false;  // the new name would have more than 255 octets
};

/// The name is at or below a zone cut.
struct Cut {
    const zones::RrSet* name_servers = nullptr;
};

/// The name has records, and the query asks for all types (RFC 8482).
struct AllTypes {};

/// The name exists and has no such type.
struct NoType {
    std::uint32_t ttl_limit = geo::EdgeHealth::no_limit;  // seconds, if the zone's is longer
};

/// The name does not exist.
struct NoName {
    std::uint32_t ttl_limit = geo::EdgeHealth::no_limit;  // seconds, if the zone's is longer
};

/// The name is an observed one, and the client is an observer.
struct Observed {
    const Observation* observation = nullptr;  // null: another thread must make it
};

/// The same, but anybody may have sent the query from the observer's address.
struct Unproved {};

struct Finding {
    /// Where in the zone it was found: the node, and the labels of the name before the node's.
    zones::Zone::Lookup at;
    std::variant<PlainSet, SteeredSet, Alias, Substitution, Cut, AllTypes, NoType, NoName, Observed,
                 Unproved>
        what;

    /// Returns what was found if it is of this kind; else null.
    template <class Kind>
    [[nodiscard]] const Kind* as() const noexcept {
        return std::get_if<Kind>(&what);
    }
};

}  // namespace engine
