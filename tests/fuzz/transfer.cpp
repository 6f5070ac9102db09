// SPDX-License-Identifier: Apache-2.0
// The messages in which a peer transfers its zone. An input is
//   bit 0: nothing is known yet · messages, each after its length in two octets
#include "dnsd/nodes/incoming.hpp"
#include "tests/dnsd/nodes/node.hpp"
#include "tests/fuzz/target.hpp"

#include <utility>

using transfer::IncomingFault;

namespace {

constexpr transfer::IncomingLimits limits{.records = 20, .octets = 20'000, .held = 6000};

transfer::KnownZone known_zone() {
    return {.serial = 10, .times = {}, .records = {{"x", "1"}, {"y", "2"}}};
}

/// What the peer's zone is by the changes that were told.
void bring(transfer::Incoming& incoming, transfer::KnownZone zone) {
    auto told = zone.records;
    while (!incoming.brought()) {
        const auto changes = incoming.bring(zone);
        for (const auto& owner : changes.removed)
            fuzz::expect(told.erase(owner) == 1, "what is removed was there");
        for (const auto& [owner, text] : changes.set) {
            fuzz::expect(transfer::is_owner(owner) && transfer::is_text(text),
                         "a record is one that a zone can hold");
            told[owner] = text;
        }
    }
    fuzz::expect(told == zone.records, "the changes tell all");
    fuzz::expect(zone.records.size() <= limits.records, "a zone is bounded");
    fuzz::expect(zone.held <= static_cast<std::int64_t>(limits.held),
                 "a zone is bounded in octets");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input{data, size};
    const bool anew = (input.octet() & 1) != 0;
    const auto known = known_zone();
    transfer::Incoming incoming{support::apex_of("a"), anew ? nullptr : &known, limits};
    while (!input.empty() && !incoming.done()) {
        const auto piece = input.piece();
        const std::vector<std::uint8_t> message(piece.begin(), piece.end());
        const auto fault = incoming.take(message);
        fuzz::expect(*transfer::to_text(fault) != '\0', "a fault has words");
        if (fault != IncomingFault::None) return 0;
        fuzz::expect(incoming.held() <= limits.held, "what a transfer holds is bounded");
    }
    if (incoming.done()) bring(incoming, anew ? transfer::KnownZone{} : known);
    return 0;
}
