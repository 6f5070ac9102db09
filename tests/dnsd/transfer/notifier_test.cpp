// SPDX-License-Identifier: Apache-2.0
#include "dnsd/transfer/notifier.hpp"

#include "dnsd/wire/message.hpp"
#include "tests/dnsd/nodes/node.hpp"

#include <boost/asio/buffer.hpp>
#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <memory>

namespace transfer_notifier_test {

using namespace transfer;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

constexpr auto wait = 5ms;

/// Hears, and never answers.
class SilentPeer {
 public:
    explicit SilentPeer(asio::io_context& context)
        : socket_{context, {asio::ip::address_v4::loopback(), 0}} {
        listen();
    }
    [[nodiscard]] net::Endpoint endpoint() const {
        return {*geo::read_address("127.0.0.1"), socket_.local_endpoint().port()};
    }
    std::size_t heard = 0;

 private:
    void listen() {
        socket_.async_receive(asio::buffer(query_),
                              [this](const boost::system::error_code& fault, std::size_t) {
                                  if (fault) return;
                                  ++heard;
                                  listen();
                              });
    }
    asio::ip::udp::socket socket_;
    std::array<std::uint8_t, 1232> query_{};
};

/// Until the fifth try, and time for two more: each waits once, the pauses between them 16 and 32
/// times as long.
void run_for_seven_tries(asio::io_context& context, const SilentPeer& peer, std::size_t heard) {
    REQUIRE(support::run_until(context, [&] { return peer.heard >= heard; }));
    context.restart();
    context.run_for(wait * (3 + 48));
}

}  // namespace

TEST_CASE("a peer that never acknowledges hears NOTIFY five times (RFC 1996 section 3.6)") {
    asio::io_context context;
    SilentPeer peer{context};
    const auto notifier = std::make_shared<Notifier>(context, support::apex_of("edge"),
                                                     peer.endpoint(), support::shared_keys(), wait);
    notifier->start();
    notifier->notify();
    run_for_seven_tries(context, peer, 5);
    CHECK(peer.heard == 5);

    SUBCASE("and five times more when the zone has changed again") {
        notifier->notify();
        run_for_seven_tries(context, peer, 10);
        CHECK(peer.heard == 10);
    }
    notifier->stop();
    context.restart();
    context.run_for(wait);
}

}  // namespace transfer_notifier_test
