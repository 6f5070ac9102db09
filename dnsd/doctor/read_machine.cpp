// SPDX-License-Identifier: Apache-2.0
// Reads the machine for the rows of machine.hpp.

#include "dnsd/doctor/machine.hpp"
#include "dnsd/rights/privileges.hpp"
#include "dnsd/server/workers.hpp"
#include "dnsd/sockets/socket_owner.hpp"
#include "geo/source/mmdb.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

namespace doctor {
namespace {

template <class Value>
Value setting(const std::string& name) {
    std::ifstream file{"/proc/sys/" + name};
    Value value{};
    file >> value;
    return value;
}

std::vector<PortOwner> port_owners(const control::Config& config) {
    std::vector<PortOwner> owners;
    for (const auto& [endpoint, need] : control::wanted_endpoints(config)) {
        if (endpoint.port == 0 || need != control::WantedEndpoint::Need::Always) continue;
        for (const auto protocol : {net::Protocol::Udp, net::Protocol::Tcp}) {
            const bool udp = protocol == net::Protocol::Udp;
            owners.push_back({net::to_text(endpoint) + (udp ? "/udp" : "/tcp"),
                              net::socket_owner(endpoint, protocol)});
        }
    }
    return owners;
}

std::optional<bool> clock_synchronised() {
    timex state{};  // no modes: nothing is changed
    const int told = ::adjtimex(&state);
    if (told < 0) return std::nullopt;
    return told != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

std::vector<Database> databases_of(const control::Config& config) {
    std::vector<Database> databases;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    for (const auto& path : config.sources.databases) {
        const auto opened = geo::Mmdb::open(path);
        if (!opened) continue;
        const auto age = now - std::chrono::seconds{opened->built()};
        databases.push_back({std::filesystem::path{path}.filename().string(),
                             std::chrono::duration_cast<std::chrono::hours>(age)});
    }
    return databases;
}

/// The group of the running server is that of its state folder, unless the settings name a user.
PingRights ping_rights(const control::Config& config) {
    PingRights rights;
    std::ifstream range{"/proc/sys/net/ipv4/ping_group_range"};
    range >> rights.first >> rights.last;
    struct stat folder {};
    uid_t user = ::geteuid();
    rights.group = ::getegid();
    if (const auto named = control::find_user(config.user); !config.user.empty() && named) {
        user = named->id;
        rights.group = named->group;
    } else if (::stat(config.state.c_str(), &folder) == 0) {
        user = folder.st_uid;
        rights.group = folder.st_gid;
    }
    rights.raw = user == 0;
    return rights;
}

}  // namespace

Machine read_machine(const control::Config& config) {
    Machine machine;
    machine.ports = port_owners(config);
    machine.clock_synchronised = clock_synchronised();
    machine.databases = databases_of(config);
    if (config.measure.active) machine.ping = ping_rights(config);
    if (!config.relay.ports.empty()) {
        machine.relay = {setting<std::string>("net/ipv4/tcp_congestion_control"),
                         setting<std::uint64_t>("net/core/rmem_max"),
                         setting<std::uint64_t>("net/core/wmem_max")};
    }
    return machine;
}

}  // namespace doctor
