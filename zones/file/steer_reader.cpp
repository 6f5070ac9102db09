// SPDX-License-Identifier: Apache-2.0
#include "zones/file/steer_reader.hpp"

#include "geo/text/suggestion.hpp"
#include "zones/file/match_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace zones {
namespace {

constexpr unsigned max_tree_depth = 16;
constexpr std::size_t max_rows = 10000;  // of one `geo` table, groups taken apart
constexpr std::int64_t max_weight = 65535;

struct PolicyKey {
    std::string_view key;
    geo::Policy::Kind kind;
};
constexpr std::array policy_keys{
    PolicyKey{"latency", geo::Policy::Kind::Latency},
    PolicyKey{"nearest", geo::Policy::Kind::Nearest},
    PolicyKey{"geo", geo::Policy::Kind::Geo},
    PolicyKey{"weighted", geo::Policy::Kind::Weighted},
    PolicyKey{"failover", geo::Policy::Kind::Failover},
    PolicyKey{"all", geo::Policy::Kind::All},
};
constexpr std::string_view tree_wanted =
    "an edge's name or one policy: latency, nearest, geo, weighted, failover or all";

/// "500 km" or "20 %", with a sign or without; blanks do not matter.
std::optional<geo::Bias> read_bias_text(std::string_view text) {
    double number = 0;
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    const auto* end = text.data() + text.size();
    const auto [behind, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc{}) return std::nullopt;
    std::string_view unit{behind, static_cast<std::size_t>(end - behind)};
    unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
    if (unit == "km" && std::abs(number) <= 20000) return geo::Bias{.kilometres = number};
    if (unit == "%" && std::abs(number) <= 90) return geo::Bias{.share = number / 100};
    return std::nullopt;
}

/// Two keys are equal only if their matches are.
std::string key_of(const geo::Match& match) {
    return std::to_string(static_cast<int>(match.kind)) + " " + geo::to_text(match.prefix) + " " +
           std::to_string(match.asn) + " " + std::string{match.area.text()} + " " +
           std::string{match.subdivision.text()};
}

bool has_any_row(const geo::Policy& policy) {
    return std::ranges::any_of(policy.rows, [](const geo::Policy::Row& row) {
        return row.match.kind == geo::Match::Kind::Any;
    });
}

}  // namespace

void SteerReader::read_groups(const Json& object) {
    if (!object.object("an object of lists by name")) return;
    for (const auto& [name, list] : object.members()) {
        auto& group = groups_[std::string{name}];
        if (list.one_or_more().empty()) list.expected("at least one place or prefix");
        for (const auto& item : list.one_or_more()) {
            const auto text = item.string("a place or prefix, as in \"country:SE\"");
            if (!text) continue;
            const auto match = read_match(*text, item, MatchIn::Group);
            if (match) group.push_back(*match);
        }
    }
}

std::optional<geo::Policy> SteerReader::read(const Json& tree) {
    return read_tree(tree, 1);
}

std::optional<geo::Policy> SteerReader::read_edge(const Json& name) {
    const auto edge = edges_.use(name);
    if (!edge) return std::nullopt;
    geo::Policy policy;
    policy.edge = *edge;
    return policy;
}

std::optional<geo::Policy> SteerReader::read_tree(const Json& tree, unsigned depth) {
    if (tree.is(Json::Kind::String)) return read_edge(tree);
    if (!tree.object(tree_wanted)) {
        edges_.spare(tree);
        return std::nullopt;
    }
    if (depth > max_tree_depth) {
        edges_.spare(tree);
        tree.fault("policies nested more than " + std::to_string(max_tree_depth) + " deep");
        return std::nullopt;
    }
    geo::Policy policy;
    std::optional<Json> body;
    unsigned found = 0;
    for (const auto& [key, kind] : policy_keys) {
        const auto value = tree.find(key);
        if (!value) continue;
        ++found;
        policy.kind = kind;
        body = value;
    }
    const bool ranked = policy.kind == Kind::Latency || policy.kind == Kind::Nearest;
    const bool takes_answers = policy.kind != Kind::Geo && policy.kind != Kind::All;
    const bool known = tree.allow_keys(
        {"latency", "nearest", "geo", "weighted", "failover", "all", "answers", "bias", "ranked",
         "via", depth == 1 ? "ttl" : "answers", depth == 1 ? "min_ttl" : "answers"});
    if (found != 1) {
        edges_.spare(tree);
        if (found > 1) {
            tree.fault("more than one policy; nest one in the other, or give each its own name");
        } else if (known) {
            tree.expected(tree_wanted);
        }
        return std::nullopt;
    }
    for (const auto& [key, allowed] :
         {std::pair{"answers", takes_answers}, std::pair{"bias", ranked},
          std::pair{"ranked", ranked}, std::pair{"via", policy.kind == Kind::Latency}}) {
        const auto value = tree.find(key);
        if (value && !allowed)
            value->key_fault("this policy takes no \"" + std::string{key} + "\"");
    }
    if (const auto answers = tree.find("answers"); answers && takes_answers) {
        const auto limit = static_cast<std::int64_t>(geo::max_chosen_edges);
        policy.answers = static_cast<std::uint16_t>(
            answers->integer(1, limit, "an integer from 1 to " + std::to_string(limit))
                .value_or(1));
    }
    switch (policy.kind) {
        case Kind::Latency:
        case Kind::Nearest:
            read_ranked(*body, tree, policy);
            break;
        case Kind::Geo:
            read_geo(*body, depth, policy);
            break;
        case Kind::Weighted:
            read_weighted(*body, depth, policy);
            break;
        case Kind::Failover:
        case Kind::All:
            read_list(*body, depth, policy);
            break;
        case Kind::Edge:
            break;
    }
    if (policy.children.empty()) return std::nullopt;
    return policy;
}

void SteerReader::read_ranked(const Json& list, const Json& options, geo::Policy& policy) {
    const auto items = list.one_or_more();
    if (items.empty()) list.expected("at least one edge");
    for (const auto& item : items) {
        if (!item.string("an edge's name")) continue;
        const auto child = read_edge(item);
        if (!child) continue;
        if (!edges_.has_location(child->edge)) {
            item.fault("the edge \"" + std::string{item.text()} +
                       "\" needs a \"location\" to be ranked by distance");
        }
        if (std::ranges::find(policy.children, child->edge, &geo::Policy::edge) !=
            policy.children.end()) {
            item.fault("the edge \"" + std::string{item.text()} + "\" stands here twice");
            continue;
        }
        policy.children.push_back(*child);
    }
    policy.biases.resize(policy.children.size());
    if (const auto biases = options.find("bias")) read_bias(*biases, policy);
    if (const auto ranked = options.find("ranked")) {
        policy.ranked = static_cast<std::uint16_t>(
            ranked->integer(1, 64, "how many edges to rank, from 1 to 64").value_or(3));
    }
    policy.ranked = std::max(policy.ranked, policy.answers);
    if (policy.kind == Kind::Latency) read_via(options, policy);
}

/// Who checks home through its edges cares for the way there.
void SteerReader::read_via(const Json& options, geo::Policy& policy) {
    const bool to_home = std::ranges::any_of(policy.children, [&](const geo::Policy& child) {
        return !edges_.edges()[child.edge].origins.empty();
    });
    policy.via = to_home ? geo::Via::Home : geo::Via::Edge;
    const auto via = options.find("via");
    const auto text = via ? via->string("\"edge\" or \"home\"") : std::nullopt;
    if (!text) return;
    if (*text == "edge") {
        policy.via = geo::Via::Edge;
    } else if (*text == "home") {
        policy.via = geo::Via::Home;
    } else {
        via->expected("\"edge\" or \"home\"");
    }
}

void SteerReader::read_bias(const Json& biases, geo::Policy& policy) {
    if (!biases.object("an object of biases by edge, as in {\"newyork\": \"500 km\"}")) return;
    for (const auto& [name, value] : biases.members()) {
        const auto text = value.string("a bias, as in \"500 km\" or \"-20 %\"");
        const auto bias = text ? read_bias_text(*text) : std::nullopt;
        if (text && !bias) {
            value.expected("a bias of at most 20000 km or 90 %, as in \"500 km\" or \"-20 %\"");
        }
        const auto edge = edges_.use({name, value});
        if (!edge || !bias) continue;
        const auto child = std::ranges::find(policy.children, *edge, &geo::Policy::edge);
        if (child == policy.children.end()) {
            value.key_fault("the edge \"" + std::string{name} + "\" is not in this policy's list");
            continue;
        }
        policy.biases[static_cast<std::size_t>(child - policy.children.begin())] = *bias;
    }
}

void SteerReader::read_geo(const Json& table, unsigned depth, geo::Policy& policy) {
    if (!table.object("an object of trees by place")) return;
    const auto outer = std::exchange(rows_seen_, {});
    for (const auto& [key, value] : table.members()) {
        const auto child = read_tree(value, depth + 1);
        const auto number = static_cast<std::uint32_t>(policy.children.size());
        read_row(value, key, number, policy);
        policy.children.push_back(child.value_or(geo::Policy{}));
    }
    rows_seen_ = outer;
    if (!has_any_row(policy)) {
        table.fault("\"*\" is missing: who is in none of these places would get no answer");
    }
}

void SteerReader::read_row(const Json& value, std::string_view key, std::uint32_t child,
                           geo::Policy& policy) {
    constexpr std::string_view group = "group:";
    if (!key.starts_with(group)) {
        const auto match = read_match(key, value, MatchIn::Table);
        if (match) add_row(*match, child, value, key, policy);
        return;
    }
    const auto found = groups_.find(key.substr(group.size()));
    if (found == groups_.end()) {
        std::vector<std::string_view> names;
        for (const auto& [name, members] : groups_) names.push_back(name);
        const auto name = key.substr(group.size());
        value.key_fault("there is no group \"" + std::string{name} + "\"" +
                        suggestion(name, names));
        return;
    }
    for (const auto& match : found->second) add_row(match, child, value, key, policy);
}

void SteerReader::add_row(const geo::Match& match, std::uint32_t child, const Json& where,
                          std::string_view key, geo::Policy& policy) {
    if (policy.rows.size() == max_rows) {
        where.key_fault("more than " + std::to_string(max_rows) + " places in one table");
    }
    if (policy.rows.size() >= max_rows) return;
    if (!rows_seen_.insert(key_of(match)).second) {
        where.key_fault("\"" + std::string{key} +
                        "\" names a place that another row names already");
        return;
    }
    policy.rows.push_back({.match = match, .child = child});
}

void SteerReader::read_weighted(const Json& value, unsigned depth, geo::Policy& policy) {
    constexpr std::string_view weight_wanted = "a weight from 0 to 65535";
    const auto add = [&](const Json& weight, std::optional<geo::Policy> child) {
        const auto number = weight.integer(0, max_weight, weight_wanted);
        if (!number || !child) return;
        policy.children.push_back(std::move(*child));
        policy.weights.push_back(static_cast<std::uint32_t>(*number));
    };
    std::size_t count = 0;
    if (value.is(Json::Kind::Object)) {
        count = value.members().size();
        for (const auto& [name, weight] : value.members()) {
            geo::Policy child;
            const auto edge = edges_.use({name, weight});
            child.edge = edge.value_or(0);
            add(weight, edge ? std::optional{child} : std::nullopt);
        }
    } else if (value.is(Json::Kind::Array)) {
        count = value.items().size();
        for (const auto& item : value.items()) {
            if (!item.object("{\"weight\": 3, \"steer\": …}")) continue;
            item.allow_keys({"weight", "steer"});
            const auto weight = item.find("weight");
            const auto steer = item.find("steer");
            if (!weight || !steer) {
                item.fault(weight ? "\"steer\" is missing" : "\"weight\" is missing");
                continue;
            }
            add(*weight, read_tree(*steer, depth + 1));
        }
    } else {
        return value.expected("weights by edge, as in {\"newyork\": 3, \"singapore\": 1}");
    }
    if (count == 0) return value.expected("at least one edge");
    if (count > geo::max_chosen_edges) value.fault("more than 64 entries");
    if (policy.children.size() == count &&
        std::ranges::count(policy.weights, 0U) == std::ssize(policy.weights)) {
        value.fault("all weights are 0");
    }
}

void SteerReader::read_list(const Json& list, unsigned depth, geo::Policy& policy) {
    const auto items = list.one_or_more();
    if (items.empty()) list.expected("at least one edge or policy");
    for (const auto& item : items) {
        if (auto child = read_tree(item, depth + 1)) policy.children.push_back(std::move(*child));
    }
    if (policy.kind != Kind::All) return;
    if (items.size() > geo::max_chosen_edges) list.fault("more than 64 entries");
    policy.answers = static_cast<std::uint16_t>(geo::max_chosen_edges);
}

}  // namespace zones
