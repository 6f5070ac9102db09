// SPDX-License-Identifier: Apache-2.0
#include "dnsd/sockets/socket_owner.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <span>
#include <sstream>
#include <system_error>

namespace net {
namespace {

namespace fs = std::filesystem;

std::uint16_t port_of(const std::string& local_address) {
    const auto colon = local_address.rfind(':');
    unsigned port = 0;
    const auto* end = local_address.data() + local_address.size();
    std::from_chars(local_address.data() + colon + 1, end, port, 16);
    return static_cast<std::uint16_t>(port);
}

/// The address as the kernel prints it: words of 32 bits in the machine's byte order.
std::string kernel_text(const geo::Address& address) {
    std::array<std::uint8_t, 16> octets{};
    const std::size_t size = address.family == geo::Family::V4 ? 4 : 16;
    write_octets(address, std::span{octets}.first(size));
    std::string text;
    for (std::size_t i = 0; i < size; i += 4) {
        std::uint32_t word = 0;
        std::memcpy(&word, octets.data() + i, sizeof word);
        std::array<char, 9> digits{};
        std::snprintf(digits.data(), digits.size(), "%08X", static_cast<unsigned>(word));
        text += digits.data();
    }
    return text;
}

/// True if a socket that is bound to `local` keeps us from our address on the same port.
bool in_the_way(const std::string& local, bool same_family, const Endpoint& endpoint) {
    const auto address = local.substr(0, local.rfind(':'));
    if (address.find_first_not_of('0') == std::string::npos) return true;  // on all addresses
    return same_family && (endpoint.any_address() || address == kernel_text(endpoint.address));
}

/// Returns the inodes of the sockets that are in the way; of TCP only listening ones.
/// proc(5): "sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode".
std::set<std::string> inodes(const Endpoint& endpoint, Protocol protocol) {
    std::set<std::string> found;
    const std::string table = protocol == Protocol::Udp ? "udp" : "tcp";
    for (const auto family : {geo::Family::V4, geo::Family::V6}) {
        std::ifstream file{"/proc/net/" + table + (family == geo::Family::V6 ? "6" : "")};
        std::string line;
        std::getline(file, line);
        while (std::getline(file, line)) {
            std::istringstream fields{line};
            std::string slot, local, remote, state, queues, timer, retransmits, user, timeout,
                inode;
            fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >>
                timeout >> inode;
            const bool listening = protocol == Protocol::Udp || state == "0A";
            if (listening && port_of(local) == endpoint.port && inode != "0" &&
                in_the_way(local, family == endpoint.address.family, endpoint)) {
                found.insert("socket:[" + inode + "]");
            }
        }
    }
    return found;
}

bool holds_any(const fs::path& process, const std::set<std::string>& sockets) {
    std::error_code fault;
    for (auto at = fs::directory_iterator{process / "fd", fault};
         !fault && at != fs::directory_iterator{}; at.increment(fault)) {
        std::error_code unreadable;
        if (sockets.contains(fs::read_symlink(at->path(), unreadable).string())) return true;
    }
    return false;
}

}  // namespace

std::string socket_owner(const Endpoint& endpoint, Protocol protocol) {
    const auto sockets = inodes(endpoint, protocol);
    if (sockets.empty()) return {};
    std::error_code fault;
    for (auto at = fs::directory_iterator{"/proc", fault}; !fault && at != fs::directory_iterator{};
         at.increment(fault)) {
        const auto pid = at->path().filename().string();
        if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
        if (!holds_any(at->path(), sockets)) continue;
        std::ifstream file{at->path() / "comm"};
        std::string name;
        std::getline(file, name);
        return name + " (pid " + pid + ")";
    }
    return {};
}

}  // namespace net
