// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/reloader.hpp"

#include <chrono>
#include <csignal>
#include <utility>

namespace control {
namespace {

constexpr std::chrono::milliseconds gather_for{20};

}  // namespace

Reloader::Reloader(boost::asio::io_context& context, Loads& loads, Steps steps)
    : loads_{loads}, steps_{std::move(steps)}, signal_{context}, timer_{context} {}

void Reloader::hold_signals() {
    signal_.add(SIGHUP);
}

void Reloader::start() {
    wait_for_signal();
}

void Reloader::look() {
    act(reloads_.tick());
}

/// Asio keeps all signals, in order.
void Reloader::wait_for_signal() {
    signal_.async_wait([this](const boost::system::error_code& fault, int) {
        if (fault) return;
        wait_for_signal();  // first, as all that comes again: it goes on after an exception
        act(reloads_.signal());
    });
}

void Reloader::gather_signals() {
    timer_.expires_after(gather_for);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        const auto action = reloads_.gathered();
        if (!cancelled) act(action);
    });
}

void Reloader::act(Reloads::Action action) {
    if (action == Reloads::Action::Nothing) return;
    action == Reloads::Action::Gather ? gather_signals() : load_aside(action);
    reloads_.begun(action);
}

void Reloader::load_aside(Reloads::Action wanted) {
    const bool everything = wanted == Reloads::Action::LoadEverything;
    const auto scope = everything ? Scope::Everything : Scope::Changes;
    loads_.bring<Loaded>([this, scope](Loaded& loaded) { steps_.load(scope, loaded); },
                         [this](Outcome<Loaded>& loaded) { finish(loaded); });
    if (everything) steps_.begun();
}

void Reloader::finish(Outcome<Loaded>& loaded) {
    try {
        if (loaded.failure) loaded.value.catalog = geo::Error{std::move(*loaded.failure)};
        steps_.take(loaded.value);
    } catch (...) {
        reloads_.not_taken();
        steps_.ended();
        throw;
    }
    steps_.ended();
    act(reloads_.taken());
}

}  // namespace control
