// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/tcp.hpp"

#include "dnsd/engine/client_network.hpp"
#include "dnsd/net/coarse_clock.hpp"
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
#include <array>
#include <cstring>
#include <exception>
#include <new>
#include <span>
#include <utility>

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using geo::nothrow;

constexpr std::size_t length_size = 2;
constexpr std::size_t query_buffer =
    4096 + length_size;                    // octets; a longer query is answered with FORMERR
constexpr std::size_t write_from = 32768;  // octets of answers after which no more queries are read
constexpr std::chrono::milliseconds retry_accept{100};
constexpr std::chrono::seconds stranger_time{2};  // for its first query, at a limit
constexpr std::size_t stranger_share = 4;         // of the places strangers have one in so many
constexpr unsigned candidates = 8;                // of which the one of the largest network goes
// Octets; the kernel takes twice as many. All connections may use it at once.
constexpr int send_buffer = 32768;
constexpr int transfer_buffer = 1'048'576;
constexpr std::chrono::milliseconds first_look{5};  // at what a client has taken
constexpr std::chrono::milliseconds longest_look{500};
// An idle worker must let go of old snapshots too.
constexpr std::chrono::milliseconds longest_view{1000};

geo::Address address_of(const tcp::socket& socket) {
    boost::system::error_code fault;
    const auto address = socket.remote_endpoint(fault).address();
    if (address.is_v4()) {
        return {geo::Family::V4, geo::Bits{address.to_v4().to_uint()} << 96};
    }
    return geo::address_from(geo::Family::V6, address.to_v6().to_bytes());
}

/// Returns the octets that were written and that the client has not received, FIN included; 0 when
/// nobody will receive them.
int unsent(tcp::socket& socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    const int number = socket.native_handle();
    if (::getsockopt(number, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
        info.tcpi_state == TCP_CLOSE)
        return 0;
    int octets = 0;
    return ::ioctl(number, SIOCOUTQ, &octets) == 0 ? octets : 0;
}

/// Closes the socket and discards what the client has not taken. The kernel would otherwise keep it
/// for minutes, for thousands of clients at once.
void cut_off(tcp::socket& socket) {
    boost::system::error_code ignored;
    if (socket.is_open() && unsent(socket) > 0)
        socket.set_option(asio::socket_base::linger{true, 0}, ignored);
    socket.close(ignored);
}

}  // namespace

/// One client: its socket, the part of a query that it has sent, and the answers that it is to get.
class TcpServer::Connection {
 public:
    Connection(tcp::socket accepted, std::size_t lane, engine::SeenResolvers* seen,
               engine::QueryCounters* counters)
        : socket{std::move(accepted)},
          client{.address = address_of(socket),
                 .transport = engine::Transport::Tcp,
                 .lane = lane,
                 .seen = seen,
                 .counters = counters},
          network{engine::client_network(client.address)} {}

    tcp::socket socket;
    engine::Client client;
    geo::Prefix network;
    Share* share = nullptr;  // of its network
    Clock::time_point since = Clock::now();
    Clock::time_point deadline;
    Connections::iterator place;
    bool useful = false;  // has sent a whole query
    std::array<std::uint8_t, query_buffer> input{};
    std::size_t filled = 0;
    std::vector<std::uint8_t> output;            // what the socket has not taken at once
    std::vector<std::uint8_t> deferred;          // a query to be answered before the others go on
    std::shared_ptr<engine::Continuation> rest;  // of the response that is being sent
    bool writing = false;
    bool last = false;  // to be closed once the output is written

    /// Answers the whole queries at the beginning of the input, until there is enough to write.
    /// Returns how much of `answers` that is.
    std::size_t answer(const engine::Snapshot& snapshot, geo::Random& random,
                       std::span<std::uint8_t> answers) {
        std::size_t at = 0;
        std::size_t written = 0;
        client.now = coarse_now();
        while (filled - at >= length_size && written < write_from && !last && deferred.empty()) {
            const std::size_t length = wire::read16(input, at);
            const bool fits = length + length_size <= input.size();
            if (fits && filled - at - length_size < length) break;
            if (!fits && filled - at < length_size + wire::header_size) break;
            // Of a query that is too long its beginning is enough to say so.
            const auto message =
                std::span{input}.subspan(at + length_size, fits ? length : wire::header_size);
            last = !fits;
            const auto room = answers.subspan(written + length_size, wire::max_message);
            const auto size = engine::respond(snapshot, message, client, random, room);
            if (size == 0) last = true;  // no DNS query: nothing better will follow
            if (size == engine::deferred) {
                deferred.assign(message.begin(), message.end());
            } else if (size > 0) {
                answers[written] = static_cast<std::uint8_t>(size >> 8);
                answers[written + 1] = static_cast<std::uint8_t>(size);
                written += length_size + size;
            }
            at += length_size + message.size();
        }
        std::memmove(input.data(), input.data() + at, filled - at);
        filled -= at;
        return written;
    }

    /// Gives the socket what it takes without waiting, and keeps the rest.
    void write(std::span<const std::uint8_t> answers) {
        boost::system::error_code fault;
        const auto taken = socket.write_some(asio::buffer(answers.data(), answers.size()), fault);
        if (fault && fault != asio::error::would_block) {
            last = true;
            return;
        }
        const auto left = answers.subspan(taken);
        output.assign(left.begin(), left.end());
    }

    /// Adds the next message of a long response. A client that cannot have all of it is to notice
    /// that.
    void go_on() {
        try {
            const auto message = rest->next();
            if (message.empty()) return rest.reset();
            append(message);
        } catch (const std::bad_alloc&) {
            rest.reset();
            last = true;
        }
    }

    void append(std::span<const std::uint8_t> message) {
        output.push_back(static_cast<std::uint8_t>(message.size() >> 8));
        output.push_back(static_cast<std::uint8_t>(message.size()));
        output.insert(output.end(), message.begin(), message.end());
    }
};

TcpServer::TcpServer(asio::io_context& context, TcpLimits limits, const Source& source,
                     SnapshotReader& snapshot, geo::Random& random, std::size_t lane)
    : context_{context},
      limits_{limits},
      observer_{source.observer},
      lane_{lane},
      seen_{source.seen_in(lane)},
      counters_{source.counters_in(lane)},
      snapshot_{snapshot},
      random_{random},
      sweeper_{context},
      answers_(write_from + length_size + wire::max_message) {}

TcpServer::~TcpServer() = default;

void TcpServer::listen(int socket, geo::Family family) {
    // Connections inherit these from the socket that listens. The second is for data that is left
    // in the kernel when this server ends, and for clients that have vanished.
    const auto patience = static_cast<unsigned>(limits_.idle.count());
    ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
    listeners_.push_back(
        {.acceptor = {context_, family == geo::Family::V4 ? tcp::v4() : tcp::v6(), socket}});
}

void TcpServer::start() {
    forget_ended();
    if (stopping_) return;
    const auto start_again = [this](std::weak_ptr<const void>& running, auto&& coroutine) {
        if (!running.expired()) return;
        const auto token = std::make_shared<const bool>();
        running = token;
        asio::co_spawn(context_, coroutine(token), rethrow);
    };
    for (auto& listener : listeners_) {
        start_again(listener.running,
                    [&](Running token) { return accept(listener.acceptor, std::move(token)); });
    }
    start_again(sweeping_, [this](Running token) { return sweep(std::move(token)); });
}

/// Forgets connections whose coroutine an exception has ended: only the lists still hold them.
void TcpServer::forget_ended() {
    for (const auto* connections : {&strangers_, &clients_}) {
        for (auto at = connections->begin(); at != connections->end();) {
            const auto& connection = *at++;
            if (connection.use_count() == 1) forget(*connection);
        }
    }
    std::erase_if(networks_, [](const auto& network) { return network.second.all() == 0; });
}

void TcpServer::stop() {
    stopping_ = true;
    for (auto& listener : listeners_) {
        boost::system::error_code ignored;
        listener.acceptor.close(ignored);
    }
    sweeper_.cancel();
    for (const auto* connections : {&strangers_, &clients_}) {
        for (const auto& connection : *connections) {
            boost::system::error_code ignored;
            if (!connection->writing) connection->socket.close(ignored);
        }
    }
}

asio::awaitable<void> TcpServer::accept(tcp::acceptor& acceptor, Running) {
    while (acceptor.is_open()) {
        auto [fault, socket] = co_await acceptor.async_accept(nothrow);
        if (!acceptor.is_open()) co_return;
        if (!fault) {
            add(std::move(socket));
            continue;
        }
        // No descriptors left: make room, and do not spin meanwhile.
        make_room();
        asio::steady_timer pause{context_, retry_accept};
        co_await pause.async_wait(nothrow);
    }
}

void TcpServer::add(tcp::socket socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    socket.non_blocking(true, ignored);
    auto connection = std::make_shared<Connection>(std::move(socket), lane_, seen_, counters_);
    auto& share = networks_[connection->network.address];
    connection->share = &share;
    if (share.all() >= limits_.of_network) {
        make_room(&connection->network);
    } else if (connection_count() >= limits_.connections) {
        make_room();
    }
    connection->deadline = Clock::now() + limits_.idle;
    strangers_.push_back(connection);
    connection->place = std::prev(strangers_.end());
    ++share.strangers;
    asio::co_spawn(context_, serve(std::move(connection)), rethrow);
}

void TcpServer::make_room(const geo::Prefix* network) {
    auto* stranger = first_to_go(strangers_, network);
    auto* client = first_to_go(clients_, network);
    const auto strangers =
        network == nullptr ? strangers_.size() : networks_[network->address].strangers;
    const auto places = network == nullptr ? limits_.connections : limits_.of_network;
    const bool in_time = stranger == nullptr || Clock::now() < stranger->since + stranger_time;
    const bool client_goes =
        client != nullptr &&
        (stranger == nullptr || (in_time && strangers < places / stranger_share));
    auto* goes = client_goes ? client : stranger;
    if (goes != nullptr) cut_off(goes->socket);
}

/// Of the connections that have waited longest, returns that of the largest network; null when
/// there is none.
TcpServer::Connection* TcpServer::first_to_go(const Connections& connections,
                                              const geo::Prefix* network) const {
    Connection* found = nullptr;
    unsigned seen = 0;
    for (const auto& connection : connections) {
        if (network != nullptr && !(connection->network == *network)) continue;
        if (!connection->socket.is_open()) continue;  // on its way out already
        if (found == nullptr || connection->share->all() > found->share->all())
            found = connection.get();
        if (network != nullptr || ++seen == candidates) break;
    }
    return found;
}

/// Called when a whole query has come, not only a part: the client's idle time begins anew.
void TcpServer::make_useful(Connection& connection) {
    connection.deadline = Clock::now() + limits_.idle;
    auto& from = connection.useful ? clients_ : strangers_;
    clients_.splice(clients_.end(), from, connection.place);
    if (connection.useful) return;
    connection.useful = true;
    --connection.share->strangers;
    ++connection.share->clients;
}

void TcpServer::forget(const Connection& connection) {
    --(connection.useful ? connection.share->clients : connection.share->strangers);
    if (connection.share->all() == 0) networks_.erase(connection.network.address);
    (connection.useful ? clients_ : strangers_).erase(connection.place);
}

asio::awaitable<void> TcpServer::serve(std::shared_ptr<Connection> connection) {
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
            make_useful(*connection);
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
    cut_off(socket);
    forget(*connection);
}

asio::awaitable<void> TcpServer::see_off(std::shared_ptr<Connection> connection) {
    auto& socket = connection->socket;
    if (!socket.is_open() || unsent(socket) == 0) co_return;
    boost::system::error_code ignored;
    socket.shutdown(tcp::socket::shutdown_send, ignored);
    asio::steady_timer pause{context_};
    // One octet is the FIN, which needs no memory.
    for (auto wait = first_look; socket.is_open() && unsent(socket) > 1 && !stopping_;
         wait = std::min(2 * wait, longest_look)) {
        pause.expires_after(wait);
        co_await pause.async_wait(nothrow);
    }
    if (socket.is_open() && (stopping_ || unsent(socket) == 1)) socket.close(ignored);
}

/// Waits for the response to the connection's deferred query.
asio::awaitable<void> TcpServer::observe(std::shared_ptr<Connection> connection) {
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

/// Closes connections past their deadline, which are always the first of their lists.
asio::awaitable<void> TcpServer::sweep(Running) {
    while (!stopping_) {
        sweeper_.expires_after(std::min(limits_.idle / 10, longest_view));
        co_await sweeper_.async_wait(nothrow);
        snapshot_.get();
        forget_ended();  // an observer's thread without memory ends one too
        const auto now = Clock::now();
        for (const auto* connections : {&strangers_, &clients_}) {
            for (const auto& connection : *connections) {
                if (connection->deadline > now) break;
                cut_off(connection->socket);
            }
        }
    }
}

}  // namespace net
