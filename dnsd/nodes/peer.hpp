// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fetches the measurement zone of one other node by IXFR over TCP, or by AXFR if IXFR does not do.
// Fetches again by the timers of the zone's SOA, and when the peer notifies. Sends no SOA query
// first: the answer to IXFR says as briefly that nothing is new. A peer that is dead, slow or
// hostile loses its own data, which expires, and takes at most a tenth of the control thread's
// time. Control thread only.

#include "dnsd/nodes/backlog.hpp"
#include "dnsd/nodes/incoming.hpp"
#include "dnsd/sockets/endpoint.hpp"
#include "dnsd/tsig/keys.hpp"
#include "dnsd/tsig/tsig.hpp"
#include "geo/base/clock.hpp"
#include "geo/base/lasting.hpp"
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
        Never,    // no data has come yet
        Fresh,    // the latest attempt succeeded
        Stale,    // the latest attempt failed, but earlier data is still good
        Expired,  // earlier data is forgotten
    };
    std::string name;
    net::Endpoint endpoint;
    Data data = Data::Never;
    Serial serial = 0;
    std::size_t records = 0;
    std::optional<geo::Time> last_success;
    std::string last_fault;  // of the latest attempt; empty when it succeeded
};
[[nodiscard]] const char* to_text(PeerStatus::Data data) noexcept;

/// Gets the changes of a peer's zone: first all of the zone, in several parts if it is large. Once
/// the zone expires or the peer goes, it hears that all is removed. A listener that takes the
/// changes in later keeps `hold` until it has. While more than 20000 records wait, the peer tells
/// and fetches nothing.
using PeerListener =
    std::function<void(const std::string& peer, const Changes& changes, const Backlog::Hold& hold)>;

class Peer : public std::enable_shared_from_this<Peer> {
 public:
    /// `longest_expire` is an upper bound for the expire timer of the peer's SOA.
    Peer(boost::asio::io_context& context, PeerSettings settings, std::shared_ptr<const Keys> keys,
         std::chrono::seconds longest_expire, PeerListener listener);

    void start();
    /// Restarts the work if an exception has ended it. The caller does this regularly.
    void revive();
    /// Fetches now: the peer says that its zone has changed.
    void wake();
    /// Tells the listener that all records are removed, and stops for ever.
    void stop();
    /// Goes on with what `other` knows of the same zone at another endpoint, and stops `other`.
    /// Call this before start().
    void take_over(Peer& other);

    [[nodiscard]] const PeerSettings& settings() const noexcept { return settings_; }
    [[nodiscard]] PeerStatus status() const;

 private:
    static boost::asio::awaitable<void> run(std::shared_ptr<Peer> self);
    /// Fetches the differences, or the whole zone. Returns what went wrong; empty if nothing did.
    boost::asio::awaitable<std::string> fetch();
    /// Fetches the differences to `known`, or the whole zone if it is null. Returns as fetch().
    boost::asio::awaitable<std::string> attempt(std::shared_ptr<KnownZone> known);
    boost::asio::awaitable<std::string> transfer(Incoming& incoming, Message query);
    boost::asio::awaitable<std::string> receive(Message& message);
    [[nodiscard]] Message make_query(const KnownZone* known);
    /// Brings the transferred changes in, part by part. False if the zone was forgotten meanwhile,
    /// or the peer stopped.
    boost::asio::awaitable<bool> keep(Incoming& incoming);
    /// Waits until at most 20000 told records are not taken in.
    boost::asio::awaitable<void> wait_for_listener();
    void tell(const Changes& changes);
    /// Logs how the latest attempt went if that is news.
    void say();
    void expire_later();
    void expire();
    void forget();
    void close_after(geo::Clock::duration time);
    [[nodiscard]] geo::Clock::duration pause();

    PeerSettings settings_;
    std::shared_ptr<const Keys> keys_;
    std::chrono::seconds longest_expire_;
    PeerListener listener_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer deadline_;
    boost::asio::steady_timer next_;
    boost::asio::steady_timer expiry_;
    std::minstd_rand random_{std::random_device{}()};
    std::shared_ptr<KnownZone> known_;  // a transfer holds it too; null once expired
    std::optional<geo::Time> last_success_;
    std::string last_fault_;
    Backlog backlog_;
    std::string said_;              // the fault that is in the log
    probes::LinePace lines_;        // of the log
    unsigned failures_ = 0;         // in a row
    geo::Clock::duration busy_{0};  // time of the control thread that the latest attempt took
    bool whole_needed_ = false;     // AXFR follows
    bool taken_over_ = false;       // known_ is from another endpoint: its serial says nothing here
    bool woken_ = false;
    bool sleeping_ = false;  // until the next attempt, or until wake()
    bool stopped_ = false;
    geo::Lasting running_;
};

}  // namespace transfer
