// SPDX-License-Identifier: Apache-2.0
#pragma once
// A network of a test's own, in which port 53 is free and any address can be had, or a machine.

#include "tests/e2e/process.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace e2e {

/// Runs the body in a network namespace: the test case that calls this runs once more, as a process
/// inside of it, and the body there. `addresses` are put on its loopback interface. Where the
/// machine permits no namespaces the case passes with a message that says so. A test may take
/// `longest`.
void in_private_network(const std::vector<std::string>& addresses, void (*body)(),
                        std::chrono::seconds longest = 2 * patience);

/// The same with mounts and processes of the test's own, in which more namespaces can be made. All
/// processes that are started there end with the test, however it ends.
void in_private_machine(std::chrono::seconds longest, void (*body)());

}  // namespace e2e
