// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/start_check.hpp"

#include "dnsd/health/edge_watch.hpp"
#include "dnsd/rights/access.hpp"
#include "dnsd/rights/privileges.hpp"
#include "dnsd/server/control_socket.hpp"
#include "dnsd/server/workers.hpp"
#include "dnsd/sockets/socket_owner.hpp"
#include "dnsd/state/state_folder.hpp"
#include "probes/check/check.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

namespace control {
namespace {

namespace fs = std::filesystem;
using geo::Severity;

void add(geo::Problems& problems, Severity severity, std::string file, std::string text) {
    problems.push_back(
        {.file = std::move(file), .path = {}, .text = std::move(text), .severity = severity});
}

/// Opens sockets, and keeps them open until its end: so an address that is named twice gets in its
/// own way.
class Trial {
 public:
    Trial() = default;
    Trial(const Trial&) = delete;
    Trial& operator=(const Trial&) = delete;
    ~Trial() {
        for (const int number : open_) ::close(number);
    }
    /// Says why the sockets cannot be opened; empty if they can.
    std::string open(const net::Endpoint& endpoint) {
        const auto sockets = net::open_sockets(endpoint, net::PortSharing::Nobody);
        if (!sockets) return sockets.error().text;
        open_.insert(open_.end(), {sockets->udp, sockets->tcp});
        return {};
    }

 private:
    std::vector<int> open_;
};

/// Names the program that has the UDP or the TCP port: "systemd-resolve (pid 412)".
std::string port_owner(const net::Endpoint& endpoint) {
    auto udp = net::socket_owner(endpoint, net::Protocol::Udp);
    return udp.empty() ? net::socket_owner(endpoint, net::Protocol::Tcp) : udp;
}

/// False if this user cannot tell: it may not bind ports below 1024, or not see who has a port.
bool can_tell(const std::string& fault) {
    return ::geteuid() == 0 || (fault.find(std::strerror(EACCES)) == std::string::npos &&
                                (fault.find(" is in use;") == std::string::npos));
}

/// Says why no program at this path can be started; empty if one can.
std::string not_a_program(const std::string& path) {
    if (path.find('/') == std::string::npos) return {};  // looked for in PATH
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0 ||
        ::faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) != 0)
        return std::strerror(errno);
    return S_ISREG(found.st_mode) ? "" : "not a file";
}

}  // namespace

void check_addresses(const Config& config, geo::Problems& problems) {
    Trial trial;
    for (const auto& [endpoint, need] : wanted_endpoints(config)) {
        const bool needed = need == WantedEndpoint::Need::Always;
        if (!needed && endpoint.port == 0) continue;  // it follows what the system chooses
        const auto fault = trial.open(endpoint);
        if (fault.empty()) continue;
        const auto owner = port_owner(endpoint);
        if (owner.ends_with("(pid " + std::to_string(::getpid()) + ")")) {
            add(problems, Severity::Fault, "listen",
                net::to_text(endpoint) + ": another address of \"listen\" is in its way");
        } else if (!owner.starts_with("isochrone ") && can_tell(fault)) {  // which has it rightly
            const bool missing = !needed && owner.empty();                 // no IPv6 here
            if (!missing) add(problems, Severity::Warning, "listen", fault);
        }
    }
}

void become_user(const Config& config, geo::Problems& problems) {
    struct stat state {};
    if (config.user.empty()) {
        if (::geteuid() != 0 || ::stat(config.state.c_str(), &state) != 0 || state.st_uid == 0)
            return;
        const auto owner = owner_of(config.state);
        return add(problems, Severity::Warning, config.state,
                   "belongs to " + owner + ", and this was checked as root: \"check --user " +
                       owner + "\" checks what that user may read");
    }
    const auto user = find_user(config.user);
    if (!user) return add(problems, Severity::Fault, "user", user.error().text);
    if (::geteuid() != 0 && ::geteuid() != user->id) {
        return add(problems, Severity::Warning, "user",
                   "whether \"" + config.user +
                       "\" may read these files is not checked: only root can become that user");
    }
    const auto became = become(*user);
    if (!became) add(problems, Severity::Fault, "user", config.user + ": " + became.error().text);
}

void check_state_folder(const Config& config, geo::Problems& problems) {
    const auto severity = config.user.empty() ? Severity::Warning : Severity::Fault;
    const auto fault = [&](const std::string& text) {
        add(problems, severity, config.state,
            text + ": states are not kept, and no commands taken");
    };
    std::error_code failed;
    const auto kind = fs::status(config.state, failed).type();
    if (kind == fs::file_type::directory) {
        const auto denied = denied_writing(config.state);
        if (!denied.empty()) return fault(denied);
    } else if (kind == fs::file_type::not_found) {
        // Root makes it for the user before it becomes that user.
        const auto above = fs::absolute(config.state, failed).parent_path();
        if (!fs::is_directory(above, failed))
            return fault("the folder " + above.string() + " is not there");
        const auto denied =
            config.user.empty() ? denied_writing(above.string()) : denied_reading(above.string());
        if (!denied.empty()) return fault(denied);
    } else {
        const auto denied = denied_reading(config.state);
        return fault(denied.empty() ? "not a folder" : denied);
    }
    if (const auto text = path_fault(socket_in(config.state)); !text.empty()) fault(text);
}

void check_programs(const zones::Catalog& catalog, geo::Problems& problems) {
    std::set<std::string> told;
    const auto warn = [&](const std::string& edge, const std::string& text) {
        if (told.insert(text).second) add(problems, Severity::Warning, edge, text);
    };
    for (const auto& served : catalog.zones()) {
        for (const auto& edge : served.zone->edges()) {
            const auto name = zone_text(served.zone->apex()) + "/" + edge.name;
            auto checks = edge.checks;
            checks.insert(checks.end(), edge.origins.begin(), edge.origins.end());
            for (const auto& check : checks) {
                if (check->kind == probes::Check::Kind::Command) {
                    const auto fault = not_a_program(check->command.front());
                    if (!fault.empty())
                        warn(name, check->command.front() + " cannot be started: " + fault);
                } else if (check->kind == probes::Check::Kind::File) {
                    const auto denied = denied_reading(check->file);
                    if (!denied.empty()) warn(name, check->file + ": " + denied);
                }
            }
        }
    }
}

}  // namespace control
