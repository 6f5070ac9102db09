// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether the server answers: it asks itself over UDP, at each address that it listens on. In a flood
// its query may be lost, so queries of others that a thread has taken since then count as well. An
// address at which neither has ever been seen, as a firewall keeps the machine from asking itself, say,
// is not asked about. TCP is not looked at. Never waits. Control thread only.

#include "dnsd/engine/query_counters.hpp"
#include "dnsd/sockets/endpoint.hpp"
#include "geo/base/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace control {

class SelfQuery {
 public:
    /// `counters` are those of all lanes, so many of each worker: one for TCP, and one for each of
    /// `endpoints`, which it fills when it is asked first. Both outlive this.
    SelfQuery(const std::vector<net::Endpoint>& endpoints,
              std::span<const engine::QueryCounters> counters, std::size_t lanes)
        : endpoints_{endpoints}, counters_{counters}, lanes_{lanes} {}

    /// What has been seen until now does not count any more.
    void begin();
    /// Sends a query to each address that has not answered.
    void ask();
    /// True once all addresses have answered since begin().
    [[nodiscard]] bool answered();

 private:
    struct Asked {
        geo::Descriptor socket;  // connected
        std::size_t lane = 0;    // in the first worker
        std::uint64_t taken = 0;
        bool answered = false;
        bool ever = false;
    };
    void open();
    [[nodiscard]] std::uint64_t taken(std::size_t lane) const;
    [[nodiscard]] bool seen(Asked& asked) const;

    const std::vector<net::Endpoint>& endpoints_;
    std::span<const engine::QueryCounters> counters_;
    std::size_t lanes_;
    std::vector<Asked> asked_;
    std::uint16_t id_ = 0;
};

}  // namespace control
