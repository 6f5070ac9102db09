// SPDX-License-Identifier: Apache-2.0
// What the journal of systemd is told of a line besides its text.

#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <sstream>

namespace journal_test {

using namespace e2e;

namespace {

/// A command whose standard error has this in JOURNAL_STREAM, a word of the shell.
Command with_stream(const std::string& stream, const std::string& command) {
    return {"/bin/sh", "-c", "exec env JOURNAL_STREAM=" + stream + " " + command};
}

std::string serve_in(const support::TemporaryFolder& folder) {
    return std::string{ISOCHRONE} + " --config " +
           PROJECT_FOLDER "/tests/e2e/support/defaults.json" +
           " serve --listen 127.0.0.1:0 --state " + folder.path("state") + " ";
}

/// As systemd sets it: device and inode of what standard error is.
constexpr const char* own_stream = "$(stat -L -c %d:%i /proc/self/fd/2)";

}  // namespace

TEST_CASE("in the journal each line begins with its priority, and has no time of its own") {
    const support::TemporaryFolder folder;
    const auto good = folder.write("a.json", plain_zone("one.test"));
    folder.write("b.json", faulty_zone("two.test"));
    const auto faulty = run(with_stream(own_stream, serve_in(folder) + folder.path("")));
    CHECK(faulty.status == 1);
    std::istringstream lines{faulty.errors};
    unsigned errors = 0;
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        const bool error = line.starts_with("<3>error ");
        const bool other = line.starts_with("<4>warning ") || line.starts_with("<6>info ");
        CHECK((error || other));
        errors += error ? 1 : 0;
    }
    CHECK(errors >= 2);

    Process server{with_stream(own_stream, serve_in(folder) + good)};
    CHECK(server.wait_for(" serves ").starts_with("<6>info isochrone "));
    server.signal(SIGTERM);
    CHECK(server.wait_for_end() == 0);
    CHECK(server.has_said("<6>info stopped"));

    // What is printed before there is a log has one too.
    const auto settings = folder.write("isochrone.json", R"({"listn": "127.0.0.1"})");
    const auto refused =
        run(with_stream(own_stream, std::string{ISOCHRONE} + " serve --config " + settings));
    CHECK(refused.status == 1);
    CHECK(refused.errors.starts_with("<3>" + settings));
}

TEST_CASE("where standard error is not the journal, a line begins with its time") {
    const support::TemporaryFolder folder;
    const auto zone = folder.write("a.json", faulty_zone("one.test"));
    for (const std::string stream : {"''", "1:2", "nonsense"}) {
        CAPTURE(stream);
        const auto finished = run(with_stream(stream, serve_in(folder) + zone));
        CHECK(finished.status == 1);
        CHECK(finished.errors.starts_with("2"));
        CHECK(finished.errors.find(" error ") != std::string::npos);
        CHECK(finished.errors.find('<') == std::string::npos);
    }
}

}  // namespace journal_test
