// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/server.hpp"

#include "dnsd/config/version.hpp"
#include "dnsd/explain/debug_names.hpp"
#include "dnsd/health/health.hpp"
#include "dnsd/loading/catalog_changes.hpp"
#include "dnsd/loading/cookie_secrets.hpp"
#include "dnsd/loading/learning.hpp"
#include "dnsd/loading/served_files.hpp"
#include "dnsd/loading/snapshot_maker.hpp"
#include "dnsd/loading/steered_loader.hpp"
#include "dnsd/nodes/node_link.hpp"
#include "dnsd/report/lines.hpp"
#include "dnsd/report/reporter.hpp"
#include "dnsd/rights/privileges.hpp"
#include "dnsd/server/answers.hpp"
#include "dnsd/server/beat.hpp"
#include "dnsd/server/control_socket.hpp"
#include "dnsd/server/keeper.hpp"
#include "dnsd/server/memories.hpp"
#include "dnsd/server/reloader.hpp"
#include "dnsd/server/self_query.hpp"
#include "dnsd/server/service.hpp"
#include "dnsd/server/service_manager.hpp"
#include "dnsd/server/start.hpp"
#include "dnsd/server/workers.hpp"
#include "dnsd/state/state_folder.hpp"
#include "dnsd/steering/measuring.hpp"
#include "dnsd/threads/loads.hpp"
#include "dnsd/threads/surely.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <spdlog/spdlog.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace control {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds look_every{500};
constexpr std::chrono::seconds longest_first_round{4};

/// Everything from the first socket to the last answer.
class Server {
 public:
    explicit Server(const Config& config)
        : config_{config},
          loader_{{config.zones, config.sources, lane_count(config)}, steering_for(config)} {}

    int run() {
        std::signal(SIGPIPE, SIG_IGN);  // a reader of the log that goes away ends nothing
        reloader_.hold_signals();
        // Sockets first: what is asked while zones load waits in them, and a second server that is
        // started by mistake finds its port in use.
        if (!workers_.open({.snapshots = maker_.snapshots(),
                            .observer = link_.observer(),
                            .seen = seen_,
                            .counters = counters_}) ||
            !leave_root(config_.user, config_.state))
            return 1;
        open_state();
        if (!start_.read_all()) return 1;
        keeper_.tend_zones();
        end_signals_.add(SIGINT);
        end_signals_.add(SIGTERM);
        end_signals_.async_wait([this](const boost::system::error_code& fault, int) {
            if (fault) return;
            manager_.stopping();
            context_.stop();
        });
        first_round();
        workers_.start();
        relay_.start();
        if (!context_.stopped()) {
            announce();
            manager_.ready();
        }
        reloader_.start();
        wait_for_change();
        measuring_.start();
        keeper_.start();
        if (loader_.steering() != nullptr) beat_.start();
        run_surely(context_);
        workers_.stop();
        loads_.join();
        try {
            keeper_.keep_all();
        } catch (const std::exception& escaped) {
            spdlog::error("states are not kept: {}", escaped.what());
        }
        background_.join();
        spdlog::info("stopped");
        return 0;
    }

 private:
    /// Without its folder a server answers all the same; it only forgets, and takes no commands.
    void open_state() {
        if (!keeper_.open()) return;
        loader_.keep_in(keeper_.zones());
        const auto opened = socket_.open();
        if (!opened) spdlog::warn("no commands are taken: {}", opened.error().text);
    }

    /// What is dead is to be known before the first answer. A check that takes longer than this may
    /// find out later.
    void first_round() {
        run_surely_until(context_, std::chrono::steady_clock::now() + longest_first_round,
                         [this] { return health_.first_round_done(); });
    }

    void announce() const {
        std::string addresses;
        for (const auto& endpoint : workers_.endpoints()) addresses += " " + net::to_text(endpoint);
        const auto snapshot = maker_.current();
        if (!snapshot->catalog.zones().empty())
            spdlog::info("zones: {}", zones_text(snapshot->catalog));
        spdlog::info("isochrone {} serves {} on{}", version, maker_.zone_count(), addresses);
    }

    void wait_for_change() {
        timer_.expires_after(look_every);
        timer_.async_wait([this](const boost::system::error_code& fault) {
            if (fault) return;
            wait_for_change();  // first, so that it goes on after an exception
            health_.revive();
            socket_.revive();
            link_.revive();
            measuring_.revive();
            reloader_.look();
            maker_.free_old(loads_);
            service_.tell_alarms();
            keeper_.tend_zones();
            maker_.look_at_addresses();
            manager_.look();
        });
    }

    [[nodiscard]] NodeLink::Ears ears() {
        return {
            .health = [this](const std::string& peer,
                             const probes::HealthLines& records) { health_.hear(peer, records); },
            .drains = [this](
                          const std::string& peer,
                          const transfer::Changes& changes) { health_.hear_drains(peer, changes); },
            .measurements =
                [this](std::string edge, transfer::Changes changes, transfer::Backlog::Hold hold) {
                    beat_.hear(std::move(edge), std::move(changes), std::move(hold));
                }};
    }

    const Config& config_;
    SteeredLoader loader_;
    CookieSecretFile cookie_file_{config_.cookie_secrets};  // of the thread that loads
    SnapshotMaker maker_{config_, worker_count(config_)};
    // Nobody notes who asks where nothing is measured.
    std::vector<engine::SeenResolvers> seen_{config_.measure.active ? lane_count(config_) : 0};
    std::vector<engine::QueryCounters> counters_{lane_count(config_)};
    // Before all that may still answer through the workers' sockets.
    Workers workers_{config_};
    asio::io_context context_{1};
    Keeper keeper_{context_,
                   background_,
                   config_.state,
                   memories_of(config_, health_, relay_, measuring_, loader_),
                   {}};
    Health health_{context_, [this](std::string text) { keeper_.keep_health(std::move(text)); }};
    Answers answers_{context_, {keeper_, health_, observatory_, link_, maker_}, reporter_};
    ControlSocket socket_{context_, socket_in(config_.state), [this](std::string request) {
                              return answers_.answer(std::move(request));
                          }};
    Observatory observatory_{context_, health_, maker_.snapshots(), config_.sources,
                             [this](const zones::Name& zone, std::optional<std::size_t> edge) {
                                 return answers_.dashboard(zone, edge);
                             }};
    NodeLink link_{context_, config_.node, maker_.snapshots(), observatory_, ears()};
    Service service_{{maker_, link_, health_, measuring_, relay_}};
    Reporter reporter_{{maker_, health_, link_, service_.alarms(), relay_, measuring_, counters_}};
    Start start_{config_,
                 {keeper_.zones(), link_, health_, maker_, service_, loader_, cookie_file_}};
    SelfQuery self_query_{workers_.endpoints(), counters_,
                          lane_count(config_) / worker_count(config_)};
    ServiceManager manager_{[this] { return status_line(reporter_.report()); }, self_query_};
    asio::signal_set end_signals_{context_};
    asio::steady_timer timer_{context_};
    // Both of the thread of loads, once it runs.
    ServedFiles files_{loader_, cookie_file_};
    Learning learning_{loader_, [this] { keeper_.tend_measurements(Keeper::Clock::now()); }};
    Reloader reloader_{
        context_,
        loads_,
        {.begun = [this] { manager_.reloading(); },
         .load = [this](ServedFiles::Scope scope, Loaded& loaded) { files_.load(scope, loaded); },
         .take = [this](Loaded& loaded) { service_.take(loaded); },
         .ended = [this] { manager_.reloaded(); }}};
    Beat beat_{context_,
               loads_,
               {link_, health_, measuring_},
               {.hear = [this](const std::string& edge,
                               const transfer::Changes& changes) { learning_.hear(edge, changes); },
                .steer = [this](Steered& steered) { learning_.steer(steered); }},
               config_.steering.interval,
               [this](zones::Catalog catalog) { maker_.show(std::move(catalog)); }};
    // Threads end first: what they use stands before them.
    Loads loads_{context_};
    asio::thread_pool background_{1};  // what waits for the disk or the kernel
    RelayWatch relay_{context_, background_, config_.relay};
    Measuring measuring_{context_, relay_, config_.measure, seen_};
};

}  // namespace

int serve(const Config& config) {
    give_up_gains();  // before there is another thread
    return Server{config}.run();
}

}  // namespace control
