// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/server.hpp"

#include "dnsd/control/loader.hpp"
#include "dnsd/control/publisher.hpp"
#include "dnsd/control/version.hpp"
#include "dnsd/engine/respond.hpp"
#include "dnsd/net/worker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace control {
namespace {

namespace asio = boost::asio;
using Snapshots = Publisher<engine::Snapshot>;

constexpr std::chrono::milliseconds look_every{500};
constexpr std::chrono::milliseconds gather_signals{20};

/// TCP connections take descriptors; the usual soft limit of 1,024 is for programs that use select().
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

std::string host_name() {
    std::array<char, 65> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "isochrone";
}

void log(const geo::Problems& problems) {
    for (const auto& problem : problems) {
        const auto level =
            problem.severity == geo::Severity::Fault ? spdlog::level::err : spdlog::level::warn;
        spdlog::log(level, "{}", geo::to_text(problem));
    }
}

/// Everything from the first socket to the last answer.
class Server {
 public:
    explicit Server(const Config& config)
        : config_{config}, loader_{config.zones, config.sources} {}

    int run() {
        raise_descriptor_limit();
        std::signal(SIGPIPE, SIG_IGN);  // a reader of the log that goes away ends nothing
        reload_signal_.add(SIGHUP);     // ends nothing while zones load; obeyed afterwards
        // Sockets first: what is asked while zones load waits in them, and a second server that is
        // started by mistake finds its port in use.
        if (!open_workers() || !load_first()) return 1;
        end_signals_.add(SIGINT);
        end_signals_.add(SIGTERM);
        for (const auto& worker : workers_) worker->start();
        announce();
        end_signals_.async_wait([this](const boost::system::error_code& fault, int) {
            if (!fault) context_.stop();
        });
        wait_for_reload_signal();
        wait_for_change();
        context_.run();
        for (const auto& worker : workers_) worker->begin_stop();
        for (const auto& worker : workers_) worker->stop();
        spdlog::info("stopped");
        return 0;
    }

 private:
    bool open_workers() {
        const auto count = config_.workers != 0 ? config_.workers
                                                : std::max(1U, std::thread::hardware_concurrency());
        auto limits = config_.tcp;
        limits.connections = std::max<std::size_t>(1, limits.connections / count);
        for (unsigned i = 0; i < count; ++i) {
            workers_.push_back(std::make_unique<net::Worker>(snapshots_, limits));
        }
        const bool everywhere = config_.listen.empty();
        const std::vector<net::Endpoint> all{
            {{geo::Family::V4, 0}, 53},
            {{geo::Family::V6, 0}, 53}
        };
        for (const auto& endpoint : everywhere ? all : config_.listen) {
            const auto fault = open(endpoint);
            if (!fault) continue;
            const bool optional = everywhere && endpoint.address.family == geo::Family::V6;
            spdlog::log(optional ? spdlog::level::warn : spdlog::level::err, "{}", *fault);
            if (!optional) return false;
        }
        return true;
    }

    /// Opens the sockets of all workers for one address; what went wrong, if anything did.
    std::optional<std::string> open(const net::Endpoint& wanted) {
        auto endpoint = wanted;
        auto sharing = net::Sharing::Nobody;
        for (const auto& worker : workers_) {
            const auto sockets = net::open_sockets(endpoint, sharing);
            if (!sockets) return sockets.error().text;
            worker->listen(*sockets);
            endpoint = sockets->endpoint;
            sharing = net::Sharing::Workers;
        }
        endpoints_.push_back(endpoint);
        return std::nullopt;
    }

    bool load_first() {
        geo::Problems problems;
        auto catalog = loader_.load(problems);
        log(problems);
        if (geo::any_fault(problems) && !config_.keep_going) {
            spdlog::error("not started; --keep-going serves what is good");
            return false;
        }
        snapshots_.publish(snapshot_of(std::move(catalog)));
        return true;
    }

    [[nodiscard]] std::shared_ptr<const engine::Snapshot> snapshot_of(
        zones::Catalog catalog) const {
        auto snapshot = std::make_shared<engine::Snapshot>();
        snapshot->catalog = std::move(catalog);
        snapshot->identity = {.version = "isochrone " + std::string{version},
                              .name = config_.identity.empty() ? host_name() : config_.identity,
                              .may_ask = config_.observers};
        snapshot->udp_payload = config_.udp_payload;
        snapshot->keepalive = static_cast<std::uint16_t>(
            std::min<std::int64_t>(config_.tcp.idle.count() / 100, 65535));
        return snapshot;
    }

    void announce() const {
        std::string addresses;
        for (const auto& endpoint : endpoints_) addresses += " " + net::to_text(endpoint);
        spdlog::info("isochrone {} serves {} on{}", version, zone_count(), addresses);
    }

    [[nodiscard]] std::string zone_count() const {
        const auto count = snapshots_.current()->catalog.zones().size();
        return std::to_string(count) + (count == 1 ? " zone" : " zones");
    }

    /// Any number of signals in a short while makes one reload: Asio keeps them all, in order.
    void wait_for_reload_signal() {
        reload_signal_.async_wait([this](const boost::system::error_code& fault, int) {
            if (fault) return;
            if (!std::exchange(reload_asked_, true)) {
                reload_timer_.expires_after(gather_signals);
                reload_timer_.async_wait([this](const boost::system::error_code& cancelled) {
                    reload_asked_ = false;
                    if (cancelled) return;
                    loader_.forget_states();
                    reload();
                });
            }
            wait_for_reload_signal();
        });
    }

    void wait_for_change() {
        timer_.expires_after(look_every);
        timer_.async_wait([this](const boost::system::error_code& fault) {
            if (fault) return;
            if (loader_.changed()) reload();
            wait_for_change();
        });
    }

    void reload() {
        geo::Problems problems;
        try {
            snapshots_.publish(snapshot_of(loader_.load(problems)));
        } catch (const std::exception& escaped) {  // no memory, say: what is served stays
            loader_.forget_states();
            spdlog::error("not reloaded: {}; {} in service", escaped.what(), zone_count());
            return;
        }
        log(problems);
        if (geo::any_fault(problems)) {
            spdlog::error("reloaded with faults: what is faulty stays as it was; {} in service",
                          zone_count());
        } else {
            spdlog::info("reloaded; {} in service", zone_count());
        }
    }

    const Config& config_;
    Loader loader_;
    std::vector<net::Endpoint> endpoints_;
    Snapshots snapshots_{std::make_shared<const engine::Snapshot>()};
    std::vector<std::unique_ptr<net::Worker>> workers_;
    asio::io_context context_{1};
    asio::signal_set end_signals_{context_};
    asio::signal_set reload_signal_{context_};
    asio::steady_timer reload_timer_{context_};
    bool reload_asked_ = false;
    asio::steady_timer timer_{context_};
};

}  // namespace

int serve(const Config& config) {
    return Server{config}.run();
}

}  // namespace control
