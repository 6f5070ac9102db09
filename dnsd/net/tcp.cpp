// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/tcp.hpp"

#include "dnsd/net/tcp_connection.hpp"
#include "geo/base/nothrow.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <exception>
#include <span>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using geo::nothrow;

constexpr std::chrono::milliseconds retry_accept{100};
// Octets; the kernel takes twice as many. All connections may use it at once.
constexpr int send_buffer = 32768;
constexpr int transfer_buffer = 1'048'576;
constexpr std::chrono::milliseconds first_look{5};  // at what a client has taken
constexpr std::chrono::milliseconds longest_look{500};
// An idle worker must let go of old snapshots too.
constexpr std::chrono::milliseconds longest_view{1000};

}  // namespace

TcpServer::TcpServer(asio::io_context& context, TcpLimits limits, const ServerView& server,
                     engine::SnapshotReader& snapshot, geo::Random& random, std::size_t lane)
    : context_{context},
      idle_{limits.idle},
      observer_{server.observer},
      lane_{lane},
      seen_{server.seen_in(lane)},
      counters_{server.counters_in(lane)},
      snapshot_{snapshot},
      random_{random},
      places_{limits},
      sweeper_{context},
      answers_(TcpConnection::most_answered) {}

TcpServer::~TcpServer() = default;

void TcpServer::listen(int socket, geo::Family family) {
    // Connections inherit these from the socket that listens. The second is for data that is left
    // in the kernel when this server ends, and for clients that have vanished.
    const auto patience = static_cast<unsigned>(idle_.count());
    ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
    listening_.push_back(
        {.acceptor = {context_, family == geo::Family::V4 ? tcp::v4() : tcp::v6(), socket}});
}

void TcpServer::start() {
    places_.forget_ended();
    if (stopping_) return;
    for (auto& socket : listening_)
        socket.accepting.begin(
            context_, [&] { return accept(socket.acceptor); }, rethrow);
    sweeping_.begin(
        context_, [this] { return sweep(); }, rethrow);
}

void TcpServer::stop() {
    stopping_ = true;
    for (auto& socket : listening_) {
        boost::system::error_code ignored;
        socket.acceptor.close(ignored);
    }
    sweeper_.cancel();
    places_.close_silent();
}

asio::awaitable<void> TcpServer::accept(tcp::acceptor& acceptor) {
    while (acceptor.is_open()) {
        auto [fault, socket] = co_await acceptor.async_accept(nothrow);
        if (!acceptor.is_open()) co_return;
        if (!fault) {
            add(std::move(socket));
            continue;
        }
        // No descriptors left: make room, and do not spin meanwhile.
        places_.make_room();
        asio::steady_timer pause{context_, retry_accept};
        co_await pause.async_wait(nothrow);
    }
}

void TcpServer::add(tcp::socket socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    socket.non_blocking(true, ignored);
    auto connection = std::make_shared<TcpConnection>(std::move(socket), lane_, seen_, counters_);
    places_.add(connection);
    asio::co_spawn(context_, serve(std::move(connection)), rethrow);
}

asio::awaitable<void> TcpServer::serve(std::shared_ptr<TcpConnection> connection) {
    auto& socket = connection->socket;
    while (socket.is_open() && !stopping_) {
        const auto room = std::span{connection->input}.subspan(connection->filled);
        const auto [fault, received] =
            co_await socket.async_read_some(asio::buffer(room.data(), room.size()), nothrow);
        if (fault == asio::error::eof) connection->last = true;
        if (fault) break;
        connection->filled += received;
        do {
            std::size_t answered = 0;
            if (connection->rest != nullptr) connection->go_on();
            // The queries behind a long response have arrived already: perhaps nothing follows that
            // wakes us.
            if (connection->rest == nullptr && connection->output.empty()) {
                answered = connection->answer(snapshot_.get(), random_, answers_);
                connection->write(std::span{answers_}.first(answered));
            }
            if (!connection->deferred.empty()) co_await observe(connection);
            if (answered == 0 && connection->output.empty()) break;
            places_.make_useful(*connection);
            if (connection->output.empty()) continue;
            connection->writing = true;
            const auto [write_fault, written] =
                co_await asio::async_write(socket, asio::buffer(connection->output), nothrow);
            connection->writing = false;
            connection->output.clear();
            if (write_fault) connection->last = true;
        } while (!connection->last && !stopping_);
        if (connection->last) break;
    }
    if (connection->last) co_await see_off(connection);
    connection->cut_off();
    places_.forget(*connection);
}

asio::awaitable<void> TcpServer::see_off(std::shared_ptr<TcpConnection> connection) {
    auto& socket = connection->socket;
    if (!socket.is_open() || connection->unsent() == 0) co_return;
    boost::system::error_code ignored;
    socket.shutdown(tcp::socket::shutdown_send, ignored);
    asio::steady_timer pause{context_};
    // One octet is the FIN, which needs no memory.
    for (auto wait = first_look; socket.is_open() && connection->unsent() > 1 && !stopping_;
         wait = std::min(2 * wait, longest_look)) {
        pause.expires_after(wait);
        co_await pause.async_wait(nothrow);
    }
    if (socket.is_open() && (stopping_ || connection->unsent() == 1)) socket.close(ignored);
}

/// Waits for the response to the connection's deferred query.
asio::awaitable<void> TcpServer::observe(std::shared_ptr<TcpConnection> connection) {
    const auto ask = [&](auto handler) {
        // The handler can only be moved, but a function must be copyable.
        auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
        observer_.observe(std::exchange(connection->deferred, {}), connection->client.elsewhere(),
                          [waiting](engine::Answer answer) {
                              const auto executor = asio::get_associated_executor(*waiting);
                              asio::post(executor, [waiting, answer]() mutable {
                                  std::move (*waiting)(std::move(answer));
                              });
                          });
    };
    auto answer =
        co_await asio::async_initiate<const asio::use_awaitable_t<>, void(engine::Answer)>(
            ask, asio::use_awaitable);
    if (!answer.message.empty()) connection->append(answer.message);
    connection->rest = std::move(answer.rest);
    if (connection->rest != nullptr) {
        boost::system::error_code ignored;
        connection->socket.set_option(asio::socket_base::send_buffer_size{transfer_buffer},
                                      ignored);
        connection->go_on();
    } else if (answer.message.empty()) {
        connection->last = true;
    }
}

asio::awaitable<void> TcpServer::sweep() {
    while (!stopping_) {
        sweeper_.expires_after(std::min(idle_ / 10, longest_view));
        co_await sweeper_.async_wait(nothrow);
        snapshot_.get();
        places_.forget_ended();  // an observer's thread without memory ends one too
        places_.close_overdue(Clock::now());
    }
}

}  // namespace net
