// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/udp.hpp"

#include "dnsd/net/coarse_clock.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace net {
namespace {

constexpr unsigned batch_size = 64;
constexpr unsigned last_batches = 64;        // of what has arrived when it is to stop
constexpr timeval refresh_every{1, 0};       // an idle thread must let go of old snapshots too
constexpr std::size_t query_size = 4096;     // no query needs more; the rest is cut off
constexpr std::size_t response_size = 4096;  // the largest payload that can be configured

/// Returns where a datagram came from; nothing for a family that DNS does not know.
geo::Address sender_address(const sockaddr_in6& from) noexcept {
    if (from.sin6_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &from, sizeof v4);
        return {geo::Family::V4, geo::Bits{ntohl(v4.sin_addr.s_addr)} << 96};
    }
    return geo::address_from(geo::Family::V6, from.sin6_addr.s6_addr);
}

/// Allows fragments, for an answer that its interface cannot carry in one piece. From then on all
/// of the socket's datagrams may be fragmented. Returns false if they might be before.
bool allow_fragments(int socket) noexcept {
    int value = 0;
    socklen_t size = sizeof value;
    if (::getsockopt(socket, IPPROTO_IP, IP_MTU_DISCOVER, &value, &size) != 0) return false;
    constexpr int allowed = IP_PMTUDISC_OMIT;
    return value != allowed &&
           ::setsockopt(socket, IPPROTO_IP, IP_MTU_DISCOVER, &allowed, sizeof allowed) == 0;
}

}  // namespace

/// The memory of a batch, laid out once.
struct UdpServer::Batch {
    struct Slot {
        sockaddr_in6 from;  // or sockaddr_in, which is shorter
        iovec octets;       // the query
        ControlData control;
        std::array<std::uint8_t, query_size> query;
    };
    std::array<engine::Query, batch_size>
        queries;  // in one piece: each is gone through several times
    std::array<Slot, batch_size> slots;
    std::array<mmsghdr, batch_size> messages;  // the queries
    std::array<mmsghdr, batch_size> replies;   // to those that are answered
    std::array<iovec, batch_size> reply_octets;
    // Responses lie back to back: they are short, so only a page or two is touched.
    std::array<std::uint8_t, batch_size * response_size> responses;

    Batch() noexcept : messages{}, replies{} {
        for (unsigned i = 0; i < batch_size; ++i) {
            auto& slot = slots[i];
            slot.from = {};
            slot.octets = {slot.query.data(), slot.query.size()};
            auto& header = messages[i].msg_hdr;
            header.msg_name = &slot.from;
            header.msg_iov = &slot.octets;
            header.msg_iovlen = 1;
            header.msg_control = slot.control.octets.data();
            make_room(header);
            replies[i].msg_hdr.msg_iov = &reply_octets[i];
            replies[i].msg_hdr.msg_iovlen = 1;
        }
    }
    /// For what the kernel tells of another query.
    static void make_room(msghdr& query) noexcept {
        query.msg_namelen = sizeof Slot::from;
        query.msg_controllen = sizeof Slot::control;
    }
    /// Addresses a reply to whoever has sent the query.
    void reply(unsigned number, const msghdr& query, std::span<std::uint8_t> response) noexcept {
        reply_octets[number] = {response.data(), response.size()};
        auto& header = replies[number].msg_hdr;
        header.msg_name = query.msg_name;
        header.msg_namelen = query.msg_namelen;
        header.msg_control = query.msg_controllen == 0 ? nullptr : query.msg_control;
        header.msg_controllen = query.msg_controllen;
        if (query.msg_controllen > 0) forget_interface(header);
    }
};

UdpServer::UdpServer(int socket, const Source& source, std::uint64_t seed, std::size_t lane)
    : socket_{socket},
      queue_{socket},
      observer_{source.observer},
      snapshot_{source.snapshots},
      random_{seed},
      batch_{std::make_unique<Batch>()} {
    const int flags = ::fcntl(socket_, F_GETFL);
    ::fcntl(socket_, F_SETFL, flags & ~O_NONBLOCK);
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &refresh_every, sizeof refresh_every);
    for (auto& query : batch_->queries) {
        query.client.lane = lane;
        query.client.seen = source.seen_in(lane);
        query.client.counters = source.counters_in(lane);
        query.client.limiter = &limiter_;
    }
}

UdpServer::~UdpServer() {
    stop();
    ::close(socket_);
}

void UdpServer::start() {
    queue_.begin();
    thread_ = std::thread{[this] { run(); }};
}

void UdpServer::begin_stop() noexcept {
    stopping_.store(true, std::memory_order_relaxed);
    // Returns ENOTCONN for a socket without a peer, but wakes its reader all the same.
    ::shutdown(socket_, SHUT_RD);
}

void UdpServer::stop() {
    begin_stop();
    if (thread_.joinable()) thread_.join();
}

void UdpServer::run() noexcept {
    polling_.begin();
    while (!stopping_.load(std::memory_order_relaxed)) {
        const bool sleeps = held_.empty() && !polling_.expects_more();
        if (serve_batch(sleeps ? MSG_WAITFORONE : MSG_DONTWAIT) > 0) continue;
        send_held();
        snapshot_.get();
        queue_.look(coarse_now(), 0, true);
    }
    for (unsigned i = 0; i < last_batches && serve_batch(MSG_DONTWAIT) > 0; ++i) {
    }
    while (!held_.empty()) send_held();
}

std::size_t UdpServer::serve_batch(int flags) noexcept {
    const int received = ::recvmmsg(socket_, batch_->messages.data(), batch_size, flags, nullptr);
    if (received <= 0) return 0;
    const auto count = static_cast<std::size_t>(received);
    const auto& snapshot = snapshot_.get();
    const auto now = coarse_now();
    const bool more = count == batch_size;
    queue_.look(now, count, !more);
    const auto queries = std::span{batch_->queries}.first(count);
    for (std::size_t i = 0; i < count; ++i) {
        queries[i].message = {batch_->slots[i].query.data(), batch_->messages[i].msg_len};
        queries[i].client.address = sender_address(batch_->slots[i].from);
        queries[i].client.now = now;
    }
    engine::read(snapshot, queries);
    std::span<std::uint8_t> room{batch_->responses};
    unsigned answers = 0;
    std::size_t refused = 0;
    for (std::size_t i = 0; i < count; ++i) {
        auto& header = batch_->messages[i].msg_hdr;
        const auto size = engine::respond(snapshot, queries[i], random_, room.first(response_size));
        if (size == engine::deferred) {
            defer(queries[i].message, queries[i].client, header);
        } else if (size > 0 &&
                   !(more && queries[i].slips && held_.hold(header, room.first(size), now))) {
            batch_->reply(answers++, header, room.first(size));
            room = room.subspan(size);
        }
        if (size == 0 || queries[i].slips) ++refused;
        Batch::make_room(header);
    }
    send(answers);
    polling_.look(now, refused);
    if (!more || held_.due(now) || held_.room() < batch_size) send_held();
    return count;
}

void UdpServer::send_held() noexcept {
    unsigned replies = 0;
    for (; replies < batch_size && !held_.empty(); ++replies) {
        auto& reply = held_.take();
        msghdr query{};
        reply.to.put_on(query);
        batch_->reply(replies, query, reply.response());
    }
    send(replies);
}

/// What is needed to answer a datagram later; the socket outlives the observer's threads.
struct UdpServer::Return {
    int socket;
    ReturnAddress to;

    void send(std::vector<std::uint8_t> response) {
        if (response.empty()) return;
        iovec out{response.data(), response.size()};
        msghdr reply{};
        reply.msg_iov = &out;
        reply.msg_iovlen = 1;
        to.put_on(reply);
        while (::sendmsg(socket, &reply, MSG_DONTWAIT) < 0) {
            // What cannot be sent is lost, as on any hop.
            if (errno != EMSGSIZE || !allow_fragments(socket)) break;
        }
    }
};

void UdpServer::defer(wire::Octets query, const engine::Client& client,
                      const msghdr& header) noexcept {
    Return way{.socket = socket_, .to = ReturnAddress{header}};
    try {
        observer_.observe(
            {query.begin(), query.end()}, client.elsewhere(),
            [way](engine::Answer answer) mutable { way.send(std::move(answer.message)); });
    } catch (const std::bad_alloc&) {
        // Observers ask again; all other queries are answered without heap memory.
    }
}

void UdpServer::send(unsigned replies) noexcept {
    for (unsigned sent = 0; sent < replies;) {
        const int done =
            ::sendmmsg(socket_, batch_->replies.data() + sent, replies - sent, MSG_DONTWAIT);
        if (done > 0) {
            sent += static_cast<unsigned>(done);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            break;  // the network is full: what does not fit is lost, as on any hop
        } else if (errno == EMSGSIZE && allow_fragments(socket_)) {
            continue;
        } else if (errno != EINTR) {
            ++sent;  // this client cannot be reached; the next one can
        }
    }
}

}  // namespace net
