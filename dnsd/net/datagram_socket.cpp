// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/datagram_socket.hpp"

#include "dnsd/net/coarse_clock.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace net {
namespace {

constexpr timeval longest_wait{1, 0};     // an idle thread must let go of old snapshots too
constexpr std::size_t query_size = 4096;  // no query needs more; the rest is cut off

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

/// Octets that the kernel only reads.
iovec to_send(std::span<const std::uint8_t> octets) noexcept {
    return {const_cast<std::uint8_t*>(octets.data()), octets.size()};
}

}  // namespace

/// The memory of a batch, laid out once.
struct DatagramSocket::Batch {
    std::array<ReturnAddress, batch_size> from;
    std::array<mmsghdr, batch_size> queries{};
    std::array<iovec, batch_size> query_octets{};
    std::array<mmsghdr, batch_size> answers{};
    std::array<iovec, batch_size> answer_octets{};
    std::array<std::array<std::uint8_t, query_size>, batch_size> octets;  // of the queries

    Batch() noexcept {
        for (std::size_t i = 0; i < batch_size; ++i) {
            query_octets[i] = {octets[i].data(), octets[i].size()};
            auto& query = queries[i].msg_hdr;
            query.msg_iov = &query_octets[i];
            query.msg_iovlen = 1;
            from[i].lend_to(query);
            auto& answer = answers[i].msg_hdr;
            answer.msg_iov = &answer_octets[i];
            answer.msg_iovlen = 1;
        }
    }
};

DatagramSocket::DatagramSocket(int socket) : socket_{socket}, batch_{std::make_unique<Batch>()} {
    const int flags = ::fcntl(socket_, F_GETFL);
    ::fcntl(socket_, F_SETFL, flags & ~O_NONBLOCK);
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest_wait, sizeof longest_wait);
}

DatagramSocket::~DatagramSocket() {
    ::close(socket_);
}

Arrivals DatagramSocket::receive(Wait wait, std::span<engine::Query> places) noexcept {
    const int flags = wait == Wait::ForOne ? MSG_WAITFORONE : MSG_DONTWAIT;
    const int received = ::recvmmsg(socket_, batch_->queries.data(), batch_size, flags, nullptr);
    if (received <= 0) return {};
    const auto count = static_cast<std::size_t>(received);
    const auto now = coarse_now();
    for (std::size_t i = 0; i < count; ++i) {
        auto& query = places[i];
        query.message = {batch_->octets[i].data(), batch_->queries[i].msg_len};
        query.client.address = batch_->from[i].client();
        query.client.now = now;
        batch_->from[i].take_back(batch_->queries[i].msg_hdr);
    }
    return {.from = std::span{batch_->from}.first(count), .at = now};
}

void DatagramSocket::end_waiting() noexcept {
    // Returns ENOTCONN for a socket without a peer, but wakes its reader all the same.
    ::shutdown(socket_, SHUT_RD);
}

void DatagramSocket::send(std::span<const Departure> answers) noexcept {
    for (std::size_t i = 0; i < answers.size(); ++i) {
        batch_->answer_octets[i] = to_send(answers[i].octets);
        answers[i].to->put_on(batch_->answers[i].msg_hdr);
    }
    const auto count = static_cast<unsigned>(answers.size());
    for (unsigned sent = 0; sent < count;) {
        const int done =
            ::sendmmsg(socket_, batch_->answers.data() + sent, count - sent, MSG_DONTWAIT);
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

void DatagramSocket::send_late(std::span<const std::uint8_t> answer,
                               const ReturnAddress& to) noexcept {
    auto octets = to_send(answer);
    msghdr message{};
    message.msg_iov = &octets;
    message.msg_iovlen = 1;
    to.put_on(message);
    while (::sendmsg(socket_, &message, MSG_DONTWAIT) < 0) {
        // What cannot be sent is lost, as on any hop.
        if (errno != EMSGSIZE || !allow_fragments(socket_)) break;
    }
}

}  // namespace net
