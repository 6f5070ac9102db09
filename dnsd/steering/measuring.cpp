// SPDX-License-Identifier: Apache-2.0
#include "dnsd/steering/measuring.hpp"

#include "geo/base/nothrow.hpp"
#include "geo/place/network.hpp"
#include "probes/path/measurement_file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <utility>

#include <unistd.h>

namespace control {

namespace asio = boost::asio;
using probes::Clock;
using probes::Time;

namespace {

using namespace std::chrono_literals;

using geo::nothrow;
constexpr auto collect_every = 5s;
constexpr auto ask_legs_every = 10s;
constexpr auto visit_landmarks_every = 1h;
constexpr auto leg_window = 5min;
constexpr auto landmark_window = 3h;
constexpr auto pause_between_echoes = 100ms;
constexpr std::size_t most_resolver_networks = 200'000;
/// Sources of UDP can be forged: anybody can fill this with networks that never asked.
constexpr std::size_t most_claimed_networks = 2000;
/// The search for networks to ask takes one part in so many of the control thread's time.
constexpr int part_of_thread = 1000;
constexpr int patience = 2;  // echoes to a network without an answer before it is left

void log_escaped(const std::exception_ptr& escaped) {
    try {
        if (escaped) std::rethrow_exception(escaped);
    } catch (const std::exception& fault) {
        spdlog::error("a measurement ended by an exception: {}", fault.what());
    }
}

asio::awaitable<void> wait_until(Time at) {
    asio::steady_timer timer{co_await asio::this_coro::executor, at};
    co_await timer.async_wait(nothrow);
}

}  // namespace

/// The coroutine that asks holds it too.
struct Measuring::Leg {
    NamedPath named;  // without its path
    probes::PathRecord record;
    bool gone = false;
    geo::Lasting watch{};
};

Measuring::Measuring(asio::io_context& context, RelayWatch& relay, MeasureSettings settings,
                     std::span<engine::SeenResolvers> seen)
    : context_{context},
      relay_{relay},
      settings_{std::move(settings)},
      seen_{seen},
      resolvers_{probes::Measurements::Limits{.networks = most_resolver_networks,
                                              .window = settings_.window}},
      claimed_{probes::Measurements::Limits{.networks = most_claimed_networks}},
      echo_{context},
      budget_{settings_.limits},
      prober_{probes::Prober::Limits{.in_use = in_use_for, .fresh = settings_.refresh}} {
    for (const auto& landmark : settings_.landmarks) {
        landmarks_.push_back(
            std::make_shared<Leg>(Leg{.named = {.kind = NamedPath::Kind::Landmark,
                                                .name = landmark.name,
                                                .to = {.address = landmark.address, .port = 0},
                                                .place = landmark.place,
                                                .path = {}},
                                      .record = probes::PathRecord{landmark_window}}));
    }
    if (!relay.home()) return;
    home_ = std::make_shared<Leg>(Leg{.named = {.kind = NamedPath::Kind::Home,
                                                .name = {},
                                                .to = *relay.home(),
                                                .place = {},
                                                .path = {}},
                                      .record = probes::PathRecord{leg_window}});
    relay_.on_home([leg = home_](std::chrono::microseconds least, Time now) {
        leg->record.add_least(least, now);
    });
}

void Measuring::start() {
    if (!settings_.active || std::exchange(started_, true)) return;
    spdlog::info("measures by {} (IPv4) and {} (IPv6)", to_text(echo_.method(geo::Family::V4)),
                 to_text(echo_.method(geo::Family::V6)));
    if (echo_.method(geo::Family::V4) == probes::Echo::Method::Connect) {
        spdlog::warn(
            "no echo (ping) may be sent, so most networks and landmarks cannot be measured: "
            "\"sysctl -w net.ipv4.ping_group_range=\'{0} {0}\'\" permits it to this server's "
            "group, and a line in /etc/sysctl.d keeps that",
            ::getegid());
    }
    revive();
}

void Measuring::revive() {
    if (!started_) return;
    visits_.begin(
        context_, [this] { return visit_landmarks(); }, log_escaped);
    looks_.begin(
        context_, [this] { return look_for_networks(); }, log_escaped);
    if (home_) begin(home_);
    for (const auto& [name, leg] : edges_) begin(leg);
}

void Measuring::set_edges(const std::vector<OtherEdge>& edges) {
    auto before = std::exchange(edges_, {});
    for (const auto& [name, at] : edges) {
        auto& leg = edges_[name];
        const auto known = before.find(name);
        if (known != before.end() && known->second->named.to == at) {
            leg = std::move(known->second);
            before.erase(known);
            continue;
        }
        leg = std::make_shared<Leg>(Leg{
            .named =
                {.kind = NamedPath::Kind::Edge, .name = name, .to = at, .place = {}, .path = {}},
            .record = probes::PathRecord{leg_window}});
        if (started_) begin(leg);
    }
    for (const auto& [name, leg] : before) leg->gone = true;
}

void Measuring::begin(const LegPtr& leg) {
    leg->watch.begin(
        context_, [&] { return watch(leg); }, log_escaped);
}

asio::awaitable<void> Measuring::watch(LegPtr leg) {
    for (auto next = Clock::now(); !leg->gone; next += ask_legs_every) {
        co_await wait_until(next);
        const auto to = leg->named.to;
        const auto round_trip = co_await probes::ask_by_connect(to.address, to.port);
        leg->record.add(round_trip, Clock::now());
    }
}

asio::awaitable<void> Measuring::visit_landmarks() {
    for (;;) {
        const auto begun = Clock::now();
        for (const auto& landmark : landmarks_) {
            auto door = first_door();
            for (unsigned i = 0; i < budget_.echoes(); ++i) {
                const auto round_trip = co_await ask(landmark->named.to.address, door);
                landmark->record.add(round_trip, Clock::now());
                if (!round_trip) ++door;
            }
        }
        co_await wait_until(begun + visit_landmarks_every);
    }
}

asio::awaitable<void> Measuring::look_for_networks() {
    for (;;) {
        const auto now = Clock::now();
        collect_resolvers(now);
        if (now >= next_look_) consider(now);
        start_measurements();
        co_await wait_until(now + collect_every);
    }
}

void Measuring::collect_resolvers(Time now) {
    using engine::Origin;
    for (const auto origin : {Origin::Proved, Origin::Claimed}) {
        auto& known = origin == Origin::Proved ? resolvers_ : claimed_;
        noted_.clear();
        for (auto& seen : seen_) seen.take(origin, noted_);
        for (const auto& address : noted_) known.note(address, now);
    }
}

void Measuring::leave_out(std::vector<geo::Address> addresses) {
    resolvers_.leave_out(addresses);
    claimed_.leave_out(addresses);
    left_out_ = std::move(addresses);
}

void Measuring::consider(Time now) {
    forget_old(now);
    std::vector<probes::Candidate> candidates;
    for (const auto population : {geo::Population::Clients, geo::Population::Resolvers}) {
        for (const auto& network : measurements(population).in_use(now - in_use_for)) {
            candidates.push_back({.population = population,
                                  .address = network.address,
                                  .seen = network.seen,
                                  .measured = network.measured});
        }
    }
    const auto measured = [&](const probes::Candidate& candidate) {
        const auto own =
            measurements(candidate.population).find(geo::path_network(candidate.address));
        return own ? std::optional{own->last} : std::nullopt;
    };
    for (const auto& network : claimed_.in_use(now - in_use_for)) {
        candidates.push_back({.population = geo::Population::Resolvers,
                              .address = network.address,
                              .seen = network.seen,
                              .measured = {},
                              .claimed = true});
        candidates.back().measured = measured(candidates.back());
    }
    for (auto candidate : of_others_) {
        if (std::ranges::find(left_out_, candidate.address) != left_out_.end()) continue;
        candidate.measured = measured(candidate);
        candidates.push_back(candidate);
    }
    prober_.consider(candidates, now);
    next_look_ = now + part_of_thread * (Clock::now() - now);
}

void Measuring::forget_old(Time now) {
    claimed_.forget(now - in_use_for);
    resolvers_.forget(now - keep_for);
    relay_.measurements().forget(now - keep_for);
}

/// As many measurements may be under way as two seconds have echoes: networks that do not answer
/// take a while.
void Measuring::start_measurements() {
    const auto most = std::size_t{2} * settings_.limits.per_second + 1;
    while (static_cast<std::size_t>(under_way_.use_count()) <= most) {
        const auto candidate = prober_.next();
        if (!candidate) return;
        if (!budget_.allow(geo::path_network(candidate->address), Clock::now())) continue;
        asio::co_spawn(context_, measure(*candidate, under_way_),
                       [this](const std::exception_ptr& escaped) {
                           log_escaped(escaped);
                           start_measurements();
                       });
    }
}

asio::awaitable<void> Measuring::measure(probes::Candidate candidate,
                                         std::shared_ptr<const void> /*under_way*/) {
    std::vector<std::chrono::microseconds> answers;
    auto door = first_door();
    for (unsigned i = 0; i < budget_.echoes(); ++i) {
        const auto round_trip = co_await ask(candidate.address, door);
        if (round_trip) answers.push_back(*round_trip);
        if (answers.empty()) ++door;
        if (!round_trip && answers.empty() && i + 1 >= patience) break;
    }
    const auto now = Clock::now();
    if (answers.empty()) {
        prober_.unanswered(candidate, now);
        co_return;
    }
    prober_.answered(candidate);
    const auto [least, most] = std::ranges::minmax(answers);
    measurements(candidate.population).add(candidate.address, least, (most - least) / 2, now);
}

/// If a measurement has a single echo, either door may be the one that answers.
unsigned Measuring::first_door() {
    return budget_.echoes() > 1 ? 0 : doors_tried_++;
}

asio::awaitable<probes::RoundTrip> Measuring::ask(geo::Address address, unsigned door) {
    co_await wait_until(budget_.reserve(Clock::now()));
    auto round_trip = co_await echo_.ask(address, door);
    co_await wait_until(Clock::now() + pause_between_echoes);
    co_return round_trip;
}

probes::Measurements& Measuring::measurements(geo::Population population) {
    return population == geo::Population::Resolvers ? resolvers_ : relay_.measurements();
}

geo::Result<void> Measuring::restore(std::string_view text) {
    auto fault = probes::read_measurements(text, probes::now(), keep_for, resolvers_);
    if (!fault.empty()) return geo::Error{std::move(fault)};
    return {};
}

std::optional<std::string> Measuring::saved_text() const {
    if (resolvers_.size() == 0) return std::nullopt;
    return probes::write_measurements(resolvers_, probes::now());
}

std::vector<NamedPath> Measuring::paths() const {
    std::vector<NamedPath> all;
    const auto add = [&all](const Leg& leg) {
        all.push_back(leg.named);
        all.back().path = leg.record.path();
    };
    for (const auto& landmark : landmarks_) add(*landmark);
    for (const auto& [name, edge] : edges_) add(*edge);
    if (home_) add(*home_);
    return all;
}

ToldRecords Measuring::told() const {
    const auto now = Clock::now();
    ToldRecords all;
    tell_networks(std::as_const(relay_).measurements(), geo::Population::Clients, most_told, now,
                  all);
    tell_networks(resolvers_, geo::Population::Resolvers, most_told, now, all);
    tell_paths(paths(), all);
    return all;
}

}  // namespace control
