// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/udp.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>

#include <netinet/in.h>
#include <sys/socket.h>

namespace net {
namespace {

namespace asio = boost::asio;
constexpr auto nothrow = asio::as_tuple(asio::use_awaitable);

constexpr unsigned batch_size = 32;
constexpr unsigned batches_in_turn = 32;     // then others of this worker get their turn
constexpr std::size_t query_size = 4096;     // longer datagrams are cut, and answered with FORMERR
constexpr std::size_t response_size = 4096;  // the largest payload that can be configured

/// Where a datagram came from. Nothing for a family that DNS does not know.
geo::Address address_of(const sockaddr_storage& from) noexcept {
    if (from.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &from, sizeof v4);
        return {geo::Family::V4, geo::Bits{ntohl(v4.sin_addr.s_addr)} << 96};
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &from, sizeof v6);
    return geo::address_from(geo::Family::V6, v6.sin6_addr.s6_addr);
}

/// The address that was asked becomes the one that answers; the interface is the routing's choice.
void forget_interface(msghdr& message) noexcept {
    for (auto* control = CMSG_FIRSTHDR(&message); control != nullptr;
         control = CMSG_NXTHDR(&message, control)) {
        if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
            in_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(control), sizeof info);
            info.ipi_ifindex = 0;
            std::memcpy(CMSG_DATA(control), &info, sizeof info);
        } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
            in6_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(control), sizeof info);
            if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) info.ipi6_ifindex = 0;
            std::memcpy(CMSG_DATA(control), &info, sizeof info);
        }
    }
}

}  // namespace

/// The memory of a batch, laid out once.
struct UdpServer::Batch {
    struct Slot {
        sockaddr_storage from;
        iovec in;
        iovec out;
        alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))> control;
        std::array<std::uint8_t, query_size> query;
        std::array<std::uint8_t, response_size> response;
    };
    std::array<Slot, batch_size> slots;
    std::array<mmsghdr, batch_size> incoming;
    std::array<mmsghdr, batch_size> outgoing;

    void prepare(unsigned i) noexcept {
        auto& slot = slots[i];
        slot.in = {slot.query.data(), slot.query.size()};
        auto& header = incoming[i].msg_hdr;
        header.msg_name = &slot.from;
        header.msg_namelen = sizeof slot.from;
        header.msg_iov = &slot.in;
        header.msg_iovlen = 1;
        header.msg_control = slot.control.data();
        header.msg_controllen = slot.control.size();
        header.msg_flags = 0;
    }
};

UdpServer::UdpServer(asio::io_context& context, int socket, geo::Family family,
                     SnapshotReader& snapshot, geo::Random& random)
    : socket_{context, family == geo::Family::V4 ? asio::ip::udp::v4() : asio::ip::udp::v6(),
              socket},
      snapshot_{snapshot},
      random_{random},
      batch_{std::make_unique<Batch>()} {
    for (unsigned i = 0; i < batch_size; ++i) batch_->prepare(i);
}

UdpServer::~UdpServer() = default;

void UdpServer::start() {
    asio::co_spawn(socket_.get_executor(), serve(), [](const std::exception_ptr& escaped) {
        if (escaped) spdlog::critical("a UDP worker ended by an exception");
    });
}

void UdpServer::stop() {
    for (unsigned i = 0; i < batches_in_turn && serve_batch() > 0; ++i) {
    }
    socket_.close();
}

asio::awaitable<void> UdpServer::serve() {
    while (socket_.is_open()) {
        const auto [fault] = co_await socket_.async_wait(asio::ip::udp::socket::wait_read, nothrow);
        if (fault) co_return;
        // Until there is nothing left: one read in vain costs less than a wait for each batch.
        for (unsigned i = 0; i < batches_in_turn && serve_batch() > 0; ++i) {
        }
    }
}

std::size_t UdpServer::serve_batch() noexcept {
    const int descriptor = socket_.native_handle();
    const int received =
        ::recvmmsg(descriptor, batch_->incoming.data(), batch_size, MSG_DONTWAIT, nullptr);
    if (received <= 0) return 0;
    const auto& snapshot = snapshot_.get();
    unsigned answers = 0;
    for (unsigned i = 0; i < static_cast<unsigned>(received); ++i) {
        auto& slot = batch_->slots[i];
        auto& header = batch_->incoming[i].msg_hdr;
        const wire::Octets message{slot.query.data(), batch_->incoming[i].msg_len};
        const engine::Client client{.address = address_of(slot.from),
                                    .transport = engine::Transport::Udp};
        const auto size = engine::respond(snapshot, message, client, random_, slot.response);
        if (size > 0) {
            slot.out = {slot.response.data(), size};
            auto& reply = batch_->outgoing[answers++].msg_hdr;
            reply = header;
            reply.msg_iov = &slot.out;
            if (reply.msg_controllen == 0) {
                reply.msg_control = nullptr;
            } else {
                forget_interface(reply);
            }
        }
    }
    for (unsigned sent = 0; sent < answers;) {
        const int done = ::sendmmsg(descriptor, batch_->outgoing.data() + sent, answers - sent, 0);
        if (done > 0) {
            sent += static_cast<unsigned>(done);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            break;  // the network is full: what does not fit is lost, as on any hop
        } else if (errno != EINTR) {
            ++sent;  // this client cannot be reached; the next one can
        }
    }
    for (unsigned i = 0; i < static_cast<unsigned>(received); ++i) batch_->prepare(i);
    return static_cast<std::size_t>(received);
}

}  // namespace net
