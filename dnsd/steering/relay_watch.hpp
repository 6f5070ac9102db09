// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads again and again what the kernel knows of the relay's connections, and hears from it of those
// that have ended meanwhile; keeps what it says of networks of clients. Nothing is sent. Control
// thread; the kernel is asked in the background.

#include "dnsd/config/relay_ports.hpp"
#include "dnsd/net/listen.hpp"
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

/// How long the next reading is waited for, after one that took so long. Where the kernel says nothing
/// of connections that end between two readings, they follow each other as closely as a hundredth of a
/// core permits, a second apart at least.
enum class EndsAreTold : std::uint8_t { No, Yes };
[[nodiscard]] std::chrono::milliseconds pause_between_readings(std::chrono::milliseconds interval,
                                                               std::chrono::nanoseconds took,
                                                               EndsAreTold told);

class RelayWatch {
 public:
    /// Both outlive this, and `background` ends before it does.
    RelayWatch(boost::asio::io_context& context, boost::asio::thread_pool& background,
               RelayPorts relay);
    RelayWatch(const RelayWatch&) = delete;
    RelayWatch& operator=(const RelayWatch&) = delete;

    /// What an earlier process has measured; what is wrong with the text, if anything is.
    [[nodiscard]] std::string restore(std::string_view text);
    /// The same for the next process; nothing when nothing is measured.
    [[nodiscard]] std::optional<std::string> saved_text() const;
    /// The first reading is one interval later, or sooner where ends are not told.
    void start();
    /// Connections of these addresses are no clients'.
    void leave_out(std::vector<geo::Address> addresses) {
        measurements_.leave_out(std::move(addresses));
    }
    [[nodiscard]] const probes::Measurements& measurements() const noexcept {
        return measurements_;
    }
    [[nodiscard]] probes::Measurements& measurements() noexcept { return measurements_; }
    [[nodiscard]] const std::optional<net::Endpoint>& home() const noexcept { return relay_.home; }
    /// Called with the least round trip of the relay's connections to home, after each reading that
    /// has some.
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
