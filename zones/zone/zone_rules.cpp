// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/zone_rules.hpp"

#include "zones/zone/doubtful_name.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace zones {
namespace {

/// Returns labels in wire form before a name; nothing when the result is too long for a name.
std::optional<Name> below(std::span<const std::uint8_t> labels, const Name& name) {
    std::vector<std::uint8_t> wire{labels.begin(), labels.end()};
    wire.insert(wire.end(), name.wire().begin(), name.wire().end());
    return Name::read(wire);
}

bool is_address(RrType type) {
    return type == rr::A || type == rr::AAAA;
}

}  // namespace

void ZoneRules::fault(const PendingSet& pending, std::string text) {
    kept_ = false;
    source_.fault_at(pending.where, std::move(text));
}

void ZoneRules::check_sets() {
    const auto sets = draft_.sets();
    for (std::size_t begin = 0; begin < sets.size();) {
        std::size_t end = begin + 1;
        while (end < sets.size() && sets[end].number == sets[begin].number) ++end;
        check_together(sets.subspan(begin, end - begin));
        begin = end;
    }
}

void ZoneRules::check_together(std::span<const PendingSet> at_name) {
    const auto of_type = [&](RrType type) {
        const auto found = std::ranges::find(at_name, type, &PendingSet::type);
        return found == at_name.end() ? nullptr : &*found;
    };
    const auto number = at_name.front().number;
    for (std::size_t i = 0; i < at_name.size(); ++i) {
        const auto& pending = at_name[i];
        if (i > 0 && at_name[i - 1].type == pending.type) {
            const bool steered = pending.set.steered() || at_name[i - 1].set.steered();
            // A name with both, say, is told once, not once for A and once for AAAA.
            if (!steered || pending.type == rr::A || of_type(rr::A) == nullptr) {
                fault(pending, draft_.names().name(number).text() + " has " +
                                   type_text(pending.type) + " twice" +
                                   (steered ? ": \"steer\" makes its A and AAAA" : ""));
            }
        }
        const bool single =
            pending.type == rr::CNAME || pending.type == rr::DNAME || pending.type == rr::SOA;
        if (single && pending.set.rr_count > 1) {
            fault(pending, type_text(pending.type) + " takes one value only");
        }
        if (pending.type == rr::SOA && pending.number != 0) {
            fault(pending, "SOA stands at the zone's apex \"@\" only");
        }
    }
    if (const auto* cname = of_type(rr::CNAME); cname != nullptr && at_name.size() > 1) {
        std::string others;
        for (const auto& other : at_name) {
            const auto text = other.set.steered() ? "steer" : type_text(other.type);
            if (other.type != rr::CNAME && others.find(text) == std::string::npos)
                others += " " + text;
        }
        fault(*cname, "CNAME allows no other data at its name (RFC 1034 §3.6.2), found" + others);
    }
    const auto* name_servers = of_type(rr::NS);
    const auto* ds = of_type(rr::DS);
    if (ds != nullptr && (name_servers == nullptr || ds->number == 0)) {
        fault(*ds, "DS stands at a delegation only, beside its NS");
    }
    if (name_servers != nullptr && draft_.is_wildcard(number)) {
        fault(*name_servers, "NS at a wildcard has no meaning (RFC 4592 §4.2)");
    }
    if (const auto* dname = of_type(rr::DNAME); dname != nullptr && draft_.is_wildcard(number)) {
        fault(*dname, "DNAME at a wildcard has no meaning (RFC 4592 §4.4)");
    }
}

void ZoneRules::check_below_cuts() {
    std::unordered_set<std::uint32_t> targets;
    for (const auto& pending : draft_.sets()) {
        if (pending.type != rr::NS) continue;
        const auto found = draft_.targets_of(pending);
        targets.insert(found.begin(), found.end());
    }
    for (const auto& pending : draft_.sets()) {
        if (pending.set.steered() && pending.type == rr::AAAA) continue;  // reported once, for A
        const auto what = [&] {
            return pending.set.steered() ? "\"steer\"" : type_text(pending.type);
        };
        const bool glue = is_address(pending.type) && !pending.set.steered();
        if (draft_.is_marked(pending.number, NodeStore::Below) && !glue) {
            fault(pending, what() +
                               " below a delegation belongs into the delegated zone; only glue (A "
                               "and AAAA) may stand here");
        }
        const bool at_cut = pending.type == rr::NS || pending.type == rr::DS;
        if (draft_.is_marked(pending.number, NodeStore::Cut) &&
            !draft_.is_marked(pending.number, NodeStore::Below) && !at_cut &&
            !(glue && targets.contains(pending.number))) {
            fault(pending, what() + " beside NS belongs into the delegated zone");
        }
        for (auto at = draft_.parent(pending.number); at != Zone::none; at = draft_.parent(at)) {
            if (!draft_.is_marked(at, NodeStore::Dname)) continue;
            fault(pending, "no name may stand below a DNAME (RFC 6672 §2.4)");
            break;
        }
    }
}

void ZoneRules::check_targets(const LaidOutZone& laid_out) {
    const auto& zone = laid_out.zone;
    for (const auto& pending : draft_.sets()) {
        if (pending.type != rr::NS) continue;
        for (const auto& rdata : draft_.rdatas(pending)) {
            const auto target = name_in(rdata, 0);
            if (!target->within(zone.apex())) continue;
            const auto node = laid_out.store.find(*target);
            const auto fixed = [&](RrType type) {
                const auto* set = node == Zone::none ? nullptr : zone.find(node, type);
                return set != nullptr && !set->steered();
            };
            if (fixed(rr::A) || fixed(rr::AAAA)) continue;
            fault(pending, "the name server " + target->text() +
                               " is inside this zone and has no address here");
        }
    }
}

void ZoneRules::warn_of_doubtful_names(const Zone& zone) const {
    for (const auto& pending : draft_.sets()) warn_of_doubtful_names(zone, pending);
}

/// Relative names that were meant to be absolute are more common in values than anywhere else. One
/// warning for an RRset, however many of its values have such a name.
void ZoneRules::warn_of_doubtful_names(const Zone& zone, const PendingSet& pending) const {
    const bool leads = leads_to_host(pending.type);
    std::optional<Name> dangling, doubtful;
    std::size_t danglings = 0, doubtfuls = 0;
    for (const auto& rdata : draft_.rdatas(pending)) {
        for (const auto at : names_of(pending.type, rdata.octets)) {
            const auto target = name_in(rdata, at);
            if (!target->within(zone.apex())) continue;
            if (leads && zone.look_up(*target).found == Zone::Found::NxDomain) {
                if (danglings++ == 0) dangling = target;
            } else if (looks_absolute(*target, zone.apex(), pending.type)) {
                if (doubtfuls++ == 0) doubtful = target;
            }
        }
    }
    const auto type = type_text(pending.type);
    if (dangling) source_.warn_at(pending.where, type + dangling_text(*dangling, danglings));
    if (doubtful)
        source_.warn_at(pending.where, type + doubtful_text(*doubtful, zone.apex(), doubtfuls));
}

/// Returns the name to which a CNAME or DNAME at a name leads a resolver; nothing when there is
/// none.
std::optional<Name> ZoneRules::next_name(const LaidOutZone& laid_out, const Name& name) const {
    const auto [found, node, label] = laid_out.zone.look_up(name);
    const auto target_of = [&, node = node](RrType type) -> std::optional<Name> {
        if (laid_out.zone.find(node, type) == nullptr) return std::nullopt;
        const auto& nodes = laid_out.nodes;
        const auto number = std::ranges::lower_bound(nodes, node) - nodes.begin();
        const auto* source = draft_.find(static_cast<std::uint32_t>(number), type);
        return name_in(draft_.rdatas(*source).front(), 0);
    };
    if (found == Zone::Found::Exact || found == Zone::Found::Wildcard) return target_of(rr::CNAME);
    if (found != Zone::Found::Dname) return std::nullopt;
    const auto target = target_of(rr::DNAME);
    return target ? below(name.wire().first(name.label_at(label)), *target) : std::nullopt;
}

void ZoneRules::check_chains(const LaidOutZone& laid_out) {
    constexpr std::uint8_t any_label[] = {1, '_'};
    for (const auto& pending : draft_.sets()) {
        if (pending.type != rr::CNAME && pending.type != rr::DNAME) continue;
        auto target = name_in(draft_.rdatas(pending).front(), 0);
        if (target && pending.type == rr::DNAME) target = below(any_label, *target);
        for (std::size_t step = 1; target && target->within(laid_out.zone.apex()); ++step) {
            if (step > max_chain) {
                fault(pending, type_text(pending.type) + " leads in a circle, or over more than " +
                                   std::to_string(max_chain) + " names");
                break;
            }
            target = next_name(laid_out, *target);
        }
    }
}

}  // namespace zones
