// SPDX-License-Identifier: Apache-2.0
#include "probes/health/quorum.hpp"

#include <algorithm>
#include <utility>

namespace probes {
namespace {

constexpr std::size_t least_nodes = 3;  // two cannot outvote one another
constexpr unsigned least_votes = 2;

void keep_earlier(std::optional<Time>& earliest, Time time) {
    earliest = earliest ? std::min(*earliest, time) : time;
}

bool may_be_same(const Asked& one, const Asked& other) {
    return !one || !other || *one == *other;
}

}  // namespace

std::string basis_text(const Agreed& agreed) {
    switch (agreed.basis) {
        case Basis::Votes:
            return std::to_string(agreed.state == State::Down ? agreed.down : agreed.up) + "_of_" +
                   std::to_string(agreed.down + agreed.up);
        case Basis::LastAgreed:
            return "cut_off";
        case Basis::Own:
            break;
    }
    return "own";
}

void Quorum::set_peers(std::span<const std::string> peers) {
    std::map<std::string, Voter> kept;
    for (const auto& name : peers) {
        if (name == own_edge_) continue;
        if (auto known = peers_.extract(name)) {
            kept.insert(std::move(known));
        } else {
            kept.try_emplace(name);
        }
    }
    peers_ = std::move(kept);
    counted_ = false;
}

void Quorum::hear(const std::string& peer, PeerView view) {
    const auto found = peers_.find(peer);
    if (found == peers_.end()) return;
    found->second = {.view = std::move(view), .heard = true, .reachable = true};
    counted_ = false;
}

bool Quorum::reach(const std::string& peer) {
    const auto found = peers_.find(peer);
    if (found == peers_.end() || std::exchange(found->second.reachable, true)) return false;
    counted_ = false;
    return true;
}

void Quorum::lose(const std::string& peer, Time now) {
    const auto found = peers_.find(peer);
    if (found == peers_.end() || !std::exchange(found->second.reachable, false)) return;
    found->second.lost = now;
    counted_ = false;
}

bool Quorum::counts(const Voter& peer, Time now) noexcept {
    if (!peer.heard || peer.view.cut_off) return false;
    return peer.reachable || now < peer.lost + words_last;
}

void Quorum::count_votes(Time now) {
    if (counted_ && (!count_again_ || now < *count_again_)) return;
    counted_ = true;
    votes_.clear();
    nodes_ = 1;
    count_again_.reset();
    for (const auto& [name, peer] : peers_) {
        if (!counts(peer, now)) continue;
        ++nodes_;
        if (!peer.reachable) keep_earlier(count_again_, peer.lost + words_last);
        for (const auto& [edge, word] : peer.view.states) {
            if (edge == name && !peer.reachable) continue;
            votes_[edge].push_back({&name, &word});
        }
    }
}

/// True if all other edges, at least two, are Down. With one, nobody can tell which end is cut off.
bool Quorum::sees_no_other(std::span<const EdgeView> edges) const {
    std::size_t others = 0;
    for (const auto& edge : edges) {
        if (!edge.checked || edge.name == own_edge_) continue;
        if (edge.state != State::Down) return false;
        ++others;
    }
    return others >= 2;
}

/// Returns how many peers show that this node is not cut off: they are heard, and not cut off
/// themselves.
std::size_t Quorum::peers_at_hand() const {
    const auto count = std::ranges::count_if(peers_, [](const auto& entry) {
        const auto& peer = entry.second;
        return peer.heard && peer.reachable && !peer.view.cut_off;
    });
    return static_cast<std::size_t>(count);
}

Agreement Quorum::judge(std::span<const EdgeView> edges, Time now) {
    count_votes(now);
    ++round_;
    const std::size_t enough = cut_off_ ? least_nodes - 1 : 1;
    cut_off_ = peers_.size() + 1 >= least_nodes && peers_at_hand() < enough && sees_no_other(edges);
    Agreement agreement{.cut_off = cut_off_};
    agreement.edges.reserve(edges.size());
    for (const auto& edge : edges) {
        agreement.edges.push_back(judge_edge(edge, now));
        remember(edge, agreement.edges.back(), now);
    }
    // Forgets edges that were not judged in this round: they are gone.
    std::erase_if(memories_, [&](const auto& entry) { return entry.second.judged != round_; });
    return agreement;
}

Agreed Quorum::judge_edge(const EdgeView& edge, Time now) const {
    const Agreed own{.state = edge.state};
    if (!edge.checked) return own;
    if (!cut_off_) return nodes_ < least_nodes ? own : vote(edge);
    const auto found = memories_.find(edge.name);
    if (found == memories_.end()) return own;
    const auto& memory = found->second;
    if (!may_be_same(memory.asked, edge.asked)) return own;
    if (!memory.holds && now - memory.held >= agreement_lasts) return own;
    return {.state = memory.state, .basis = Basis::LastAgreed, .lost_home = memory.lost_home};
}

Agreed Quorum::vote(const EdgeView& edge) const {
    Agreed agreed{.state = edge.state};
    const auto count = [&](State state) {
        if (state == State::Up) ++agreed.up;
        if (state == State::Down) ++agreed.down;
    };
    count(edge.state);
    if (const auto found = votes_.find(edge.name); found != votes_.end()) {
        for (const auto& [peer, word] : found->second) {
            if (may_be_same(word->asked, edge.asked)) {
                count(word->state);
            } else {
                agreed.other_checks.push_back(*peer);
            }
        }
    }
    if (agreed.up + agreed.down < static_cast<int>(least_votes)) {
        agreed.up = agreed.down = 0;
        return agreed;
    }
    agreed.state = agreed.down > agreed.up ? State::Down : State::Up;
    agreed.basis = Basis::Votes;
    return agreed;
}

void Quorum::remember(const EdgeView& edge, const Agreed& agreed, Time now) {
    if (agreed.basis == Basis::Votes) {
        memories_.insert_or_assign(std::string{edge.name}, LastVote{.state = agreed.state,
                                                                    .lost_home = edge.lost_home,
                                                                    .holds = true,
                                                                    .judged = round_,
                                                                    .asked = edge.asked});
        return;
    }
    const auto found = memories_.find(edge.name);
    if (found == memories_.end()) return;
    found->second.judged = round_;
    if (std::exchange(found->second.holds, false)) found->second.held = now;
}

std::optional<Time> Quorum::next_change(Time now) const {
    auto next = count_again_;
    if (!cut_off_) return next;
    for (const auto& [edge, memory] : memories_) {
        const auto end = memory.held + agreement_lasts;
        if (!memory.holds && end > now) keep_earlier(next, end);
    }
    return next;
}

void Quorum::restore(std::span<const LastAgreed> known) {
    for (const auto& [edge, state, lost_home, held, asked] : known) {
        memories_.insert_or_assign(
            edge, LastVote{.state = state, .lost_home = lost_home, .held = held, .asked = asked});
    }
}

std::vector<LastAgreed> Quorum::last_agreed(Time now) const {
    std::vector<LastAgreed> all;
    for (const auto& [edge, memory] : memories_) {
        const auto held = memory.holds ? now : memory.held;
        if (now - held >= agreement_lasts) continue;
        all.push_back({edge, memory.state, memory.lost_home, held, memory.asked});
    }
    return all;
}

}  // namespace probes
