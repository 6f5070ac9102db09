// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/load_progress.hpp"

#include "dnsd/loading/loader.hpp"
#include "tests/dnsd/world.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

namespace loading_load_progress_test {

TEST_CASE("a load says how far it is") {
    const support::TemporaryFolder folder;
    control::Loader loader{{folder.path("")}, {}};
    geo::Problems problems;
    CHECK(loader.progress()->text() == "reads zone file 0 of 0");
    for (const std::string name : {"a", "b", "c"})
        folder.write(name + ".json",
                     support::zone_text(name + ".", R"("www": {"A": "192.0.2.1"})"));
    static_cast<void>(loader.read(problems));
    CHECK(loader.progress()->text() == "reads zone file 3 of 3");
    static_cast<void>(loader.serve(problems));
    CHECK(loader.progress()->text() == "has read 3 zone files, makes the maps of their policies");
}

}  // namespace loading_load_progress_test
