// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/reloader.hpp"

#include "dnsd/server/start_check.hpp"
#include "dnsd/threads/cpus.hpp"

#include <chrono>
#include <csignal>

namespace control {
namespace {

constexpr std::chrono::milliseconds gather_for{20};

}  // namespace

Reloader::Reloader(boost::asio::io_context& context, Loads& loads, SteeredLoader& loader,
                   CookieSecretFile& cookie_file, Service& service, ServiceManager& manager)
    : loads_{loads},
      loader_{loader},
      cookie_file_{cookie_file},
      service_{service},
      manager_{manager},
      signal_{context},
      timer_{context} {}

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
    loads_.bring<Loaded>([this, wanted](Loaded& loaded) { load(wanted, loaded); },
                         [this](Outcome<Loaded>& loaded) { finish(loaded); });
    if (wanted == Reloads::Action::LoadEverything) manager_.reloading();
}

void Reloader::load(Reloads::Action wanted, Loaded& loaded) {
    const bool everything = wanted == Reloads::Action::LoadEverything;
    try {
        if (everything) loader_.forget_states();
        if (everything || loader_.changed()) {
            run_giving_way([&] { loaded.catalog = loader_.load(loaded.problems); });
            loaded.alarms = loader_.alarms();
        }
        if (cookie_file_.named() && (everything || cookie_file_.changed()))
            loaded.secrets = cookie_file_.load(loaded.problems);
        explain_denials(loaded.problems);
    } catch (...) {  // no memory, say: what is served stays
        loader_.forget_states();
        loaded.catalog.reset();
        throw;
    }
}

void Reloader::finish(Outcome<Loaded>& loaded) {
    try {
        service_.take(loaded.value, loaded.failure);
    } catch (...) {
        reloads_.not_taken();
        manager_.reloaded();
        throw;
    }
    manager_.reloaded();
    act(reloads_.taken());
}

}  // namespace control
