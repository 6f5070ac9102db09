// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/udp.hpp"

#include "dnsd/net/coarse_clock.hpp"

namespace net {
namespace {

constexpr unsigned last_batches = 64;  // of what has arrived when it is to stop

}  // namespace

UdpServer::UdpServer(int socket, const ServerView& server, std::uint64_t seed, std::size_t lane)
    : socket_{socket}, queue_{socket}, answerer_{server, seed, lane, socket_} {}

UdpServer::~UdpServer() {
    stop();
}

void UdpServer::start() {
    queue_.begin();
    thread_ = std::thread{[this] { run(); }};
}

void UdpServer::begin_stop() noexcept {
    stopping_.store(true, std::memory_order_relaxed);
    socket_.end_waiting();
}

void UdpServer::stop() {
    begin_stop();
    if (thread_.joinable()) thread_.join();
}

void UdpServer::run() noexcept {
    using Wait = DatagramSocket::Wait;
    polling_.begin();
    while (!stopping_.load(std::memory_order_relaxed)) {
        const bool sleeps = !answerer_.holds_replies() && !polling_.expects_more();
        if (serve_batch(sleeps ? Wait::ForOne : Wait::No) > 0) continue;
        socket_.send(answerer_.take_held());
        answerer_.look_for_snapshot();
        queue_.look(coarse_now(), 0, true);
    }
    for (unsigned i = 0; i < last_batches && serve_batch(Wait::No) > 0; ++i) {
    }
    while (answerer_.holds_replies()) socket_.send(answerer_.take_held());
}

std::size_t UdpServer::serve_batch(DatagramSocket::Wait wait) noexcept {
    const auto arrivals = socket_.receive(wait, answerer_.places());
    const auto count = arrivals.from.size();
    if (count == 0) return 0;
    queue_.look(arrivals.at, count, count < batch_size);
    socket_.send(answerer_.answer(arrivals));
    polling_.look(arrivals.at, answerer_.refused());
    if (answerer_.held_are_due()) socket_.send(answerer_.take_held());
    return count;
}

}  // namespace net
