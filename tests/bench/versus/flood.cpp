// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/versus/flood.hpp"

#include "tests/bench/versus/questions.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace versus {
namespace {

constexpr std::size_t batch = 32;  // datagrams to one system call

/// An IPv4 prefix. Numbers in the order of this machine.
struct Prefix {
    std::uint32_t first = 0;
    std::uint32_t host_bits = 0;

    explicit Prefix(const std::string& text) {
        const auto slash = text.find('/');
        in_addr address{};
        if (slash == std::string::npos ||
            ::inet_pton(AF_INET, text.substr(0, slash).c_str(), &address) != 1)
            throw std::runtime_error{text + " is no prefix"};
        const auto length = std::stoul(text.substr(slash + 1));
        if (length < 1 || length > 32) throw std::runtime_error{text + " is no prefix"};
        host_bits = static_cast<std::uint32_t>((std::uint64_t{1} << (32 - length)) - 1);
        first = ntohl(address.s_addr) & ~host_bits;
    }
};

std::vector<std::uint8_t> octets_of(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream) throw std::runtime_error{file.string() + " cannot be read"};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// A socket that may send from any local address, and takes nothing.
int open() {
    const int number = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    std::array nothing{sock_filter{.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = 0}};
    const sock_fprog filter{.len = nothing.size(), .filter = nothing.data()};
    ::setsockopt(number, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
    const sockaddr_in any{
        .sin_family = AF_INET, .sin_port = 0, .sin_addr = {INADDR_ANY}, .sin_zero = {}};
    if (::bind(number, reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0)
        throw std::system_error{errno, std::generic_category(), "flood: bind"};
    return number;
}

}  // namespace

struct Flood::Batch {
    struct Slot {
        iovec part{};
        alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(in_pktinfo))> control{};
    };

    Batch(const std::filesystem::path& file, const std::string& from, std::uint16_t port)
        : octets{octets_of(file)}, sources{from}, socket{open()} {
        server.sin_family = AF_INET;
        server.sin_port = htons(port);
        server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const Octets all{octets};
        for (std::size_t at = 0; at + 2 <= all.size();) {
            const auto length = read16(all, at);
            datagrams.push_back(all.subspan(at + 2, length));
            at += std::size_t{2} + length;
        }
        if (datagrams.empty()) throw std::runtime_error{file.string() + " has no datagrams"};
        for (std::size_t i = 0; i < batch; ++i) prepare(messages[i].msg_hdr, slots[i]);
    }
    ~Batch() { ::close(socket); }
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

    void prepare(msghdr& header, Slot& slot) {
        header.msg_name = &server;
        header.msg_namelen = sizeof server;
        header.msg_iov = &slot.part;
        header.msg_iovlen = 1;
        header.msg_control = slot.control.data();
        header.msg_controllen = slot.control.size();
        auto* control = CMSG_FIRSTHDR(&header);
        control->cmsg_level = IPPROTO_IP;
        control->cmsg_type = IP_PKTINFO;
        control->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
    }
    void fill(Slot& slot, msghdr& header) {
        const auto datagram = datagrams[next];
        if (++next == datagrams.size()) next = 0;
        slot.part = {const_cast<std::uint8_t*>(datagram.data()), datagram.size()};
        const auto source =
            sources.first | (static_cast<std::uint32_t>(dice()) & sources.host_bits);
        const in_pktinfo info{.ipi_ifindex = 0, .ipi_spec_dst = {htonl(source)}, .ipi_addr = {}};
        std::memcpy(CMSG_DATA(CMSG_FIRSTHDR(&header)), &info, sizeof info);
    }

    std::vector<std::uint8_t> octets;
    Prefix sources;
    int socket;
    sockaddr_in server{};
    std::vector<Octets> datagrams;
    std::size_t next = 0;
    std::mt19937 dice{1};
    std::array<Slot, batch> slots{};
    std::array<mmsghdr, batch> messages{};
};

Flood::Flood(const std::filesystem::path& file, const std::string& sources, std::uint16_t port)
    : batch_{std::make_unique<Batch>(file, sources, port)} {}

Flood::~Flood() = default;

void Flood::send() {
    for (std::size_t i = 0; i < batch; ++i)
        batch_->fill(batch_->slots[i], batch_->messages[i].msg_hdr);
    const int done = ::sendmmsg(batch_->socket, batch_->messages.data(), batch, 0);
    if (done < 0 && errno != EINTR && errno != EAGAIN && errno != ECONNREFUSED)
        throw std::system_error{errno, std::generic_category(), "flood: sendmmsg"};
    if (done > 0) sent_ += static_cast<std::size_t>(done);
}

}  // namespace versus
