// SPDX-License-Identifier: Apache-2.0
#pragma once
// Recursive servers of other projects. Each knows only the root server of the test's own network.
// They do not validate DNSSEC, as that root is not signed.

#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <memory>
#include <string>
#include <vector>

namespace e2e {

/// The endpoint at which the resolver answers. It asks from this address, and from its IPv6
/// address.
inline const Endpoint resolver_endpoint{"203.0.113.99", 53};

class Resolver {
 public:
    enum class Kind { Unbound, Bind, Knot, PowerDns };

    /// Resolves from the root server `root` on, and answers from the end of this constructor on.
    /// `settings` are further lines in the resolver's own language: of unbound's `server`, of
    /// BIND's `options`, Lua for Knot Resolver, and settings of PowerDNS Recursor.
    Resolver(Kind kind, const std::string& root, const std::string& settings);

    /// Returns what it has logged.
    [[nodiscard]] std::string log() const { return process_->errors(); }

 private:
    void start_unbound(const std::string& settings);
    void start_bind(const std::string& settings);
    void start_knot(const std::string& settings);
    void start_powerdns(const std::string& settings);

    support::TemporaryFolder folder_;
    std::string hints_;
    std::unique_ptr<Process> process_;
};

}  // namespace e2e
