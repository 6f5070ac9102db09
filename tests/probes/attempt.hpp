// SPDX-License-Identifier: Apache-2.0
#pragma once
// Checks of loopback, and how a test runs one.

#include "probes/check/probe.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace probes_test {

/// Of 127.0.0.1, with time enough for a busy machine.
[[nodiscard]] probes::Check check_of(probes::Check::Kind kind, std::uint16_t port);

/// One attempt in an io_context of its own, which the test runs, cancels or destroys.
class Attempt {
 public:
    explicit Attempt(const probes::Check& check);
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    void run() { context_.run(); }
    /// Runs until `there` says true, and then until nothing more happens by itself.
    template <class Predicate>
    void run_until(Predicate there) {
        constexpr std::chrono::milliseconds moment{20};
        while (!there() && !context_.stopped()) context_.run_one_for(moment);
        while (context_.run_one_for(moment) > 0) {
        }
    }
    void cancel() { signal_.emit(boost::asio::cancellation_type::terminal); }
    [[nodiscard]] const std::optional<probes::ProbeResult>& result() const noexcept {
        return result_;
    }

 private:
    std::optional<probes::ProbeResult> result_;
    boost::asio::cancellation_signal signal_;
    boost::asio::io_context context_{1};
};

/// Runs it until nothing is left to do.
[[nodiscard]] probes::ProbeResult run(const probes::Check& check);

/// A timeout that a test can wait for, and how long the attempt may take with it: generous, but
/// less than any other time that could end it.
constexpr std::chrono::milliseconds short_timeout{200};
constexpr std::chrono::seconds bound{60};

struct Timed {
    probes::ProbeResult result;
    std::chrono::steady_clock::duration taken;
};
[[nodiscard]] Timed run_timed(const probes::Check& check);

}  // namespace probes_test
