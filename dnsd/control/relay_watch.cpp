// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/relay_watch.hpp"

#include "probes/tcp_info.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <utility>

namespace control {

namespace asio = boost::asio;

RelayWatch::RelayWatch(asio::io_context& context, asio::thread_pool& background, RelayPorts relay)
    : context_{context}, background_{background}, relay_{std::move(relay)}, timer_{context} {}

void RelayWatch::start() {
    if (relay_.ports.empty()) return;
    timer_.expires_after(relay_.interval);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) read();
    });
}

/// Thousands of connections take the kernel some milliseconds, which would falsify the round trips
/// of checks if this thread waited for them.
void RelayWatch::read() {
    asio::post(background_, [this] {
        asio::post(context_, [this, reading = probes::read_connections(relay_.ports)] {
            take(reading);
            start();
        });
    });
}

void RelayWatch::take(const geo::Result<std::vector<probes::Connection>>& reading) {
    const auto fault = reading ? std::string{} : reading.error().text;
    if (fault != std::exchange(fault_, fault) && !fault.empty()) {
        spdlog::warn("the relay's connections cannot be read: {}", fault);
    }
    if (reading) measurements_.observe(*reading, probes::Clock::now());
}

}  // namespace control
