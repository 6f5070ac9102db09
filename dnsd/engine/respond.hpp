// SPDX-License-Identifier: Apache-2.0
#pragma once
// Octets in, octets out: makes the response to one query. Pure but for the random numbers of
// weighted sets; no allocation, no lock, no clock, no file. Any number of threads may run it on one
// snapshot.

#include "dnsd/engine/query.hpp"
#include "dnsd/engine/snapshot.hpp"
#include "dnsd/wire/message.hpp"
#include "geo/policy/outcome.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace engine {

struct Observation;
struct Trace;

/// Returned when another thread must answer the query:
///   - A query of an observed name. It takes time to find the answer; the other thread then calls
///     `respond` again with an Observation.
///   - A message that is signed by a known key, whatever it asks: its answer, or the fault in what
///     it asks, is signed too.
///   - A message that a known key has signed at another time: a signed answer says so.
constexpr std::size_t deferred = ~std::size_t{0};

/// Writes the response to a query that has been read. Returns its size, or `deferred`, or 0 when
/// there is no response: the message has no whole header, is a response itself, or is over the
/// limit. `out` has room for 65,535 octets, over UDP for the payload that the snapshot allows.
/// `trace` and `observation` may be null.
[[nodiscard]] std::size_t respond(const Snapshot& snapshot, Query& query, geo::Random& random,
                                  std::span<std::uint8_t> out, Trace* trace = nullptr,
                                  const Observation* observation = nullptr) noexcept;
/// The same for a single message, which it reads first.
[[nodiscard]] std::size_t respond(const Snapshot& snapshot, wire::Octets message,
                                  const Client& client, geo::Random& random,
                                  std::span<std::uint8_t> out, Trace* trace = nullptr,
                                  const Observation* observation = nullptr) noexcept;

}  // namespace engine
