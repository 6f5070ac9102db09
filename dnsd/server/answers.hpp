// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the server answers to commands and says in dashboards. Control thread only.

#include "dnsd/explain/debug_names.hpp"
#include "dnsd/health/health.hpp"
#include "dnsd/nodes/node_link.hpp"
#include "dnsd/report/reporter.hpp"
#include "dnsd/server/keeper.hpp"
#include "dnsd/server/requests.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace control {

class Answers {
 public:
    /// Who is asked. All of them outlive the last answer.
    struct Knowers {
        Keeper& keeper;
        Health& health;
        Observatory& observatory;
        const NodeLink& link;
        const SnapshotMaker& maker;
    };
    /// `reporter` outlives the last answer too.
    Answers(boost::asio::io_context& context, Knowers knowers, const Reporter& reporter);

    /// Answers a request of the control socket. What a command has changed is on the disk before the
    /// operator is told so, and, where that does not take long, at the other nodes.
    [[nodiscard]] boost::asio::awaitable<std::string> answer(std::string request);
    /// Returns what Observatory::Dashboard asks for.
    [[nodiscard]] std::vector<std::string> dashboard(const zones::Name& zone,
                                                     std::optional<std::size_t> edge) const;

 private:
    boost::asio::io_context& context_;
    Knowers knowers_;
    const Reporter& reporter_;
    Knowing knowing_;
};

}  // namespace control
