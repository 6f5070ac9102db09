// SPDX-License-Identifier: Apache-2.0
#include "probes/check/fault.hpp"

#include "tests/probes/attempt.hpp"
#include "tests/probes/server.hpp"
#include "tests/support/random_space.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_category.hpp>
#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>

namespace check_fault_test {

using boost::system::error_code;
using probes::Check;
using probes::Verdict;
using probes_test::check_of;
using Kind = Check::Kind;

namespace {

/// While it lives, this process can open nothing more.
class NoDescriptors {
 public:
    NoDescriptors() {
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
        const probes_test::Descriptor lowest_free{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
        REQUIRE(lowest_free.number() >= 0);
        auto limit = before_;
        limit.rlim_cur = static_cast<rlim_t>(lowest_free.number());
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
    }
    ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    NoDescriptors(const NoDescriptors&) = delete;
    NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("errors of this machine are no word, errors of the target are failures") {
    struct Row {
        const char* name;
        int error;
        Verdict expected;
    };
    const Row rows[] = {
        {"no descriptors in the process", EMFILE, Verdict::NoWord},
        {"no descriptors in the system", ENFILE, Verdict::NoWord},
        {"no memory", ENOMEM, Verdict::NoWord},
        {"no buffers", ENOBUFS, Verdict::NoWord},
        {"no address to send from", EADDRNOTAVAIL, Verdict::NoWord},
        {"no such family", EAFNOSUPPORT, Verdict::NoWord},
        {"own packet filter", EPERM, Verdict::NoWord},
        {"own link is down", ENETDOWN, Verdict::NoWord},
        {"refused", ECONNREFUSED, Verdict::Fail},
        {"reset", ECONNRESET, Verdict::Fail},
        {"broken", EPIPE, Verdict::Fail},
        {"timed out", ETIMEDOUT, Verdict::Fail},
        {"word of a router: network", ENETUNREACH, Verdict::Fail},
        {"word of a router: host", EHOSTUNREACH, Verdict::Fail},
        {"word of a router: prohibited", EACCES, Verdict::Fail},
    };
    const auto bound = probes_test::bind_loopback();  // this machine lets us try to connect to it
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const error_code fault{row.error, boost::system::system_category()};
        const auto check = check_of(Kind::Tcp, probes_test::port_of(bound));
        CHECK(probes::result_of(fault, check).verdict == row.expected);
    }
}

TEST_CASE("where this machine itself refuses to connect, that it cannot is no word") {
    for (const auto kind : {Kind::Tcp, Kind::Http, Kind::Https, Kind::Tls}) {
        auto check = check_of(kind, 9);
        check.address = support::address("127.255.255.255");  // a broadcast: TCP does not leave
        const auto result = probes_test::run(check);
        CHECK(result.verdict == Verdict::NoWord);
        CHECK(result.text == "on this machine: network is unreachable");
    }
}

TEST_CASE("without descriptors every kind of check is no word") {
    const auto bound = probes_test::bind_loopback();
    for (const auto kind :
         {Kind::Tcp, Kind::Http, Kind::Https, Kind::Tls, Kind::Command, Kind::File}) {
        CAPTURE(static_cast<int>(kind));
        auto check = check_of(kind, probes_test::port_of(bound));
        check.command = {"/bin/true"};
        check.file = "/dev/null";
        probes_test::Attempt attempt{check};
        {
            const NoDescriptors none;
            attempt.run();
        }
        REQUIRE(attempt.result().has_value());
        CHECK(attempt.result()->verdict == Verdict::NoWord);
        CHECK(attempt.result()->text.find("too many open files") != std::string::npos);
    }
}

TEST_CASE("times and errors read as they stand in a sentence") {
    using std::chrono::milliseconds;
    CHECK(probes::to_text(milliseconds{3000}) == "3 s");
    CHECK(probes::to_text(milliseconds{1500}) == "1500 ms");
    CHECK(probes::error_text(ECONNREFUSED) == "connection refused");
    CHECK(probes::result_of(boost::asio::error::eof, {}).text == "closed before an answer");
}

}  // namespace check_fault_test
