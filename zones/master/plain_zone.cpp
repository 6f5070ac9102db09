// SPDX-License-Identifier: Apache-2.0
#include "zones/master/plain_zone.hpp"

#include "zones/master/master_zone.hpp"
#include "zones/master/zone_import.hpp"
#include "zones/name/record.hpp"
#include "zones/zone/zone_builder.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace zones {
namespace {

geo::Address address_of(const Rdata& rdata) {
    const auto family = rdata.octets.size() == 4 ? geo::Family::V4 : geo::Family::V6;
    return geo::address_from(family, rdata.octets);
}

/// Hands the sets of a zone file on to the builder.
class PlainZoneReader {
 public:
    explicit PlainZoneReader(const MasterZone& zone)
        : zone_{zone}, builder_{zone.apex(), zone.source()} {}

    /// `complete`: all records of the file could be read.
    std::shared_ptr<const Zone> read(bool complete) {
        builder_.expect(zone_.name_count());
        zone_.for_each_set([&](MasterZone::Set& set) { add(set); });
        if (servers_.empty() && complete)
            zone_.source().fault_at(soa_position_, "the zone has no NS records");
        builder_.set_name_servers(std::move(servers_));
        return builder_.finish();
    }

 private:
    void add(MasterZone::Set& set) {
        if (const auto answer = own_answer(set.owner, zone_.apex()); !answer.empty()) {
            zone_.source().fault_at(set.position, "the server answers " + set.owner.text() +
                                                      " itself: " + std::string{answer});
            return;
        }
        note(set);
        builder_.add(set.owner, set.type, set.ttl, std::move(set.rdatas), set.position);
    }

    /// The apex, which comes first, says which names are servers.
    void note(const MasterZone::Set& set) {
        if (set.type == rr::A || set.type == rr::AAAA) {
            const auto server = std::ranges::find(servers_, set.owner, &NameServer::name);
            if (server == servers_.end()) return;
            for (const auto& rdata : set.rdatas) server->addresses.push_back(address_of(rdata));
            return;
        }
        if (!(set.owner == zone_.apex())) return;
        if (set.type == rr::NS) {
            for (const auto& rdata : set.rdatas) servers_.push_back({*name_in(rdata, 0), {}});
        } else if (set.type == rr::SOA) {
            soa_position_ = set.position;
            std::uint32_t serial = 0;
            const auto fixed = std::span{set.rdatas.front().octets}.last(20);
            for (const auto octet : fixed.first(4)) serial = serial << 8 | octet;
            builder_.set_serial(serial);
        }
    }

    const MasterZone& zone_;
    ZoneBuilder builder_;
    std::vector<NameServer> servers_;
    FilePosition soa_position_;
};

}  // namespace

std::shared_ptr<const Zone> load_plain_zone(const std::string& path, geo::Problems& problems,
                                            Texts& from) {
    geo::Problems own;
    const auto master = MasterZone::load(path, origin_of(path), own, from);
    std::shared_ptr<const Zone> zone;
    if (master != nullptr) zone = PlainZoneReader{*master}.read(!geo::any_fault(own));
    const bool faulty = geo::any_fault(own);
    std::ranges::move(own, std::back_inserter(problems));
    return faulty ? nullptr : zone;
}

}  // namespace zones
