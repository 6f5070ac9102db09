// SPDX-License-Identifier: Apache-2.0
#include "dnsd/state/state_writer.hpp"

#include "tests/support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

#include <optional>

namespace state_state_writer_test {

namespace asio = boost::asio;
using control::StateWriter;

namespace {

/// A writer with its thread, and a file for it.
class Kept {
 public:
    [[nodiscard]] StateWriter& writer() { return writer_; }
    [[nodiscard]] const std::string& file() const { return file_; }
    /// When all has been written: what the file has. Nothing: it is not there.
    [[nodiscard]] std::optional<std::string> written() {
        asio::co_spawn(background_, writer_.written(), asio::use_future).get();
        std::optional<std::string> text;
        writer_.restore(file_, [&](const std::string& found) {
            text = found;
            return geo::Result<void>{};
        });
        return text;
    }

 private:
    support::TemporaryFolder folder_;
    std::string path_ = folder_.path("state");
    std::string file_ = path_ + "/health";
    asio::thread_pool background_{1};
    StateWriter writer_{background_, path_};
};

}  // namespace

TEST_CASE("states are written in the order in which they are given, and counted") {
    Kept kept;
    REQUIRE(kept.writer().open());
    CHECK_FALSE(kept.written().has_value());
    for (int i = 1; i <= 20; ++i) kept.writer().write(kept.file(), std::to_string(i));
    CHECK(kept.writer().writes() == 20);
    CHECK(kept.written() == "20");
}

TEST_CASE("without its folder a server writes no state") {
    Kept first;
    REQUIRE(first.writer().open());
    asio::thread_pool background{1};
    const auto taken = first.file().substr(0, first.file().rfind('/'));
    StateWriter second{background, taken};
    CHECK_FALSE(second.open());
    second.write(first.file(), "of the second");
    CHECK(second.writes() == 0);
    background.join();
    CHECK_FALSE(first.written().has_value());
}

}  // namespace state_state_writer_test
