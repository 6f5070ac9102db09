// SPDX-License-Identifier: Apache-2.0
#include "dnsd/threads/meanwhile.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <vector>

namespace threads_meanwhile_test {

using control::Meanwhile;
using std::chrono::milliseconds;

TEST_CASE("while something lasts, it is told regularly how long it has lasted") {
    std::atomic<int> count{0};
    std::vector<milliseconds> told;
    {
        const Meanwhile meanwhile{milliseconds{5}, [&](milliseconds passed) {
                                      told.push_back(passed);
                                      count = count + 1;
                                      count.notify_one();
                                  }};
        while (count < 3) count.wait(count);
    }
    REQUIRE(told.size() >= 3);
    CHECK(told[0] == milliseconds{5});
    CHECK(told[2] == milliseconds{15});
}

TEST_CASE("of what is soon over nothing is told, and the end does not wait") {
    bool told = false;
    {
        const Meanwhile meanwhile{std::chrono::hours{1}, [&](milliseconds) { told = true; }};
    }
    CHECK_FALSE(told);
}

}  // namespace threads_meanwhile_test
