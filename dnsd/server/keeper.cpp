// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/keeper.hpp"

#include "dnsd/state/state_folder.hpp"

#include <utility>

namespace control {
namespace {

/// Clears a flag at the end of a scope, however that ends.
struct Cleared {
    std::atomic<bool>& flag;
    ~Cleared() { flag = false; }
};

}  // namespace

Keeper::Keeper(boost::asio::io_context& context, boost::asio::thread_pool& background,
               const std::string& folder, Memories memories, Pace pace)
    : memories_{std::move(memories)},
      pace_{pace},
      states_{background, folder},
      zones_{zones_in(folder)},
      timer_{context} {}

bool Keeper::open() {
    if (!states_.open()) return false;
    zones_.open();
    restore(memories_.health);
    for (const auto& memory : memories_.regular) restore(memory);
    if (memories_.measurements) restore(*memories_.measurements);
    return true;
}

void Keeper::restore(const Memory& memory) const {
    states_.restore(memory.file, memory.restore);
}

void Keeper::keep(const Memory& memory) {
    if (auto text = memory.text()) states_.write(memory.file, std::move(*text));
}

void Keeper::start() {
    keep_regularly();
}

void Keeper::keep_health(std::string text) {
    states_.write(memories_.health.file, std::move(text));
}

void Keeper::tend_zones() {
    const auto now = geo::Clock::now();
    if (!states_.keeps() || writes_zones_ || !zones_.due(now)) return;
    // A disk that hangs is not given more and more to do.
    writes_zones_ = true;
    try {
        states_.run([this, now] {
            const Cleared at_end{writes_zones_};
            return write_zones(now);
        });
    } catch (...) {
        writes_zones_ = false;
        throw;
    }
}

geo::Result<void> Keeper::write_zones(geo::Time now) {
    auto fault = zones_.write(now);
    if (!fault.empty()) return geo::Error{std::move(fault)};
    return {};
}

void Keeper::tend_measurements(Clock::time_point now) {
    if (now < next_measurements_ || !states_.keeps() || !memories_.measurements) return;
    keep(*memories_.measurements);
    next_measurements_ = now + pace_.measurements;
}

void Keeper::keep_all() {
    keep(memories_.health);
    for (const auto& memory : memories_.regular) keep(memory);
    if (!states_.keeps()) return;
    if (memories_.measurements) keep(*memories_.measurements);
    states_.run([this] { return write_zones(geo::Time::max()); });
}

void Keeper::keep_regularly() {
    timer_.expires_after(pace_.regular);
    timer_.async_wait([this](const boost::system::error_code& fault) {
        if (fault) return;
        keep_regularly();  // first, so that it goes on after an exception
        for (const auto& memory : memories_.regular) keep(memory);
    });
}

}  // namespace control
