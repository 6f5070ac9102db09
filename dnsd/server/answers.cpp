// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/answers.hpp"

#include "dnsd/config/version.hpp"
#include "dnsd/report/troubles.hpp"
#include "dnsd/server/explain_request.hpp"
#include "dnsd/server/requests.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>

namespace control {
namespace {

namespace asio = boost::asio;

// A command waits so long for other nodes to say that they have heard of it.
constexpr std::chrono::seconds longest_for_nodes{3};
constexpr std::chrono::milliseconds look_for_nodes{50};

}  // namespace

asio::awaitable<std::string> Answers::answer(std::string request) {
    const auto before = parts_.keeper.writes();
    if (const auto asked = read_explain(request)) {
        try {
            const auto rows = co_await parts_.observatory.explain(asked->name, asked->asker);
            co_return explain_reply(asked->name, rows, facts());
        } catch (const std::exception& escaped) {  // no memory for the databases, say
            co_return fault_reply(escaped.what());
        }
    }
    std::vector<EdgeName> said;
    auto reply = answer_request(request, parts_.health, facts(), &said);
    if (parts_.keeper.writes() != before) co_await parts_.keeper.written();
    if (said.empty() || !parts_.link.sharing().on()) co_return reply;
    const auto end = probes::Clock::now() + longest_for_nodes;
    asio::steady_timer pause{context_};
    while (parts_.link.is_awaited(parts_.health.arrived(said)) && probes::Clock::now() < end) {
        pause.expires_after(look_for_nodes);
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return with_nodes(reply, parts_.health.arrived(said));
}

std::vector<std::string> Answers::further_lines(const zones::Name& zone,
                                                const std::string& edge) const {
    auto lines = parts_.link.sharing().lines(zone, edge);
    if (!edge.empty()) return lines;
    std::ranges::move(parts_.service.alarms().lines(&zone), std::back_inserter(lines));
    std::ranges::move(parts_.link.difference_lines(zone), std::back_inserter(lines));
    return lines;
}

std::string Answers::summary() const {
    std::vector<std::string> wrong = parts_.service.alarms().lines();
    const auto add = [&wrong](const std::vector<Trouble>& troubles) {
        for (const auto& trouble : troubles) wrong.push_back(trouble.text);
    };
    for (const auto& zone : parts_.health.status()) add(troubles_of(zone));
    add(troubles_of(parts_.link.sharing().peers()));
    auto text = "serves " + parts_.maker.zone_count();
    if (wrong.empty()) return text;
    text += "; " + wrong.front();
    if (wrong.size() > 1) text += "; and " + std::to_string(wrong.size() - 1) + " more";
    return text;
}

engine::QueryCounts Answers::query_counts() const {
    engine::QueryCounts sum;
    for (const auto& counters : parts_.counters) counters.add_to(sum);
    return sum;
}

ServerFacts Answers::facts() const {
    const auto& sharing = parts_.link.sharing();
    return {.version = version,
            .generation = parts_.maker.generation(),
            .snapshot = parts_.maker.current(),
            .node = config_.node,
            .peers = sharing.peers(),
            .further = [&sharing](const zones::Name& zone,
                                  const std::string& edge) { return sharing.lines(zone, edge); },
            .sharing_fault = sharing.fault(),
            .measurements = &parts_.relay.measurements(),
            .resolvers = &parts_.measuring.resolvers(),
            .paths = parts_.measuring.paths(),
            .queries = query_counts(),
            .alarms = parts_.service.alarms().lines(),
            .differences = parts_.link.differences()};
}

}  // namespace control
