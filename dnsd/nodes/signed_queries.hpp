// SPDX-License-Identifier: Apache-2.0
#pragma once
// Takes the queries that workers defer. Queries signed by one of our keys go to the control thread;
// the engine has checked the signature, so nobody without a key reaches that thread. It answers
// queries for the node's own measurement zone, hears NOTIFY, and answers and signs queries for all
// other zones, refusals too. Unsigned queries go on to the next observer.

#include "dnsd/engine/observer.hpp"
#include "dnsd/engine/signatures.hpp"
#include "dnsd/engine/snapshots.hpp"
#include "dnsd/nodes/exchange.hpp"
#include "dnsd/nodes/outgoing.hpp"
#include "dnsd/tsig/keys.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>

namespace transfer {

/// Returns the judge by which workers tell whether one of the keys has signed a query.
[[nodiscard]] std::shared_ptr<const engine::Signatures> signatures_of(
    std::shared_ptr<const Keys> keys);

class SignedQueries final : public engine::Observer {
 public:
    /// `context` is the control thread's. All arguments must outlive this.
    SignedQueries(boost::asio::io_context& context, const engine::Snapshots& snapshots,
                  engine::Observer& next)
        : context_{context}, snapshots_{snapshots}, next_{next} {}

    /// Sets the keys before workers begin. Null: no signature is accepted.
    void trust(std::shared_ptr<const Keys> keys) { keys_ = std::move(keys); }
    /// Sets the zones, on the control thread or before it begins. Null: no zone is transferred.
    void serve(Exchange* exchange) { exchange_ = exchange; }

    void observe(std::vector<std::uint8_t> query, engine::Client client, Reply reply) override;

 private:
    struct Question;
    using QuestionPtr = std::shared_ptr<Question>;

    /// On the control thread.
    void answer(const QuestionPtr& question);
    void answer_notify(const QuestionPtr& question);
    void answer_own_zone(const QuestionPtr& question);
    void transfer(const QuestionPtr& question);
    void answer_others(const QuestionPtr& question);

    boost::asio::io_context& context_;
    const engine::Snapshots& snapshots_;
    engine::Observer& next_;
    std::shared_ptr<const Keys> keys_;
    Exchange* exchange_ = nullptr;
    TransferPlace::Count transfers_ = std::make_shared<std::atomic<unsigned>>(0);
    std::shared_ptr<std::atomic<unsigned>> waiting_ = std::make_shared<std::atomic<unsigned>>(0);
};

}  // namespace transfer
