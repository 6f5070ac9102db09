// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs the tested executable, which serves on free ports of loopback addresses.

#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace e2e {

using support::Command;
using support::Finished;
using support::have_program;
using support::patience;
using support::Process;
using support::run;

struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
};
[[nodiscard]] std::string to_text(const Endpoint& endpoint);

/// Returns `isochrone` with these arguments, and without the machine's own config file.
[[nodiscard]] Command isochrone(const Command& arguments);

/// The state folder of a server, unless the test names one.
struct OwnState {
    support::TemporaryFolder state;
};

class ServerProcess : private OwnState, public Process {
 public:
    /// Starts `isochrone serve`, and waits until it serves. Without --listen or --config among the
    /// arguments it listens on a free port of 127.0.0.1; without --state it has a state folder of
    /// its own. `before` are words before the command: "prlimit …".
    explicit ServerProcess(const Command& arguments, const Command& before = {});

    /// Returns the endpoints in the order in which they were asked for.
    [[nodiscard]] const std::vector<Endpoint>& endpoints() const noexcept { return endpoints_; }
    [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoints_.front(); }

    /// Returns the threads that the process has at the moment.
    [[nodiscard]] std::vector<id_t> threads() const;

    /// Sends SIGHUP, waits until the server has obeyed, and returns the line that says so.
    std::string reload();
    /// Ends the server by SIGTERM, and returns its exit status.
    int stop();

 private:
    std::vector<Endpoint> endpoints_;
};

/// Returns a command of dig that asks this server, with these further words.
[[nodiscard]] Command dig(const Endpoint& server, const Command& words);

/// Returns what dig prints with +short, with line feeds between lines. Throws if dig gets no
/// answer.
std::string dig_short(const Endpoint& server, const Command& words);

}  // namespace e2e
