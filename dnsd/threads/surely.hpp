// SPDX-License-Identifier: Apache-2.0
#pragma once
// Work for another thread that survives a want of memory: an exception that leaves a pool's thread ends
// the process, and what a thread has found out must come back to who waits for it.

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <exception>
#include <new>
#include <thread>
#include <utility>

namespace control {

void tell_failed(const char* what, const char* why);

/// Runs `work` on the pool. What it throws is logged, and nothing else comes of it. Throws when it
/// cannot even be put there.
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

/// Hands `done` to the context's thread. Waits for the memory that takes, as long as the context runs.
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

}  // namespace control
