// SPDX-License-Identifier: Apache-2.0
#pragma once
// Answers the names `_probes` and `_why`, by which a server tells what it knows. Workers leave such
// queries here. On the control thread, whoever knows the edges gives the lines of `_probes`. A thread of
// its own finds reasons, because it has to open databases for them.

#include "dnsd/engine/observation.hpp"
#include "dnsd/engine/observed_name.hpp"
#include "dnsd/engine/observer.hpp"
#include "dnsd/engine/snapshots.hpp"
#include "dnsd/explain/explain.hpp"
#include "dnsd/health/health.hpp"
#include "geo/source/sources.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace control {

class Observatory final : public engine::Observer {
 public:
    /// Returns the lines of a zone's `_probes`, or those of one edge, by its number; none if nothing
    /// is known of the zone's edges. Called on the control thread.
    using Dashboard = std::function<std::vector<std::string>(const zones::Name& zone,
                                                             std::optional<std::size_t> edge)>;

    /// `context` is the control thread's. All arguments must outlive this.
    Observatory(boost::asio::io_context& context, const Health& health,
                const engine::Snapshots& snapshots, geo::SourceFiles sources, Dashboard dashboard);
    /// Waits for the thread that finds reasons. No reply comes afterwards.
    ~Observatory();
    Observatory(const Observatory&) = delete;
    Observatory& operator=(const Observatory&) = delete;

    void observe(std::vector<std::uint8_t> query, engine::Client client, Reply reply) override;

    /// Returns what `_why` would answer, with no line cut. Await it on the control thread.
    [[nodiscard]] boost::asio::awaitable<Rows> explain(zones::Name name, Asker asker);

 private:
    struct Question;
    /// What to explain, and what was known when it was asked.
    struct Matter {
        zones::Name name;
        Asker asker;
        std::shared_ptr<const engine::Snapshot> snapshot;
        std::optional<probes::ZoneStatus> health;  // of the name's zone
        probes::Time health_changed;
    };
    /// On the control thread.
    [[nodiscard]] Matter matter_of(const zones::Name& name, const Asker& asker) const;
    boost::asio::awaitable<Rows> explain_matter(Matter matter);
    /// On the control thread: reads what health knows now.
    void look(const std::shared_ptr<Question>& question);
    /// Gives the memory of the databases back once nobody has asked for a minute.
    void forget_later();
    /// On the thread for reasons.
    void reason(const std::shared_ptr<Question>& question);
    void respond(const std::shared_ptr<Question>& question, const engine::Observation& observation);
    [[nodiscard]] Rows reasons(const Matter& matter);

    boost::asio::io_context& context_;
    const Health& health_;
    const engine::Snapshots& snapshots_;
    geo::SourceFiles files_;
    Dashboard dashboard_;
    // Questions that are left on the control thread end with its context, which may outlive this.
    std::shared_ptr<std::atomic<unsigned>> waiting_ = std::make_shared<std::atomic<unsigned>>(0);
    std::optional<geo::Sources> sources_;  // on the reasoner's thread; kept for the next questions
    std::uint64_t sources_of_ = 0;         // the generation for which they were opened
    boost::asio::steady_timer forget_timer_;
    boost::asio::thread_pool reasoner_{1};
};

/// Shortens the lines to what a message over TCP holds, which thousands of edges exceed. A line in
/// the middle says how many lines are left out there. The last 16 lines, which say what was chosen,
/// stay.
[[nodiscard]] std::vector<std::string> fit_message(std::vector<std::string> lines);

/// Returns a line for each fact, "place=GB (United Kingdom), EU", in printable ASCII, cut to the
/// 255 octets that a TXT string holds.
[[nodiscard]] std::vector<std::string> text_lines(const Rows& rows);

}  // namespace control
