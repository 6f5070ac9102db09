// SPDX-License-Identifier: Apache-2.0
// One question to one server: over UDP, over TCP, to nobody, and how many in all.

#include "dnsd/transfer/ask.hpp"

#include "tests/probes/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <exception>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace transfer_ask_test {

using namespace transfer;
using probes::Clock;

namespace {

const auto apex = zones::Name::from_text("a.test.", zones::Name{}).value();

/// Answers over UDP with the query itself as a response, and these flags; or not at all. The same
/// over TCP, without the flags.
class Echoing {
 public:
    enum class Udp { Answers, Truncates, AnswersOthersFirst, Silent };

    explicit Echoing(Udp way)
        : way_{way}, tcp_{answer_tcp}, socket_{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(tcp_.port());
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::bind(socket_.number(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
        const timeval tick{0, 20'000};
        ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick);
        thread_ = std::thread{[this] { serve(); }};
    }
    ~Echoing() {
        ends_ = true;
        thread_.join();
    }
    Echoing(const Echoing&) = delete;
    Echoing& operator=(const Echoing&) = delete;

    [[nodiscard]] net::Endpoint endpoint() const {
        return {*geo::read_address("127.0.0.1"), tcp_.port()};
    }
    [[nodiscard]] unsigned datagrams() const noexcept { return datagrams_; }

 private:
    static void answer_tcp(int socket) {
        std::array<std::uint8_t, 512> message{};
        const auto size = ::read(socket, message.data(), message.size());
        if (size < 5) return;
        message[4] |= 0x80;
        static_cast<void>(::write(socket, message.data(), static_cast<std::size_t>(size)));
    }
    void serve() {
        while (!ends_) {
            std::array<std::uint8_t, 512> message{};
            sockaddr_in from{};
            socklen_t length = sizeof from;
            const auto size = ::recvfrom(socket_.number(), message.data(), message.size(), 0,
                                         reinterpret_cast<sockaddr*>(&from), &length);
            if (size < 12) continue;
            ++datagrams_;
            if (way_ == Udp::Silent) continue;
            const auto send = [&] {
                ::sendto(socket_.number(), message.data(), static_cast<std::size_t>(size), 0,
                         reinterpret_cast<const sockaddr*>(&from), length);
            };
            message[2] |= 0x80;
            if (way_ == Udp::Truncates) message[2] |= 0x02;
            if (way_ == Udp::AnswersOthersFirst) {
                message[0] ^= 1;  // of another id
                send();
                message[0] ^= 1;
                message[13] ^= 1;  // of another name
                send();
                message[13] ^= 1;
            }
            send();
        }
    }

    Udp way_;
    probes_test::Server tcp_;
    probes_test::Descriptor socket_;
    std::atomic<bool> ends_{false};
    std::atomic<unsigned> datagrams_{0};
    std::thread thread_;
};

Reply asked(Asker& asker, const Question& question, Asker::By by) {
    boost::asio::io_context context;
    Reply result;
    boost::asio::co_spawn(context, asker.ask(question, by),
                          [&](const std::exception_ptr& escaped, Reply reply) {
                              CHECK(escaped == nullptr);
                              result = std::move(reply);
                          });
    context.run();
    return result;
}

constexpr std::chrono::minutes long_time{4};

}  // namespace

TEST_CASE("a question is asked over UDP, and over TCP if the answer is truncated") {
    using By = Asker::By;
    const struct {
        const char* name;
        Echoing::Udp way;
        By by;
        std::size_t sent;
        bool truncated;
    } rows[] = {
        {"UDP", Echoing::Udp::Answers, By::UdpThenTcp, 1, false},
        {"TCP after UDP", Echoing::Udp::Truncates, By::UdpThenTcp, 2, false},
        {"UDP alone", Echoing::Udp::Truncates, By::Udp, 1, true},
        {"TCP alone", Echoing::Udp::Silent, By::Tcp, 1, false},
        {"answers to others", Echoing::Udp::AnswersOthersFirst, By::Udp, 1, false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Echoing server{row.way};
        Asker asker{9, Clock::now() + long_time};
        const auto reply =
            asked(asker, {.server = server.endpoint(), .name = apex, .wait = long_time}, row.by);
        CHECK(reply.fault == "");
        CHECK(reply.came());
        CHECK(reply.has_opt());
        CHECK(reply.truncated() == row.truncated);
        CHECK(asker.sent() >= row.sent);  // a busy machine may ask by UDP twice
    }
}

TEST_CASE("silence is asked twice over UDP, and the number of questions is bounded") {
    const Echoing server{Echoing::Udp::Silent};
    Asker asker{3, Clock::now() + long_time};
    const Question question{
        .server = server.endpoint(), .name = apex, .wait = std::chrono::seconds{3}};
    CHECK(asked(asker, question, Asker::By::Udp).fault == "timed out");
    CHECK(asker.sent() == 2);
    CHECK(asked(asker, question, Asker::By::Udp).fault.starts_with("not asked"));
    CHECK(asker.sent() == 3);
    CHECK(asked(asker, question, Asker::By::Tcp).fault.starts_with("not asked"));
    CHECK(asker.sent() == 3);
    CHECK(server.datagrams() <= 3);
}

TEST_CASE("no question waits beyond the deadline of all") {
    const Echoing server{Echoing::Udp::Silent};
    Asker asker{9, Clock::now()};
    CHECK(asked(asker, {.server = server.endpoint(), .name = apex}, Asker::By::UdpThenTcp).fault ==
          "timed out");
    CHECK(asked(asker, {.server = server.endpoint(), .name = apex}, Asker::By::Tcp).fault ==
          "timed out");
    CHECK(asker.sent() == 0);
}

TEST_CASE("a closed port is told as refused over UDP and TCP") {
    const auto place = probes_test::bind_loopback();  // of TCP; nobody has it over UDP
    const net::Endpoint nobody{*geo::read_address("127.0.0.1"), probes_test::port_of(place)};
    Asker asker{9, Clock::now() + long_time};
    const Question question{.server = nobody, .name = apex, .wait = long_time};
    CHECK(asked(asker, question, Asker::By::Udp).fault == "connection refused");
    CHECK(asked(asker, question, Asker::By::Tcp).fault == "connection refused");
}

}  // namespace transfer_ask_test
