// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one other node tells: its measurement zone, fetched by IXFR over TCP, by AXFR where that
// does not do; again when its SOA says so, and when it says that it has changed. No SOA query goes
// before: IXFR says just as shortly that nothing is new. A peer that is dead, slow or hostile costs
// its own data, which expires, and no more than a share of the control thread's time. Control
// thread only.

#include "dnsd/net/listen.hpp"
#include "dnsd/nodes/backlog.hpp"
#include "dnsd/nodes/incoming.hpp"
#include "dnsd/tsig/keys.hpp"
#include "dnsd/tsig/tsig.hpp"
#include "geo/base/line_pace.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace transfer {

struct PeerSettings {
    std::string name;  // of its edge
    zones::Name apex;  // of its measurement zone
    net::Endpoint endpoint;

    bool operator==(const PeerSettings&) const = default;
};

struct PeerStatus {
    enum class Data : std::uint8_t {
        Never,    // nothing has come yet
        Fresh,    // the last attempt succeeded
        Stale,    // it did not, but what came before is still good
        Expired,  // what came before is forgotten
    };
    std::string name;
    net::Endpoint endpoint;
    Data data = Data::Never;
    Serial serial = 0;
    std::size_t records = 0;
    std::optional<std::chrono::steady_clock::time_point> last_success;
    std::string last_fault;  // of the latest attempt; empty when it succeeded
};
[[nodiscard]] const char* to_text(PeerStatus::Data data) noexcept;

class Peer : public std::enable_shared_from_this<Peer> {
 public:
    /// Who does not take the changes in at once holds the place until it has: while too many records
    /// wait, nothing more of the peer is told or fetched.
    using Listener = std::function<void(const std::string& peer, const Changes& changes,
                                        const Backlog::Place& place)>;

    /// `longest_expire` bounds what the peer's SOA says.
    Peer(boost::asio::io_context& context, PeerSettings settings, std::shared_ptr<const Keys> keys,
         std::chrono::seconds longest_expire, Listener listener);

    void start();
    /// Starts again what an exception has ended. To be called now and then.
    void revive();
    /// It has something new, it says.
    void wake();
    /// For ever; its records are removed first.
    void stop();
    /// Goes on with what `other` knows of the same zone at another place, and stops that one. Before
    /// `start`.
    void take_over(Peer& other);

    [[nodiscard]] const PeerSettings& settings() const noexcept { return settings_; }
    [[nodiscard]] PeerStatus status() const;

 private:
    using Clock = std::chrono::steady_clock;
    static boost::asio::awaitable<void> run(std::shared_ptr<Peer> self);
    /// The differences, or all of it. What went wrong; empty when nothing did.
    boost::asio::awaitable<std::string> fetch();
    /// The differences from what is known, or, without it, all.
    boost::asio::awaitable<std::string> attempt(std::shared_ptr<KnownZone> known);
    boost::asio::awaitable<std::string> transfer(Incoming& incoming, Message query);
    boost::asio::awaitable<std::string> receive(Message& message);
    [[nodiscard]] Message make_query(const KnownZone* known);
    /// Takes over what has come, part by part. False when its zone was forgotten meanwhile.
    boost::asio::awaitable<bool> keep(Incoming& incoming);
    /// Until what was told is taken in, but for a bounded rest.
    boost::asio::awaitable<void> wait_for_listener();
    void tell(const Changes& changes);
    /// Logs how the latest attempt went, where that is news.
    void say();
    void expire_later();
    void expire();
    void forget();
    void close_after(Clock::duration time);
    [[nodiscard]] Clock::duration pause();

    PeerSettings settings_;
    std::shared_ptr<const Keys> keys_;
    std::chrono::seconds longest_expire_;
    Listener listener_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer deadline_;
    boost::asio::steady_timer next_;
    boost::asio::steady_timer expiry_;
    std::minstd_rand random_{std::random_device{}()};
    std::shared_ptr<KnownZone> known_;  // also held by a transfer; expiry lets go of it
    std::optional<Clock::time_point> last_success_;
    std::string last_fault_;
    Backlog backlog_;
    std::string said_;           // the fault that the log knows of
    probes::LinePace lines_;     // of the log
    unsigned failures_ = 0;      // in a row
    Clock::duration busy_{0};    // of the control thread, with the latest attempt
    bool whole_needed_ = false;  // AXFR is to follow
    bool taken_over_ = false;    // what is known is of another place: its serial says nothing here
    bool woken_ = false;
    bool sleeping_ = false;  // until the next attempt, or until it is woken
    bool stopped_ = false;
    bool runs_ = false;
};

}  // namespace transfer
