// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs work on another thread and survives a lack of memory: an exception that leaves a pool's
// thread would end the process, and a result must come back to whoever waits for it. The control
// thread itself goes on after whatever a handler throws.

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <new>
#include <thread>
#include <utility>

namespace control {

void tell_failed(const char* what, const char* why);

/// Runs `work` on the pool. What it throws is logged and has no further effect. Throws when the
/// work cannot be posted.
template <class Work>
void run_on(boost::asio::thread_pool& pool, const char* what, Work work) {
    boost::asio::post(pool, [what, work = std::move(work)]() mutable {
        try {
            work();
        } catch (const std::exception& escaped) {  // no memory, say
            tell_failed(what, escaped.what());
        } catch (...) {
            tell_failed(what, "an exception");
        }
    });
}

/// Posts `done` to the context's thread. While the context runs, waits for the memory that this
/// takes.
template <class Done>
void hand_back(boost::asio::io_context& context, const Done& done) {
    constexpr std::chrono::milliseconds pause{20};
    for (;; std::this_thread::sleep_for(pause)) {
        try {
            return boost::asio::post(context, done);
        } catch (const std::bad_alloc&) {
            if (context.stopped()) return;
        }
    }
}

/// Runs the control thread's context until it is stopped or out of work. What a handler throws is
/// logged.
void run_surely(boost::asio::io_context& context);
/// The same, but no longer than until `end`, or until `done` is so after a handler.
void run_surely_until(boost::asio::io_context& context, std::chrono::steady_clock::time_point end,
                      const std::function<bool()>& done);

}  // namespace control
