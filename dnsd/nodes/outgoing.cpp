// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/outgoing.hpp"

namespace transfer {
namespace {

constexpr unsigned most_transfers = 16;
constexpr std::size_t full_message = 16'000;  // octets; a record and TSIG may follow
constexpr std::chrono::minutes longest_transfer{10};

}  // namespace

std::unique_ptr<TransferPlace> TransferPlace::take(const Count& taken) {
    auto place = std::unique_ptr<TransferPlace>{new TransferPlace{taken}};
    return taken->fetch_add(1) < most_transfers ? std::move(place) : nullptr;
}

Outgoing::Outgoing(ZoneFace face, Message query, std::vector<Piece> pieces, TsigChain chain,
                   std::unique_ptr<TransferPlace> place)
    : face_{std::move(face)},
      query_{std::move(query)},
      pieces_{std::move(pieces)},
      chain_{std::move(chain)},
      place_{std::move(place)},
      deadline_{geo::Clock::now() + longest_transfer},
      // In a transfer of differences, a second SOA follows the first.
      whole_{pieces_.size() > 1 && (pieces_[1].records != nullptr || pieces_.size() == 2)} {
    static_cast<void>(wire::read_request(query_, request_));
}

std::vector<std::uint8_t> Outgoing::next() {
    if (piece_ == pieces_.size() || geo::Clock::now() > deadline_) return {};
    ZoneMessage message{face_, request_};
    while (piece_ < pieces_.size() && message.size() < full_message) add(message);
    auto octets = message.take();
    append_opt(octets, request_);
    chain_.sign(octets, unix_now());
    return octets;
}

/// Adds the next record.
void Outgoing::add(ZoneMessage& message) {
    const auto& piece = pieces_[piece_];
    if (piece.records == nullptr) {
        message.add_soa(piece.serial);
        if (whole_ && piece_ == 0) message.add_name_server();
        ++piece_;
        return;
    }
    if (record_ < piece.records->size()) message.add_text((*piece.records)[record_++]);
    if (record_ == piece.records->size()) {
        record_ = 0;
        ++piece_;
    }
}

}  // namespace transfer
