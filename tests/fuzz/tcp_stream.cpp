// SPDX-License-Identifier: Apache-2.0
// What a client sends over TCP, in pieces: the octets that come back are those that its queries
// have alone, however they were cut. An input is
//   bit 0 an observer · sizes of four pieces, over and over · what is sent
// The server listens on a Unix socket: it needs no port, and leaves no TIME_WAIT.
#include "dnsd/net/tcp.hpp"
#include "tests/dnsd/everything.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/random_space.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <array>
#include <memory>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using support::Bytes;

namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;

constexpr std::size_t query_buffer = 4096;  // octets: a longer query is answered by its header
constexpr std::chrono::hours never{1};

/// Some more messages.
class Rest final : public engine::Continuation {
 public:
    explicit Rest(unsigned messages) : left_{messages} {}
    [[nodiscard]] Bytes next() override {
        return left_ == 0 ? Bytes{} : Bytes(left_-- * 100, std::uint8_t{'r'});
    }

 private:
    unsigned left_;
};

/// What a deferred query gets follows from its first octet: nothing, a message, more of them.
engine::Answer observed(const Bytes& query) {
    const unsigned kind = query.front() & 3U;
    if (kind == 0) return {};
    if (kind == 1) return {.message = query};
    return {.message = kind == 2 ? Bytes{} : query, .rest = std::make_shared<Rest>(kind * 20)};
}

class Stand final : public engine::Observer {
 public:
    void observe(Bytes query, engine::Client, Reply reply) override { reply(observed(query)); }
};

void append(Bytes& stream, fuzz::Octets message) {
    support::put16(stream, message.size());
    stream.insert(stream.end(), message.begin(), message.end());
}

/// False when the connection ends with it.
bool append_observed(Bytes& stream, const Bytes& query) {
    const auto answer = observed(query);
    if (!answer.message.empty()) append(stream, answer.message);
    if (answer.rest == nullptr) return !answer.message.empty();
    for (auto next = answer.rest->next(); !next.empty(); next = answer.rest->next())
        append(stream, next);
    return true;
}

engine::Client client_of_unix_socket() {
    return {.address = {geo::Family::V6, 0}, .transport = engine::Transport::Tcp};
}

/// The responses to a stream, by RFC 7766 and the server's own limit.
Bytes expected(const engine::Snapshot& snapshot, fuzz::Octets sent, geo::Random random) {
    static Bytes room(wire::max_message);
    Bytes stream;
    const auto client = client_of_unix_socket();
    while (sent.size() >= 2) {
        const std::size_t length = wire::read16(sent, 0);
        const bool fits = length <= query_buffer;
        const auto needed = fits ? length : wire::header_size;
        if (sent.size() - 2 < needed) break;
        const auto message = sent.subspan(2, needed);
        const auto size = engine::respond(snapshot, message, client, random, room);
        if (size == 0) break;
        if (size == engine::deferred) {
            if (!append_observed(stream, {message.begin(), message.end()})) break;
        } else {
            append(stream, std::span{room}.first(size));
        }
        if (!fits) break;
        sent = sent.subspan(2 + needed);
    }
    return stream;
}

int listening_socket(stream_protocol::endpoint& endpoint) {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // Without a path the kernel chooses a name.
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    fuzz::expect(::bind(socket, reinterpret_cast<const sockaddr*>(&name), sizeof(sa_family_t)) == 0,
                 "a Unix socket can be bound");
    fuzz::expect(::listen(socket, 8) == 0, "a Unix socket can listen");
    socklen_t size = static_cast<socklen_t>(endpoint.capacity());
    ::getsockname(socket, endpoint.data(), &size);
    endpoint.resize(size);
    return socket;
}

/// A server that lives as long as the process, and one client at a time.
class Loop {
 public:
    explicit Loop(engine::Snapshot snapshot)
        : snapshots_{std::make_shared<engine::Snapshot>(std::move(snapshot))} {
        server_.listen(listening_socket(endpoint_), geo::Family::V4);
        server_.start();
    }

    [[nodiscard]] const engine::Snapshot& snapshot() { return reader_.get(); }

    Bytes exchange(fuzz::Octets sent, std::span<const std::size_t> pieces) {
        random_ = geo::Random{seed};
        received_.clear();
        stream_protocol::socket client{context_};
        client.connect(endpoint_);
        client.non_blocking(true);
        run_until([&] { return server_.connection_count() == 1; }, client);
        for (std::size_t i = 0; !sent.empty(); ++i) {
            const auto piece = sent.first(std::min(pieces[i % pieces.size()], sent.size()));
            if (!send(client, piece)) break;
            sent = sent.subspan(piece.size());
        }
        boost::system::error_code ignored;
        client.shutdown(stream_protocol::socket::shutdown_send, ignored);
        run_until([&] { return server_.connection_count() == 0; }, client);
        return std::exchange(received_, {});
    }

    static constexpr std::uint64_t seed = 7;

 private:
    /// False when the server takes no more.
    bool send(stream_protocol::socket& client, fuzz::Octets piece) {
        while (!piece.empty() && server_.connection_count() == 1) {
            boost::system::error_code fault;
            const auto sent = client.write_some(asio::buffer(piece.data(), piece.size()), fault);
            if (fault && fault != asio::error::would_block) return false;
            piece = piece.subspan(sent);
            context_.poll();
            receive(client);
        }
        return piece.empty();
    }

    void receive(stream_protocol::socket& client) {
        std::array<std::uint8_t, 16384> room;
        for (;;) {
            boost::system::error_code fault;
            const auto size = client.read_some(asio::buffer(room), fault);
            if (fault) return;
            received_.insert(received_.end(), room.begin(),
                             room.begin() + static_cast<std::ptrdiff_t>(size));
        }
    }

    void run_until(const auto& done, stream_protocol::socket& client) {
        for (receive(client); !done(); receive(client))
            fuzz::expect(context_.run_one_for(std::chrono::seconds{10}) > 0, "the server goes on");
        receive(client);
    }

    asio::io_context context_{1};
    engine::Snapshots snapshots_;
    engine::SnapshotReader reader_{snapshots_};
    Stand observer_;
    geo::Random random_{seed};
    net::TcpServer server_{context_,
                           {.connections = 10, .idle = never},
                           {.snapshots = snapshots_, .observer = observer_},
                           reader_,
                           random_,
                           0};
    stream_protocol::endpoint endpoint_;
    Bytes received_;
};

Loop& loop_for(bool observers) {
    static Loop plain{support::everything().snapshot};
    static Loop observing{[] {
        auto snapshot = support::everything().snapshot;
        snapshot.observers = {support::prefix("::/0")};
        return snapshot;
    }()};
    return observers ? observing : plain;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input{data, size};
    auto& loop = loop_for((input.octet() & 1) != 0);
    std::array<std::size_t, 4> pieces{};
    for (auto& piece : pieces) piece = input.octet() + 1U;
    const auto sent = input.rest();
    const auto answers = expected(loop.snapshot(), sent, geo::Random{Loop::seed});
    fuzz::expect(loop.exchange(sent, pieces) == answers, "pieces get what whole queries get");
    const std::array whole{std::max<std::size_t>(sent.size(), 1)};
    fuzz::expect(loop.exchange(sent, whole) == answers, "a stream gets what its queries get");
    return 0;
}
