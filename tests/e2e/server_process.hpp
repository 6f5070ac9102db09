// SPDX-License-Identifier: Apache-2.0
#pragma once
// The executable that is tested, serving on free ports of the loopback addresses.

#include "tests/e2e/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace e2e {

struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
};
[[nodiscard]] std::string to_text(const Endpoint& endpoint);

/// `isochrone` and these arguments. The machine's own config file is left out.
[[nodiscard]] Command isochrone(const Command& arguments);

/// Where a server keeps its state unless the test names a folder.
struct OwnState {
    support::TemporaryFolder state;
};

class ServerProcess : private OwnState, public Process {
 public:
    /// `isochrone serve`, as soon as it serves. Without a --listen or --config among the arguments
    /// it listens on a free port of 127.0.0.1; without a --state it has a folder of its own for
    /// that. `before` are words before the command: "prlimit …".
    explicit ServerProcess(const Command& arguments, const Command& before = {});

    /// In the order in which they were asked for.
    [[nodiscard]] const std::vector<Endpoint>& endpoints() const noexcept { return endpoints_; }
    [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoints_.front(); }

    /// Those that it has at the moment.
    [[nodiscard]] std::vector<id_t> threads() const;

    /// Sends SIGHUP and waits until it has been obeyed. The line that says so.
    std::string reload();
    /// Ends it by SIGTERM. Its exit status.
    int stop();

 private:
    std::vector<Endpoint> endpoints_;
};

/// dig with this server, and these further words.
[[nodiscard]] Command dig(const Endpoint& server, const Command& words);

/// What dig prints with +short, lines by line feeds. Throws when dig gets no answer.
std::string dig_short(const Endpoint& server, const Command& words);

}  // namespace e2e
