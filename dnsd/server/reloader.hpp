// SPDX-License-Identifier: Apache-2.0
#pragma once
// Has what is served loaded again: everything when SIGHUP comes, and otherwise the files that have
// changed. Reloads decides when; the thread of loads does it, as a large zone takes seconds and
// checks must not wait for it. Control thread only.

#include "dnsd/loading/served_files.hpp"
#include "dnsd/server/reloads.hpp"
#include "dnsd/threads/loads.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace control {

class Reloader {
 public:
    using Scope = ServedFiles::Scope;
    /// What a reload consists of.
    struct Steps {
        std::function<void()> begun;  // a reload of everything has begun
        /// Loads, on the thread of loads: ServedFiles::load().
        std::function<void(Scope scope, Loaded& loaded)> load;
        /// Puts into service what has been loaded: Service::take().
        std::function<void(Loaded& loaded)> take;
        std::function<void()> ended;  // a reload of anything has ended, whatever it came to
    };

    /// What these use outlives this, but `loads`, which has been joined when this ends.
    Reloader(boost::asio::io_context& context, Loads& loads, Steps steps);
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
    void finish(Outcome<Loaded>& loaded);

    Loads& loads_;
    Steps steps_;
    Reloads reloads_;
    boost::asio::signal_set signal_;
    boost::asio::steady_timer timer_;
};

}  // namespace control
