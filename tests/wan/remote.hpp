// SPDX-License-Identifier: Apache-2.0
#pragma once
// The emulator as a process, and the commands that it obeys.

#include "tests/support/process.hpp"

#include <string>

namespace wan {

class RemoteNetwork {
 public:
    /// Starts wan_emulator with this plan, and waits until the plan has been obeyed.
    RemoteNetwork(const std::string& socket, const std::string& plan);
    ~RemoteNetwork();
    RemoteNetwork(const RemoteNetwork&) = delete;
    RemoteNetwork& operator=(const RemoteNetwork&) = delete;

    /// Sends a line of commands.hpp and waits for the reply. Throws when it is a fault.
    std::string tell(const std::string& line);

 private:
    support::Process process_;
    int socket_ = -1;
};

}  // namespace wan
