// SPDX-License-Identifier: Apache-2.0
#include "geo/base/regular_file.hpp"

#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace base_regular_file_test {

namespace {

std::string fault_of(const std::string& path) {
    const auto text = geo::read_regular_file(path, 1 << 20);
    return text ? "read" : text.error().text;
}

}  // namespace

TEST_CASE("all of a file is read, up to a limit") {
    const support::TemporaryFolder folder;
    std::string large(700'000, 'x');
    large += "end";
    const auto path = folder.write("file", large);
    CHECK(geo::read_regular_file(path, large.size()).value() == large);
    CHECK(geo::read_regular_file(folder.write("empty", ""), 0).value().empty());
    const auto megabyte = folder.write("large", std::string((1 << 20) + 1, 'x'));
    CHECK(fault_of(megabyte) == "larger than 1 MiB");
    // A file of the kernel says that it has no octets.
    CHECK(geo::read_regular_file("/proc/self/status", 1 << 20).value().starts_with("Name:"));
}

TEST_CASE("what is no file is not waited for") {
    const support::TemporaryFolder folder;
    const auto pipe = folder.path("pipe");
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    const auto socket = folder.path("socket");
    const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    REQUIRE(socket.size() < sizeof name.sun_path);
    socket.copy(name.sun_path, socket.size());
    REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0);
    const auto something = "expected a file, found something else";
    CHECK(fault_of(pipe) == something);
    CHECK(fault_of(socket) == something);
    CHECK(fault_of("/dev/zero") == something);
    CHECK(fault_of("/dev/null") == something);
    CHECK(fault_of(folder.path("")) == "expected a file, found a folder");
    CHECK(fault_of(folder.path("missing")) == "cannot be read: No such file or directory");
    ::close(listener);
}

TEST_CASE("a pipe that takes a file's place is not waited for") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("file", "text");
    const auto pipe = folder.path("pipe");
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::thread swapping{[&] {
        for (int i = 0; i < 2000; ++i)
            ::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, pipe.c_str(), RENAME_EXCHANGE);
    }};
    for (int i = 0; i < 2000; ++i) {
        const auto text = fault_of(path);
        CHECK((text == "read" || text == "expected a file, found something else"));
    }
    swapping.join();
}

}  // namespace base_regular_file_test
