// SPDX-License-Identifier: Apache-2.0
#pragma once
// Takes what workers defer. What is signed by a key of ours, which the engine has found out, goes to
// the control thread: who has no key never reaches it. There the node's own measurement zone is
// answered, NOTIFY heard, and queries of all other zones answered and signed, refusals too. What is
// not signed goes on to the next observer.

#include "dnsd/engine/observer.hpp"
#include "dnsd/engine/publisher.hpp"
#include "dnsd/engine/signatures.hpp"
#include "dnsd/nodes/exchange.hpp"
#include "dnsd/nodes/outgoing.hpp"
#include "dnsd/tsig/keys.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>

namespace transfer {

/// By which workers tell whether a query is signed by one of the keys.
[[nodiscard]] std::shared_ptr<const engine::Signatures> signatures_of(
    std::shared_ptr<const Keys> keys);

class SignedQueries final : public engine::Observer {
 public:
    /// `context` is that of the control thread. All must outlive this.
    SignedQueries(boost::asio::io_context& context,
                  const engine::Publisher<engine::Snapshot>& snapshots, engine::Observer& next)
        : context_{context}, snapshots_{snapshots}, next_{next} {}

    /// Before workers begin. Null: signatures mean nothing.
    void trust(std::shared_ptr<const Keys> keys) { keys_ = std::move(keys); }
    /// On the control thread, or before it begins. Null: no zone is transferred.
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
    const engine::Publisher<engine::Snapshot>& snapshots_;
    engine::Observer& next_;
    std::shared_ptr<const Keys> keys_;
    Exchange* exchange_ = nullptr;
    TransferPlace::Count transfers_ = std::make_shared<std::atomic<unsigned>>(0);
    std::shared_ptr<std::atomic<unsigned>> waiting_ = std::make_shared<std::atomic<unsigned>>(0);
};

}  // namespace transfer
