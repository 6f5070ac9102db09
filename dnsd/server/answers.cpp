// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/answers.hpp"

#include "dnsd/report/lines.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>

namespace control {
namespace {

namespace asio = boost::asio;

// A command waits so long for other nodes to say that they have heard of it.
constexpr std::chrono::seconds longest_for_nodes{3};
constexpr std::chrono::milliseconds look_for_nodes{50};

}  // namespace

Answers::Answers(asio::io_context& context, Knowers knowers, const Reporter& reporter)
    : context_{context},
      knowers_{knowers},
      reporter_{reporter},
      knowing_{.health = knowers.health,
               .report = [this] { return reporter_.report(); },
               .round_trips = [this](std::size_t most) { return reporter_.round_trips(most); }} {}

asio::awaitable<std::string> Answers::answer(std::string request) {
    const auto before = knowers_.keeper.writes();
    if (const auto asked = read_explain(request)) {
        try {
            const auto rows = co_await knowers_.observatory.explain(asked->name, asked->asker);
            co_return explain_reply(asked->name, rows, knowers_.maker.current()->catalog);
        } catch (const std::exception& escaped) {  // no memory for the databases, say
            co_return fault_reply(escaped.what());
        }
    }
    std::vector<EdgeName> said;
    auto reply = answer_request(request, knowing_, &said);
    if (knowers_.keeper.writes() != before) co_await knowers_.keeper.written();
    if (said.empty() || !knowers_.link.sharing().on()) co_return reply;
    const auto end = probes::Clock::now() + longest_for_nodes;
    asio::steady_timer pause{context_};
    while (knowers_.link.is_awaited(knowers_.health.arrived(said)) && probes::Clock::now() < end) {
        pause.expires_after(look_for_nodes);
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return with_nodes(reply, knowers_.health.arrived(said));
}

std::vector<std::string> Answers::dashboard(const zones::Name& zone,
                                            std::optional<std::size_t> edge) const {
    const auto report = reporter_.dashboard(zone);
    if (!report || !report->zone.health) return {};
    const auto now = probes::Clock::now();
    return edge ? probes_lines(report->zone, *edge, now) : probes_lines(*report, now);
}

}  // namespace control
