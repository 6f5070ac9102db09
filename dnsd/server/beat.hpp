// SPDX-License-Identifier: Apache-2.0
#pragma once
// The beat of a node: every few seconds it notes which other nodes answer, tells what it has measured
// lately, and has the served zones steered by what all nodes have measured. What is heard of that
// waits for the thread of loads, where steering is done too, piece by piece. A server that is no node
// has no beat. Control thread. Stands in this room because it knows of the loader and the keeper.

#include "dnsd/health/health.hpp"
#include "dnsd/loading/steered_loader.hpp"
#include "dnsd/nodes/node_link.hpp"
#include "dnsd/server/keeper.hpp"
#include "dnsd/steering/measuring.hpp"
#include "dnsd/threads/loads.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace control {

class Beat {
 public:
    /// What it moves.
    struct Parts {
        Loads& loads;
        NodeLink& link;
        Health& health;
        Measuring& measuring;
        SteeredLoader& loader;  // of the thread of loads
        Keeper& keeper;
    };
    /// Takes the served zones with what is measured laid over their maps.
    using Show = std::function<void(zones::Catalog catalog)>;

    /// All of them outlive this, but `loads`, which has been joined when this ends.
    Beat(boost::asio::io_context& context, Parts parts, std::chrono::milliseconds interval,
         Show show);
    Beat(const Beat&) = delete;
    Beat& operator=(const Beat&) = delete;

    /// The first one is an interval later.
    void start();
    /// What the node at an edge has measured. How much may wait for the thread of loads is up to
    /// whoever counts what is held.
    void hear(std::string edge, transfer::Changes changes, transfer::Backlog::Hold hold);

 private:
    /// What a look at the measurements has come to.
    struct Steered {
        std::optional<zones::Catalog> catalog{};  // nothing: nothing was due
        std::vector<probes::Candidate> others{};  // networks that other nodes have seen
        geo::Problems problems{};
    };

    void go_on();
    void note_peers();
    void tell();
    void steer();
    void steer_by(Steered& steered);
    void take(Outcome<Steered>& steered);

    Parts parts_;
    std::chrono::milliseconds interval_;
    Show show_;
    boost::asio::steady_timer timer_;
    probes::Time next_telling_{};
    bool steering_ = false;
};

}  // namespace control
