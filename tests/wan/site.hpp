// SPDX-License-Identifier: Apache-2.0
#pragma once
// A place of the test's internet: a network namespace with a device of the emulator's, and what
// runs in it.

#include "tests/support/process.hpp"

#include <string>
#include <vector>

namespace wan {

struct SitePlan {
    std::string name;
    std::string prefix;                  // all addresses of the site, as the emulator routes them
    std::vector<std::string> addresses;  // the first is the one from which its programs speak
};

class Site {
 public:
    /// `resolver` is a file that programs inside see as /etc/resolv.conf; none: the machine's own.
    explicit Site(SitePlan plan, const std::string& resolver = {});

    [[nodiscard]] const std::string& name() const noexcept { return plan_.name; }
    [[nodiscard]] const std::string& address() const noexcept { return plan_.addresses.front(); }
    /// The line by which the emulator takes this site in.
    [[nodiscard]] std::string introduction() const;
    /// Addresses and routes, as soon as the emulator has made the device.
    void bring_up() const;

    /// Words that run what follows inside of the site.
    [[nodiscard]] support::Command inside(const support::Command& command = {}) const;
    [[nodiscard]] support::Finished run(const support::Command& command) const;
    /// Whether something listens on this TCP port.
    [[nodiscard]] bool listens(std::uint16_t port) const;

 private:
    SitePlan plan_;
    support::Process holder_;  // keeps the namespaces
};

}  // namespace wan
