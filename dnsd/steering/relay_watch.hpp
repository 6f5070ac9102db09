// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads again and again what the kernel knows of the relay's connections, and hears from the kernel
// of connections that have ended meanwhile. Keeps what that says of the clients' networks. Sends
// nothing. Control thread only; the background thread asks the kernel.

#include "dnsd/config/relay_ports.hpp"
#include "dnsd/sockets/endpoint.hpp"
#include "geo/base/result.hpp"
#include "probes/path/ended_connections.hpp"
#include "probes/path/measurements.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace control {

/// How long measurements of a network are kept. docs/relay.md states it in its part on privacy.
constexpr std::chrono::hours keep_for{14 * 24};

/// Returns the pause until the next reading, after one that took `took`. If the kernel tells of
/// connections that end between two readings, that is `interval`. Else readings follow as closely
/// as a hundredth of a core permits: at least a second apart, and at most `interval`.
enum class EndsAreTold : std::uint8_t { No, Yes };
[[nodiscard]] std::chrono::milliseconds pause_between_readings(std::chrono::milliseconds interval,
                                                               std::chrono::nanoseconds took,
                                                               EndsAreTold told);

class RelayWatch {
 public:
    /// `context` and `background` outlive this, but the threads of `background` end before it.
    RelayWatch(boost::asio::io_context& context, boost::asio::thread_pool& background,
               RelayPorts relay);
    RelayWatch(const RelayWatch&) = delete;
    RelayWatch& operator=(const RelayWatch&) = delete;

    /// Takes what an earlier process has measured. A fault says what is wrong with the text; the
    /// rest is taken.
    [[nodiscard]] geo::Result<void> restore(std::string_view text);
    /// Returns that text for the next process; nothing if there are no ports and no measurements.
    [[nodiscard]] std::optional<std::string> saved_text() const;
    /// Begins to read. The first reading comes one interval later, or after a second if the kernel
    /// does not tell of connections that end.
    void start();
    /// Does not count connections of these addresses as clients'.
    void leave_out(std::vector<geo::Address> addresses) {
        measurements_.leave_out(std::move(addresses));
    }
    [[nodiscard]] const probes::Measurements& measurements() const noexcept {
        return measurements_;
    }
    [[nodiscard]] probes::Measurements& measurements() noexcept { return measurements_; }
    [[nodiscard]] const std::optional<net::Endpoint>& home() const noexcept { return relay_.home; }
    /// Called after each reading that has connections of the relay to home, with their least round
    /// trip.
    using OnHome = std::function<void(std::chrono::microseconds least, probes::Time now)>;
    void on_home(OnHome take) { on_home_ = std::move(take); }

 private:
    void read_later(std::chrono::nanoseconds took);
    void read();
    void take(const geo::Result<std::vector<probes::Connection>>& reading);
    void take_home(const geo::Result<std::vector<probes::Connection>>& reading);

    boost::asio::io_context& context_;
    boost::asio::thread_pool& background_;
    RelayPorts relay_;
    probes::Measurements measurements_;
    probes::EndedConnections ended_;
    EndsAreTold told_ = EndsAreTold::No;
    boost::asio::steady_timer timer_;
    std::string fault_;
    OnHome on_home_;
};

}  // namespace control
