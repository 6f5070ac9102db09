// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/socket_owner.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
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

/// Inodes of the sockets that are bound to the port, listening ones where that has a meaning.
/// proc(5): "sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode".
std::set<std::string> inodes(std::uint16_t port, Protocol protocol) {
    std::set<std::string> found;
    const std::string table = protocol == Protocol::Udp ? "udp" : "tcp";
    for (const auto& path : {"/proc/net/" + table, "/proc/net/" + table + "6"}) {
        std::ifstream file{path};
        std::string line;
        std::getline(file, line);
        while (std::getline(file, line)) {
            std::istringstream fields{line};
            std::string slot, local, remote, state, queues, timer, retransmits, user, timeout,
                inode;
            fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >>
                timeout >> inode;
            const bool listening = protocol == Protocol::Udp || state == "0A";
            if (listening && port_of(local) == port && inode != "0")
                found.insert("socket:[" + inode + "]");
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
    const auto sockets = inodes(endpoint.port, protocol);
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
