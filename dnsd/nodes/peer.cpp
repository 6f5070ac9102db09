// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/peer.hpp"

#include "dnsd/nodes/fault_word.hpp"
#include "dnsd/transfer/requests.hpp"
#include "geo/base/nothrow.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace transfer {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using geo::nothrow;

constexpr auto answer_within = 5s;     // from connecting to the first message
constexpr auto transfer_within = 60s;  // all of it
constexpr auto longest_retry = 60s;
constexpr auto shortest_pause = 100ms;        // however often the peer notifies
constexpr int share_of_time = 10;             // transfers take at most one part in so many
constexpr std::size_t most_untaken = 20'000;  // records that wait for the listener
constexpr auto look_again = 20ms;             // between two looks whether they still wait
constexpr std::size_t freed_at_once = 2000;   // records that are freed at once

/// Frees a zone's records part by part: hundreds of thousands take a while. Stops as soon as
/// somebody else holds the zone too.
asio::awaitable<void> let_go(std::shared_ptr<KnownZone> zone) {
    const auto executor = co_await asio::this_coro::executor;
    while (zone.use_count() == 1 && !zone->records.empty()) {
        for (std::size_t i = 0; i < freed_at_once && !zone->records.empty(); ++i)
            zone->records.erase(zone->records.begin());
        co_await asio::post(executor, asio::use_awaitable);
    }
}

}  // namespace

const char* to_text(PeerStatus::Data data) noexcept {
    switch (data) {
        case PeerStatus::Data::Never:
            return "never";
        case PeerStatus::Data::Fresh:
            return "fresh";
        case PeerStatus::Data::Stale:
            return "stale";
        case PeerStatus::Data::Expired:
            return "expired";
    }
    return "";
}

Peer::Peer(asio::io_context& context, PeerSettings settings, std::shared_ptr<const Keys> keys,
           std::chrono::seconds longest_expire, PeerListener listener)
    : settings_{std::move(settings)},
      keys_{std::move(keys)},
      longest_expire_{longest_expire},
      listener_{std::move(listener)},
      socket_{context},
      deadline_{context},
      next_{context},
      expiry_{context} {}

void Peer::start() {
    running_.begin(
        socket_.get_executor(), [this] { return run(shared_from_this()); },
        [self = shared_from_this()](const std::exception_ptr& escaped) {
            if (escaped) spdlog::error("peer {}: an exception, it goes on", self->settings_.name);
        });
}

void Peer::revive() {
    if (!stopped_) start();
}

void Peer::wake() {
    // A transfer under way may have begun before the change. Then another one follows.
    woken_ = true;
    if (sleeping_) next_.cancel();
}

void Peer::stop() {
    forget();
    stopped_ = true;
    listener_ = {};
    boost::system::error_code ignored;
    socket_.close(ignored);
    next_.cancel();
    expiry_.cancel();
    deadline_.cancel();
}

void Peer::take_over(Peer& other) {
    last_success_ = other.last_success_;
    if (last_success_) known_ = std::exchange(other.known_, nullptr);  // else only a part has come
    other.stop();
    taken_over_ = known_ != nullptr;
    if (taken_over_) expire_later();
}

PeerStatus Peer::status() const {
    using Data = PeerStatus::Data;
    PeerStatus status{.name = settings_.name,
                      .endpoint = settings_.endpoint,
                      .last_success = last_success_,
                      .last_fault = last_fault_};
    if (known_) {
        status.data = last_fault_.empty() ? Data::Fresh : Data::Stale;
        status.serial = known_->serial;
        status.records = known_->records.size();
    } else {
        status.data = last_success_ ? Data::Expired : Data::Never;
    }
    return status;
}

asio::awaitable<void> Peer::run(std::shared_ptr<Peer> self) {
    while (!self->stopped_) {
        self->busy_ = {};
        co_await self->wait_for_listener();
        self->woken_ = false;
        auto fault = co_await self->fetch();
        if (self->stopped_) co_return;
        self->failures_ = fault.empty() ? 0 : self->failures_ + 1;
        self->last_fault_ = std::move(fault);
        self->say();
        self->next_.expires_after(
            std::max<geo::Clock::duration>(shortest_pause, share_of_time * self->busy_));
        // Waits after a failure too: a peer that notifies all the time is not asked all the time.
        co_await self->next_.async_wait(nothrow);
        if (self->woken_ || self->stopped_) continue;
        self->next_.expires_after(self->pause());
        self->sleeping_ = true;
        co_await self->next_.async_wait(nothrow);
        self->sleeping_ = false;
    }
}

/// A peer that fails and recovers all the time must not fill the log. A later attempt logs what was
/// left out if it still holds.
void Peer::say() {
    if (last_fault_ == said_ || !lines_.allow(geo::Clock::now())) return;
    said_ = last_fault_;
    if (said_.empty())
        spdlog::info("peer {}: its data comes again", settings_.name);
    else
        spdlog::warn("peer {}: {}", settings_.name, said_);
}

asio::awaitable<void> Peer::wait_for_listener() {
    while (backlog_.waiting() > most_untaken && !stopped_) {
        next_.expires_after(look_again);
        co_await next_.async_wait(nothrow);
    }
}

void Peer::tell(const Changes& changes) {
    if (!changes.empty() && listener_)
        listener_(settings_.name, changes, backlog_.add(changes.size()));
}

/// Returns the time until the next attempt, unless something wakes the peer.
geo::Clock::duration Peer::pause() {
    const auto times = known_ ? known_->times : SoaTimes{};
    // Often enough that one attempt may fail before its data expires.
    const geo::Clock::duration longest =
        std::clamp<geo::Clock::duration>(longest_expire_ / 3, 1s, 10min);
    geo::Clock::duration wanted = std::clamp<geo::Clock::duration>(times.refresh, 1s, longest);
    if (failures_ > 0) {
        wanted = std::clamp<geo::Clock::duration>(times.retry, 1s, longest_retry);
        wanted = std::min<geo::Clock::duration>(wanted * (1U << std::min(failures_ - 1, 6U)),
                                                longest_retry);
        wanted = std::max(wanted, share_of_time * busy_);
    }
    // Nodes that start together must not ask together.
    return wanted * std::uniform_int_distribution<int>{75, 100}(random_) / 100;
}

asio::awaitable<std::string> Peer::fetch() {
    std::string fault;
    whole_needed_ = known_ == nullptr || taken_over_;
    if (!whole_needed_) fault = co_await attempt(known_);
    if (whole_needed_ && !stopped_) fault = co_await attempt(nullptr);
    taken_over_ &= !fault.empty();
    co_return fault;
}

asio::awaitable<std::string> Peer::attempt(std::shared_ptr<KnownZone> known) {
    const auto before = known_;
    // On the heap: g++ 12 warns without reason of a frame that holds it.
    const auto incoming = std::make_unique<Incoming>(settings_.apex, known.get());
    auto fault = co_await transfer(*incoming, make_query(known.get()));
    deadline_.cancel();
    boost::system::error_code ignored;
    socket_.close(ignored);
    if (stopped_ || !fault.empty()) co_return fault;
    // The known zone may have expired meanwhile. Then the differences have nothing to change.
    bool kept = known_ == before;
    if (kept) kept = co_await keep(*incoming);
    if (kept) co_return fault;
    whole_needed_ = true;
    co_return "expired_meanwhile";
}

Message Peer::make_query(const KnownZone* known) {
    const auto id = static_cast<std::uint16_t>(random_());
    return known == nullptr ? axfr_query(settings_.apex, id)
                            : ixfr_query(settings_.apex, id, known->serial);
}

asio::awaitable<std::string> Peer::transfer(Incoming& incoming, Message query) {
    const auto began = geo::Clock::now();
    boost::system::error_code ignored;
    socket_.close(ignored);
    close_after(answer_within);
    const auto endpoint = net::socket_address(settings_.endpoint).as<asio::ip::tcp::endpoint>();
    const auto [refused] = co_await socket_.async_connect(endpoint, nothrow);
    if (refused) co_return fault_word(refused);
    TsigChain chain{keys_->first()};
    const auto id = wire::read16(query, 0);
    chain.sign(query, unix_now());
    const auto framed = with_length(query);
    const auto [unsent, sent] = co_await asio::async_write(socket_, asio::buffer(framed), nothrow);
    if (unsent) co_return fault_word(unsent);
    Message message;
    while (!incoming.done()) {
        auto fault = co_await receive(message);
        if (!fault.empty()) co_return fault;
        const auto received = geo::Clock::now();
        close_after(transfer_within - (received - began));
        // Every message must be signed, as ours are. RFC 8945 §5.3.1 would let some pass unsigned.
        const auto wrong = chain.verify(message, unix_now());
        if (wrong != TsigFault::None) co_return fault_word(wrong);
        if (wire::read16(message, 0) != id) co_return "broken_message";
        const auto found = incoming.take(message);
        busy_ += geo::Clock::now() - received;
        whole_needed_ |= found == IncomingFault::Mismatch || found == IncomingFault::Sequence;
        if (found != IncomingFault::None) co_return to_text(found);
    }
    co_return std::string{};
}

asio::awaitable<std::string> Peer::receive(Message& message) {
    std::array<std::uint8_t, 2> length{};
    const auto [no_length, two] = co_await asio::async_read(socket_, asio::buffer(length), nothrow);
    if (no_length) co_return fault_word(no_length);
    message.resize(wire::read16(length, 0));
    const auto [cut, all] = co_await asio::async_read(socket_, asio::buffer(message), nothrow);
    co_return cut ? fault_word(cut) : std::string{};
}

asio::awaitable<bool> Peer::keep(Incoming& incoming) {
    if (!known_) known_ = std::make_shared<KnownZone>();
    const auto zone = known_;
    const bool first = !last_success_;
    while (!incoming.brought()) {
        const auto began = geo::Clock::now();
        const auto changes = incoming.bring(*zone);
        tell(changes);
        busy_ += geo::Clock::now() - began;
        // Others have their turn between the parts.
        co_await asio::post(socket_.get_executor(), asio::use_awaitable);
        co_await wait_for_listener();
        if (known_ != zone || stopped_) co_return false;
    }
    last_success_ = geo::Clock::now();
    expire_later();
    if (first) {
        spdlog::info("peer {}: {} records, serial {}", settings_.name, zone->records.size(),
                     zone->serial);
    }
    co_return true;
}

void Peer::expire_later() {
    expiry_.expires_at(*last_success_ + std::clamp(known_->times.expire, 1s, longest_expire_));
    expiry_.async_wait([self = weak_from_this()](const boost::system::error_code& cancelled) {
        const auto peer = self.lock();
        const bool due =
            !cancelled && peer != nullptr && peer->expiry_.expiry() <= geo::Clock::now();
        if (due) peer->expire();
    });
}

void Peer::expire() {
    if (!known_) return;
    if (lines_.allow(geo::Clock::now()))
        spdlog::warn("peer {}: its data has expired", settings_.name);
    forget();
}

void Peer::forget() {
    if (!known_) return;
    const bool any = !known_->records.empty();
    asio::co_spawn(socket_.get_executor(), let_go(std::exchange(known_, nullptr)),
                   [](const std::exception_ptr&) {});  // without memory for a turn, frees at once
    if (any) tell({.set = {}, .removed = {}, .all_removed = true});
}

void Peer::close_after(geo::Clock::duration time) {
    deadline_.expires_after(time);
    deadline_.async_wait([self = weak_from_this()](const boost::system::error_code& cancelled) {
        const auto peer = self.lock();
        if (cancelled || peer == nullptr || peer->deadline_.expiry() > geo::Clock::now()) return;
        boost::system::error_code ignored;
        peer->socket_.close(ignored);
    });
}

}  // namespace transfer
