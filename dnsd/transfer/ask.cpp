// SPDX-License-Identifier: Apache-2.0
#include "dnsd/transfer/ask.hpp"

#include "dnsd/sockets/endpoint.hpp"
#include "dnsd/transfer/requests.hpp"
#include "geo/base/nothrow.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>

namespace transfer {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using geo::nothrow;
using probes::Clock;

constexpr std::size_t payload = 1232;  // octets: no fragment on any usual way (DNS flag day 2020)
constexpr std::chrono::milliseconds before_second_try{1200};
constexpr const char* timed_out = "timed out";

std::string lower_text(const boost::system::error_code& fault) {
    if (fault == asio::error::timed_out) return timed_out;
    auto text = fault == asio::error::eof ? "connection closed" : fault.message();
    std::ranges::transform(text, text.begin(), [](char c) {
        return static_cast<char>(zones::lower(static_cast<std::uint8_t>(c)));
    });
    return text;
}

Reply failed(std::string fault) {
    return {.message = {}, .fault = std::move(fault)};
}

/// True if the two messages have the same question; the case of letters is the same too.
bool same_question(wire::Octets query, wire::Octets answer, std::size_t name) {
    const auto size = wire::header_size + name + 4;
    return answer.size() >= size && wire::read16(answer, 4) == 1 &&
           std::equal(query.begin() + wire::header_size,
                      query.begin() + static_cast<std::ptrdiff_t>(size),
                      answer.begin() + wire::header_size);
}

/// Waits for the reading of so many octets from a stream; the fault is timed_out at the deadline.
template <class Operation>
asio::awaitable<boost::system::error_code> within(asio::steady_timer& timer, Operation operation) {
    const auto first = co_await (std::move(operation) || timer.async_wait(nothrow));
    const auto* done = std::get_if<0>(&first);
    co_return done == nullptr ? make_error_code(asio::error::timed_out) : std::get<0>(*done);
}

}  // namespace

/// One query, and what makes a message its answer.
struct Asker::Try {
    Message query;
    std::size_t name_length = 0;
    std::optional<TsigChain> chain{};

    [[nodiscard]] bool answered_by(wire::Octets message) const {
        if (message.size() < wire::header_size ||
            wire::read16(message, 0) != wire::read16(query, 0))
            return false;
        if ((wire::read16(message, 2) & wire::flag_qr) == 0) return false;
        // Some servers repeat no question in a refusal.
        return same_question(query, message, name_length) || wire::read16(message, 4) == 0;
    }
    [[nodiscard]] Reply reply_of(Message message) {
        if (chain && chain->verify(message, unix_now()) != TsigFault::None)
            return failed("an answer without a good signature");
        return {.message = std::move(message), .fault = {}};
    }
};

Asker::Try Asker::next_try(const Question& question) {
    const auto id = static_cast<std::uint16_t>(random_());
    Try attempt{.query = plain_query(question.name, id, question.type,
                                     question.recursion ? wire::flag_rd : 0U, payload),
                .name_length = question.name.length()};
    if (question.keys != nullptr) {
        attempt.chain.emplace(question.keys->first());
        attempt.chain->sign(attempt.query, unix_now());
    }
    return attempt;
}

bool Asker::take_one() noexcept {
    if (left_ == 0) return false;
    --left_;
    ++sent_;
    return true;
}

asio::awaitable<Reply> Asker::ask(Question question, By by) {
    if (by == By::Tcp) co_return co_await ask_tcp(question);
    auto reply = co_await ask_udp(question);
    if (by == By::UdpThenTcp && reply.truncated()) co_return co_await ask_tcp(question);
    co_return reply;
}

asio::awaitable<Reply> Asker::ask_udp(const Question& question) {
    const auto executor = co_await asio::this_coro::executor;
    const auto end = std::min(deadline_, Clock::now() + question.wait);
    for (const bool last : {false, true}) {
        if (Clock::now() >= end) break;
        if (!take_one()) co_return failed("not asked: there were too many questions");
        asio::ip::udp::socket socket{executor};
        boost::system::error_code fault;
        socket.connect(net::socket_address(question.server).as<asio::ip::udp::endpoint>(), fault);
        if (fault) co_return failed(lower_text(fault));
        auto attempt = next_try(question);
        const auto [unsent, sent] =
            co_await socket.async_send(asio::buffer(attempt.query), nothrow);
        if (unsent) co_return failed(lower_text(unsent));
        asio::steady_timer timer{executor,
                                 last ? end : std::min(end, Clock::now() + before_second_try)};
        Message message(wire::max_message);
        while (true) {
            const auto first = co_await (socket.async_receive(asio::buffer(message), nothrow) ||
                                         timer.async_wait(nothrow));
            const auto* received = std::get_if<0>(&first);
            if (received == nullptr) break;
            const auto [unreceived, size] = *received;
            if (unreceived) co_return failed(lower_text(unreceived));
            if (!attempt.answered_by(std::span{message}.first(size))) continue;
            message.resize(size);
            co_return attempt.reply_of(std::move(message));
        }
    }
    co_return failed(timed_out);
}

asio::awaitable<Reply> Asker::ask_tcp(const Question& question) {
    const auto end = std::min(deadline_, Clock::now() + question.wait);
    if (Clock::now() >= end) co_return failed(timed_out);
    if (!take_one()) co_return failed("not asked: there were too many questions");
    const auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::socket socket{executor};
    asio::steady_timer timer{executor, end};
    auto fault = co_await within(
        timer, socket.async_connect(
                   net::socket_address(question.server).as<asio::ip::tcp::endpoint>(), nothrow));
    if (fault) co_return failed(lower_text(fault));
    auto attempt = next_try(question);
    const auto framed = with_length(attempt.query);
    fault = co_await within(timer, asio::async_write(socket, asio::buffer(framed), nothrow));
    std::array<std::uint8_t, 2> length{};
    if (!fault)
        fault = co_await within(timer, asio::async_read(socket, asio::buffer(length), nothrow));
    Message message(wire::read16(length, 0));
    if (!fault)
        fault = co_await within(timer, asio::async_read(socket, asio::buffer(message), nothrow));
    if (fault) co_return failed(lower_text(fault));
    if (!attempt.answered_by(message)) co_return failed("an answer to another question");
    co_return attempt.reply_of(std::move(message));
}

}  // namespace transfer
