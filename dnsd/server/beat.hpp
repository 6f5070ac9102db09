// SPDX-License-Identifier: Apache-2.0
#pragma once
// The beat of a node. Every few seconds this notes which other nodes answer, tells them what this
// one has measured lately, and has the served zones steered by what all nodes have measured. What is
// heard of that waits for the thread of loads, where steering is done too, piece by piece. Control
// thread only.

#include "dnsd/health/health.hpp"
#include "dnsd/loading/learning.hpp"
#include "dnsd/nodes/node_link.hpp"
#include "dnsd/steering/measuring.hpp"
#include "dnsd/threads/loads.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace control {

class Beat {
 public:
    /// Who has a part in it.
    struct Members {
        NodeLink& link;
        Health& health;
        Measuring& measuring;
    };
    /// What the thread of loads does: Learning::hear() and Learning::steer().
    struct Lessons {
        std::function<void(const std::string& edge, const transfer::Changes& changes)> hear;
        std::function<void(Steered& steered)> steer;
    };
    /// Takes the served zones with what is measured laid over their maps.
    using Show = std::function<void(zones::Catalog catalog)>;

    /// All that these use outlives this, but `loads`, which has been joined when this ends.
    Beat(boost::asio::io_context& context, Loads& loads, Members members, Lessons lessons,
         std::chrono::milliseconds interval, Show show);
    Beat(const Beat&) = delete;
    Beat& operator=(const Beat&) = delete;

    /// For nodes alone. The first beat is an interval later.
    void start();
    /// Takes what the node at an edge has measured. How much may wait for the thread of loads is up
    /// to whoever counts what is held.
    void hear(std::string edge, transfer::Changes changes, transfer::Backlog::Hold hold);

 private:
    void note_peers();
    void tell();
    void steer();
    void take(Outcome<Steered>& steered);

    Loads& loads_;
    Members members_;
    Lessons lessons_;
    std::chrono::milliseconds interval_;
    Show show_;
    boost::asio::steady_timer timer_;
    probes::Time next_telling_{};
    bool steering_ = false;
};

}  // namespace control
