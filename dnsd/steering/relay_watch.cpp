// SPDX-License-Identifier: Apache-2.0
#include "dnsd/steering/relay_watch.hpp"

#include "dnsd/threads/surely.hpp"
#include "probes/path/measurement_file.hpp"
#include "probes/path/tcp_info.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

namespace control {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds shortest_pause{1};
constexpr int part_of_core = 100;  // close readings take one part in so many of a core

}  // namespace

std::chrono::milliseconds pause_between_readings(std::chrono::milliseconds interval,
                                                 std::chrono::nanoseconds took, EndsAreTold told) {
    if (told == EndsAreTold::Yes) return interval;
    const auto bearable = std::chrono::ceil<std::chrono::milliseconds>(took * part_of_core);
    return std::min(interval, std::max<std::chrono::milliseconds>(shortest_pause, bearable));
}

RelayWatch::RelayWatch(asio::io_context& context, asio::thread_pool& background, RelayPorts relay)
    : context_{context},
      background_{background},
      relay_{std::move(relay)},
      measurements_{{.window = relay_.window}},
      ended_{context},
      timer_{context} {}

geo::Result<void> RelayWatch::restore(std::string_view text) {
    auto fault = probes::read_measurements(text, probes::now(), keep_for, measurements_);
    if (!fault.empty()) return geo::Error{std::move(fault)};
    return {};
}

std::optional<std::string> RelayWatch::saved_text() const {
    if (relay_.ports.empty() && measurements_.size() == 0) return std::nullopt;
    return probes::write_measurements(measurements_, probes::now());
}

void RelayWatch::start() {
    if (relay_.ports.empty()) return;
    const auto fault = ended_.open(relay_.ports);
    told_ = fault.empty() ? EndsAreTold::Yes : EndsAreTold::No;
    if (!fault.empty()) {
        spdlog::info(
            "the kernel says nothing of connections that end ({}): the relay's are read "
            "more often",
            fault);
    }
    read_later({});
}

void RelayWatch::read_later(std::chrono::nanoseconds took) {
    timer_.expires_after(pause_between_readings(relay_.interval, took, told_));
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        try {
            read();
        } catch (...) {  // no memory, say: the next time there may be some
            read_later({});
            throw;
        }
    });
}

/// Thousands of connections take the kernel some milliseconds, which would falsify the round trips
/// of checks if this thread waited for them.
void RelayWatch::read() {
    using Reading = geo::Result<std::vector<probes::Connection>>;
    struct Read {
        Reading relay = geo::Error{"no memory"};  // fits into the string itself
        Reading home = geo::Error{"no memory"};
        probes::Clock::duration took{};
    };
    const auto read = std::make_shared<Read>();
    asio::post(background_, [this, read] {
        const auto begun = probes::Clock::now();
        try {
            read->home = relay_.home
                             ? probes::read_connections_to(relay_.home->address, relay_.home->port)
                             : Reading{std::vector<probes::Connection>{}};
            read->relay = probes::read_connections(relay_.ports);
        } catch (const std::exception&) {
        }
        read->took = probes::Clock::now() - begun;
        hand_back(context_, [this, read] {
            read_later(read->took);  // first, so that it goes on after an exception
            take(read->relay);
            take_home(read->home);
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
    measurements_.observe_ended(ended_.take(), now);
    measurements_.observe(*reading, now);
    measurements_.forget(now - keep_for);
}

/// Tells no fault: take() has told it, as both readings ask the kernel the same way.
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
