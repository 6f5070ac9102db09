// SPDX-License-Identifier: Apache-2.0
#pragma once
// A network or a machine of a test's own. In it port 53 is free, and any address can be had.

#include "tests/support/process.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace e2e {

/// Runs the body in a network namespace. The test case that calls this runs once more as a process
/// inside the namespace, and there runs the body. The loopback interface there gets `addresses`. If
/// the machine permits no namespaces, the case passes with a message that says so. A test may take
/// `longest`.
void in_private_network(const std::vector<std::string>& addresses, void (*body)(),
                        std::chrono::seconds longest = 2 * support::patience);

/// The same with mounts and processes of the test's own. The body can make more namespaces there.
/// All processes that it starts end with the test, however the test ends.
void in_private_machine(std::chrono::seconds longest, void (*body)());

}  // namespace e2e
