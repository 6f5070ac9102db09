// SPDX-License-Identifier: Apache-2.0
#pragma once
// Zones whose edges have checks of files. A test writes these files, and so sets the edges' states.

#include "dnsd/health/health.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace support {

class WatchedZones {
 public:
    WatchedZones();

    /// Sets the content of an edge's file: "up" or "down".
    void say(std::string_view edge, std::string_view word) const { folder.write(edge, word); }
    /// Returns the members of a check of that file. `more` are further members, each after a comma.
    [[nodiscard]] std::string file_check(std::string_view edge, std::string_view more = {}) const;
    /// Returns a zone of edges with addresses from 192.0.2.1 on, each checked by its file five
    /// times a second.
    [[nodiscard]] std::string zone(std::string_view name, std::initializer_list<const char*> edges,
                                   std::string_view members = {}) const;

    /// Serves these zones from now on, with boards of two lanes.
    void attach(const std::vector<std::string>& texts);
    [[nodiscard]] geo::EdgeBoard& board(std::size_t zone = 0) const {
        return *catalog.zones().at(zone).board;
    }
    [[nodiscard]] bool usable(geo::EdgeIndex edge, std::size_t zone = 0) const {
        return board(zone).health(edge).usable;
    }
    [[nodiscard]] probes::EdgeStatus status(std::size_t edge, std::size_t zone = 0) const {
        return health->status().at(zone).edges.at(edge);
    }

    /// Lets time go on until `there` returns true. Throws if it does not within 60 seconds.
    template <class Predicate>
    void run_until(Predicate there) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (!there()) {
            if (std::chrono::steady_clock::now() > end) throw std::runtime_error{"never true"};
            context.run_one_for(std::chrono::milliseconds{20});
        }
    }
    /// Lets time go on until each check has run at least once.
    void run_first_round() {
        run_until([this] { return health->first_round_done(); });
    }

    TemporaryFolder folder;
    boost::asio::io_context context{1};
    std::vector<std::string> saved;  // texts for the state file, in order
    zones::Catalog catalog;
    std::unique_ptr<control::Health> health;
};

}  // namespace support
