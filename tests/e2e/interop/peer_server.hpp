// SPDX-License-Identifier: Apache-2.0
#pragma once
// Authoritative servers of other projects. They serve the same zone file as ours, or the zones
// above it.

#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <memory>
#include <string>
#include <vector>

namespace e2e {

struct PeerZone {
    std::string name;
    std::string text;  // in master format
};

class PeerServer {
 public:
    enum class Kind { Nsd, Knot };

    /// Serves the zones from the end of this on, with minimal responses, at a free port unless `at`
    /// names one.
    PeerServer(Kind kind, const std::vector<PeerZone>& zones, Endpoint at = {"127.7.2.1", 0});

    [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }

 private:
    void start_nsd(const std::vector<PeerZone>& zones);
    void start_knot(const std::vector<PeerZone>& zones);

    support::TemporaryFolder folder_;
    Endpoint endpoint_;
    std::unique_ptr<Process> process_;
};

}  // namespace e2e
