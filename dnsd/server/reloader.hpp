// SPDX-License-Identifier: Apache-2.0
#pragma once
// Loads again what is served: everything when SIGHUP comes, and otherwise the files that have changed.
// Reloads decides when; the thread of loads does it, as a large zone takes seconds and checks must not
// wait for it. Control thread only.

#include "dnsd/loading/cookie_secrets.hpp"
#include "dnsd/loading/steered_loader.hpp"
#include "dnsd/server/reloads.hpp"
#include "dnsd/server/service.hpp"
#include "dnsd/server/service_manager.hpp"
#include "dnsd/threads/loads.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace control {

class Reloader {
 public:
    /// From start() on, `loader` and `cookie_file` belong to the thread of loads. All of them outlive
    /// this, but `loads`, which has been joined when this ends.
    Reloader(boost::asio::io_context& context, Loads& loads, SteeredLoader& loader,
             CookieSecretFile& cookie_file, Service& service, ServiceManager& manager);
    Reloader(const Reloader&) = delete;
    Reloader& operator=(const Reloader&) = delete;

    /// From now on SIGHUP ends nothing. It is obeyed after start().
    void hold_signals();
    void start();
    /// Looks whether files have changed. To be called now and then.
    void look();

 private:
    void wait_for_signal();
    void gather_signals();
    void act(Reloads::Action action);
    void load_aside(Reloads::Action wanted);
    void load(Reloads::Action wanted, Loaded& loaded);
    void finish(Outcome<Loaded>& loaded);

    Loads& loads_;
    SteeredLoader& loader_;
    CookieSecretFile& cookie_file_;
    Service& service_;
    ServiceManager& manager_;
    Reloads reloads_;
    boost::asio::signal_set signal_;
    boost::asio::steady_timer timer_;
};

}  // namespace control
