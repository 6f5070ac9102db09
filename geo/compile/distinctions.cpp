// SPDX-License-Identifier: Apache-2.0
#include "geo/compile/distinctions.hpp"

#include <algorithm>
#include <functional>

namespace geo {

Distinctions::Distinctions(std::span<const MapRequest> requests) {
    for (const auto& request : requests) {
        collect(*request.policy);
        parts_.point |= request.latency != nullptr;
    }
    for (std::uint32_t i = 0; i < prefixes_.size(); ++i) named_.add(prefixes_[i], i + 1);
}

std::vector<Prefix> Distinctions::holding(std::uint32_t value) const {
    std::vector<Prefix> found;
    if (value == 0) return found;
    const Prefix& longest = prefixes_[value - 1];
    for (const auto& prefix : prefixes_) {
        if (prefix.length <= longest.length && prefix.contains(longest.address)) {
            found.push_back(prefix);
        }
    }
    std::ranges::sort(found, std::greater{}, &Prefix::length);
    return found;
}

void Distinctions::collect(const Policy& policy) {
    parts_.point |= policy.kind == Policy::Kind::Nearest || policy.kind == Policy::Kind::Latency;
    for (const auto& [match, child] : policy.rows) {
        if (match.kind == Match::Kind::Asn) asns_.insert(match.asn);
        parts_.asn |= match.kind == Match::Kind::Asn;
        parts_.subdivision |= match.kind == Match::Kind::Subdivision;
        if (match.kind == Match::Kind::Prefix && known_.insert(to_text(match.prefix)).second) {
            prefixes_.push_back(match.prefix);
        }
    }
    for (const auto& child : policy.children) collect(child);
}

}  // namespace geo
