// SPDX-License-Identifier: Apache-2.0
#pragma once
// Other authoritative servers beside ours, over the same zone file.

#include "tests/e2e/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <memory>
#include <string>

namespace e2e {

class PeerServer {
 public:
    enum class Kind { Nsd, Knot };

    /// Serves `text`, a zone file in master format, as soon as it is made. Minimal responses.
    PeerServer(Kind kind, const std::string& zone, const std::string& text);

    [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }

 private:
    void start_nsd(const std::string& zone);
    void start_knot(const std::string& zone);

    support::TemporaryFolder folder_;
    Endpoint endpoint_{"127.0.0.1", 0};
    std::unique_ptr<Process> process_;
};

}  // namespace e2e
