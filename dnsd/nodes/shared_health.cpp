// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/shared_health.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace control {
namespace {

using probes::Agreement;
using probes::Clock;
using probes::State;

/// A malformed record of an edge counts as none. A malformed record of the node makes the node
/// count as cut off, so that nothing it says of edges counts.
probes::PeerView view_of(const std::string& peer, const probes::HealthLines& records) {
    probes::PeerView view;
    std::size_t malformed = 0;
    for (const auto& [owner, text] : records) {
        if (owner == probes::node_owner) {
            const auto node = probes::read_node_record(text);
            view.cut_off = !node || node->cut_off;
            if (!node) ++malformed;
        }
        const auto edge = probes::edge_of_owner(owner);
        if (!edge) continue;
        const auto health = probes::read_health_record(text);
        if (!health) ++malformed;
        if (health && health->sees) {
            view.states.emplace(*edge, probes::EdgeWord{health->state, health->check});
        }
    }
    if (malformed > 0) {
        spdlog::warn("{} records of health that {} tells are malformed", malformed, peer);
    }
    return view;
}

}  // namespace

SharedHealth::SharedHealth(boost::asio::io_context& context, std::function<void()> reconsider)
    : reconsider_{std::move(reconsider)}, timer_{context} {}

void SharedHealth::set_place(NodePlace place) {
    const bool same = quorum_ && place.zone == place_.zone && place.edge == place_.edge;
    place_ = std::move(place);
    if (!same) {
        agreement_.reset();
        quorum_.emplace(place_.edge);
        std::vector<probes::LastAgreed> known;
        for (auto& [zone, last] : std::exchange(saved_, {})) {
            if (zone == place_.zone) known.push_back(std::move(last));
        }
        quorum_->restore(known);
    }
    quorum_->set_peers(place_.peers);
    reconsider_();
}

void SharedHealth::hear(const std::string& peer, const probes::HealthLines& records) {
    if (!quorum_ || !quorum_->has_peer(peer)) return;
    quorum_->hear(peer, view_of(peer, records));
    reconsider_();
}

void SharedHealth::reach(const std::string& peer) {
    if (quorum_ && quorum_->reach(peer)) reconsider_();
}

void SharedHealth::lose(const std::string& peer) {
    if (!quorum_) return;
    quorum_->lose(peer, Clock::now());
    reconsider_();
}

bool SharedHealth::judge(std::span<const View> views) {
    std::vector<probes::EdgeView> edges;
    edges.reserve(views.size());
    for (const auto& view : views) edges.push_back(view.edge);
    auto agreement = quorum_->judge(edges, Clock::now());
    wait();
    const bool changed = !agreement_ || *agreement_ != agreement;
    if (changed) {
        log(agreement, views);
        agreement_ = std::move(agreement);
    }
    tell(views);
    return changed;
}

void SharedHealth::log(const Agreement& now, std::span<const View> views) {
    const bool was_cut_off = agreement_ && agreement_->cut_off;
    if (now.cut_off && !was_cut_off) {
        spdlog::error(
            "{}: all other edges seem to be down, and no other node is heard: this node takes "
            "itself for cut off, and goes on with what was last agreed",
            place_.zone);
    }
    if (was_cut_off && !now.cut_off) {
        spdlog::info("{}: this node is no longer cut off", place_.zone);
    }
    for (std::size_t i = 0; i < views.size(); ++i) {
        const auto& agreed = now.edges[i];
        const auto& edge = views[i].edge;
        if (agreed.basis != probes::Basis::Votes) continue;
        const auto [known, first] = logged_.try_emplace(std::string{edge.name}, edge.state);
        if (std::exchange(known->second, agreed.state) == agreed.state) continue;
        spdlog::info("{}: {} is {}, as {} nodes see it; this one sees it {}", place_.zone,
                     edge.name, word(agreed.state), basis_text(agreed), word(edge.state));
    }
}

void SharedHealth::tell(std::span<const View> views) {
    std::vector<probes::ToldHealth::Seen> seen;
    for (const auto& [edge, since] : views) {
        if (edge.checked) seen.push_back({edge.name, edge.state, since, edge.asked});
    }
    using Contact = probes::ToldHealth::Contact;
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    const bool news = told_.tell(seen, agreement_->cut_off ? Contact::CutOff : Contact::Connected,
                                 Clock::now(), std::chrono::floor<std::chrono::seconds>(wall));
    if (news && listener_) listener_();
}

/// Sets the timer for the moment at which votes or the agreement become too old.
void SharedHealth::wait() {
    timer_.cancel();
    const auto next = quorum_->next_change(Clock::now());
    if (!next) return;
    timer_.expires_at(*next);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) reconsider_();
    });
}

std::vector<probes::SavedAgreement> SharedHealth::saved() const {
    std::vector<probes::SavedAgreement> all;
    if (!quorum_) return all;
    for (auto& last : quorum_->last_agreed(Clock::now())) {
        all.push_back({place_.zone, std::move(last)});
    }
    return all;
}

}  // namespace control
