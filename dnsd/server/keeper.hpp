// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keeps what the server remembers over restarts: the memories of its parts, and the last good form
// of each zone. Gives the parts back at the start what an earlier server has kept, and asks them for
// it regularly and at the end. Files are written in the background. Control thread, but for
// tend_measurements(), which belongs to the thread of loads. Stands in this room because it keeps
// the loader's zones.

#include "dnsd/loading/kept_zones.hpp"
#include "dnsd/state/state_writer.hpp"
#include "geo/base/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace control {

/// What one part of the server remembers.
struct Memory {
    std::string file;  // path
    /// Takes the text that an earlier server has kept. A fault says what is wrong with the text; the
    /// rest is taken.
    std::function<geo::Result<void>(const std::string& text)> restore;
    /// Returns the text to keep; nothing while there is none.
    std::function<std::optional<std::string>()> text;
};

/// Nothing is asked of them before Keeper::open().
struct Memories {
    Memory health;                         // kept when it has changed
    std::vector<Memory> regular{};         // kept every minute
    std::optional<Memory> measurements{};  // of all nodes; kept every five minutes
};

class Keeper {
 public:
    using Clock = std::chrono::steady_clock;

    /// How often memories are kept that nobody says have changed.
    struct Pace {
        std::chrono::milliseconds regular = std::chrono::minutes{1};
        std::chrono::milliseconds measurements = std::chrono::minutes{5};
    };
    /// `folder` is the state folder. It and `context` outlive this; `background` is joined before
    /// this ends.
    Keeper(boost::asio::io_context& context, boost::asio::thread_pool& background,
           const std::string& folder, Memories memories, Pace pace);
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    /// Takes the state folder, and gives back what an earlier server has kept in it. False when it
    /// cannot be had: then nothing is kept, and that is logged.
    [[nodiscard]] bool open();
    /// The zones that are kept, for the loader.
    [[nodiscard]] KeptZones& zones() noexcept { return zones_; }
    [[nodiscard]] const KeptZones& zones() const noexcept { return zones_; }

    /// Begins to keep the regular memories.
    void start();
    /// Keeps this text as the one of health.
    void keep_health(std::string text);
    /// Keeps the zones that have gone into service. To be called now and then.
    void tend_zones();
    /// Keeps what the nodes have measured, when that is due. On the thread of loads.
    void tend_measurements(Clock::time_point now);
    /// Keeps everything, once nothing loads any more.
    void keep_all();

    /// How many files have been given to be written.
    [[nodiscard]] std::uint64_t writes() const noexcept { return states_.writes(); }
    /// Goes on when these have been.
    [[nodiscard]] boost::asio::awaitable<void> written() { return states_.written(); }

 private:
    void restore(const Memory& memory) const;
    void keep(const Memory& memory);
    void keep_regularly();
    [[nodiscard]] geo::Result<void> write_zones(geo::Time now);

    Memories memories_;
    Pace pace_;
    StateWriter states_;
    KeptZones zones_;
    std::atomic<bool> writes_zones_{false};  // in the background
    boost::asio::steady_timer timer_;
    Clock::time_point next_measurements_{};  // of the thread of loads
};

}  // namespace control
