// SPDX-License-Identifier: Apache-2.0
#include "dnsd/explain/debug_names.hpp"

#include "dnsd/threads/surely.hpp"
#include "dnsd/wire/request.hpp"
#include "geo/text/duration_text.hpp"
#include "geo/text/fact_line.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <random>
#include <utility>

namespace control {
namespace {

namespace asio = boost::asio;
using probes::Clock;

constexpr unsigned most_waiting = 64;  // queries; more are refused until one is done
constexpr std::chrono::seconds forget_after{60};
// Of 65,535 octets, less than 400 of which go to header, question and OPT.
constexpr std::size_t room_for_lines = 65'000;
constexpr std::size_t record_head = 13;  // octets of a TXT record before its one string
constexpr std::size_t last_lines = 16;

/// Returns for whom a query wants to know: the subnet that it carries, else whoever asks.
Asker asker_of(const wire::Request& request, const geo::Address& client) {
    if (request.edns && request.edns->subnet) {
        return {.prefix = request.edns->subnet->prefix, .resolver = client};
    }
    return {.prefix = {client, static_cast<std::uint8_t>(geo::width(client.family))}};
}

}  // namespace

/// A query on its way through the threads, counted until it is gone.
struct Observatory::Question {
    Question(std::shared_ptr<std::atomic<unsigned>> counter, std::vector<std::uint8_t> octets,
             const engine::Client& from, Reply to)
        : waiting{std::move(counter)},
          query{std::move(octets)},
          client{from},
          reply{std::move(to)} {}
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;
    ~Question() { --*waiting; }

    std::shared_ptr<std::atomic<unsigned>> waiting;
    std::vector<std::uint8_t> query;
    engine::Client client;
    Reply reply;
    wire::Request request{};
    std::optional<Matter> matter{};  // of `_why`
};

Observatory::Observatory(asio::io_context& context, const Health& health,
                         const engine::Snapshots& snapshots, geo::SourceFiles sources,
                         Dashboard dashboard)
    : context_{context},
      health_{health},
      snapshots_{snapshots},
      files_{std::move(sources)},
      dashboard_{std::move(dashboard)},
      forget_timer_{context} {}

Observatory::~Observatory() {
    reasoner_.join();
}

void Observatory::observe(std::vector<std::uint8_t> query, engine::Client client, Reply reply) {
    const auto question =
        std::make_shared<Question>(waiting_, std::move(query), client, std::move(reply));
    if (waiting_->fetch_add(1) >= most_waiting) {
        return respond(question, {.lines = {"busy: too many are asking"}, .scope = 0});
    }
    asio::post(context_, [this, question] { look(question); });
}

void Observatory::look(const std::shared_ptr<Question>& question) {
    const auto snapshot = snapshots_.current();
    auto& request = question->request;
    const auto fault = wire::read_request(question->query, request);
    const auto* served = snapshot->catalog.find(request.name);
    if (fault != wire::Rcode::NoError || served == nullptr) {  // gone since it was asked for
        return respond(question, {});
    }
    const auto observed = engine::read_observed(*served->zone, request.name);
    using Kind = engine::ObservedName::Kind;
    if (observed.kind == Kind::Why) {
        question->matter =
            matter_of(request.name.parent(), asker_of(request, question->client.address));
        forget_later();
        run_on(reasoner_, "_why", [this, question] { reason(question); });
        return;
    }
    std::vector<std::string> lines;
    if (observed.kind == Kind::Probes) lines = dashboard_(served->zone->apex(), std::nullopt);
    if (observed.kind == Kind::Edge) lines = dashboard_(served->zone->apex(), observed.edge);
    respond(question, {.lines = fit_message(std::move(lines)), .scope = 0});
}

void Observatory::forget_later() {
    forget_timer_.expires_after(forget_after);
    forget_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) run_on(reasoner_, "_why", [this] { sources_.reset(); });
    });
}

void Observatory::reason(const std::shared_ptr<Question>& question) {
    const auto& subnet = question->request.edns ? question->request.edns->subnet : std::nullopt;
    engine::Observation observation;
    try {
        observation.lines = fit_message(text_lines(reasons(*question->matter)));
    } catch (const std::exception& escaped) {  // no memory for the databases, say
        spdlog::warn("_why: {}", escaped.what());
        observation.lines = {std::string{"fault="} + escaped.what()};
    }
    // Reasons are those of one subnet, and are not to be kept: their TTL is 0.
    if (subnet) observation.scope = subnet->prefix.length;
    respond(question, observation);
}

Observatory::Matter Observatory::matter_of(const zones::Name& name, const Asker& asker) const {
    Matter matter{name, asker, snapshots_.current(), {}, health_.changed()};
    const auto* served = matter.snapshot->catalog.find(name);
    if (served != nullptr) matter.health = health_.status(served->zone->apex());
    return matter;
}

asio::awaitable<Rows> Observatory::explain(zones::Name name, Asker asker) {
    auto matter = matter_of(name, asker);
    forget_later();
    co_return co_await asio::co_spawn(reasoner_, explain_matter(std::move(matter)),
                                      asio::use_awaitable);
}

asio::awaitable<Rows> Observatory::explain_matter(Matter matter) {
    co_return reasons(matter);
}

Rows Observatory::reasons(const Matter& matter) {
    const auto& snapshot = *matter.snapshot;
    if (!sources_ || sources_of_ != snapshot.generation) {
        geo::Problems problems;
        sources_ = geo::Sources::open(files_, problems);
        sources_of_ = snapshot.generation;
        if (!sources_) {
            Rows faults;
            for (const auto& problem : problems) faults.push_back({"fault", to_text(problem)});
            return faults;
        }
    }
    const auto* health = matter.health ? &*matter.health : nullptr;
    auto rows = control::explain(snapshot, *sources_, matter.name, matter.asker, health,
                                 geo::Random{std::random_device{}()});
    rows.push_back({"generation",
                    fmt::format("{} of zones and maps; health changed {} ago", snapshot.generation,
                                probes::duration_text(Clock::now() - matter.health_changed))});
    return rows;
}

void Observatory::respond(const std::shared_ptr<Question>& question,
                          const engine::Observation& observation) {
    const auto snapshot = snapshots_.current();
    std::vector<std::uint8_t> response(wire::max_message);
    geo::Random random{1};
    const auto size = engine::respond(*snapshot, question->query, question->client, random,
                                      response, nullptr, &observation);
    response.resize(size);
    question->reply({.message = std::move(response)});
}

std::vector<std::string> fit_message(std::vector<std::string> lines) {
    const auto size = [](const std::string& line) { return record_head + line.size(); };
    std::size_t all = 0;
    for (const auto& line : lines) all += size(line);
    if (all <= room_for_lines) return lines;
    auto left = room_for_lines - (last_lines + 1) * (record_head + probes::FactLine::max_length);
    auto cut = lines.begin();
    for (; size(*cut) <= left; ++cut) left -= size(*cut);
    const auto resume = lines.end() - last_lines;
    *cut = fmt::format("left_out={}_lines", resume - cut);
    lines.erase(cut + 1, resume);
    return lines;
}

std::vector<std::string> text_lines(const Rows& rows) {
    std::vector<std::string> lines;
    for (const auto& [key, value] : rows) {
        auto line = key + "=" + value.substr(std::min(value.find_first_not_of(' '), value.size()));
        std::ranges::replace(line, '\t', ' ');
        std::ranges::replace_if(
            line, [](char c) { return c < ' ' || c > '~'; }, '?');
        lines.push_back(probes::cut(line, probes::FactLine::max_length));
    }
    return lines;
}

}  // namespace control
