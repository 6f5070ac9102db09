// SPDX-License-Identifier: Apache-2.0
#pragma once
// Turns what several nodes see of the edges of a zone into what they agree on. Pure: time is the
// caller's.
//
// Each node that can tell has one vote on each edge. Its vote on its own edge counts no more than
// the others: an answer of its own relay on loopback says little. A node cannot tell about an edge
// while its checks have no word, and about none while it takes itself for cut off. An edge is down
// when at least two nodes can tell and most of them say so; a tie takes nothing out.
//
//     nodes heard, this one included         state of an edge
//     fewer than three                       what this node sees: two cannot outvote one another
//     three or more, one or none can tell    what this node sees
//     three or more                          down if most say down, else up
//     this node is cut off                   what was last agreed, if that is not too old
//
// A node is cut off when it sees all other edges down, at least two of them, and hears no other
// node, or only nodes that are cut off themselves. A dead home does not cause this: origin checks
// see it, while the edges themselves are up. The node takes itself for cut off until it sees
// another edge that is not down, or hears two other nodes that are not cut off, which makes a vote
// possible. One node is not enough, because a network does not return everywhere at once.
//
// A vote is about a check: whom it asks, and what. A node that checks an edge differently, because
// its zone has another address for it, for example, cannot tell about that edge here. When one of
// the two nodes does not say what it checks, their checks are taken to be the same.
//
// What a peer said last counts for a minute after it was last heard, because a node that loses its
// network loses its peers before its checks have found all edges down. In that minute the peer has
// no vote on its own edge: nobody vouches for itself unheard.
//
// Cost: judging takes one look-up per edge; votes are counted anew only after a peer has said
// something.

#include "geo/base/sip_hash.hpp"
#include "probes/check/tracker.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace probes {

/// What an edge's checks ask, and whom: asked_digest(). Nothing: the node does not say.
using Asked = std::optional<std::uint64_t>;

/// What this node sees of an edge with its own checks.
struct EdgeView {
    std::string_view name;
    State state = State::Unknown;
    bool checked = true;     // an edge without checks is up, and no vote is taken on it
    bool lost_home = false;  // out of the answers, because home does not answer behind it
    Asked asked{};
};

/// What another node sees of an edge.
struct EdgeWord {
    EdgeWord(State seen, Asked what = {}) : state{seen}, asked{what} {}
    State state;
    Asked asked;
};

/// What another node says about itself and about edges.
struct PeerView {
    bool cut_off = false;
    std::map<std::string, EdgeWord, std::less<>> states;  // by edge; only those it can tell about
};

/// What the state of an edge rests on.
enum class Basis : std::uint8_t { Own, Votes, LastAgreed };

struct Agreed {
    State state = State::Up;
    Basis basis = Basis::Own;
    std::uint16_t up = 0;  // votes; of Basis::Votes only
    std::uint16_t down = 0;
    bool lost_home = false;  // of Basis::LastAgreed only: see EdgeView
    // Where votes are counted: nodes whose vote is not, because it is about another check.
    std::vector<std::string> other_checks{};

    /// True if one more vote may change the state; false while all say the same.
    [[nodiscard]] bool in_doubt() const noexcept {
        return basis == Basis::LastAgreed || (up > 0 && down > 0);
    }
    bool operator==(const Agreed&) const = default;
};

/// Returns what the state rests on: "own", "2_of_3", "cut_off".
[[nodiscard]] std::string basis_text(const Agreed& agreed);

struct Agreement {
    bool cut_off = false;
    std::vector<Agreed> edges{};  // in the order given
    bool operator==(const Agreement&) const = default;
};

/// What was agreed on an edge at the last vote.
struct LastAgreed {
    std::string edge;
    State state = State::Up;
    bool lost_home = false;
    Time held;  // when the agreement last held
    Asked asked{};
};

class Quorum {
 public:
    /// How long a peer that is no longer heard keeps its votes.
    static constexpr std::chrono::seconds words_last{60};
    /// How long the last agreement holds at a node that is cut off. Such a node cannot tell its own
    /// isolation from the death of all others, and must not send its clients to them for ever.
    static constexpr std::chrono::minutes agreement_lasts{10};

    explicit Quorum(std::string own_edge) : own_edge_{std::move(own_edge)} {}

    /// Sets the edges at which the other nodes stand. What is known of peers that stay is kept.
    void set_peers(std::span<const std::string> peers);
    [[nodiscard]] bool has_peer(const std::string& peer) const { return peers_.contains(peer); }

    /// Takes what a peer tells now, in place of what it told before. Ignores nodes that are no
    /// peers.
    void hear(const std::string& peer, PeerView view);
    /// Notes that a peer was reached and says the same as before. True if it was unreachable until
    /// now.
    bool reach(const std::string& peer);
    /// Notes that a peer no longer answers.
    void lose(const std::string& peer, Time now);

    [[nodiscard]] Agreement judge(std::span<const EdgeView> edges, Time now);
    /// Returns when judging again may give another result although nobody says anything; nothing:
    /// never.
    [[nodiscard]] std::optional<Time> next_change(Time now) const;

    /// Puts back what an earlier process last agreed on. Call it before anything is judged.
    void restore(std::span<const LastAgreed> known);
    [[nodiscard]] std::vector<LastAgreed> last_agreed(Time now) const;

 private:
    struct Voter {
        PeerView view;
        bool heard = false;  // its view is valid
        bool reachable = false;
        Time lost{};  // valid while it is not reachable
    };
    struct Vote {
        const std::string* peer;
        const EdgeWord* word;
    };
    struct LastVote {
        State state = State::Up;
        bool lost_home = false;
        bool holds = false;        // there is a vote now; if not, the last one was at `held`
        std::uint64_t judged = 0;  // the last round with its edge
        Time held{};
        Asked asked{};
    };

    [[nodiscard]] static bool counts(const Voter& peer, Time now) noexcept;
    [[nodiscard]] bool sees_no_other(std::span<const EdgeView> edges) const;
    [[nodiscard]] std::size_t peers_at_hand() const;
    void count_votes(Time now);
    [[nodiscard]] Agreed judge_edge(const EdgeView& edge, Time now) const;
    [[nodiscard]] Agreed vote(const EdgeView& edge) const;
    void remember(const EdgeView& edge, const Agreed& agreed, Time now);

    std::string own_edge_;
    std::map<std::string, Voter> peers_;  // by their edges
    /// Votes of peers, by edge. Peers choose the names, so the hash is keyed.
    std::unordered_map<std::string_view, std::vector<Vote>, geo::KeyedHash> votes_;
    std::size_t nodes_ = 1;            // nodes that count, this one included
    std::optional<Time> count_again_;  // when votes end
    bool counted_ = false;
    bool cut_off_ = false;
    std::uint64_t round_ = 0;
    std::map<std::string, LastVote, std::less<>> memories_;  // by edge
};

}  // namespace probes
