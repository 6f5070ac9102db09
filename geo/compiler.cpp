// SPDX-License-Identifier: Apache-2.0
#include "geo/compiler.hpp"

#include <boost/container/static_vector.hpp>
#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace geo {
namespace {

constexpr std::size_t max_layers = 16;
using Values = boost::container::static_vector<std::uint32_t, max_layers>;
using Positions = boost::container::static_vector<PrefixTree::Position, max_layers>;

struct HashValues {
    std::size_t operator()(const Values& values) const noexcept {
        return boost::hash_range(values.begin(), values.end());
    }
};

constexpr Prefix teredo{
    {Family::V6, Bits{0x20010000} << 96},
    32
};
constexpr Prefix six_to_four{
    {Family::V6, Bits{0x2002} << 112},
    16
};
constexpr Prefix reserved{
    {Family::V6, 0},
    8
};

/// The prefixes and AS numbers that policies name: only these tell clients of one place apart.
class Named {
 public:
    explicit Named(std::span<const MapRequest> requests) {
        for (const auto& request : requests) collect(*request.policy);
        for (std::uint32_t i = 0; i < prefixes_.size(); ++i) tree_.add(prefixes_[i], i + 1);
    }
    [[nodiscard]] const PrefixTable& tree() const { return tree_; }
    [[nodiscard]] bool asn(std::uint32_t number) const { return asns_.contains(number); }

    /// The prefixes that hold what the value of a leaf of `tree` stands for, longest first.
    [[nodiscard]] std::vector<Prefix> holding(std::uint32_t value) const {
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

 private:
    void collect(const Policy& policy) {
        for (const auto& [match, child] : policy.rows) {
            if (match.kind == Match::Kind::Asn) asns_.insert(match.asn);
            if (match.kind == Match::Kind::Prefix && known_.insert(to_text(match.prefix)).second) {
                prefixes_.push_back(match.prefix);
            }
        }
        for (const auto& child : policy.children) collect(child);
    }

    std::vector<Prefix> prefixes_;
    std::set<std::string> known_;
    std::set<std::uint32_t> asns_;
    PrefixTable tree_;
};

/// Walks all trees of one family at once. Where all of them stand at a leaf, every policy is run,
/// and what they come to together (a signature) is one part of the address space.
class Walk {
 public:
    Walk(const Sources& sources, const Named& named, std::span<const MapRequest> requests)
        : sources_{sources}, named_{named}, requests_{requests}, outcomes_(requests.size()) {}

    /// Fails by the name of a damaged database.
    Result<LeafList> over(Family family) {
        databases_ = sources_.databases(family);
        if (databases_.size() + 2 > max_layers) return Error{"more than 14 databases"};
        layers_.assign({&named_.tree(), &sources_.override_tree()});
        layers_.insert(layers_.end(), databases_.begin(), databases_.end());
        known_.clear();
        leaves_ = {};
        Positions roots;
        for (const auto* layer : layers_) roots.push_back(layer->root(family));
        // A tree has no more positions than nodes; a damaged one may lead back into itself.
        budget_ = 1000;
        for (const auto* database : databases_) budget_ += 2 * std::size_t{database->node_count()};
        visit(
            {
                {family, 0},
                0
        },
            roots);
        if (budget_ == 0) return Error{databases_.back()->name() + ": damaged: its tree has loops"};
        return std::move(leaves_);
    }

    /// Takes the signatures of a family apart again: the leaves of one policy.
    [[nodiscard]] LeafList leaves_of(std::size_t request, const LeafList& signatures) const {
        LeafList leaves;
        for (std::size_t i = 0; i < signatures.size(); ++i) {
            const auto [depth, value] = signatures[i];
            leaves.append(depth, signatures_[value]->at(request));
        }
        return leaves;
    }
    [[nodiscard]] Outcomes take_outcomes(std::size_t request) {
        return std::move(outcomes_[request]);
    }

 private:
    void visit(const Prefix& here, const Positions& positions) {
        if (std::ranges::all_of(positions, &PrefixTree::Position::leaf)) {
            leaves_.append(here.length, signature_at(positions));
            return;
        }
        if (here.length == width(here.address.family)) budget_ = 0;  // deeper than addresses are
        if (budget_ == 0) return;
        --budget_;
        Positions zero;
        Positions one;
        for (std::size_t i = 0; i < positions.size(); ++i) {
            if (positions[i].leaf) {
                zero.push_back(positions[i]);
                one.push_back(positions[i]);
            } else {
                const auto halves = layers_[i]->split(positions[i].value);
                zero.push_back(halves.zero);
                one.push_back(halves.one);
            }
        }
        const auto length = static_cast<std::uint8_t>(here.length + 1);
        const Address middle{here.address.family, here.address.bits | Bits{1} << (128 - length)};
        enter({here.address, length}, zero);
        enter({middle, length}, one);
    }

    /// Databases repeat the IPv4 space in IPv6, where no look-up ever goes.
    void enter(const Prefix& here, Positions& positions) {
        if (here == teredo || here == six_to_four || here == reserved) {
            std::fill(positions.begin() + 2, positions.end(), PrefixTree::Position{});
        }
        visit(here, positions);
    }

    std::uint32_t signature_at(const Positions& positions) {
        Values values;
        for (const auto& position : positions) values.push_back(position.value);
        const auto [at, added] = known_.try_emplace(values, 0);
        if (added) at->second = evaluate_at(values);
        return at->second;
    }

    std::uint32_t evaluate_at(const Values& values) {
        Subject subject;
        if (values[1] != 0) subject.place = sources_.override_place(values[1]);
        for (std::size_t i = 0; i < databases_.size(); ++i) {
            if (values[i + 2] != 0) subject.place.fill_from(databases_[i]->place(values[i + 2]));
        }
        if (!named_.asn(subject.place.asn)) subject.place.asn = 0;
        const auto within = named_.holding(values[0]);
        subject.within = within;
        std::vector<OutcomeId> signature;
        signature.reserve(requests_.size());
        for (std::size_t i = 0; i < requests_.size(); ++i) {
            signature.push_back(
                evaluate(*requests_[i].policy, *requests_[i].sites, subject, outcomes_[i]));
        }
        const auto next = static_cast<std::uint32_t>(signatures_.size());
        const auto [at, added] = signature_numbers_.try_emplace(std::move(signature), next);
        if (added) signatures_.push_back(&at->first);
        return at->second;
    }

    const Sources& sources_;
    const Named& named_;
    std::span<const MapRequest> requests_;
    std::vector<Outcomes> outcomes_;
    std::map<std::vector<OutcomeId>, std::uint32_t> signature_numbers_;
    std::vector<const std::vector<OutcomeId>*> signatures_;

    // Of the family that is walked: overrides of places and prefixes named, then databases.
    std::vector<const Mmdb*> databases_;
    std::vector<const PrefixTree*> layers_;
    boost::unordered_flat_map<Values, std::uint32_t, HashValues> known_;
    LeafList leaves_;
    std::size_t budget_ = 0;
};

}  // namespace

Result<std::vector<std::shared_ptr<const Map>>> compile(const Sources& sources,
                                                        std::span<const MapRequest> requests) {
    std::vector<std::shared_ptr<const Map>> maps;
    if (requests.empty()) return maps;
    const Named named{requests};
    Walk walk{sources, named, requests};
    const auto v4 = walk.over(Family::V4);
    if (!v4) return v4.error();
    const auto v6 = walk.over(Family::V6);
    if (!v6) return v6.error();
    for (std::size_t i = 0; i < requests.size(); ++i) {
        maps.push_back(std::make_shared<const Map>(walk.leaves_of(i, *v4), walk.leaves_of(i, *v6),
                                                   walk.take_outcomes(i)));
    }
    return maps;
}

}  // namespace geo
