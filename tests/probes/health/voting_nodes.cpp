// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/health/voting_nodes.hpp"

#include <utility>

namespace probes_test {

using probes::State;

namespace {

State state(char letter) {
    return letter == 'U' ? State::Up : letter == 'D' ? State::Down : State::Unknown;
}

char letter(State state) {
    return state == State::Up ? 'U' : state == State::Down ? 'D' : '?';
}

}  // namespace

VotingNodes::VotingNodes(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) names_.emplace_back(1, static_cast<char>('a' + i));
    quorum.set_peers(names_);
}

void VotingNodes::hear(const std::string& name, std::string_view view) {
    probes::PeerView told;
    if (view.starts_with('!')) {
        told.cut_off = true;
        view.remove_prefix(1);
    }
    for (std::size_t i = 0; i < view.size(); ++i) {
        if (state(view[i]) != State::Unknown) told.states.emplace(names_[i], state(view[i]));
    }
    quorum.hear(name, std::move(told));
}

void VotingNodes::lose(const std::string& names) {
    for (const auto name : names) quorum.lose({name}, now);
}

probes::Agreement VotingNodes::judge(std::string_view own) {
    std::vector<probes::EdgeView> views;
    for (std::size_t i = 0; i < own.size(); ++i) {
        const bool checked = own[i] != '.';
        views.push_back({.name = names_.at(i),
                         .state = checked ? state(own[i]) : State::Up,
                         .checked = checked,
                         .lost_home = lost_home == names_.at(i)});
    }
    return quorum.judge(views, now);
}

std::string VotingNodes::states(std::string_view own) {
    const auto agreement = judge(own);
    std::string text{agreement.cut_off ? "!" : ""};
    for (const auto& edge : agreement.edges) text += letter(edge.state);
    return text;
}

}  // namespace probes_test
