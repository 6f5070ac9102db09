// SPDX-License-Identifier: Apache-2.0
#include "dnsd/threads/surely.hpp"

#include <spdlog/spdlog.h>

namespace control {
namespace {

void tell_going_on(const std::exception& escaped) {
    spdlog::error("the control thread goes on after: {}", escaped.what());
}

}  // namespace

void tell_failed(const char* what, const char* why) {
    spdlog::error("{} failed: {}", what, why);
}

void run_surely(boost::asio::io_context& context) {
    while (!context.stopped()) {
        try {
            context.run();
        } catch (const std::exception& escaped) {  // no memory, say; the next event may have some
            tell_going_on(escaped);
        }
    }
}

void run_surely_until(boost::asio::io_context& context, std::chrono::steady_clock::time_point end,
                      const std::function<bool()>& done) {
    while (!done() && !context.stopped() && std::chrono::steady_clock::now() < end) {
        try {
            context.run_one_until(end);
        } catch (const std::exception& escaped) {
            tell_going_on(escaped);
        }
    }
}

}  // namespace control
