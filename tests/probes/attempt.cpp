// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/attempt.hpp"

#include "tests/support/random_space.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace probes_test {

namespace asio = boost::asio;

probes::Check check_of(probes::Check::Kind kind, std::uint16_t port) {
    probes::Check check;
    check.kind = kind;
    check.address = support::address("127.0.0.1");
    check.port = port;
    check.timeout = std::chrono::seconds{300};
    return check;
}

Attempt::Attempt(const probes::Check& check) {
    // As in a server that has been running for long, the context has its descriptors already.
    const asio::steady_timer opens_the_reactor{context_};
    auto ended = [this](const std::exception_ptr& escaped, probes::ProbeResult result) {
        if (escaped) std::rethrow_exception(escaped);
        result_ = std::move(result);
    };
    asio::co_spawn(context_, probes::run_check(std::make_shared<const probes::Check>(check)),
                   asio::bind_cancellation_slot(signal_.slot(), std::move(ended)));
}

probes::ProbeResult run(const probes::Check& check) {
    Attempt attempt{check};
    attempt.run();
    return attempt.result().value();
}

Timed run_timed(const probes::Check& check) {
    const auto start = std::chrono::steady_clock::now();
    auto result = run(check);
    return {std::move(result), std::chrono::steady_clock::now() - start};
}

}  // namespace probes_test
