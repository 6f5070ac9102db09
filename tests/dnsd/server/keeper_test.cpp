// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/keeper.hpp"

#include "dnsd/loading/file_state.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace server_keeper_test {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using control::Keeper;

namespace {

std::string content(const std::string& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// A keeper in a folder, and the memories of a server that has no parts.
class Kept {
 public:
    using Text = std::optional<std::string>;

    explicit Kept(std::string folder, Keeper::Pace pace = {}) : folder_{std::move(folder)} {
        keeper.emplace(context, background, folder_, memories(), pace);
    }
    ~Kept() { background.join(); }
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;

    /// The content of a file once all that was given to be written is.
    [[nodiscard]] std::string written(const std::string& file) {
        asio::co_spawn(background, keeper->written(), asio::use_future).get();
        return content(folder_ + "/" + file);
    }

    Text health = "h";
    Text clients = "c";
    Text measurements = "m";
    unsigned clients_asked = 0;
    std::vector<std::string> restored;  // texts, in order
    asio::io_context context{1};
    asio::thread_pool background{1};
    std::optional<Keeper> keeper;

 private:
    [[nodiscard]] control::Memory memory(const char* file, std::function<Text()> text) {
        return {.file = folder_ + "/" + file,
                .restore = [this](const std::string& found) -> geo::Result<void> {
                    restored.push_back(found);
                    if (found == "damaged") return geo::Error{"damaged"};
                    return {};
                },
                .text = std::move(text)};
    }
    [[nodiscard]] control::Memories memories() {
        return {.health = memory("health", [this] { return health; }),
                .regular = {memory("clients",
                                   [this] {
                                       ++clients_asked;
                                       if (clients == "?") throw std::runtime_error{"no memory"};
                                       return clients;
                                   })},
                .measurements = memory("latency", [this] { return measurements; })};
    }

    std::string folder_;
};

}  // namespace

TEST_CASE(
    "a keeper gives back what an earlier one has kept, and what is damaged keeps nothing back") {
    support::TemporaryFolder folder;
    const auto state = folder.path("state");
    {
        Kept first{state};
        REQUIRE(first.keeper->open());
        CHECK(first.restored.empty());
        first.health = "damaged";
        first.keeper->keep_all();
        CHECK(first.keeper->writes() == 3);
    }
    Kept next{state};
    REQUIRE(next.keeper->open());
    CHECK(next.restored == std::vector<std::string>{"damaged", "c", "m"});
}

TEST_CASE("a memory that has nothing to keep writes no file") {
    support::TemporaryFolder folder;
    Kept kept{folder.path("state")};
    REQUIRE(kept.keeper->open());
    kept.clients.reset();
    kept.keeper->keep_all();
    CHECK(kept.keeper->writes() == 2);
    CHECK(kept.written("clients").empty());
    CHECK(kept.written("health") == "h");
}

TEST_CASE("measurements are kept when their time has come, and no sooner") {
    support::TemporaryFolder folder;
    Kept kept{folder.path("state"), {.regular = 1min, .measurements = 5min}};
    REQUIRE(kept.keeper->open());
    const auto start = Keeper::Clock::now();
    kept.keeper->tend_measurements(start);
    CHECK(kept.written("latency") == "m");
    kept.measurements = "later";
    kept.keeper->tend_measurements(start + 5min - 1ms);
    CHECK(kept.written("latency") == "m");
    kept.keeper->tend_measurements(start + 5min);
    CHECK(kept.written("latency") == "later");
}

TEST_CASE("regular memories are kept again and again, whatever is thrown meanwhile") {
    support::TemporaryFolder folder;
    Kept kept{folder.path("state"), {.regular = 1ms, .measurements = 1h}};
    REQUIRE(kept.keeper->open());
    kept.keeper->start();
    kept.context.run_one();
    CHECK(kept.written("clients") == "c");
    kept.clients = "?";
    CHECK_THROWS(kept.context.run_one());
    kept.clients = "again";
    kept.context.run_one();
    CHECK(kept.clients_asked == 3);
    CHECK(kept.written("clients") == "again");
}

TEST_CASE("health is kept as it is said to be") {
    support::TemporaryFolder folder;
    Kept kept{folder.path("state")};
    REQUIRE(kept.keeper->open());
    kept.keeper->keep_health("one is drained");
    CHECK(kept.written("health") == "one is drained");
}

TEST_CASE("a keeper whose folder another server has keeps nothing") {
    support::TemporaryFolder folder;
    const auto state = folder.path("state");
    Kept first{state};
    REQUIRE(first.keeper->open());
    first.keeper->keep_all();
    CHECK(first.written("clients") == "c");
    Kept second{state};
    second.clients = "of the second";
    CHECK_FALSE(second.keeper->open());
    CHECK(second.restored.empty());
    second.keeper->keep_all();
    second.keeper->tend_measurements(Keeper::Clock::now());
    second.keeper->tend_zones();
    CHECK(second.keeper->writes() == 0);
    CHECK(second.written("clients") == "c");
}

TEST_CASE("a zone that is to be kept is written once, however often a keeper is told to tend it") {
    support::TemporaryFolder folder;
    const auto state = folder.path("state");
    const auto path = folder.write("a.json", std::string{"{}"});
    Kept kept{state};
    REQUIRE(kept.keeper->open());
    CHECK(kept.keeper->zones().empty());
    kept.keeper->zones().keep(path, "a.example", {{path, control::state_of(path)}});
    kept.keeper->tend_zones();
    kept.keeper->tend_zones();
    CHECK(kept.written("health").empty());  // waits for the disk
    CHECK_FALSE(kept.keeper->zones().empty());
    CHECK_FALSE(kept.keeper->zones().due(geo::Clock::now() + 1h));
}

}  // namespace server_keeper_test
