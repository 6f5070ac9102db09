// SPDX-License-Identifier: Apache-2.0
#pragma once
// Asks a name server one question and waits for the answer. Not for the query path.

#include "dnsd/sockets/listen.hpp"
#include "dnsd/transfer/reply.hpp"
#include "dnsd/tsig/keys.hpp"
#include "geo/base/clock.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>

namespace transfer {

struct Question {
    net::Endpoint server;
    zones::Name name;
    zones::RrType type = zones::rr::SOA;
    bool recursion = false;                // RD, for resolvers
    std::shared_ptr<const Keys> keys{};    // signs with the first one; null: without a signature
    std::chrono::milliseconds wait{4000};  // for one transport
};

/// Asks at most `most` times in all, and never waits beyond a deadline. One thread.
class Asker {
 public:
    enum class By : std::uint8_t {
        Udp,         // twice, if the first datagram is lost; the answer may be truncated
        Tcp,         // once
        UdpThenTcp,  // over TCP if the answer over UDP is truncated
    };

    Asker(std::size_t most, probes::Time deadline) : left_{most}, deadline_{deadline} {}
    Asker(const Asker&) = delete;
    Asker& operator=(const Asker&) = delete;

    /// Does not fail: the reply says why no answer came. This must outlive the coroutine. A signed
    /// query takes only an answer with the key's signature.
    [[nodiscard]] boost::asio::awaitable<Reply> ask(Question question, By by);

    /// Returns the number of queries sent.
    [[nodiscard]] std::size_t sent() const noexcept { return sent_; }

 private:
    struct Try;
    boost::asio::awaitable<Reply> ask_udp(const Question& question);
    boost::asio::awaitable<Reply> ask_tcp(const Question& question);
    [[nodiscard]] Try next_try(const Question& question);
    [[nodiscard]] bool take_one() noexcept;

    std::size_t left_;
    std::size_t sent_ = 0;
    probes::Time deadline_;
    std::random_device random_;
};

}  // namespace transfer
