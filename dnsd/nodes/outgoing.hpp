// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes the messages that bring a zone to a peer. Makes each only once the one before is written,
// so a transfer takes the memory of one message, however slow the reader is.

#include "dnsd/engine/observer.hpp"
#include "dnsd/nodes/measurement_zone.hpp"
#include "dnsd/nodes/zone_message.hpp"
#include "dnsd/tsig/tsig.hpp"
#include "geo/base/clock.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace transfer {

/// A place among the 16 transfers that may run at a time. The destructor gives it back.
class TransferPlace {
 public:
    using Count = std::shared_ptr<std::atomic<unsigned>>;
    /// Null if all are taken.
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
    /// `query` has no TSIG any more, and asks for the zone's apex. Any thread may call next().
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
    geo::Time deadline_;
    bool whole_;             // sends the whole zone, for AXFR or IXFR: NS belongs to it
    std::size_t piece_ = 0;  // the next to be written
    std::size_t record_ = 0;
};

}  // namespace transfer
