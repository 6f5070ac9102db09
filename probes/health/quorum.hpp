// SPDX-License-Identifier: Apache-2.0
#pragma once
// From what several nodes see of the edges of a zone to what they agree on. Pure: time is the
// caller's.
//
// Each node that can tell has one vote on each edge, its own edge too: that its relay answers on
// loopback says little. A node can not tell while its checks have no word, and not at all while it
// takes itself for cut off. An edge is down when most of those that can tell say so, and there are
// two of them at least; a tie takes nothing out.
//
//     nodes that are heard, this one too     state of an edge
//     fewer than three                       what this node sees: two cannot outvote one another
//     three or more, one or none can tell    what this node sees
//     three or more                          down if most say down, else up
//     this node is cut off                   what was last agreed, if that is not too old
//
// A node is cut off when it sees all other edges down, two at least, and hears no other node. Home
// that is dead is no such case: it is seen by origin checks, while the edges themselves are up. The
// belief ends when another edge is seen not to be down, or two others are heard, so that there is a
// vote again: a network that comes back does not come back everywhere at once.
//
// A vote is about a check: whom it asks, and what. Of an edge that another node checks otherwise, as
// its zone has another address for it, say, that node cannot tell here. Where one of the two does
// not say what it checks, it is taken for the same.
//
// What a peer said when it was last heard counts for a minute more, as a node that loses its
// network loses its peers before its checks have found all edges down. Of its own edge it has no say
// then: nobody vouches for himself unheard.
//
// Cost: judging takes a look-up an edge; votes are counted anew only when a peer has said something.

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

/// What an edge's checks ask, and whom: asked_digest(). Nothing: nobody says.
using Asked = std::optional<std::uint64_t>;

/// What this node sees of an edge by its own checks.
struct EdgeView {
    std::string_view name;
    State state = State::Unknown;
    bool checked = true;     // an edge that nobody checks is up, and no matter for a vote
    bool lost_home = false;  // it is out of the answers, as home does not answer behind it
    Asked asked{};
};

/// What another node sees of one.
struct EdgeWord {
    EdgeWord(State seen, Asked what = {}) : state{seen}, asked{what} {}
    State state;
    Asked asked;
};

/// What another node says of itself and of edges.
struct PeerView {
    bool cut_off = false;
    std::map<std::string, EdgeWord, std::less<>> states;  // by edge; not those it cannot tell of
};

/// Where the state of an edge comes from.
enum class Basis : std::uint8_t { Own, Votes, LastAgreed };

struct Agreed {
    State state = State::Up;
    Basis basis = Basis::Own;
    std::uint16_t up = 0;  // votes; of Basis::Votes only
    std::uint16_t down = 0;
    bool lost_home = false;  // of Basis::LastAgreed only: see EdgeView
    // Where votes are counted: nodes whose vote is not, as it is about something else.
    std::vector<std::string> other_checks{};

    /// Whether one vote more may change it: not while all say the same.
    [[nodiscard]] bool in_doubt() const noexcept {
        return basis == Basis::LastAgreed || (up > 0 && down > 0);
    }
    bool operator==(const Agreed&) const = default;
};

/// "own", "2_of_3", "cut_off": on what the state rests.
[[nodiscard]] std::string basis_text(const Agreed& agreed);

struct Agreement {
    bool cut_off = false;
    std::vector<Agreed> edges{};  // as they were given
    bool operator==(const Agreement&) const = default;
};

/// What was agreed on an edge when there last was a vote.
struct LastAgreed {
    std::string edge;
    State state = State::Up;
    bool lost_home = false;
    Time held;  // until then
    Asked asked{};
};

class Quorum {
 public:
    /// For how long a peer that is no longer heard keeps its votes.
    static constexpr std::chrono::seconds words_last{60};
    /// For how long what was last agreed holds at a node that is cut off. A node cannot tell this
    /// from the death of all others, and is not to send its clients there for ever.
    static constexpr std::chrono::minutes agreement_lasts{10};

    explicit Quorum(std::string own_edge) : own_edge_{std::move(own_edge)} {}

    /// The edges at which the other nodes stand. Those known already go on.
    void set_peers(std::span<const std::string> peers);
    [[nodiscard]] bool has_peer(const std::string& peer) const { return peers_.contains(peer); }

    /// What a peer tells now, in place of what it told before. Those that are no peers count for
    /// nothing.
    void hear(const std::string& peer, PeerView view);
    /// It was reached, and says what it said before. Whether that is news.
    bool reach(const std::string& peer);
    /// It does not answer any more.
    void lose(const std::string& peer, Time now);

    [[nodiscard]] Agreement judge(std::span<const EdgeView> edges, Time now);
    /// When judging again may give something else though nobody says anything; nothing: never.
    [[nodiscard]] std::optional<Time> next_change(Time now) const;

    /// What an earlier process last agreed on. Before anything is judged.
    void restore(std::span<const LastAgreed> known);
    [[nodiscard]] std::vector<LastAgreed> last_agreed(Time now) const;

 private:
    struct Peer {
        PeerView view;
        bool heard = false;  // its view means something
        bool reachable = false;
        Time lost{};  // unless it is reachable
    };
    struct Vote {
        const std::string* peer;
        const EdgeWord* word;
    };
    struct Memory {
        State state = State::Up;
        bool lost_home = false;
        bool holds = false;        // there is a vote now; otherwise there was one until `held`
        std::uint64_t judged = 0;  // the last round that had its edge
        Time held{};
        Asked asked{};
    };

    [[nodiscard]] static bool counts(const Peer& peer, Time now) noexcept;
    [[nodiscard]] bool sees_no_other(std::span<const EdgeView> edges) const;
    [[nodiscard]] std::size_t peers_at_hand() const;
    void count_votes(Time now);
    [[nodiscard]] Agreed judge_edge(const EdgeView& edge, Time now) const;
    [[nodiscard]] Agreed vote(const EdgeView& edge) const;
    void remember(const EdgeView& edge, const Agreed& agreed, Time now);

    std::string own_edge_;
    std::map<std::string, Peer> peers_;  // by their edges
    /// Of peers, by edge. They choose the names, but not where those fall.
    std::unordered_map<std::string_view, std::vector<Vote>, geo::KeyedHash> votes_;
    std::size_t nodes_ = 1;            // that count, this one too
    std::optional<Time> count_again_;  // votes end then
    bool counted_ = false;
    bool cut_off_ = false;
    std::uint64_t round_ = 0;
    std::map<std::string, Memory, std::less<>> memories_;  // by edge
};

}  // namespace probes
