// SPDX-License-Identifier: Apache-2.0
#include "probes/path/tcp_info.hpp"

#include "probes/path/sock_diag.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <unistd.h>

namespace probes {
namespace {

constexpr unsigned established = 1;  // TCP_ESTABLISHED of the kernel
constexpr timeval patience{2, 0};

geo::Error fault(const char* doing) {
    return {std::string{doing} + ": " + std::system_category().message(errno)};
}

class Netlink {
 public:
    Netlink() noexcept
        : descriptor_{::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)} {
        ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~Netlink() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    Netlink(const Netlink&) = delete;
    Netlink& operator=(const Netlink&) = delete;
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
    int descriptor_;
};

struct Request {
    nlmsghdr head;
    inet_diag_req_v2 body;
};

/// The ports of a connection; 0 stands for any.
struct Ports {
    std::uint16_t own = 0;
    std::uint16_t remote = 0;
};

Request request_for(int family, const Ports& ports) {
    Request request{};
    request.head.nlmsg_len = sizeof request;
    request.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.body.sdiag_family = static_cast<std::uint8_t>(family);
    request.body.sdiag_protocol = IPPROTO_TCP;
    request.body.idiag_ext = 1 << (INET_DIAG_INFO - 1);
    request.body.idiag_states = 1U << established;
    request.body.id.idiag_sport = htons(ports.own);
    request.body.id.idiag_dport = htons(ports.remote);
    return request;
}

/// Receives one dump: as many datagrams as it takes, up to the message that ends it.
std::optional<geo::Error> dump(int descriptor, int family, const Ports& ports,
                               std::vector<Connection>& found) {
    const auto request = request_for(family, ports);
    if (::send(descriptor, &request, sizeof request, 0) < 0) return fault("sock_diag");
    alignas(nlmsghdr) std::array<std::uint8_t, 64 << 10> buffer;
    for (;;) {
        const auto received = ::recv(descriptor, buffer.data(), buffer.size(), 0);
        if (received < 0 && errno == EINTR) continue;
        if (received < 0) return fault("sock_diag");
        auto left = static_cast<std::size_t>(received);
        for (auto* head = reinterpret_cast<nlmsghdr*>(buffer.data());
             left >= sizeof *head && head->nlmsg_len >= sizeof *head && head->nlmsg_len <= left;) {
            if (head->nlmsg_type == NLMSG_DONE) return std::nullopt;
            if (head->nlmsg_type == NLMSG_ERROR &&
                head->nlmsg_len >= NLMSG_LENGTH(sizeof(nlmsgerr))) {
                nlmsgerr error{};
                std::memcpy(&error, head + 1, sizeof error);
                errno = -error.error;
                return fault("sock_diag");
            }
            if (auto connection = read_connection(*head)) found.push_back(*connection);
            const auto step = std::min<std::size_t>(NLMSG_ALIGN(head->nlmsg_len), left);
            left -= step;
            head = reinterpret_cast<nlmsghdr*>(reinterpret_cast<std::uint8_t*>(head) + step);
        }
    }
}

geo::Result<std::vector<Connection>> read(std::span<const Ports> wanted) {
    const Netlink netlink;
    if (netlink.descriptor() < 0) return fault("sock_diag");
    std::vector<Connection> found;
    for (const auto& ports : wanted) {
        for (const int family : {AF_INET, AF_INET6}) {
            if (const auto failed = dump(netlink.descriptor(), family, ports, found))
                return *failed;
        }
    }
    return {boost::system::in_place_value, std::move(found)};
}

}  // namespace

geo::Result<std::vector<Connection>> read_connections(std::span<const std::uint16_t> ports) {
    std::vector<Ports> wanted;
    for (const auto port : ports) wanted.push_back({.own = port, .remote = 0});
    return read(wanted);
}

geo::Result<std::vector<Connection>> read_connections_to(const geo::Address& address,
                                                         std::uint16_t port) {
    const Ports wanted{.own = 0, .remote = port};
    auto found = read({&wanted, 1});
    if (found) {
        std::erase_if(*found, [&](const Connection& each) { return each.client != address; });
    }
    return found;
}

}  // namespace probes
