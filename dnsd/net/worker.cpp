// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/worker.hpp"

#include "geo/base/nothrow.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <random>
#include <utility>

namespace net {
namespace {

namespace asio = boost::asio;
using geo::nothrow;
constexpr std::chrono::milliseconds until_memory{10};  // before one that had none goes on
constexpr std::chrono::milliseconds drain_for{500};
constexpr std::chrono::milliseconds drain_step{10};
constexpr int last_steps = 5;  // in which TCP queries that have arrived already are read

std::uint64_t seed() {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
}

/// Stops a context, however its scope is left.
class EndOfRun {
 public:
    explicit EndOfRun(asio::io_context& context) : context_{context} {}
    ~EndOfRun() { context_.stop(); }
    EndOfRun(const EndOfRun&) = delete;
    EndOfRun& operator=(const EndOfRun&) = delete;

 private:
    asio::io_context& context_;
};

}  // namespace

Worker::Worker(const ServerView& server, TcpLimits limits, std::size_t first_lane)
    : server_{server},
      next_lane_{first_lane + 1},
      snapshot_{server.snapshots},
      random_{seed()},
      tcp_{context_, limits, server, snapshot_, random_, first_lane} {}

Worker::~Worker() {
    stop();
}

void Worker::listen(const SocketPair& sockets) {
    udp_.push_back(std::make_unique<UdpServer>(sockets.udp, server_, seed(), next_lane_++));
    tcp_.listen(sockets.tcp, sockets.endpoint.address.family);
}

void Worker::start() {
    for (const auto& server : udp_) server->start();
    thread_ = std::thread{[this] { run(); }};
}

void Worker::run() {
    const auto work = asio::make_work_guard(context_);
    while (!context_.stopped()) {
        try {
            // Runs after the unwinding of coroutines that an exception has ended.
            asio::post(context_, [this] { tcp_.start(); });
            context_.run();
        } catch (const std::exception& escaped) {  // no memory, say
            spdlog::error("a worker goes on after: {}", escaped.what());
            std::this_thread::sleep_for(until_memory);
        }
    }
}

asio::awaitable<void> Worker::drain() {
    const EndOfRun end{context_};
    asio::steady_timer pause{context_};
    // Steps rather than one wait: each lets everything run that is ready by then.
    for (int step = 0; step < last_steps; ++step) {
        pause.expires_after(drain_step);
        co_await pause.async_wait(nothrow);
    }
    tcp_.stop();
    for (auto left = drain_for - last_steps * drain_step;
         left.count() > 0 && tcp_.connection_count() > 0; left -= drain_step) {
        pause.expires_after(drain_step);
        co_await pause.async_wait(nothrow);
    }
}

void Worker::begin_stop() {
    if (!thread_.joinable() || std::exchange(stopping_, true)) return;
    for (const auto& server : udp_) server->begin_stop();
    try {
        asio::co_spawn(context_, drain(), rethrow);
    } catch (const std::exception&) {  // no memory, say
        context_.stop();
    }
}

void Worker::stop() {
    begin_stop();
    for (const auto& server : udp_) server->stop();
    if (thread_.joinable()) thread_.join();
}

}  // namespace net
