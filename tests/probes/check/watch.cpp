// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/check/watch.hpp"

#include "tests/support/random_space.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

namespace probes_test {

using namespace std::chrono_literals;
using probes::Check;
using probes::CheckPtr;
using probes::Clock;
using probes::Monitor;

CheckPtr file_check(const std::string& path, std::chrono::milliseconds interval) {
    Check check;
    check.kind = Check::Kind::File;
    check.file = path;
    check.interval = interval;
    check.timeout = 100ms;
    check.limits.rise = 1;
    check.limits.fall = 1;
    return std::make_shared<const Check>(check);
}

CheckPtr tcp_check(std::uint16_t port, std::chrono::milliseconds interval) {
    Check check;
    check.address = support::address("127.0.0.1");
    check.port = port;
    check.interval = interval;
    check.timeout = interval;
    return std::make_shared<const Check>(check);
}

void Watch::run_until(const std::function<bool()>& there) {
    const auto end = Clock::now() + 60s;
    while (!there()) {
        if (Clock::now() > end) throw std::runtime_error{"never true"};
        context.run_one_for(20ms);
    }
}

void Watch::run_attempts(std::size_t count) {
    run_until([&, wanted = told.size() + count] { return told.size() >= wanted; });
}

const Monitor::Target& Watch::target(const CheckPtr& check) const {
    const auto* found = monitor->find(key_of(*check));
    REQUIRE(found != nullptr);
    return *found;
}

std::size_t Watch::told_of(const CheckPtr& check) const {
    return static_cast<std::size_t>(std::ranges::count(told, key_of(*check), &Told::key));
}

std::unique_ptr<Monitor> Watch::make_monitor() {
    return std::make_unique<Monitor>(context, [this](const Monitor::Target& target, bool turned) {
        told.push_back({target.key, target.attempts.front().verdict, turned, Clock::now()});
    });
}

}  // namespace probes_test
