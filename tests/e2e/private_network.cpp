// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/private_network.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

namespace e2e {
namespace {

constexpr const char* inside = "ISOCHRONE_TEST_PRIVATE_NETWORK";

/// Words that start a program in a network of its own; none when that is not permitted.
Command unshare() {
    for (const auto& words : {
             Command{"unshare", "--net"          },
             Command{ "unshare", "--net", "--user", "--map-root-user"}
    }) {
        auto attempt = words;
        attempt.insert(attempt.end(), {"ip", "link", "set", "lo", "up"});
        if (run(attempt).status == 0) return words;
    }
    return {};
}

void bring_up(const std::vector<std::string>& addresses) {
    REQUIRE(run({"ip", "link", "set", "lo", "up"}).status == 0);
    for (const auto& address : addresses) {
        CAPTURE(address);
        Command command{"ip", "address", "add", address, "dev", "lo"};
        if (address.find(':') != std::string::npos) command.emplace_back("nodad");
        REQUIRE(run(command).status == 0);
    }
}

}  // namespace

void in_private_network(const std::vector<std::string>& addresses, void (*body)()) {
    if (std::getenv(inside) != nullptr) {
        bring_up(addresses);
        body();
        return;
    }
    auto command = unshare();
    if (command.empty()) {
        MESSAGE("skipped: no network namespaces are permitted here");
        return;
    }
    const std::string name = doctest::getContextOptions()->currentTest->m_name;
    const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
    command.insert(command.end(), {"env", std::string{inside} + "=1", self, "--test-case=" + name,
                                   "--no-colors=true"});
    const auto finished = run(command);
    CAPTURE(finished.output);
    CAPTURE(finished.errors);
    CHECK(finished.status == 0);
    CHECK(finished.output.find("test cases: 0 ") == std::string::npos);
}

}  // namespace e2e
