// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/service.hpp"

#include "tests/dnsd/server_parts.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace server_service_test {

using control::Loaded;
using support::ServerParts;
using Lines = std::vector<std::string>;

namespace {

control::Alarm alarm(const std::string& line) {
    return {{}, line, line};
}

Loaded loaded_zones(const std::vector<std::string>& texts) {
    Loaded loaded;
    loaded.catalog = ServerParts::catalog(texts);
    return loaded;
}

}  // namespace

TEST_CASE("the first zones are watched and answered with") {
    ServerParts parts;
    CHECK(parts.served().empty());
    parts.service.begin(ServerParts::catalog({parts.world.zone("one.example.", {"a", "b"})}), {});
    REQUIRE(parts.served().size() == 1);
    CHECK(parts.maker.generation() == 1);
    CHECK(parts.world.health->target_count() == 2);
    CHECK(parts.world.health->status(parts.served()[0].zone->apex()));
}

TEST_CASE("workers are given zones only once health has decided on their edges") {
    ServerParts parts;
    parts.world.say("a", "down");
    parts.world.say("b", "up");
    const auto text = parts.world.zone("one.example.", {"a", "b"});
    parts.service.begin(ServerParts::catalog({text}), {});
    parts.world.run_first_round();
    auto loaded = loaded_zones({text});  // with a board of its own
    parts.service.take(loaded);
    CHECK_FALSE(parts.served()[0].board->health(0).usable);
    CHECK(parts.served()[0].board->health(1).usable);
}

TEST_CASE("zones that are loaded again take the place of those before, with their alarms") {
    ServerParts parts;
    parts.service.begin(ServerParts::catalog({parts.world.zone("one.example.", {"a"})}),
                        {alarm("alarm=first")});
    CHECK(parts.service.alarms().lines() == Lines{"alarm=first"});
    auto loaded = loaded_zones({parts.world.zone("two.example.", {"b", "c"})});
    loaded.alarms = {alarm("alarm=second")};
    parts.service.take(loaded);
    REQUIRE(parts.served().size() == 1);
    CHECK(parts.served()[0].zone->apex().text() == "two.example.");
    CHECK(parts.maker.generation() == 2);
    CHECK(parts.world.health->target_count() == 2);
    CHECK(parts.service.alarms().lines() == Lines{"alarm=second"});
}

TEST_CASE("where nothing could be loaded, zones and alarms stay, but new secrets hold") {
    ServerParts parts;
    parts.service.begin(ServerParts::catalog({parts.world.zone("one.example.", {"a"})}),
                        {alarm("alarm=first")});
    const auto before = parts.maker.current();
    Loaded loaded;
    loaded.catalog = geo::Error{"no memory"};
    const auto secrets = control::random_cookie_secrets();
    loaded.secrets = secrets;
    parts.service.take(loaded);
    CHECK(parts.maker.current() == before);
    CHECK(parts.service.alarms().lines() == Lines{"alarm=first"});
    parts.maker.show_again();
    CHECK(parts.maker.current()->cookie_secrets == secrets);
}

TEST_CASE("secrets without zones go into the same zones, of the same generation") {
    ServerParts parts;
    parts.service.begin(ServerParts::catalog({parts.world.zone("one.example.", {"a"})}),
                        {alarm("alarm=first")});
    Loaded loaded;
    const auto secrets = control::random_cookie_secrets();
    loaded.secrets = secrets;
    parts.service.take(loaded);
    CHECK(parts.maker.current()->cookie_secrets == secrets);
    CHECK(parts.maker.generation() == 1);
    CHECK(parts.served().size() == 1);
    CHECK(parts.service.alarms().lines() == Lines{"alarm=first"});
}

TEST_CASE("a look that found nothing changes nothing") {
    ServerParts parts;
    parts.service.begin(ServerParts::catalog({parts.world.zone("one.example.", {"a"})}), {});
    const auto before = parts.maker.current();
    Loaded loaded;
    parts.service.take(loaded);
    CHECK(parts.maker.current() == before);
}

TEST_CASE("an alarm of the start stays, whatever is loaded later") {
    ServerParts parts;
    parts.service.add_alarm(alarm("alarm=nothing_is_shared"));
    parts.service.begin({}, {alarm("alarm=first")});
    CHECK(parts.service.alarms().lines() == Lines{"alarm=nothing_is_shared", "alarm=first"});
    auto loaded = loaded_zones({parts.world.zone("one.example.", {"a"})});
    parts.service.take(loaded);
    CHECK(parts.service.alarms().lines() == Lines{"alarm=nothing_is_shared"});
}

}  // namespace server_service_test
