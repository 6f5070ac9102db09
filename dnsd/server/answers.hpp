// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the server answers to commands, and what it says in dashboards besides the edges: gathered from
// all that know something of it. Control thread only.

#include "dnsd/config/config.hpp"
#include "dnsd/engine/query_counters.hpp"
#include "dnsd/explain/debug_names.hpp"
#include "dnsd/health/health.hpp"
#include "dnsd/nodes/node_link.hpp"
#include "dnsd/report/server_facts.hpp"
#include "dnsd/server/keeper.hpp"
#include "dnsd/server/service.hpp"
#include "dnsd/steering/measuring.hpp"
#include "dnsd/steering/relay_watch.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <span>
#include <string>
#include <vector>

namespace control {

class Answers {
 public:
    /// Who is asked. All of them outlive the last answer.
    struct Parts {
        const SnapshotMaker& maker;
        std::span<const engine::QueryCounters> counters;
        Keeper& keeper;
        Health& health;
        Observatory& observatory;
        const NodeLink& link;
        const Service& service;
        const RelayWatch& relay;
        const Measuring& measuring;
    };
    Answers(boost::asio::io_context& context, const Config& config, Parts parts)
        : context_{context}, config_{config}, parts_{parts} {}

    /// To a request of the control socket. What a command has changed is on the disk before it is told
    /// so, and, where that does not take long, at the other nodes.
    [[nodiscard]] boost::asio::awaitable<std::string> answer(std::string request);
    /// What the dashboard of a zone says besides its edges: of the other nodes, of alarms, and of
    /// zones that other nodes serve otherwise. With `edge`, only of the node there.
    [[nodiscard]] std::vector<std::string> further_lines(const zones::Name& zone,
                                                         const std::string& edge) const;

    /// In one line: how many zones are served, and what is not well.
    [[nodiscard]] std::string summary() const;

 private:
    [[nodiscard]] engine::QueryCounts query_counts() const;
    [[nodiscard]] ServerFacts facts() const;

    boost::asio::io_context& context_;
    const Config& config_;
    Parts parts_;
};

}  // namespace control
