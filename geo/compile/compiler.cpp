// SPDX-License-Identifier: Apache-2.0
#include "geo/compile/compiler.hpp"

#include "geo/compile/distinctions.hpp"

#include <boost/container/static_vector.hpp>
#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace geo {
namespace {

constexpr std::size_t max_databases = 14;  // and the built-in one
constexpr std::size_t tables = 3;  // layers before them: prefixes named, overrides, special space
constexpr std::uint32_t placeless = 1;  // values of special space
constexpr std::uint32_t embedding = 2;
constexpr std::size_t max_layers = tables + max_databases + 1;
constexpr PrefixTree::Cursor nowhere;
constexpr auto several = std::numeric_limits<OutcomeId>::max();  // instead of one outcome
using Values = boost::container::static_vector<std::uint32_t, max_layers>;
using Positions = boost::container::static_vector<PrefixTree::Cursor, max_layers>;

struct HashValues {
    std::size_t operator()(const Values& values) const noexcept {
        return boost::hash_range(values.begin(), values.end());
    }
};

/// Walks all trees of one family at once. Where all of them are at a leaf, every policy is run. The
/// outcomes of all policies together are a signature, and make one part of the address space.
class Walk {
 public:
    Walk(const Sources& sources, const Distinctions& distinctions,
         std::span<const MapRequest> requests)
        : sources_{sources},
          distinctions_{distinctions},
          requests_{requests},
          outcomes_(requests.size()) {
        for (const auto& space : placeless_prefixes()) special_.add(space, placeless);
        for (const auto& space : embedding_spaces()) special_.add(space, embedding);
    }

    /// Returns a map for each request. Calls `walked` when the sources are no longer needed.
    template <class Walked>
    Result<Maps> maps(Walked walked) {
        const auto v4 = over(Family::V4);
        if (!v4) return v4.error();
        const auto v6 = over(Family::V6);
        if (!v6) return v6.error();
        known_ = {};
        records_ = {};
        std::vector<PrefixTable> local;
        for (const auto& request : requests_) local.push_back(local_networks(*request.policy));
        walked();
        Maps made;
        for (std::size_t i = 0; i < requests_.size(); ++i) {
            made.push_back(std::make_shared<const Map>(leaves_of(i, *v4), leaves_of(i, *v6),
                                                       std::move(outcomes_[i]),
                                                       std::move(local[i])));
        }
        return made;
    }

 private:
    /// Returns the prefixes in unroutable space that the policy or the places file names.
    [[nodiscard]] PrefixTable local_networks(const Policy& policy) const {
        PrefixTable local;
        for (const auto& named : {named_prefixes(policy), sources_.override_prefixes()}) {
            for (const auto& prefix : named) {
                if (!routable(prefix)) local.add(prefix, 1);
            }
        }
        return local;
    }

    /// Fails with the name of a damaged database.
    Result<LeafList> over(Family family) {
        family_ = family;
        if (const auto before = std::exchange(databases_, sources_.databases(family));
            databases_ != before)
            forget_records();
        named_databases_ = databases_.size() - (sources_.builtin() == nullptr ? 0 : 1);
        if (named_databases_ > max_databases) return Error{"more than 14 databases"};
        layers_.assign({&distinctions_.named(), &sources_.override_tree(), &special_});
        layers_.insert(layers_.end(), databases_.begin(), databases_.end());
        known_.clear();
        leaves_ = {};
        Positions roots;
        for (const auto* layer : layers_) roots.push_back(layer->root(family));
        // A tree is split once at each node, apart from shared branches; a damaged tree may have
        // loops.
        splits_left_.assign(tables, std::numeric_limits<std::size_t>::max());
        for (const auto* database : databases_) {
            splits_left_.push_back(1000 + 2 * std::size_t{database->node_count()});
        }
        damaged_ = nullptr;
        visit({{family, 0}, 0}, roots);
        if (damaged_ != nullptr) return Error{damaged_->name() + ": damaged: its tree has loops"};
        if (family == Family::V4) note_v4();
        leaves_.shrink_to_fit();
        return std::move(leaves_);
    }

    /// Splits the signatures of a family into the leaves of one policy.
    [[nodiscard]] LeafList leaves_of(std::size_t request, const LeafList& signatures) const {
        LeafList leaves;
        for (std::size_t i = 0; i < signatures.size(); ++i) {
            const auto [depth, value] = signatures[i];
            const auto outcome = signatures_[value]->at(request);
            // No look-up ends here: the number of no outcome only keeps neighbours from merging.
            const auto none = static_cast<OutcomeId>(outcomes_[request].size());
            leaves.append(depth, outcome == several ? none : outcome);
        }
        return leaves;
    }
    void visit(const Prefix& here, const Positions& positions) {
        if (damaged_ != nullptr) return;
        if (std::ranges::all_of(positions, &PrefixTree::Cursor::leaf)) {
            leaves_.append(here.length, signature_of(values_of(positions)));
            return;
        }
        const auto inner = std::ranges::find(positions, false, &PrefixTree::Cursor::leaf);
        const auto layer = static_cast<std::size_t>(inner - positions.begin());
        if (layer >= tables && std::all_of(inner + 1, positions.end(), is_leaf)) {
            auto values = values_of(positions);
            if (layer == tables + named_databases_ && named_databases_ > 0) {
                values[layer] = 0;
                if (needs_no_builtin(values))
                    return leaves_.append(here.length, signature_of(values));
            }
            const bool plain = std::all_of(values.begin(), values.begin() + tables, is_zero);
            const bool first = layer == tables && named_databases_ <= 1;
            return visit_alone(here.length, layer, *inner, values, plain && first);
        }
        Positions zero;
        Positions one;
        for (std::size_t i = 0; i < positions.size(); ++i) {
            if (positions[i].leaf) {
                zero.push_back(positions[i]);
                one.push_back(positions[i]);
                continue;
            }
            if (here.length == width(here.address.family) || splits_left_[i]-- == 0) {
                damaged_ = databases_[i - tables];
                return;
            }
            const auto halves = layers_[i]->split(positions[i].value);
            zero.push_back(halves.zero);
            one.push_back(halves.one);
        }
        const auto [low, high] = halves_of(here);
        enter(low, zero);
        enter(high, one);
    }

    /// The same where only one database has anything left to say, as nearly everywhere.
    void visit_alone(unsigned depth, std::size_t layer, PrefixTree::Cursor at, Values& values,
                     bool plain) {
        if (damaged_ != nullptr) return;
        const auto& database = *databases_[layer - tables];
        if (at.leaf) {
            values[layer] = at.value;
            leaves_.append(depth,
                           plain ? signature_of_record(at.value, values) : signature_of(values));
            return;
        }
        if (depth == width(family_) || splits_left_[layer]-- == 0) {
            damaged_ = &database;
            return;
        }
        const auto [zero, one] = database.split(at.value);
        visit_alone(depth + 1, layer, zero, values, plain);
        visit_alone(depth + 1, layer, one, values, plain);
    }

    /// A short cut that skips the other layers where they say nothing or are not asked. Neighbours
    /// share a few records, so most records are found without a look into the large table.
    std::uint32_t signature_of_record(std::uint32_t record, const Values& values) {
        auto& recent = recent_[record * 2654435769U >> (32 - recent_bits)];
        if (recent.record != record) {
            const auto [at, added] = records_.try_emplace(record, 0);
            if (added) {
                const bool alone = named_databases_ == 0 || needs_no_builtin(values);
                at->second = alone ? evaluate_at(values) : with_others;
            }
            recent = {record, at->second};
        }
        return recent.signature == with_others ? signature_of(values) : recent.signature;
    }

    void forget_records() {
        records_.clear();
        recent_.assign(std::size_t{1} << recent_bits, {});
    }

    void enter(const Prefix& here, Positions& positions) {
        if (repeats_v4(here)) std::fill(positions.begin() + tables, positions.end(), nowhere);
        visit(here, positions);
    }

    static bool is_leaf(const PrefixTree::Cursor& position) { return position.leaf; }
    static bool is_zero(std::uint32_t value) { return value == 0; }

    static Values values_of(const Positions& positions) {
        Values values;
        for (const auto& position : positions) values.push_back(position.value);
        return values;
    }

    std::uint32_t signature_of(const Values& values) {
        const auto [at, added] = known_.try_emplace(values, 0);
        if (added) at->second = values[2] == embedding ? number_of(v4_) : evaluate_at(values);
        return at->second;
    }

    /// Returns what all sources but the built-in database say.
    Place named_place_at(const Values& values, PlaceParts parts) const {
        Place place;
        parts.point |= databases_.size() > 1;  // where one of them has it, the others do not count
        if (values[1] != 0) place = sources_.override_place(values[1]);
        for (std::size_t i = 0; i < named_databases_ && values[2] != placeless; ++i) {
            if (values[i + tables] != 0)
                place.fill_from(databases_[i]->place(values[i + tables], parts));
        }
        return place;
    }

    /// True where the operator or a named database gives the country, as in Sources::find().
    bool needs_no_builtin(const Values& values) const {
        if (values[1] != 0 && sources_.override_place(values[1]).located()) return true;
        return !named_place_at(values, {.point = true, .subdivision = false, .asn = false})
                    .country.empty();
    }

    Place place_at(const Values& values) const {
        auto place = named_place_at(values, distinctions_.parts());
        const bool overridden = values[1] != 0 && sources_.override_place(values[1]).located();
        if (named_databases_ < databases_.size() && values.back() != 0 && !overridden &&
            place.country.empty() && values[2] != placeless)
            place.complete_from(databases_.back()->place(values.back(), distinctions_.parts()));
        if (!distinctions_.names_asn(place.asn)) place.asn = 0;
        return place;
    }

    std::uint32_t evaluate_at(const Values& values) {
        Subject subject{.place = place_at(values), .within = {}};
        const auto within = distinctions_.holding(values[0]);
        subject.within = within;
        std::vector<OutcomeId> signature;
        signature.reserve(requests_.size());
        std::vector<double> scores;
        const ZoneLatency* scores_of = nullptr;  // neighbours often share it
        for (std::size_t i = 0; i < requests_.size(); ++i) {
            const auto& [policy, sites, latency] = requests_[i];
            if (std::exchange(scores_of, latency) != latency && latency != nullptr)
                scores = latency->scores_at(subject.place);
            subject.round_trips = {};
            if (latency != nullptr)
                subject.round_trips = {.client = scores, .home = latency->home()};
            signature.push_back(evaluate(*policy, *sites, subject, outcomes_[i]));
        }
        return number_of(std::move(signature));
    }

    /// Notes which policies have one outcome for all IPv4 clients, from the walk.
    void note_v4() {
        v4_ = *signatures_.front();
        for (const auto* signature : signatures_) {
            for (std::size_t i = 0; i < v4_.size(); ++i) {
                if (signature->at(i) != v4_[i]) v4_[i] = several;
            }
        }
    }

    std::uint32_t number_of(std::vector<OutcomeId> signature) {
        const auto next = static_cast<std::uint32_t>(signatures_.size());
        const auto [at, added] = signature_numbers_.try_emplace(std::move(signature), next);
        if (added) signatures_.push_back(&at->first);
        return at->second;
    }

    const Sources& sources_;
    const Distinctions& distinctions_;
    std::span<const MapRequest> requests_;
    std::vector<Outcomes> outcomes_;
    std::map<std::vector<OutcomeId>, std::uint32_t> signature_numbers_;
    std::vector<const std::vector<OutcomeId>*> signatures_;

    // IPv6 addresses that carry an IPv4 client are looked up as that client. Their parts of the
    // IPv6 space get the outcome of all of IPv4, or `several`, so that no scope covers other
    // outcomes.
    PrefixTable special_;
    std::vector<OutcomeId> v4_;

    // For the family that is walked: prefixes named, overrides of places, embeddings, databases.
    Family family_ = Family::V4;
    std::vector<const Mmdb*> databases_;
    std::size_t named_databases_ = 0;  // all of them but the built-in one, which is the last
    std::vector<const PrefixTree*> layers_;
    boost::unordered_flat_map<Values, std::uint32_t, HashValues> known_;
    // The signatures of the only database's records, and the latest ones of them.
    boost::unordered_flat_map<std::uint32_t, std::uint32_t> records_;
    struct Recent {
        std::uint32_t record = std::numeric_limits<std::uint32_t>::max();
        std::uint32_t signature = 0;
    };
    static constexpr unsigned recent_bits = 12;
    static constexpr auto with_others = std::numeric_limits<std::uint32_t>::max();  // no signature
    std::vector<Recent> recent_;
    LeafList leaves_;
    std::vector<std::size_t> splits_left_;  // of each layer, before its tree must have loops
    const Mmdb* damaged_ = nullptr;
};

}  // namespace

Result<Maps> compile(const Sources& sources, std::span<const MapRequest> requests) {
    if (requests.empty()) return Maps{};
    const Distinctions distinctions{requests};
    Walk walk{sources, distinctions, requests};
    return walk.maps([] {});
}

Result<Maps> compile(Sources&& sources, std::span<const MapRequest> requests) {
    if (requests.empty()) return Maps{};
    const Distinctions distinctions{requests};
    Walk walk{sources, distinctions, requests};
    return walk.maps([&] { const Sources done = std::move(sources); });
}

}  // namespace geo
