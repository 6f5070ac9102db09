// SPDX-License-Identifier: Apache-2.0
// Peers that say what no node of ours does, over sockets of loopback.
#include "dnsd/nodes/exchange.hpp"
#include "dnsd/transfer/requests.hpp"
#include "tests/dnsd/nodes/node.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/socket.h>

namespace nodes_hostile_peer_test {

using namespace transfer;
using support::Node;
using support::run_until;
namespace asio = boost::asio;

namespace {

/// Takes connections one after the other and answers each query with what `answer` makes of it,
/// until the test ends.
class FakePeer {
 public:
    using Answer = std::function<std::vector<Message>(const Message& query)>;
    explicit FakePeer(Answer answer) : answer_{std::move(answer)} {
        thread_ = std::thread{[this] { serve(); }};
    }
    ~FakePeer() {
        stopping_ = true;
        {
            const std::lock_guard lock{mutex_};
            if (serving_ >= 0) ::shutdown(serving_, SHUT_RDWR);
        }
        boost::system::error_code ignored;
        asio::ip::tcp::socket{context_}.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
    }
    [[nodiscard]] PeerSettings settings() const {
        return {"evil",
                support::apex_of("evil"),
                {*geo::read_address("127.0.0.1"), acceptor_.local_endpoint().port()}};
    }

 private:
    void serve() {
        for (;;) {
            boost::system::error_code fault;
            asio::ip::tcp::socket socket{context_};
            acceptor_.accept(socket, fault);
            if (stopping_) return;
            if (!serve_one(socket.native_handle())) return;
            std::array<std::uint8_t, 2> length{};
            asio::read(socket, asio::buffer(length), fault);
            Message query(wire::read16(length, 0));
            asio::read(socket, asio::buffer(query), fault);
            for (const auto& octets : answer_(query)) {
                asio::write(socket, asio::buffer(octets), fault);
                if (fault) break;
            }
            // Whoever asked closes; nothing more is said.
            asio::read(socket, asio::buffer(length), fault);
            if (!serve_one(-1)) return;
        }
    }

    /// From now on the end of the test ends what is read from this socket; -1: from none. False
    /// when that end has come.
    bool serve_one(int socket) {
        const std::lock_guard lock{mutex_};
        serving_ = socket;
        return !stopping_;
    }

    Answer answer_;
    std::mutex mutex_;
    int serving_ = -1;
    asio::io_context context_;
    asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

/// The messages that a real node would send for these pieces, signed by these keys.
std::vector<Message> messages_of(const Message& query, const std::vector<Piece>& pieces,
                                 const Keys& keys) {
    const auto tsig = read_tsig(query);
    TsigChain chain{keys.first()};
    static_cast<void>(chain.verify(query, unix_now()));
    const auto taken = std::make_shared<std::atomic<unsigned>>(0);
    Outgoing outgoing{ZoneFace{support::apex_of("evil"), support::apex_of("ns"), {}},
                      without_tsig(query, *tsig), pieces, chain, TransferPlace::take(taken)};
    std::vector<Message> messages;
    for (auto message = outgoing.next(); !message.empty(); message = outgoing.next())
        messages.push_back(with_length(message));
    return messages;
}

RecordList list(std::vector<ZoneRecord> records) {
    return std::make_shared<const std::vector<ZoneRecord>>(std::move(records));
}

}  // namespace

TEST_CASE("a peer that starts anew is fetched anew, also when its clock has gone back") {
    asio::io_context context;
    Node singapore{
        context, "singapore", support::shared_keys(), {.refresh = std::chrono::seconds{1}}};
    const auto serve = [](const Message& query, Serial serial, const char* text) {
        const std::vector<Piece> pieces{
            {serial, nullptr}, {serial, list({{"node", text}})}, {serial, nullptr}};
        return messages_of(query, pieces, *support::shared_keys());
    };
    std::atomic<int> asked{0};
    const FakePeer peer{[&](const Message& query) {
        return ++asked == 1 ? serve(query, 5000, "a=1") : serve(query, 4000, "a=2");
    }};
    singapore.exchange().set_peers({peer.settings()});
    REQUIRE(run_until(context, [&] {
        return singapore.heard["evil"] == Records{{"node", "a=1"}};
    }));
    CHECK(singapore.exchange().hear(support::apex_of("evil")));
    CHECK(run_until(context, [&] { return singapore.heard["evil"] == Records{{"node", "a=2"}}; }));
    CHECK(singapore.exchange().peers()[0].serial == 4000);
}

TEST_CASE("a hostile peer is found out, and nothing of what it says is taken") {
    const auto keys = support::shared_keys();
    const auto whole = [](std::vector<ZoneRecord> records) {
        return std::vector<Piece>{{7, nullptr}, {7, list(std::move(records))}, {7, nullptr}};
    };
    struct Row {
        const char* name = "";
        FakePeer::Answer answer{};
        const char* fault = "";
    };
    std::vector<Row> rows;
    const auto add = [&](const char* name, FakePeer::Answer answer, const char* fault) {
        rows.push_back({name, std::move(answer), fault});
    };
    add(
        "another secret",
        [&](const Message& query) {
            return messages_of(query, whole({{"home", "a"}}), *support::shared_keys(9));
        },
        "bad_signature");
    add(
        "octets that are no message",
        [&](const Message&) { return std::vector<Message>{with_length(Message(300, 0xC1))}; },
        "broken_message");
    add(
        "no signature",
        [&](const Message& query) {
            auto plain = without_tsig(query, *read_tsig(query));
            plain[2] |= 0x80;
            return std::vector<Message>{with_length(plain)};
        },
        "unsigned_answer");
    add(
        "one changed octet",
        [&](const Message& query) {
            auto messages = messages_of(query, whole({{"home", "aaaa"}}), *keys);
            messages[0][100] ^= 1;
            return messages;
        },
        "bad_signature");
    add(
        "a message left out",
        [&](const Message& query) {
            std::vector<ZoneRecord> records;
            for (int i = 0; i < 2000; ++i) records.push_back({"n" + std::to_string(i), "a"});
            auto messages = messages_of(query, whole(std::move(records)), *keys);
            messages.erase(messages.begin() + 1);
            return messages;
        },
        "bad_signature");
    add(
        "an owner in upper case, with a blank",
        [&](const Message& query) {
            return messages_of(query, whole({{"no owner", "a"}}), *keys);
        },
        "bad_record");
    add(
        "a line with control characters",
        [&](const Message& query) {
            return messages_of(query, whole({{"home", "a\x1b[2J"}}), *keys);
        },
        "bad_record");
    add(
        "one owner twice",
        [&](const Message& query) {
            return messages_of(query, whole({{"a", "1"}, {"a", "2"}}), *keys);
        },
        "bad_record");
    add(
        "no SOA before the records",
        [&](const Message& query) {
            return messages_of(query, {{7, list({{"a", "1"}})}, {7, nullptr}}, *keys);
        },
        "records_out_of_order");
    add(
        "another serial at the end",
        [&](const Message& query) {
            return messages_of(query, {{7, nullptr}, {7, list({{"a", "1"}})}, {8, nullptr}}, *keys);
        },
        "records_out_of_order");
    add(
        "silence after the end of the connection",
        [](const Message&) { return std::vector<Message>{}; }, "timed_out");
    for (const auto& row : rows) {
        CAPTURE(row.name);
        asio::io_context context;
        Node singapore{context, "singapore"};
        const FakePeer peer{row.answer};
        singapore.exchange().set_peers({peer.settings()});
        CHECK(run_until(context,
                        [&] { return !singapore.exchange().peers()[0].last_fault.empty(); }));
        CHECK(singapore.exchange().peers()[0].last_fault == row.fault);
        CHECK(singapore.exchange().peers()[0].data == PeerStatus::Data::Never);
        CHECK(singapore.times_heard == 0);
    }
}

TEST_CASE("a peer whose answers are broken is not asked all the time because it sends NOTIFY") {
    std::atomic<int> asked{0};
    asio::io_context context;
    Node singapore{context, "singapore"};
    const FakePeer peer{[&](const Message&) {
        ++asked;
        return std::vector<Message>{with_length(Message(300, 0xC1))};
    }};
    const auto began = std::chrono::steady_clock::now();
    singapore.exchange().set_peers({peer.settings()});
    CHECK(run_until(context, [&] {
        singapore.exchange().hear(support::apex_of("evil"));
        return asked == 4;
    }));
    CHECK(std::chrono::steady_clock::now() - began >= std::chrono::milliseconds{300});
}

TEST_CASE("a copy of a NOTIFY has nothing fetched however often it is sent") {
    std::atomic<int> asked{0};
    const auto keys = support::shared_keys();
    asio::io_context context;
    Node singapore{context, "singapore", keys, {.refresh = std::chrono::hours{1}}};
    const FakePeer peer{[&](const Message& query) {
        ++asked;
        const std::vector<Piece> pieces{{7, nullptr}, {7, list({{"node", "a=1"}})}, {7, nullptr}};
        return messages_of(query, pieces, *keys);
    }};
    singapore.exchange().set_peers({peer.settings()});
    REQUIRE(run_until(context, [&] { return !singapore.heard["evil"].empty(); }));
    auto notify = notify_query(support::apex_of("evil"), 77);
    TsigChain chain{keys->first()};
    chain.sign(notify, unix_now());
    asio::ip::udp::socket socket{context, {asio::ip::udp::v4(), 0}};
    const asio::ip::udp::endpoint to{asio::ip::address_v4::loopback(), singapore.endpoint().port};
    const auto send = [&](const Message& message) {
        socket.send_to(asio::buffer(message), to);
        Message answer(1232);
        bool answered = false;
        socket.async_receive(asio::buffer(answer), [&](const boost::system::error_code&,
                                                       std::size_t) { answered = true; });
        REQUIRE(run_until(context, [&] { return answered; }));
        CHECK((answer[3] & 0xF) == 0);  // each is acknowledged
    };
    const int before = asked;
    send(notify);
    REQUIRE(run_until(context, [&] { return asked == before + 1; }));
    for (int i = 0; i < 20; ++i) {
        send(notify);
        // As long as two fetches are apart at least.
        context.run_for(std::chrono::milliseconds{10});
    }
    CHECK(asked <= before + 1);
    auto fresh = notify_query(support::apex_of("evil"), 78);
    TsigChain another{keys->first()};
    another.sign(fresh, unix_now());
    send(fresh);
    CHECK(run_until(context, [&] { return asked == before + 2; }));
}

}  // namespace nodes_hostile_peer_test
