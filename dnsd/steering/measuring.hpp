// SPDX-License-Identifier: Apache-2.0
#pragma once
// What this node asks others in order to know how far they are: networks in use that it has not
// measured lately, landmarks, the other edges, and home. Owns what is known of resolvers; what is
// known of the relay's clients is RelayWatch's. Control thread.

#include "dnsd/config/measure_settings.hpp"
#include "dnsd/engine/seen_resolvers.hpp"
#include "dnsd/steering/relay_watch.hpp"
#include "geo/place/coordinates.hpp"
#include "probes/path/budget.hpp"
#include "probes/path/echo.hpp"
#include "probes/path/measurement_line.hpp"
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

/// What is known of the way to one address, and whose it is.
struct NamedPath {
    enum class Kind : std::uint8_t { Landmark, Edge, Home };
    Kind kind = Kind::Landmark;
    std::string name;  // empty for home
    net::Endpoint to;  // the port is 0 where it is asked by echo
    std::optional<geo::Coordinates> place;
    std::optional<probes::Path> path;  // nothing before the first answer
};

class Measuring {
 public:
    struct Edge {
        std::string name;
        net::Endpoint at;

        bool operator==(const Edge&) const = default;
    };
    /// `context` and `relay` outlive this, and `seen` does; `relay` has no readings any more when
    /// this ends.
    Measuring(boost::asio::io_context& context, RelayWatch& relay, MeasureSettings settings,
              std::span<engine::SeenResolvers> seen);
    Measuring(const Measuring&) = delete;
    Measuring& operator=(const Measuring&) = delete;

    /// Begins to ask, if it may.
    void start();
    /// Goes on with what an exception has ended. To be called now and then.
    void revive();
    /// Networks that other nodes have seen; `measured` is filled in here.
    void set_candidates(std::vector<probes::Candidate> of_others) {
        of_others_ = std::move(of_others);
    }
    /// The other edges of this node's zone, whenever they change: each is asked by a TCP handshake.
    void set_edges(const std::vector<Edge>& edges);

    /// Queries from these addresses are no resolvers', and they are asked on behalf of nobody.
    void leave_out(std::vector<geo::Address> addresses);

    /// What an earlier process knew of resolvers; what is wrong with the text, if anything is.
    [[nodiscard]] std::string restore(std::string_view text);
    /// The same for the next process; nothing when nothing is known.
    [[nodiscard]] std::optional<std::string> saved_text() const;

    [[nodiscard]] const probes::Measurements& resolvers() const noexcept { return resolvers_; }
    /// Landmarks, edges and home, in this order.
    [[nodiscard]] std::vector<NamedPath> paths() const;
    /// Networks of each population that are told, the newest: with those of both, peers still take
    /// the zone whole.
    static constexpr std::size_t most_told = 100'000;
    /// All that this node has measured, by the owner of its record (probes/path/measurement_line.hpp). An
    /// address to ask is told only of networks that are in use here: what one node asks because
    /// another one told it of it is not to keep both asking for ever.
    [[nodiscard]] std::map<std::string, probes::Told> told() const;

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
    /// Starts as many measurements as may be under way.
    void start_measurements();
    boost::asio::awaitable<void> measure(probes::Candidate candidate);
    [[nodiscard]] unsigned first_door();
    /// One echo, when the budget permits it.
    boost::asio::awaitable<probes::RoundTrip> ask(geo::Address address, unsigned door);
    void forget_old(probes::Time now);

    boost::asio::io_context& context_;
    RelayWatch& relay_;
    MeasureSettings settings_;
    std::span<engine::SeenResolvers> seen_;
    std::vector<geo::Address> noted_;  // kept for its memory
    probes::Measurements resolvers_;
    /// Who seems to have asked, but may be made up; not told to anybody, and soon forgotten.
    probes::Measurements claimed_;
    std::vector<geo::Address> left_out_;
    probes::Echo echo_;
    probes::Budget budget_;
    probes::Prober prober_;
    std::vector<probes::Candidate> of_others_;
    std::vector<LegPtr> landmarks_;
    std::map<std::string, LegPtr> edges_;
    LegPtr home_;  // null: nothing is known of the second leg
    probes::Time next_look_ = probes::Time::min();
    std::size_t under_way_ = 0;
    unsigned doors_tried_ = 0;
    bool started_ = false;
    std::shared_ptr<bool> visits_ = std::make_shared<bool>(false);  // landmarks are being visited
    std::shared_ptr<bool> looks_ = std::make_shared<bool>(false);   // networks are being looked for
};

}  // namespace control
