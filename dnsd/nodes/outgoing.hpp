// SPDX-License-Identifier: Apache-2.0
#pragma once
// A zone on its way to a peer: made message by message, when the one before has been written, so
// that it takes the memory of one message however slow the reader is.

#include "dnsd/engine/observer.hpp"
#include "dnsd/nodes/measurement_zone.hpp"
#include "dnsd/nodes/zone_message.hpp"
#include "dnsd/tsig/tsig.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

namespace transfer {

/// One of a bounded number of transfers at a time; given back when it is gone.
class TransferPlace {
 public:
    using Count = std::shared_ptr<std::atomic<unsigned>>;
    /// Null when all are taken.
    [[nodiscard]] static std::unique_ptr<TransferPlace> take(const Count& taken);
    ~TransferPlace() { --*taken_; }
    TransferPlace(const TransferPlace&) = delete;
    TransferPlace& operator=(const TransferPlace&) = delete;

 private:
    explicit TransferPlace(Count taken) : taken_{std::move(taken)} {}
    Count taken_;
};

class Outgoing final : public engine::Continuation {
 public:
    /// `query` without its TSIG, for a name that is the zone's apex. Any thread may go on with it.
    Outgoing(ZoneFace face, Message query, std::vector<Piece> pieces, TsigChain chain,
             std::unique_ptr<TransferPlace> place);

    [[nodiscard]] std::vector<std::uint8_t> next() override;

 private:
    void add(ZoneMessage& message);

    ZoneFace face_;
    Message query_;
    wire::Request request_;
    std::vector<Piece> pieces_;
    TsigChain chain_;
    std::unique_ptr<TransferPlace> place_;
    std::chrono::steady_clock::time_point deadline_;
    bool whole_;             // AXFR, or IXFR answered by it: NS belongs to it
    std::size_t piece_ = 0;  // the next to be written
    std::size_t record_ = 0;
};

}  // namespace transfer
