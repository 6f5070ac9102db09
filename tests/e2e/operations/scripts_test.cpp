// SPDX-License-Identifier: Apache-2.0
// The two scripts that a newcomer runs first. They build and install, so they are only read here.

#include "tests/support/process.hpp"

#include <doctest/doctest.h>

using support::run;

TEST_CASE("the scripts are programs that bash can read") {
    for (const std::string script : {"quickstart", "tests/run", "tests/packages"}) {
        CAPTURE(script);
        const auto path = std::string{PROJECT_FOLDER} + "/" + script;
        const auto finished = run({"bash", "-n", path});
        CAPTURE(finished.errors);
        CHECK(finished.status == 0);
        const bool sourced = std::string{script} == "tests/packages";
        CHECK((run({"test", "-x", path}).status == 0) == !sourced);
    }
}
