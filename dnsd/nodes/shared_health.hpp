// SPDX-License-Identifier: Apache-2.0
#pragma once
// The health of one zone's edges as its nodes together see it. Takes in what the other nodes tell,
// tells what this node sees, and finds what they agree on, which decides in place of this node's
// own view. Control thread only.

#include "probes/health/quorum.hpp"
#include "probes/health/state_file.hpp"
#include "probes/health/told_health.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace control {

/// The zone and edge at which this server stands.
struct NodePlace {
    std::string zone;  // zone_text()
    std::string edge;
    std::vector<std::string> peers;  // the edges of the other nodes
};

class SharedHealth {
 public:
    /// Calls `reconsider` whenever the agreement may have changed; that should call judge() again.
    SharedHealth(boost::asio::io_context& context, std::function<void()> reconsider);

    /// Call this at start, and whenever the peers have changed.
    void set_place(NodePlace place);
    [[nodiscard]] bool is_of(const std::string& zone) const {
        return quorum_ && place_.zone == zone;
    }

    /// Takes all records of a peer's zone as they are now. Passes over those of other kinds.
    void hear(const std::string& peer, const probes::HealthLines& records);
    /// The peer was reached, and has nothing new to say.
    void reach(const std::string& peer);
    /// The peer is no longer heard.
    void lose(const std::string& peer);

    /// What this node sees of an edge, and since when.
    struct View {
        probes::EdgeView edge;
        probes::Time since;
    };
    /// Takes what this node sees now of all edges of the zone, and finds the agreement. True if it
    /// has changed.
    bool judge(std::span<const View> views);
    /// The server does not serve the zone: nothing is agreed until the next judge().
    void leave_zone() { agreement_.reset(); }
    /// Null before the first judge().
    [[nodiscard]] const probes::Agreement* agreement() const {
        return agreement_ ? &*agreement_ : nullptr;
    }

    [[nodiscard]] const probes::HealthLines& told() const noexcept { return told_.records(); }
    /// Sets the function to call whenever told() has changed.
    void on_told(std::function<void()> listener) { listener_ = std::move(listener); }

    void restore(std::vector<probes::SavedAgreement> saved) { saved_ = std::move(saved); }
    [[nodiscard]] std::vector<probes::SavedAgreement> saved() const;

 private:
    void tell(std::span<const View> views);
    void log(const probes::Agreement& now, std::span<const View> views);
    void wait();

    std::function<void()> reconsider_;
    std::function<void()> listener_;
    boost::asio::steady_timer timer_;
    NodePlace place_;
    std::optional<probes::Quorum> quorum_;
    std::optional<probes::Agreement> agreement_;
    std::vector<probes::SavedAgreement> saved_;  // by an earlier process; used by set_place()
    probes::ToldHealth told_;
    std::map<std::string, probes::State> logged_;  // by edge
};

}  // namespace control
