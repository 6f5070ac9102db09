// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows "port", "clock", "database", "ping" and "relay" of the machine that doctor runs on. What is
// read of the machine comes in as values; read_machine() reads it.

#include "dnsd/config/config.hpp"
#include "dnsd/doctor/finding.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace doctor {

/// A program that has a port on which this server is to listen.
struct PortOwner {
    std::string socket;   // "192.0.2.10:53/udp"
    std::string program;  // "systemd-resolve (pid 412)"; empty: nobody has it, or it is hidden
};

struct Database {
    std::string file;  // without its folder
    std::chrono::hours age{0};
};

/// The groups that may open ping sockets (net.ipv4.ping_group_range), and the server's own.
struct PingRights {
    std::uint32_t first = 1;
    std::uint32_t last = 0;  // less than `first`: nobody may
    std::uint32_t group = 0;
    bool raw = false;  // the server is root, and needs no ping socket
};

/// Settings of the kernel that a relay wants otherwise; docs/relay.md says why.
struct RelayTuning {
    std::string congestion_control;  // "cubic"
    std::uint64_t rmem_max = 0;      // octets
    std::uint64_t wmem_max = 0;
};

struct Machine {
    std::vector<PortOwner> ports{};
    std::optional<bool> clock_synchronised{};  // nothing: the kernel does not tell
    std::vector<Database> databases{};
    std::optional<PingRights> ping{};    // nothing: this server sends no echoes
    std::optional<RelayTuning> relay{};  // nothing: no relay runs here
};

/// Returns the rows. Pure.
[[nodiscard]] Findings judge_machine(const Machine& machine);

/// Reads what judge_machine() needs. Databases that cannot be read are left out: `check` tells of
/// them.
[[nodiscard]] Machine read_machine(const control::Config& config);

}  // namespace doctor
