// SPDX-License-Identifier: Apache-2.0
#pragma once
// The health of one zone's edges as its nodes together see it: what the others have told comes in,
// what this node sees goes out, and what is agreed decides in place of what this node sees alone.
// Control thread only.

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

/// Where this server stands.
struct NodePlace {
    std::string zone;  // zone_text()
    std::string edge;
    std::vector<std::string> peers;  // the edges of the other nodes
};

/// Records of a measurement zone: text by owner, which is relative to the apex, and in lower case.
using NodeRecords = std::map<std::string, std::string>;

class SharedHealth {
 public:
    /// `reconsider` is called when what is agreed may be another by now: then judge anew.
    SharedHealth(boost::asio::io_context& context, std::function<void()> reconsider);

    /// Again when the peers have changed.
    void set_place(NodePlace place);
    [[nodiscard]] bool is_of(const std::string& zone) const {
        return quorum_ && place_.zone == zone;
    }

    /// All that a peer's zone holds now; records of other kinds are passed over.
    void hear(const std::string& peer, const NodeRecords& records);
    /// The peer was reached, and has nothing new to say.
    void reach(const std::string& peer);
    void lose(const std::string& peer);

    /// What this node sees of an edge; `since` when.
    struct View {
        probes::EdgeView edge;
        probes::Time since;
    };
    /// Takes what this node sees now of all edges of the zone. Whether anything is agreed that was
    /// not before.
    bool judge(std::span<const View> views);
    /// The zone is not served: nothing is agreed, until it is judged again.
    void leave_zone() { agreement_.reset(); }
    /// Null before the zone was judged.
    [[nodiscard]] const probes::Agreement* agreement() const {
        return agreement_ ? &*agreement_ : nullptr;
    }

    [[nodiscard]] const NodeRecords& told() const noexcept { return told_.records(); }
    /// To be called when told() has changed.
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
    std::vector<probes::SavedAgreement> saved_;  // by an earlier process, until there is a place
    probes::ToldHealth told_;
    std::map<std::string, probes::State> logged_;  // by edge
};

}  // namespace control
