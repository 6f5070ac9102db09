// SPDX-License-Identifier: Apache-2.0
#include "probes/check/aside.hpp"

#include "probes/check/fault.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace check_aside_test {

using probes::ProbeResult;
using probes::Verdict;

namespace {

using namespace std::chrono_literals;

/// A disk that hangs until it is let go; and how many calls hang in it.
class Disk {
 public:
    ProbeResult read() {
        std::unique_lock lock{mutex_};
        ++hanging_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return free_; });
        --hanging_;
        changed_.notify_all();
        return probes::pass("up", {});
    }
    void let_go() {
        std::unique_lock lock{mutex_};
        free_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return hanging_ == 0; });
    }
    unsigned hanging() {
        const std::lock_guard lock{mutex_};
        return hanging_;
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool free_ = false;
    unsigned hanging_ = 0;
};

ProbeResult call(const std::string& name, std::function<ProbeResult()> what,
                 std::chrono::milliseconds timeout = 20s) {
    boost::asio::io_context context{1};
    std::optional<ProbeResult> told;
    boost::asio::co_spawn(context, probes::call_aside(name, std::move(what), timeout),
                          [&](const std::exception_ptr& thrown, ProbeResult result) {
                              REQUIRE(thrown == nullptr);
                              told = std::move(result);
                          });
    context.run();
    return told.value();
}

/// True once a call of this name is made and passes. Its place may be held a moment longer than what
/// was called there takes.
bool comes_to_pass(const std::string& name) {
    const auto deadline = std::chrono::steady_clock::now() + support::patience;
    while (std::chrono::steady_clock::now() < deadline) {
        if (call(name, [] { return probes::pass("up", {}); }).verdict == Verdict::Pass) return true;
        std::this_thread::sleep_for(1ms);
    }
    return false;
}

}  // namespace

TEST_CASE("a call aside tells what it has found") {
    const auto result = call("a", [] { return probes::fail("down"); });
    CHECK(result.verdict == Verdict::Fail);
    CHECK(result.text == "down");
    CHECK(call("a", []() -> ProbeResult { throw std::bad_alloc{}; }).verdict == Verdict::NoWord);
}

TEST_CASE("what hangs is no word when the time is up, is not begun again, and holds nobody up") {
    const auto disk = std::make_shared<Disk>();
    const auto read = [disk] { return disk->read(); };
    const auto up = [] { return probes::pass("up", {}); };
    const auto late = call("hanging", read, 50ms);
    CHECK(late.verdict == Verdict::NoWord);
    CHECK(late.text == "it does not answer within 50 ms");
    for (int i = 0; i < 3; ++i)
        CHECK(call("hanging", read, 50ms).text == "an earlier look at it has not come back");
    CHECK(disk->hanging() == 1);
    CHECK(call("another", up).verdict == Verdict::Pass);

    // However many hang, no more than so many threads do.
    for (std::size_t i = 1; i < probes::most_calls_aside; ++i)
        CHECK(call(std::to_string(i), read, 20ms).verdict == Verdict::NoWord);
    CHECK(call("one more", up, 20ms).text == "too many others do not come back");
    disk->let_go();
    CHECK(comes_to_pass("one more"));
    CHECK(comes_to_pass("hanging"));
}

TEST_CASE("a call that hangs longer than who has asked for it harms nobody") {
    const auto disk = std::make_shared<Disk>();
    {
        boost::asio::io_context context{1};
        boost::asio::co_spawn(context,
                              probes::call_aside(
                                  "gone", [disk] { return disk->read(); }, 20s),
                              [](const std::exception_ptr&, const ProbeResult&) {});
        while (disk->hanging() == 0) context.run_one_for(10ms);
    }
    disk->let_go();
    CHECK(call("gone", [] { return probes::pass("up", {}); }).verdict != Verdict::Fail);
}

}  // namespace check_aside_test
