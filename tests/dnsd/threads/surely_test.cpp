// SPDX-License-Identifier: Apache-2.0
#include "dnsd/threads/surely.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <new>
#include <stdexcept>
#include <thread>

namespace asio = boost::asio;
using namespace std::chrono_literals;

TEST_CASE("a context goes on after handlers that throw, until there is nothing to do") {
    asio::io_context context{1};
    int handled = 0;
    asio::post(context, [] { throw std::runtime_error{"a test"}; });
    asio::post(context, [&] { ++handled; });
    asio::post(context, [] { throw std::bad_alloc{}; });
    asio::post(context, [&] { ++handled; });
    control::run_surely(context);
    CHECK(handled == 2);
}

TEST_CASE("a context runs until something is so, and leaves the rest for later") {
    asio::io_context context{1};
    int handled = 0;
    asio::post(context, [] { throw std::runtime_error{"a test"}; });
    for (int i = 0; i < 3; ++i) asio::post(context, [&] { ++handled; });
    control::run_surely_until(context, std::chrono::steady_clock::now() + 60s,
                              [&] { return handled == 2; });
    CHECK(handled == 2);
    control::run_surely(context);
    CHECK(handled == 3);
}

TEST_CASE("a context runs no longer than it may") {
    asio::io_context context{1};
    const auto stay = asio::make_work_guard(context);
    const auto end = std::chrono::steady_clock::now() + 5ms;
    control::run_surely_until(context, end, [] { return false; });
    CHECK(std::chrono::steady_clock::now() >= end);
}

TEST_CASE("what a context's handler throws ends neither it nor the pool's thread") {
    asio::io_context context{1};
    asio::thread_pool pool{1};
    bool back = false;
    control::run_on(pool, "a test", [&] {
        control::hand_back(context, [&] { back = true; });
        throw std::runtime_error{"a test"};
    });
    pool.join();
    control::run_surely(context);
    CHECK(back);
}
