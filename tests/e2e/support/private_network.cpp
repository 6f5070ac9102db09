// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/private_network.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

namespace e2e {
namespace {

constexpr const char* inside = "ISOCHRONE_TEST_PRIVATE_NETWORK";

/// Words that start a program with these things of its own; none when that is not permitted.
support::Command unshare(const support::Command& things) {
    for (const auto& as_user :
         {support::Command{}, support::Command{"--user", "--map-root-user"}}) {
        support::Command words{"unshare"};
        words.insert(words.end(), things.begin(), things.end());
        words.insert(words.end(), as_user.begin(), as_user.end());
        auto attempt = words;
        attempt.insert(attempt.end(), {"ip", "link", "set", "lo", "up"});
        if (support::run(attempt).status == 0) return words;
    }
    return {};
}

/// Runs the current test case once more, as a process behind these words.
void run_again(support::Command command, std::chrono::seconds longest) {
    if (command.empty()) {
        MESSAGE("skipped: no namespaces are permitted here");
        return;
    }
    const std::string name = doctest::getContextOptions()->currentTest->m_name;
    const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
    command.insert(command.end(), {"env", std::string{inside} + "=1", self, "--test-case=" + name,
                                   "--no-colors=true", "--no-skip=true"});
    const auto finished = support::run(command, longest);
    if (finished.output.find("MESSAGE:") != std::string::npos) MESSAGE(finished.output);
    CAPTURE(finished.output);
    CAPTURE(finished.errors);
    CHECK(finished.status == 0);
    CHECK(finished.output.find("test cases: 0 ") == std::string::npos);
}

void bring_up(const std::vector<std::string>& addresses) {
    REQUIRE(support::run({"ip", "link", "set", "lo", "up"}).status == 0);
    for (const auto& address : addresses) {
        CAPTURE(address);
        support::Command command{"ip", "address", "add", address, "dev", "lo"};
        if (address.find(':') != std::string::npos) command.emplace_back("nodad");
        REQUIRE(support::run(command).status == 0);
    }
}

}  // namespace

void in_private_network(const std::vector<std::string>& addresses, void (*body)(),
                        std::chrono::seconds longest) {
    if (std::getenv(inside) == nullptr) return run_again(unshare({"--net"}), longest);
    bring_up(addresses);
    body();
}

void in_private_machine(std::chrono::seconds longest, void (*body)()) {
    if (std::getenv(inside) == nullptr) {
        // The first process of such a machine is the test: with it all others end.
        return run_again(
            unshare({"--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"}),
            longest);
    }
    bring_up({});
    body();
}

}  // namespace e2e
