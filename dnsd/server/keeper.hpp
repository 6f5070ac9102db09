// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a server remembers over restarts: states of health, the relay's clients, resolvers, what all
// nodes have measured, and the last good form of each zone. Gives it back at the start to those that
// know of it, and asks them for it regularly and at the end. Files are written in the background.
// Control thread, but for tend_measurements(). Stands in this room because it knows of the loader.

#include "dnsd/config/config.hpp"
#include "dnsd/health/health.hpp"
#include "dnsd/loading/kept_zones.hpp"
#include "dnsd/loading/steered_loader.hpp"
#include "dnsd/state/state_writer.hpp"
#include "dnsd/steering/measuring.hpp"
#include "dnsd/steering/relay_watch.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace control {

class Keeper {
 public:
    /// Whose knowledge it is. They are asked for nothing before open().
    struct Knowing {
        Health& health;
        RelayWatch& relay;
        Measuring& measuring;
        SteeredLoader& loader;
    };

    /// All of them outlive this, but `background`, which is joined before this ends.
    Keeper(boost::asio::io_context& context, boost::asio::thread_pool& background,
           const Config& config, Knowing knowing);
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    /// Takes the state folder, and gives back what an earlier server has kept in it. False when it
    /// cannot be had: then nothing is kept, and that is logged.
    [[nodiscard]] bool open();
    /// Whether an earlier server has kept zones.
    [[nodiscard]] bool has_zones() const { return !zones_.empty(); }

    /// Begins to keep clients and resolvers, regularly.
    void start();
    /// The state file as it should be now.
    void keep_health(std::string text);
    /// Keeps the zones that have gone into service. To be called now and then.
    void tend_zones();
    /// Keeps what the nodes have measured, when that is due. By the thread of loads.
    void tend_measurements();
    /// Keeps everything, once nothing loads any more.
    void keep_all();

    /// How many files have been given to be written.
    [[nodiscard]] std::uint64_t writes() const noexcept { return states_.writes(); }
    /// Goes on when these have been.
    [[nodiscard]] boost::asio::awaitable<void> written() { return states_.written(); }

 private:
    void restore();
    void keep_clients_regularly();
    void keep_clients();
    void keep_measurements();

    const Config& config_;
    Knowing knowing_;
    StateWriter states_;
    KeptZones zones_;
    std::atomic<bool> writes_zones_{false};  // in the background
    boost::asio::steady_timer timer_;
    std::chrono::steady_clock::time_point next_measurements_{};  // of the thread of loads
};

}  // namespace control
