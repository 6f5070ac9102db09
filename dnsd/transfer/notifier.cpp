// SPDX-License-Identifier: Apache-2.0
#include "dnsd/transfer/notifier.hpp"

#include "dnsd/transfer/requests.hpp"
#include "geo/base/nothrow.hpp"

#include <boost/asio/buffer.hpp>
#include <spdlog/spdlog.h>

#include <exception>

namespace transfer {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using geo::nothrow;

constexpr int most_tries = 5;
constexpr std::size_t largest_answer = 1232;

}  // namespace

Notifier::Notifier(asio::io_context& context, const zones::Name& apex,
                   const net::Endpoint& endpoint, std::shared_ptr<const Keys> keys,
                   std::chrono::milliseconds wait)
    : apex_{apex},
      endpoint_{endpoint},
      keys_{std::move(keys)},
      wait_{wait},
      socket_{context},
      timer_{context},
      chain_{keys_->first()},
      answer_(largest_answer) {}

void Notifier::start() {
    running_.begin(
        socket_.get_executor(), [this] { return run(shared_from_this()); },
        [](const std::exception_ptr& escaped) {
            if (escaped) spdlog::error("NOTIFY: an exception, it goes on");
        });
}

void Notifier::revive() {
    if (running_.runs() || stopped_) return;
    pending_ = true;  // what was to be told may not have been
    start();
}

void Notifier::notify() {
    pending_ = true;
    if (sleeping_) timer_.cancel();
}

void Notifier::stop() {
    stopped_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
}

asio::awaitable<void> Notifier::run(std::shared_ptr<Notifier> self) {
    while (!self->stopped_) {
        if (!self->pending_) {
            self->timer_.expires_at(Clock::time_point::max());
            self->sleeping_ = true;
            co_await self->timer_.async_wait(nothrow);
            self->sleeping_ = false;
            continue;
        }
        self->pending_ = false;
        auto pause = self->wait_;
        for (int tries = 0; tries < most_tries && !self->pending_ && !self->stopped_; ++tries) {
            const bool acknowledged = co_await self->tell();
            if (acknowledged || self->stopped_) break;
            self->timer_.expires_after(pause);
            self->sleeping_ = true;
            co_await self->timer_.async_wait(nothrow);
            self->sleeping_ = false;
            pause *= 2;
        }
    }
}

asio::awaitable<bool> Notifier::tell() {
    boost::system::error_code fault;
    socket_.close(fault);
    // Each try has a new socket: its port is new, and it holds no late answer to an earlier try.
    socket_.connect(net::socket_address(endpoint_).as<asio::ip::udp::endpoint>(), fault);
    if (fault) co_return false;
    chain_ = TsigChain{keys_->first()};
    id_ = static_cast<std::uint16_t>(random_());
    auto query = notify_query(apex_, id_);
    chain_.sign(query, unix_now());
    timer_.expires_after(wait_);
    timer_.async_wait([self = weak_from_this()](const boost::system::error_code& cancelled) {
        const auto notifier = self.lock();
        if (cancelled || notifier == nullptr) return;
        boost::system::error_code ignored;
        notifier->socket_.close(ignored);
    });
    const auto [unsent, sent] = co_await socket_.async_send(asio::buffer(query), nothrow);
    while (!unsent) {
        const auto [nothing, size] = co_await socket_.async_receive(asio::buffer(answer_), nothrow);
        if (nothing) break;
        if (acknowledges(size)) {
            timer_.cancel();
            co_return true;
        }
    }
    timer_.cancel();
    co_return false;
}

/// Accepts any RCODE: a peer that has verified the query knows of the change.
bool Notifier::acknowledges(std::size_t size) {
    const auto answer = std::span{answer_}.first(size);
    if (size < wire::header_size || wire::read16(answer, 0) != id_) return false;
    auto attempt = chain_;
    return attempt.verify(answer, unix_now()) == TsigFault::None;
}

}  // namespace transfer
