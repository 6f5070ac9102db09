// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/network.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace wan {

std::optional<geo::Address> destination_of(std::span<const std::uint8_t> packet) {
    if (packet.size() >= 20 && packet[0] >> 4 == 4)
        return geo::address_from(geo::Family::V4, packet.subspan(16, 4));
    if (packet.size() >= 40 && packet[0] >> 4 == 6)
        return geo::address_from(geo::Family::V6, packet.subspan(24, 16));
    return std::nullopt;
}

SiteIndex Network::add_site(std::string name, std::vector<geo::Prefix> prefixes) {
    sites_.push_back({std::move(name), std::move(prefixes)});
    links_.resize(sites_.size());
    for (auto& row : links_) row.resize(sites_.size());
    return sites_.size() - 1;
}

SiteIndex Network::site(std::string_view name) const {
    const auto found = std::ranges::find(sites_, name, &Site::name);
    if (found == sites_.end())
        throw std::invalid_argument{"there is no site \"" + std::string{name} + "\""};
    return static_cast<SiteIndex>(found - sites_.begin());
}

std::optional<SiteIndex> Network::holder_of(const geo::Address& address) const {
    for (SiteIndex index = 0; index < sites_.size(); ++index) {
        const auto holds = [&](const geo::Prefix& prefix) { return prefix.contains(address); };
        if (std::ranges::any_of(sites_[index].prefixes, holds)) return index;
    }
    return std::nullopt;
}

void Network::enter(SiteIndex from, Octets packet, Moment now, const Chance& chance) {
    const auto destination = destination_of(packet);
    const auto to = destination ? holder_of(*destination) : std::nullopt;
    if (!to) {
        ++counts_.homeless;
        return;
    }
    const auto due = joined(from) && joined(*to)
                         ? links_[from][*to].enter(packet.size(), now, chance)
                         : std::nullopt;
    if (!due) {
        ++counts_.lost;
        return;
    }
    under_way_.push({*due, entered_++, *to, std::move(packet)});
}

std::optional<Moment> Network::next() const {
    if (under_way_.empty()) return std::nullopt;
    return under_way_.top().due;
}

void Network::deliver_due(Moment now, const Deliver& deliver) {
    while (!under_way_.empty() && under_way_.top().due <= now) {
        const auto late = now - under_way_.top().due;
        const auto to = under_way_.top().to;
        const auto packet = std::move(under_way_.top().packet);
        under_way_.pop();
        if (!joined(to)) {
            ++counts_.lost;
            continue;
        }
        ++counts_.passed;
        if (late > std::chrono::milliseconds{1}) ++counts_.late;
        counts_.latest =
            std::max(counts_.latest, std::chrono::duration_cast<std::chrono::microseconds>(late));
        deliver(to, packet);
    }
}

}  // namespace wan
