// SPDX-License-Identifier: Apache-2.0
#pragma once
// Edges whose files `isochrone setup` made, put into place by the commands of its page.

#include "tests/support/temporary_folder.hpp"
#include "tests/wan/site.hpp"

#include <memory>
#include <string>
#include <vector>

namespace wan {

/// What the guide's command for setup writes, with these addresses instead of its own.
class SetUpFolder {
 public:
    SetUpFolder(const std::vector<const Site*>& edges, const Site& home,
                const support::TemporaryFolder& folder);

    /// Runs the page's commands for this edge inside of it, in an /etc of its own and behind a firewall
    /// that lets nothing else in. What needs the whole machine (apt-get, systemctl, sysctl, modprobe) is
    /// only called, not done.
    void install(const Site& edge) const;
    /// What systemctl would have started.
    [[nodiscard]] static std::unique_ptr<support::Process> start_relay(const Site& edge);
    [[nodiscard]] static std::unique_ptr<support::Process> start_server(const Site& edge);
    /// The lines that the page wants in the parent zone.
    [[nodiscard]] std::string delegation() const;

 private:
    std::string folder_;
    std::string page_;
};

}  // namespace wan
