// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/keeper.hpp"

#include "dnsd/state/state_folder.hpp"

#include <utility>

namespace control {
namespace {

constexpr std::chrono::minutes oldest_state{10};  // what was known longer ago is not known
constexpr std::chrono::minutes keep_clients_every{1};
constexpr std::chrono::minutes keep_measurements_every{5};

/// Clears a flag at the end of a scope, however that ends.
struct Cleared {
    std::atomic<bool>& flag;
    ~Cleared() { flag = false; }
};

}  // namespace

Keeper::Keeper(boost::asio::io_context& context, boost::asio::thread_pool& background,
               const Config& config, Knowing knowing)
    : config_{config},
      knowing_{knowing},
      states_{background, config.state},
      zones_{zones_in(config.state)},
      timer_{context} {}

bool Keeper::open() {
    if (!states_.open()) return false;
    zones_.open();
    knowing_.loader.keep_in(zones_);
    restore();
    return true;
}

void Keeper::restore() {
    states_.restore(state_file_in(config_.state), [this](const std::string& text) {
        std::string fault;
        knowing_.health.restore(probes::read_state(text, probes::now(), oldest_state, fault),
                                oldest_state);
        return fault;
    });
    states_.restore(clients_file_in(config_.state),
                    [this](const std::string& text) { return knowing_.relay.restore(text); });
    if (auto* steering = knowing_.loader.steering()) {
        states_.restore(latency_file_in(config_.state), [&](const std::string& text) {
            return steering->restore(text, config_.node->expire);
        });
    }
    states_.restore(resolvers_file_in(config_.state),
                    [this](const std::string& text) { return knowing_.measuring.restore(text); });
}

void Keeper::start() {
    keep_clients_regularly();
}

void Keeper::keep_health(std::string text) {
    states_.write(state_file_in(config_.state), std::move(text));
}

void Keeper::tend_zones() {
    const auto now = geo::Clock::now();
    if (!states_.keeps() || writes_zones_ || !zones_.due(now)) return;
    // A disk that hangs is not given more and more to do.
    writes_zones_ = true;
    try {
        states_.run([this, now] {
            const Cleared at_end{writes_zones_};
            return zones_.write(now);
        });
    } catch (...) {
        writes_zones_ = false;
        throw;
    }
}

void Keeper::tend_measurements() {
    if (std::chrono::steady_clock::now() >= next_measurements_) keep_measurements();
}

void Keeper::keep_all() {
    keep_health(knowing_.health.saved_text());
    keep_clients();
    keep_measurements();
    if (states_.keeps()) states_.run([this] { return zones_.write(geo::Time::max()); });
}

void Keeper::keep_clients_regularly() {
    timer_.expires_after(keep_clients_every);
    timer_.async_wait([this](const boost::system::error_code& fault) {
        if (fault) return;
        keep_clients_regularly();  // first, so that it goes on after an exception
        keep_clients();
    });
}

void Keeper::keep_clients() {
    if (auto text = knowing_.relay.saved_text())
        states_.write(clients_file_in(config_.state), std::move(*text));
    if (auto text = knowing_.measuring.saved_text())
        states_.write(resolvers_file_in(config_.state), std::move(*text));
}

void Keeper::keep_measurements() {
    const auto* steering = knowing_.loader.steering();
    if (!states_.keeps() || steering == nullptr) return;
    states_.write(latency_file_in(config_.state), steering->saved_text());
    next_measurements_ = std::chrono::steady_clock::now() + keep_measurements_every;
}

}  // namespace control
