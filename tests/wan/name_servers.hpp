// SPDX-License-Identifier: Apache-2.0
#pragma once
// The other name servers of the test's internet: NSD for the root and the parent zone, unbound in
// the clients' networks. Both are started and not waited for: several can start at once.

#include "tests/support/temporary_folder.hpp"
#include "tests/wan/site.hpp"

#include <memory>
#include <string>
#include <vector>

namespace wan {

/// What they say when they answer.
constexpr const char* parent_ready = "nsd started";
constexpr const char* resolver_ready = "start of service";

/// Root and example.com at this site, with these lines of `isochrone delegation` in the latter.
[[nodiscard]] std::unique_ptr<support::Process> start_parent(
    const Site& site, const std::string& delegation, const support::TemporaryFolder& folder);

/// A resolver at this address of a site, which knows the root, and sends the subnets of its clients
/// to these servers.
[[nodiscard]] std::unique_ptr<support::Process> start_resolver(
    const Site& site, const std::string& address, const Site& root,
    const std::vector<std::string>& servers, const support::TemporaryFolder& folder);

}  // namespace wan
