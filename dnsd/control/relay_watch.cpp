// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/relay_watch.hpp"

#include "probes/measurement_file.hpp"
#include "probes/tcp_info.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <utility>

namespace control {

namespace asio = boost::asio;

namespace {

/// How long what is known of a network is kept: it is what docs/relay.md tells of privacy.
constexpr std::chrono::hours keep_for{14 * 24};

}  // namespace

RelayWatch::RelayWatch(asio::io_context& context, asio::thread_pool& background, RelayPorts relay)
    : context_{context},
      background_{background},
      relay_{std::move(relay)},
      measurements_{{.window = relay_.window}},
      timer_{context} {}

std::string RelayWatch::restore(std::string_view text) {
    return probes::read_measurements(text, probes::now(), keep_for, measurements_);
}

std::optional<std::string> RelayWatch::saved_text() const {
    if (relay_.ports.empty() && measurements_.size() == 0) return std::nullopt;
    return probes::write_measurements(measurements_, probes::now());
}

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
        using Reading = geo::Result<std::vector<probes::Connection>>;
        auto home = relay_.home
                        ? probes::read_connections_to(relay_.home->address, relay_.home->port)
                        : Reading{std::vector<probes::Connection>{}};
        asio::post(context_, [this, reading = probes::read_connections(relay_.ports),
                              home = std::move(home)] {
            take(reading);
            take_home(home);
            start();
        });
    });
}

void RelayWatch::take(const geo::Result<std::vector<probes::Connection>>& reading) {
    const auto fault = reading ? std::string{} : reading.error().text;
    if (fault != std::exchange(fault_, fault) && !fault.empty()) {
        spdlog::warn("the relay's connections cannot be read: {}", fault);
    }
    if (!reading) return;
    const auto now = probes::Clock::now();
    measurements_.observe(*reading, now);
    measurements_.forget(now - keep_for);
}

/// A fault has been told by then: it is the same question.
void RelayWatch::take_home(const geo::Result<std::vector<probes::Connection>>& reading) {
    if (!reading || !on_home_) return;
    std::chrono::microseconds least{0};
    for (const auto& connection : *reading) {
        const auto own = connection.min_round_trip;
        if (own.count() > 0 && (least.count() == 0 || own < least)) least = own;
    }
    if (least.count() > 0) on_home_(least, probes::Clock::now());
}

}  // namespace control
