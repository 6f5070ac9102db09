// SPDX-License-Identifier: Apache-2.0
#pragma once
// Asks others in order to know how far they are: networks in use that this node has not measured
// lately, landmarks, the other edges, and home. Owns the measurements of resolvers; RelayWatch owns
// those of the relay's clients. Control thread only.

#include "dnsd/config/measure_settings.hpp"
#include "dnsd/engine/seen_resolvers.hpp"
#include "dnsd/steering/named_path.hpp"
#include "dnsd/steering/relay_watch.hpp"
#include "dnsd/steering/told_records.hpp"
#include "geo/base/lasting.hpp"
#include "geo/base/result.hpp"
#include "probes/path/budget.hpp"
#include "probes/path/echo.hpp"
#include "probes/path/measurements.hpp"
#include "probes/path/path_record.hpp"
#include "probes/path/prober.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace control {

class Measuring {
 public:
    /// Another edge of this node's zone, and where its node answers.
    struct OtherEdge {
        std::string name;
        net::Endpoint at;

        bool operator==(const OtherEdge&) const = default;
    };
    /// `context`, `relay` and `seen` outlive this. `relay` takes no readings any more once this
    /// ends.
    Measuring(boost::asio::io_context& context, RelayWatch& relay, MeasureSettings settings,
              std::span<engine::SeenResolvers> seen);
    Measuring(const Measuring&) = delete;
    Measuring& operator=(const Measuring&) = delete;

    /// Begins to ask, if the settings permit it.
    void start();
    /// Restarts the work that an exception has ended. The caller does this regularly.
    void revive();
    /// Sets the networks that other nodes have seen. Their `measured` is filled in here.
    void set_candidates(std::vector<probes::Candidate> of_others) {
        of_others_ = std::move(of_others);
    }
    /// Sets the other edges of this node's zone. Call it whenever they change. Each is asked by a
    /// TCP handshake.
    void set_edges(const std::vector<OtherEdge>& edges);

    /// Does not count queries from these addresses as resolvers', and does not ask the addresses
    /// for other nodes either.
    void leave_out(std::vector<geo::Address> addresses);

    /// Takes what an earlier process knew of resolvers. A fault says what is wrong with the text;
    /// the rest is taken.
    [[nodiscard]] geo::Result<void> restore(std::string_view text);
    /// Returns that text for the next process; nothing if no resolver is known.
    [[nodiscard]] std::optional<std::string> saved_text() const;

    [[nodiscard]] const probes::Measurements& resolvers() const noexcept { return resolvers_; }
    /// Returns landmarks, edges and home, in this order.
    [[nodiscard]] std::vector<NamedPath> paths() const;
    /// How many networks of each population are told; those measured last come first. A zone with
    /// so many of both is not too large for a peer.
    static constexpr std::size_t most_told = 100'000;
    /// Returns all that this node has measured, by the owner of its record
    /// (probes/path/measurement_line.hpp). Only networks in use here come with an address to ask:
    /// else two nodes that ask because of each other would go on for ever.
    [[nodiscard]] ToldRecords told() const;

 private:
    struct Leg;
    using LegPtr = std::shared_ptr<Leg>;

    [[nodiscard]] probes::Measurements& measurements(geo::Population population);
    void begin(const LegPtr& leg);
    boost::asio::awaitable<void> watch(LegPtr leg);
    boost::asio::awaitable<void> visit_landmarks();
    boost::asio::awaitable<void> look_for_networks();
    void collect_resolvers(probes::Time now);
    void consider(probes::Time now);
    /// Starts measurements, up to the number that may be under way.
    void start_measurements();
    boost::asio::awaitable<void> measure(probes::Candidate candidate,
                                         std::shared_ptr<const void> under_way);
    [[nodiscard]] unsigned first_door();
    /// Sends one echo as soon as the budget permits it.
    boost::asio::awaitable<probes::RoundTrip> ask(geo::Address address, unsigned door);
    void forget_old(probes::Time now);

    boost::asio::io_context& context_;
    RelayWatch& relay_;
    MeasureSettings settings_;
    std::span<engine::SeenResolvers> seen_;
    std::vector<geo::Address> noted_;  // kept for its memory
    probes::Measurements resolvers_;
    /// Networks that seem to have asked, but whose addresses may be forged. Told to nobody, and
    /// soon forgotten.
    probes::Measurements claimed_;
    std::vector<geo::Address> left_out_;
    probes::Echo echo_;
    probes::Budget budget_;
    probes::Prober prober_;
    std::vector<probes::Candidate> of_others_;
    std::vector<LegPtr> landmarks_;
    std::map<std::string, LegPtr> edges_;
    LegPtr home_;  // null: the config names no home
    probes::Time next_look_ = probes::Time::min();
    // Each measurement under way has a copy.
    std::shared_ptr<const void> under_way_ = std::make_shared<char>();
    unsigned doors_tried_ = 0;
    bool started_ = false;
    geo::Lasting visits_;  // of the landmarks
    geo::Lasting looks_;   // for networks
};

}  // namespace control
