// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/reloader.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <csignal>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace server_reloader_test {

using Scope = control::ServedFiles::Scope;
using control::Loaded;

namespace {

/// A reloader whose loads a test decides, and what it has put into service.
class Reloading {
 public:
    Reloading() { reloader_.hold_signals(); }
    ~Reloading() { loads_.join(); }
    Reloading(const Reloading&) = delete;
    Reloading& operator=(const Reloading&) = delete;

    [[nodiscard]] control::Reloader& reloader() { return reloader_; }
    /// Lets the control thread run until so many loads have come back.
    void run_until_taken(std::size_t count) {
        while (taken.size() < count) context_.run_one();
    }
    [[nodiscard]] std::vector<Scope> wanted() {
        const std::lock_guard lock{mutex_};
        return wanted_;
    }

    /// What a load throws; empty: nothing. Set before it begins.
    std::string load_fault;
    bool refuse = false;             // to put into service what was loaded
    std::vector<std::string> taken;  // "loaded", or why nothing was
    std::vector<std::string> told;   // that a reload of everything has begun, or that one has ended

 private:
    void load(Scope scope, Loaded& loaded) {
        const std::lock_guard lock{mutex_};
        wanted_.push_back(scope);
        loaded.secrets.emplace(1);
        if (!load_fault.empty()) throw std::runtime_error{load_fault};
    }
    void take(const Loaded& loaded) {
        CHECK(loaded.secrets);
        taken.push_back(loaded.catalog ? "loaded" : loaded.catalog.error().text);
        if (refuse) throw std::runtime_error{"no memory"};
    }

    std::mutex mutex_;
    std::vector<Scope> wanted_;
    boost::asio::io_context context_{1};
    // It waits while nothing is due.
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        context_.get_executor()};
    control::Loads loads_{context_};
    control::Reloader reloader_{
        context_,
        loads_,
        {.begun = [this] { told.push_back("begun"); },
         .load = [this](Scope scope, Loaded& loaded) { load(scope, loaded); },
         .take = [this](Loaded& loaded) { take(loaded); },
         .ended = [this] { told.push_back("ended"); }}};
};

}  // namespace

TEST_CASE("a look loads what has changed, one load at a time") {
    Reloading at;
    at.reloader().look();
    at.reloader().look();  // while the first one loads
    at.run_until_taken(1);
    CHECK(at.wanted() == std::vector{Scope::Changes});
    at.reloader().look();
    at.run_until_taken(2);
    CHECK(at.wanted() == std::vector{Scope::Changes, Scope::Changes});
    CHECK(at.taken == std::vector<std::string>{"loaded", "loaded"});
}

TEST_CASE("signals that come together make one load of everything") {
    Reloading at;
    at.reloader().start();
    for (int i = 0; i < 5; ++i) std::raise(SIGHUP);
    at.run_until_taken(1);
    CHECK(at.wanted() == std::vector{Scope::Everything});
    std::raise(SIGHUP);
    at.run_until_taken(2);
    CHECK(at.wanted() == std::vector{Scope::Everything, Scope::Everything});
}

TEST_CASE(
    "a reload of everything is told when it begins, and that it has ended, whatever it came to") {
    Reloading at;
    at.reloader().look();
    at.run_until_taken(1);
    CHECK(at.told == std::vector<std::string>{"ended"});
    at.refuse = true;
    at.reloader().start();
    std::raise(SIGHUP);
    CHECK_THROWS(at.run_until_taken(3));
    CHECK(at.told == std::vector<std::string>{"ended", "begun", "ended"});
}

TEST_CASE("a signal that comes before the start is obeyed after it") {
    Reloading at;
    std::raise(SIGHUP);
    at.reloader().start();
    at.run_until_taken(1);
    CHECK(at.wanted() == std::vector{Scope::Everything});
}

TEST_CASE("where a load fails, service hears why, and the next look loads again") {
    Reloading at;
    at.load_fault = "no memory";
    at.reloader().look();
    at.run_until_taken(1);
    CHECK(at.taken == std::vector<std::string>{"no memory"});
    at.load_fault.clear();
    at.reloader().look();
    at.run_until_taken(2);
    CHECK(at.taken.back() == "loaded");
}

TEST_CASE("where what was loaded cannot be put into service, the next look loads everything") {
    Reloading at;
    at.refuse = true;
    at.reloader().look();
    CHECK_THROWS(at.run_until_taken(1));
    at.refuse = false;
    at.reloader().look();
    at.run_until_taken(2);
    CHECK(at.wanted() == std::vector{Scope::Changes, Scope::Everything});
}

}  // namespace server_reloader_test
