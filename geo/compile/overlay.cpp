// SPDX-License-Identifier: Apache-2.0
#include "geo/compile/overlay.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace geo {
namespace {

/// A part of the address space and what it comes to.
struct Part {
    Prefix prefix;
    OutcomeId outcome = 0;
};

class Overlay {
 public:
    Overlay(const Map& base, const Policy& policy, const EdgeSites& sites,
            const ZoneLatency& latency, const Sources& sources)
        : base_{base},
          policy_{policy},
          sites_{sites},
          latency_{latency},
          sources_{sources},
          by_place_{uses(policy, Policy::Kind::Geo) || uses(policy, Policy::Kind::Nearest)},
          outcomes_{base.outcomes()} {
        for (const auto& prefix : named_prefixes(policy)) named_.add(prefix, 1);
    }

    /// Networks must be added in order.
    void add(std::size_t network) {
        const auto& known = latency_.model().networks()[network];
        if (repeats_v4(known.prefix)) return;  // who stands there is looked up as an IPv4 client
        const auto scores = latency_.scores_of(network);
        auto& parts = parts_of(known.prefix.address.family);
        Address at = known.prefix.address;
        do {
            const auto found = base_.find(at);
            const Prefix part{at, std::max(known.prefix.length, length_at(at, found.scope))};
            const auto outcome = outcome_of(part, known, scores);
            if (outcome != found.outcome) parts.push_back({part, outcome});
            at.bits += Bits{1} << (128 - part.length);
        } while (known.prefix.contains(at) && at.bits != known.prefix.address.bits);
    }

    [[nodiscard]] std::shared_ptr<const Map> finish() {
        if (v4_.empty() && v6_.empty()) return nullptr;
        cut_out_embedded();
        const auto v4 = leaves_of(Family::V4, v4_);
        const auto v6 = leaves_of(Family::V6, v6_);
        return std::make_shared<const Map>(v4, v6, std::move(outcomes_));
    }

 private:
    std::vector<Part>& parts_of(Family family) { return family == Family::V4 ? v4_ : v6_; }

    /// Returns the length of a prefix in which neither the base nor the policy nor places
    /// distinguish clients. The base's scope alone is not enough: clients with one outcome in the
    /// base may have several by what was measured.
    [[nodiscard]] std::uint8_t length_at(const Address& at, std::uint8_t scope) const {
        auto length = std::max<unsigned>(scope, leaf_length(named_, at));
        if (by_place_) length = std::max(length, sources_.place_length(at));
        return static_cast<std::uint8_t>(length);
    }

    OutcomeId outcome_of(const Prefix& part, const KnownNetwork& known,
                         std::span<const double> scores) {
        const auto within = named_prefixes(policy_, part.address);
        const bool whole = part.length == known.prefix.length;
        const Subject subject{.place = whole ? known.place : sources_.find(part.address).place,
                              .within = within,
                              .round_trips = {.client = scores, .home = latency_.home()}};
        return evaluate(policy_, sites_, subject, outcomes_);
    }

    /// IPv6 addresses that carry an IPv4 client are looked up as that client. Their parts of the
    /// IPv6 space get the number of no outcome, so that no scope covers them.
    void cut_out_embedded() {
        const auto none = static_cast<OutcomeId>(outcomes_.size());
        for (const auto& space : embedding_spaces()) v6_.push_back({space, none});
        std::ranges::sort(v6_, std::less{},
                          [](const Part& part) { return part.prefix.address.bits; });
    }

    static LeafList leaves_of(Family family, std::span<const Part> parts) {
        LeafList leaves;
        fill({{family, 0}, 0}, parts, leaves);
        leaves.shrink_to_fit();
        return leaves;
    }

    /// Appends the known parts inside `here`, and `nothing` for the rest of it.
    static void fill(const Prefix& here, std::span<const Part> parts, LeafList& leaves) {
        if (parts.empty()) return leaves.append(here.length, Outcomes::nothing());
        if (parts.front().prefix == here) return leaves.append(here.length, parts.front().outcome);
        const auto [low, high] = halves_of(here);
        const auto middle =
            std::ranges::lower_bound(parts, high.address.bits, std::less{},
                                     [](const Part& part) { return part.prefix.address.bits; });
        const auto below = static_cast<std::size_t>(middle - parts.begin());
        fill(low, parts.first(below), leaves);
        fill(high, parts.subspan(below), leaves);
    }

    const Map& base_;
    const Policy& policy_;
    const EdgeSites& sites_;
    const ZoneLatency& latency_;
    const Sources& sources_;
    PrefixTable named_;  // by the policy
    bool by_place_;      // whether a place decides beside the scores
    Outcomes outcomes_;  // those of the base first, by the same numbers
    std::vector<Part> v4_;
    std::vector<Part> v6_;
};

}  // namespace

std::shared_ptr<const Map> make_overlay(const std::shared_ptr<const Map>& base,
                                        const Policy& policy, const EdgeSites& sites,
                                        const ZoneLatency& latency, Population population,
                                        const Sources& sources) {
    Overlay overlay{*base, policy, sites, latency, sources};
    const auto networks = latency.model().networks();
    for (std::size_t i = 0; i < networks.size(); ++i) {
        if (networks[i].population == population) overlay.add(i);
    }
    return overlay.finish();
}

}  // namespace geo
