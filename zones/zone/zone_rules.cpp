// SPDX-License-Identifier: Apache-2.0
#include "zones/zone/zone_rules.hpp"

#include "zones/zone/doubtful_name.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

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

std::string_view own_answer(std::span<const std::uint8_t> own) {
    std::string_view first, last;
    while (!own.empty() && own.front() != 0) {
        last = {reinterpret_cast<const char*>(own.data()) + 1, own.front()};
        if (first.empty()) first = last;
        own = own.subspan(own.front() + std::size_t{1});
    }
    if (last == "_probes") return "the dashboard";
    return first == "_why" ? "why a client gets its answer" : std::string_view{};
}

void ZoneRules::fault(const Contents::Set& set, std::string text) {
    kept_ = false;
    source_.fault_at(set.where, std::move(text));
}

void ZoneRules::check_sets() {
    const auto sets = contents_.sets();
    for (std::size_t begin = 0; begin < sets.size();) {
        std::size_t end = begin + 1;
        while (end < sets.size() && sets[end].owner == sets[begin].owner) ++end;
        check_together(sets.subspan(begin, end - begin));
        begin = end;
    }
}

void ZoneRules::check_together(std::span<const Contents::Set> at_name) {
    const auto of_type = [&](RrType type) {
        const auto found = std::ranges::find(at_name, type, &Contents::Set::type);
        return found == at_name.end() ? nullptr : &*found;
    };
    const auto number = at_name.front().owner;
    for (std::size_t i = 0; i < at_name.size(); ++i) {
        const auto& set = at_name[i];
        if (i > 0 && at_name[i - 1].type == set.type) {
            const bool steered = set.steered() || at_name[i - 1].steered();
            // A name with both, say, is told once, not once for A and once for AAAA.
            if (!steered || set.type == rr::A || of_type(rr::A) == nullptr) {
                fault(set, contents_.names().name(number).text() + " has " + type_text(set.type) +
                               " twice" + (steered ? ": \"steer\" makes its A and AAAA" : ""));
            }
        }
        const bool single = set.type == rr::CNAME || set.type == rr::DNAME || set.type == rr::SOA;
        if (single && set.rr_count > 1) {
            fault(set, type_text(set.type) + " takes one value only");
        }
        if (set.type == rr::SOA && set.owner != 0) {
            fault(set, "SOA stands at the zone's apex \"@\" only");
        }
    }
    if (const auto* cname = of_type(rr::CNAME); cname != nullptr && at_name.size() > 1) {
        std::string others;
        for (const auto& other : at_name) {
            const auto text = other.steered() ? "steer" : type_text(other.type);
            if (other.type != rr::CNAME && others.find(text) == std::string::npos)
                others += " " + text;
        }
        fault(*cname, "CNAME allows no other data at its name (RFC 1034 §3.6.2), found" + others);
    }
    const auto* name_servers = of_type(rr::NS);
    const auto* ds = of_type(rr::DS);
    if (ds != nullptr && (name_servers == nullptr || ds->owner == 0)) {
        fault(*ds, "DS stands at a delegation only, beside its NS");
    }
    if (name_servers != nullptr && contents_.is_wildcard(number)) {
        fault(*name_servers, "NS at a wildcard has no meaning (RFC 4592 §4.2)");
    }
    if (const auto* dname = of_type(rr::DNAME); dname != nullptr && contents_.is_wildcard(number)) {
        fault(*dname, "DNAME at a wildcard has no meaning (RFC 4592 §4.4)");
    }
}

void ZoneRules::check_below_cuts(const NameMarks& marks) {
    std::unordered_set<std::uint32_t> targets;
    for (const auto& set : contents_.sets()) {
        if (set.type != rr::NS) continue;
        const auto found = targets_of(contents_, set);
        targets.insert(found.begin(), found.end());
    }
    for (const auto& set : contents_.sets()) {
        if (set.steered() && set.type == rr::AAAA) continue;  // reported once, for A
        const auto what = [&] { return set.steered() ? "\"steer\"" : type_text(set.type); };
        const bool glue = is_address(set.type) && !set.steered();
        if (marks.has(set.owner, NodeStore::Below) && !glue) {
            fault(set, what() +
                           " below a delegation belongs into the delegated zone; only glue (A "
                           "and AAAA) may stand here");
        }
        const bool at_cut = set.type == rr::NS || set.type == rr::DS;
        if (marks.has(set.owner, NodeStore::Cut) && !marks.has(set.owner, NodeStore::Below) &&
            !at_cut && !(glue && targets.contains(set.owner))) {
            fault(set, what() + " beside NS belongs into the delegated zone");
        }
        for (auto at = contents_.parent(set.owner); at != Zone::none; at = contents_.parent(at)) {
            if (!marks.has(at, NodeStore::Dname)) continue;
            fault(set, "no name may stand below a DNAME (RFC 6672 §2.4)");
            break;
        }
    }
}

void ZoneRules::check_targets(const LaidOutZone& laid_out) {
    const auto& zone = laid_out.zone;
    for (const auto& set : contents_.sets()) {
        if (set.type != rr::NS) continue;
        for (const auto rdata : contents_.records(set)) {
            const auto target = name_in(rdata, 0);
            if (!target->within(zone.apex())) continue;
            const auto node = laid_out.store.find(*target);
            const auto fixed = [&](RrType type) {
                const auto* found = node == Zone::none ? nullptr : zone.find(node, type);
                return found != nullptr && !found->steered();
            };
            if (fixed(rr::A) || fixed(rr::AAAA)) continue;
            fault(set, "the name server " + target->text() +
                           " is inside this zone and has no address here");
        }
    }
}

void ZoneRules::warn_of_doubtful_names(const Zone& zone) const {
    for (const auto& set : contents_.sets()) warn_of_doubtful_names(zone, set);
}

/// Relative names that were meant to be absolute are more common in values than anywhere else. One
/// warning for an RRset, however many of its values have such a name.
void ZoneRules::warn_of_doubtful_names(const Zone& zone, const Contents::Set& set) const {
    if (!holds_names(set.type)) return;
    const bool leads = leads_to_host(set.type);
    std::optional<Name> dangling, doubtful;
    std::size_t danglings = 0, doubtfuls = 0;
    for (const auto rdata : contents_.records(set)) {
        for (const auto at : names_of(set.type, rdata)) {
            const auto target = name_in(rdata, at);
            if (!target->within(zone.apex())) continue;
            if (leads && zone.look_up(*target).found == Zone::Found::NxDomain) {
                if (danglings++ == 0) dangling = target;
            } else if (looks_absolute(*target, zone.apex(), set.type)) {
                if (doubtfuls++ == 0) doubtful = target;
            }
        }
    }
    const auto type = type_text(set.type);
    if (dangling) source_.warn_at(set.where, type + dangling_text(*dangling, danglings));
    if (doubtful)
        source_.warn_at(set.where, type + doubtful_text(*doubtful, zone.apex(), doubtfuls));
}

/// Returns the name to which a CNAME or DNAME at a name leads a resolver; nothing when there is
/// none.
std::optional<Name> ZoneRules::next_name(const LaidOutZone& laid_out, const Name& name) const {
    const auto [found, node, label] = laid_out.zone.look_up(name);
    const auto target_of = [&, node = node](RrType type) -> std::optional<Name> {
        if (laid_out.zone.find(node, type) == nullptr) return std::nullopt;
        const auto& nodes = laid_out.nodes;
        const auto number = std::ranges::lower_bound(nodes, node) - nodes.begin();
        const auto* source = contents_.find(static_cast<std::uint32_t>(number), type);
        return name_in(contents_.records(*source).front(), 0);
    };
    if (found == Zone::Found::Exact || found == Zone::Found::Wildcard) return target_of(rr::CNAME);
    if (found != Zone::Found::Dname) return std::nullopt;
    const auto target = target_of(rr::DNAME);
    return target ? below(name.wire().first(name.label_at(label)), *target) : std::nullopt;
}

void ZoneRules::check_chains(const LaidOutZone& laid_out) {
    constexpr std::uint8_t any_label[] = {1, '_'};
    for (const auto& set : contents_.sets()) {
        if (set.type != rr::CNAME && set.type != rr::DNAME) continue;
        auto target = name_in(contents_.records(set).front(), 0);
        if (target && set.type == rr::DNAME) target = below(any_label, *target);
        for (std::size_t step = 1; target && target->within(laid_out.zone.apex()); ++step) {
            if (step > max_chain) {
                fault(set, type_text(set.type) + " leads in a circle, or over more than " +
                               std::to_string(max_chain) + " names");
                break;
            }
            target = next_name(laid_out, *target);
        }
    }
}

}  // namespace zones
