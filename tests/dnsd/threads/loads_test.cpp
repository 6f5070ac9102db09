// SPDX-License-Identifier: Apache-2.0
#include "dnsd/threads/loads.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <doctest/doctest.h>

#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using control::Loads;
using control::Outcome;

TEST_CASE("work is done on a thread of its own, and comes back to the context's") {
    asio::io_context context{1};
    auto stay = asio::make_work_guard(context);
    Loads loads{context};
    std::thread::id back;
    loads.bring<std::thread::id>([](std::thread::id& there) { there = std::this_thread::get_id(); },
                                 [&](Outcome<std::thread::id>& outcome) {
                                     CHECK_FALSE(outcome.failure.has_value());
                                     CHECK(outcome.value != std::this_thread::get_id());
                                     back = std::this_thread::get_id();
                                     stay.reset();
                                 });
    CHECK(back == std::thread::id{});
    context.run();
    CHECK(back == std::this_thread::get_id());
}

TEST_CASE("work that throws comes back, with what there was until then") {
    asio::io_context context{1};
    Loads loads{context};
    std::vector<std::string> failures;
    const auto bring = [&](auto throwing) {
        loads.bring<int>(
            [throwing](int& value) {
                value = 3;
                throwing();
            },
            [&](Outcome<int>& outcome) {
                CHECK(outcome.value == 3);
                failures.push_back(outcome.failure.value_or("none"));
            });
    };
    bring([] { throw std::runtime_error{"a file that is none"}; });
    bring([] { throw std::bad_alloc{}; });
    bring([] { throw 1; });
    bring([] {});
    loads.join();
    context.run();
    CHECK(failures == std::vector<std::string>{"a file that is none", std::bad_alloc{}.what(),
                                               "an exception", "none"});
}

TEST_CASE("work that nobody waits for may throw") {
    asio::io_context context{1};
    Loads loads{context};
    bool next = false;
    loads.run("a test", [] { throw std::runtime_error{"a test"}; });
    loads.run("a test", [&] { next = true; });
    loads.join();
    CHECK(next);
    CHECK(context.run() == 0);
}

TEST_CASE("all work has been done, in its order, when the thread has been joined") {
    asio::io_context context{1};
    Loads loads{context};
    std::vector<int> order;
    for (int i = 0; i < 20; ++i) {
        if (i % 2 == 0)
            loads.run("a test", [&order, i] { order.push_back(i); });
        else
            loads.bring<int>([&order, i](int&) { order.push_back(i); }, [](Outcome<int>&) {});
    }
    loads.join();
    REQUIRE(order.size() == 20);
    for (int i = 0; i < 20; ++i) CHECK(order[static_cast<std::size_t>(i)] == i);
    CHECK(context.run() == 10);
}
