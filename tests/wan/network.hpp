// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sites, the links between each two of them, and the packets that are under way. Pure: no sockets,
// no clock; time and chance come in as arguments.

#include "geo/place/address.hpp"
#include "tests/wan/link.hpp"

#include <cstdint>
#include <functional>
#include <queue>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace wan {

using Octets = std::vector<std::uint8_t>;
using SiteIndex = std::size_t;

/// Where an IP packet wants to go; nothing when it is none.
[[nodiscard]] std::optional<geo::Address> destination_of(std::span<const std::uint8_t> packet);

class Network {
 public:
    using Deliver = std::function<void(SiteIndex, const Octets&)>;

    struct Counts {
        std::uint64_t passed = 0;
        std::uint64_t lost = 0;      // by loss, a full queue, or a cut
        std::uint64_t homeless = 0;  // to an address of no site
        std::uint64_t late = 0;      // came out more than a millisecond after their time
        std::chrono::microseconds latest{0};
    };

    /// Sites have the numbers 0, 1, 2 … in this order.
    SiteIndex add_site(std::string name, std::vector<geo::Prefix> prefixes);
    /// Throws std::invalid_argument when there is none of this name.
    [[nodiscard]] SiteIndex site(std::string_view name) const;

    [[nodiscard]] Link& link(SiteIndex from, SiteIndex to) { return links_.at(from).at(to); }
    /// A site that is cut off neither sends nor receives: what is under way to it is lost too.
    enum class Joined : std::uint8_t { No, Yes };
    void set_joined(SiteIndex site, Joined joined) { sites_.at(site).joined = joined; }

    /// Takes a packet that a site sends.
    void enter(SiteIndex from, Octets packet, Moment now, const Chance& chance);
    /// When the next packet is due; nothing when none is under way.
    [[nodiscard]] std::optional<Moment> next() const;
    /// Hands over all packets that are due, in order.
    void deliver_due(Moment now, const Deliver& deliver);

    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

 private:
    struct Site {
        std::string name;
        std::vector<geo::Prefix> prefixes;
        Joined joined = Joined::Yes;
    };
    struct UnderWay {
        Moment due;
        std::uint64_t number;  // keeps the order of those that are due at once
        SiteIndex to;
        mutable Octets packet;  // moved out of the queue's const top
        bool operator>(const UnderWay& other) const noexcept {
            return std::tie(due, number) > std::tie(other.due, other.number);
        }
    };

    [[nodiscard]] std::optional<SiteIndex> holder_of(const geo::Address& address) const;
    [[nodiscard]] bool joined(SiteIndex site) const { return sites_[site].joined == Joined::Yes; }

    std::vector<Site> sites_;
    std::vector<std::vector<Link>> links_;  // [from][to]
    std::priority_queue<UnderWay, std::vector<UnderWay>, std::greater<>> under_way_;
    std::uint64_t entered_ = 0;
    Counts counts_;
};

}  // namespace wan
